// The tools beside a conversation and the filters above the queue: sent without reload, each with its word and its focus.
// desk.js keeps the page live; I tell it when something is done. Without me the forms work as they are.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const { csrf } = byId("desk").dataset;
  const texts = JSON.parse(byId("desk").dataset.texts);
  const main = byId("main");
  const head = () => document.querySelector("#head .head");

  for (const form of document.querySelectorAll("[data-filters]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }
  if (!main.dataset.talk) return;

  // --- which tools fit the conversation as it is ---

  function fit() {
    const { owner, closed } = head().dataset;
    const state = closed === "true" ? "closed" : owner;
    for (const tool of document.querySelectorAll(".tool")) {
      tool.hidden = !tool.dataset.owners.split(" ").includes(state);
      if (tool.hidden && !tool.contains(document.activeElement)) tool.open = false;
    }
  }
  document.addEventListener("desk:shown", fit);

  // --- opening and leaving a tool ---

  for (const tool of document.querySelectorAll(".tool")) {
    tool.addEventListener("toggle", () => { if (tool.open) tool.querySelector("textarea, select, input:not([type=hidden])").focus(); });
    tool.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      leave(tool);
    });
  }
  document.addEventListener("click", (event) => {
    for (const tool of document.querySelectorAll(".tool[open]")) if (!tool.contains(event.target)) tool.open = false;
  });

  function leave(tool) {
    tool.open = false;
    const summary = tool.querySelector("summary");
    if (summary.offsetParent) summary.focus();
    else main.focus();
  }

  // A time of its own and the ways to name one exclude each other.
  const until = byId("snooze-until");
  const at = byId("snooze-at");
  at?.addEventListener("input", () => { if (at.value) until.value = "at"; });
  until?.addEventListener("change", () => { if (until.value === "at") at.focus(); else at.value = ""; });

  // --- doing it ---

  let doing = false;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.work) return;
    event.preventDefault();
    if (!doing) send(form);
  });

  async function send(form) {
    doing = true;
    const fields = { ...Object.fromEntries(new FormData(form)), epoch: head().dataset.epoch };
    const wrong = form.querySelector("[data-error]") ?? byId("notice");
    try {
      const response = await fetch(form.action, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Desk": "1", "X-CSRF": csrf },
        body: JSON.stringify(fields),
      });
      if (response.ok) done(form, fields);
      else if (response.status === 401) location.reload();
      else wrong.textContent = await why(response);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      wrong.textContent = texts.network;
    } finally {
      doing = false;
    }
  }

  async function why(response) {
    const known = (response.headers.get("content-type") ?? "").includes("json");
    return (known && (await response.json()).detail) || texts.failed;
  }

  function done(form, sent) {
    const verb = form.dataset.work;
    const tool = form.closest(".tool");
    document.dispatchEvent(new CustomEvent("desk:done", { detail: texts[`done_${verb}`] }));
    const away = elsewhere(tool);
    if (verb === "untag") return away || byId("tool-tag")?.querySelector("summary").focus();
    const typed = [...form.querySelectorAll("textarea, input[name=tag]")].map((field) => [field, field.value]);
    form.reset();
    // What was typed after it was sent stays, and is not sent with it again; a tool that goes now takes it along.
    const stays = verb === "note" || verb === "tag";
    for (const [field, text] of typed) field.value = stays ? after(sent[field.name], text) : "";
    form.querySelector("[data-error]").textContent = "";
    if (typed.some(([field]) => field.value)) return;
    if (away) { tool.open = false; return; }
    if (verb === "tag") return form.querySelector("[name=tag]").focus(); // often several, one after the other
    if (verb === "transfer" || verb === "assign") { tool.open = false; return main.focus(); }
    leave(tool);
  }

  function after(sent, text) {
    return text.startsWith(sent) ? text.slice(sent.length) : text;
  }

  // Whether something else was begun before the answer came: its keys must not go astray.
  function elsewhere(tool) {
    const at = document.activeElement;
    return !(at === document.body || at === main || head().contains(at) || tool?.contains(at));
  }

  // --- whom a note mentions ---

  const colleagues = JSON.parse(document.querySelector("[data-colleagues]")?.dataset.colleagues ?? "[]");
  const TYPED = /(?:^|[^\p{L}\p{N}@._])@([\p{L}\p{M}\p{N}' -]{0,40})$/u;
  let lists = 0;

  function matching(typed) {
    const wanted = typed.toLocaleLowerCase();
    return colleagues.filter((name) => {
      const low = name.toLocaleLowerCase();
      return low.startsWith(wanted) || low.split(" ").some((word) => word.startsWith(wanted));
    }).slice(0, 8);
  }

  for (const field of document.querySelectorAll("textarea[data-mentions]")) mentions(field);

  function mentions(field) {
    const list = document.createElement("ul");
    let at = -1;
    list.id = `mentions-${++lists}`;
    list.className = "mentions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", texts.mention_list);
    list.hidden = true;
    field.after(list);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);

    const typed = () => TYPED.exec(field.value.slice(0, field.selectionStart))?.[1];

    function close() {
      list.hidden = true;
      list.replaceChildren();
      at = -1;
      field.removeAttribute("aria-activedescendant");
    }

    function show() {
      const part = typed();
      const names = part === undefined ? [] : matching(part);
      if (!names.length || names.some((name) => name === part)) return close();
      list.replaceChildren(...names.map((name, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${place}`;
        option.setAttribute("role", "option");
        option.textContent = name;
        option.addEventListener("mousedown", (event) => { event.preventDefault(); take(name); });
        return option;
      }));
      list.hidden = false;
      mark(0);
      byId("announce").textContent = texts.mentions_found.replace("{n}", names.length);
    }

    function mark(place) {
      at = (place + list.children.length) % list.children.length;
      [...list.children].forEach((option, n) => option.setAttribute("aria-selected", n === at));
      field.setAttribute("aria-activedescendant", list.children[at].id);
    }

    function take(name) {
      const end = field.selectionStart;
      const begin = end - typed().length;
      field.setRangeText(`${name} `, begin, end, "end");
      close();
      field.dispatchEvent(new Event("input"));
    }

    field.addEventListener("input", show);
    field.addEventListener("blur", close);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); return field.form.requestSubmit(); }
      if (list.hidden || event.isComposing) return;
      const does = {
        ArrowDown: () => mark(at + 1),
        ArrowUp: () => mark(at - 1),
        Enter: () => take(list.children[at].textContent),
        Tab: () => take(list.children[at].textContent),
        Escape: close,
      }[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    });
  }

  fit();
})();
