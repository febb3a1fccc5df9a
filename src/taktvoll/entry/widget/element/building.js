/*
 * Making nodes of the page: elements, icons, links, and plain text as paragraphs.
 *
 * I decide that text from outside only ever becomes text nodes, never HTML, and which addresses become links.
 * Whatever shows something calls me. I know nothing of conversations.
 */

const ICONS = {
  chat: "M4 5h16v11H10l-4 4v-4H4z",
  close: "M6 6l12 12M18 6L6 18",
  clip: "M18 9.5l-7.5 7.5a2.5 2.5 0 0 1-3.5-3.5l8-8a4 4 0 0 1 5.5 5.5l-8.5 8.5a5.5 5.5 0 0 1-8-8l6-6",
  send: "M12 19V5M6 11l6-6 6 6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  ai: "M12 3v3M6 8h12v9H6zM3 11v3M21 11v3M9.5 12v.5M14.5 12v.5M9 20h6",
  wait: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2",
};

/** Make an element; strings become text nodes, so nothing from outside is ever read as HTML. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== false && child !== ""));
  return element;
}

const button = (kind, click, ...children) => h("button", { class: kind, type: "button", click }, ...children);

/** Hand a file to the browser, which asks where to keep it or opens what belongs to it. */
function save(name, blob) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(URL.revokeObjectURL, 60_000, address);
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** An address that may become a link: http or https, nothing that runs. */
function webAddress(text, base) {
  try {
    const url = new URL(text, base);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    // Not an address: it stays plain text.
    return null;
  }
}

function link(address, label, words) {
  const attributes = { href: address, target: "_blank", rel: "noopener noreferrer" };
  return h("a", attributes, label, h("span", { class: "unseen" }, ` ${words.newTab}`));
}

/** One line with its web addresses as links. */
function linked(line, words) {
  const parts = [];
  let from = 0;
  for (const found of line.matchAll(/https?:\/\/[^\s<>"]+/gi)) {
    // A full stop or bracket after an address belongs to the sentence, unless the bracket was opened inside.
    let shown = found[0].replace(/[.,;:!?'*»«“”’]+$/, "");
    while (shown.endsWith(")") && shown.split(")").length > shown.split("(").length) shown = shown.slice(0, -1);
    const address = webAddress(shown);
    if (!address) continue;
    parts.push(line.slice(from, found.index), link(address, shown, words));
    from = found.index + shown.length;
  }
  parts.push(line.slice(from));
  return parts;
}

/** One line of what to do in an emergency, with its telephone numbers as links that dial. */
function dialled(line) {
  const parts = [];
  let from = 0;
  for (const { 0: number, index } of line.matchAll(/\+?\d[\d ()/-]*\d/g)) {
    parts.push(line.slice(from, index), h("a", { class: "dial", href: `tel:${number.replace(/[^\d+]/g, "")}` }, number));
    from = index + number.length;
  }
  parts.push(line.slice(from));
  return parts;
}

/** Plain text as paragraphs, line breaks and lists; `inline` makes the nodes of a line. */
function paragraphs(text, words, inline = linked) {
  const blocks = [];
  let open = null;
  for (const line of text.split(/\r?\n/)) {
    const item = line.match(/^\s*[-•] +(.*)$/);
    const kind = item ? "ul" : "p";
    if (!line.trim()) {
      open = null;
      continue;
    }
    if (!open || open.localName !== kind) blocks.push((open = h(kind)));
    else if (!item) open.append(h("br"));
    open.append(...(item ? [h("li", {}, ...inline(item[1], words))] : inline(line, words)));
  }
  return blocks;
}
