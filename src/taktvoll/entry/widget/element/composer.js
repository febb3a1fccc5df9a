/*
 * The text field: where the customer writes.
 *
 * I decide what Enter means, how much fits and when to say so, and in which ways files come. view.js has me made, panel.js
 * places me. I send nothing: a finished text and the news that somebody is typing go to `does` (see chat.js). Files are
 * later/files.js's matter, which is loaded with the first.
 */

const TEXT_CHARS_MAX = 4000;
const COUNTER_FROM = 3600;

function makeComposer(w, does, { language }, say) {
  const counter = h("p", { class: "counter", id: "counter", hidden: true });
  const input = h("textarea", {
    rows: "1",
    "aria-label": w.input,
    placeholder: w.input,
    enterkeyhint: "send",
    "aria-describedby": "counter",
    input: written,
    keydown: pressed,
    paste: brought,
  });
  const grow = h("div", { class: "grow" }, input);
  const button = h("button", { class: "icon send", type: "submit", "aria-label": w.send }, icon("send"));
  const chosen = h("input", { type: "file", multiple: true, hidden: true, change: () => bring(chosen.files) });
  const clip = h("button", { class: "icon clip", type: "button", "aria-label": w.attach, click: () => chosen.click() }, icon("clip"));
  const form = h("form", { class: "entry", submit }, chosen, clip, grow, button);
  /** What goes along; a part of its own from the first file on. */
  const along = h("div");
  let tray = null;

  async function bring(files) {
    // A chooser that is emptied empties its list as well.
    const list = [...files];
    chosen.value = "";
    const make = list.length && (await does.later("files"));
    if (!make) return;
    tray ??= make({ along, clip, language, does, say });
    tray.add(list);
  }

  /** Dragged over, dropped or pasted. A table is copied as its text and as a picture of it: then the text is meant. */
  function brought(event) {
    const { types, files } = event.clipboardData || event.dataTransfer;
    if (!types.includes("Files") || types.includes("text/plain")) return;
    event.preventDefault();
    bring(files);
  }

  /** Take a text back into the field, before what stands there, and its files. */
  function edit({ text, files }) {
    if (files) tray?.again(files);
    input.value = [text, input.value].filter(Boolean).join("\n");
    written();
    input.focus();
  }

  function pressed(event) {
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    submit(event);
  }

  function submit(event) {
    event?.preventDefault();
    const text = input.value.trim();
    if (event) input.focus();
    if ([...text].length > TEXT_CHARS_MAX) return;
    // Nothing where they are not all there yet; then it is sent when they are.
    const files = tray ? tray.take(submit) : [];
    if (!files || !(text || files.length)) return;
    input.value = "";
    written();
    does.post({ text, ...(files.length && { files }) });
  }

  function written() {
    grow.dataset.text = input.value;
    const chars = [...input.value.trim()].length;
    const over = chars > TEXT_CHARS_MAX;
    const before = counter.dataset.state;
    counter.dataset.state = over ? "over" : chars >= COUNTER_FROM ? "near" : "";
    counter.hidden = !counter.dataset.state;
    counter.classList.toggle("over", over);
    counter.textContent = over ? w.over(chars - TEXT_CHARS_MAX) : w.left(TEXT_CHARS_MAX - chars);
    input.setAttribute("aria-invalid", String(over));
    if (counter.dataset.state && counter.dataset.state !== before) say(counter.textContent);
    if (chars) does.typing();
  }

  return { form, input, counter, edit, along, brought };
}
