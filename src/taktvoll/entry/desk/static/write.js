// The reply field: what was begun, sending with seconds to undo, the suggestion, approved texts by "/", who else is here.
// desk.js keeps the page live and hands me what I need; the server keeps drafts and waiting replies. Nothing here is law:
// every form works without me.
"use strict";
(() => {
  if (!window.desk) return;
  const { attend, charsMax, fill, get, head, heir, mine, now, ownerShown, post, refreshTalk, say, sayWhy, staff, talk, texts, toEnd } = window.desk;
  const byId = (id) => document.getElementById(id);
  const main = byId("main");
  const form = byId("reply");
  const field = byId("reply-text");
  const composer = () => byId("composer").querySelector(".composer");
  const SAVE_AFTER_MS = 500;
  const TYPING_EVERY_MS = 3000;
  const HERE_EVERY_MS = 10000;
  const HERE_FOR_MS = 25000;
  const WRITING_FOR_MS = 6000;
  const FIND_AFTER_MS = 120;

  // --- what was begun: kept by the server, and in this tab until the server has it ---

  const draftKey = `taktvoll-draft:${staff}:${talk}`;
  const served = () => JSON.parse(composer().dataset.draft);
  let draft = { text: "", id: "", entry: "" };
  let saved = served().text;
  let saveTimer = 0;
  let saving = Promise.resolve();

  // randomUUID exists only where the page came by https or from this machine.
  function randomId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // A text keeps its id until it is sent, over a reload and on another device too, so that sending it again sends nothing
  // twice; and the entry it was taken from: if that goes out as it is, the customer's question may become a wording of it.
  function keepDraft(entry = draft.entry) {
    if (draft.text !== field.value || !draft.id) draft = { text: field.value, id: randomId(), entry: field.value ? entry : "" };
    if (field.value && field.value !== saved) sessionStorage.setItem(draftKey, JSON.stringify(draft));
    else sessionStorage.removeItem(draftKey);
    const length = [...field.value].length;
    byId("reply-count").textContent = length > charsMax * 0.9 ? fill(texts.characters, { n: length, limit: charsMax }) : "";
    clearTimeout(saveTimer);
    saveTimer = setTimeout(save, SAVE_AFTER_MS);
  }

  function save() {
    clearTimeout(saveTimer);
    saving = saving.then(saveNow);
    return saving;
  }

  async function saveNow(options = {}) {
    const { text, id, entry } = draft;
    if (text === saved || !id) return;
    try {
      const response = await post("draft", { text, id, entry, seen: returned }, options);
      if (!response.ok) return; // kept in this tab; the next change tries again
      saved = text;
      if (draft.text === text) sessionStorage.removeItem(draftKey);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  function restoreDraft() {
    const kept = JSON.parse(sessionStorage.getItem(draftKey) ?? "null");
    const theirs = served();
    if (kept) {
      draft = kept;
      field.value = kept.text;
      save();
    } else if (field.value && field.value === theirs.text) {
      draft = { text: theirs.text, id: theirs.id, entry: theirs.entry };
      returned = theirs.id; // the page has come with it, and with why
    } else if (field.value) keepDraft();
  }

  // A reply that came back stands before what was begun meanwhile; the server has put both together if it knew of both.
  let returned = "";

  function putBack(kept) {
    returned = kept.id;
    const begun = field.value.trim();
    const together = begun && !kept.text.includes(begun);
    field.value = together ? `${kept.text}\n\n${field.value}` : kept.text;
    saved = kept.text;
    draft = { text: kept.text, id: kept.id, entry: kept.entry };
    keepDraft();
    ownerShown(mine());
  }

  // --- sending, and taking it back ---

  // files.js comes after me, and only for those who may reply.
  const files = { ready: async () => window.desk.files?.ready() ?? true, shown: () => window.desk.files?.shown() ?? "" };
  let sending = false;
  let takingBack = false;

  async function send(fields, done) {
    if (sending || !mine()) return;
    sending = true;
    byId("send").setAttribute("aria-disabled", "true");
    clearTimeout(saveTimer);
    try {
      await saving;
      if (!(await files.ready())) return;
      const response = await post("reply", { ...fields, files: files.shown(), epoch: form.elements.epoch.value });
      if (response.ok) done();
      else await sayWhy(response, "reply");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      say(texts.unsure_sent, true);
    } finally {
      sending = false;
      byId("send").removeAttribute("aria-disabled");
    }
    await refreshTalk();
  }

  function sendField() {
    if (!field.value.trim()) {
      if (files.shown()) { say(texts.file_words, true); return field.focus(); }
      return leaving() ? work("send-now") : field.focus();
    }
    keepDraft();
    const { text, id, entry } = draft;
    send({ text, id, entry }, () => {
      saved = "";
      if (field.value === text) field.value = "";
      keepDraft();
      say("");
      toEnd();
      attend(field);
    });
  }

  const leaving = () => composer().querySelector(".leaving");

  async function work(verb) {
    if (verb === "undo") {
      takingBack = true;
      clearTimeout(saveTimer); // a save on the way would take the place of what comes back
    }
    try {
      await saving;
      const response = await post(verb, {});
      if (!response.ok) { takingBack = false; await sayWhy(response, verb); }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      takingBack = false;
      say(texts.network, true);
    }
    await refreshTalk();
    if (verb === "send-now") attend(field);
  }

  let askedAfter = 0;

  function count() {
    const bar = leaving();
    if (!bar) return;
    const left = Math.ceil((Date.parse(bar.dataset.due) - now()) / 1000);
    const shown = left > 0 ? String(left) : "";
    const place = bar.querySelector("[data-left]");
    if (place.textContent !== shown) place.textContent = shown;
    if (left < -1 && Date.now() - askedAfter > 2000) { askedAfter = Date.now(); refreshTalk(); } // its news was lost
  }

  // --- the suggestion ---

  const suggestion = () => composer().querySelector(".suggestion");

  function accept() {
    const shown = suggestion();
    if (!shown) return;
    if (!mine()) return byId("take-over")?.focus();
    const text = shown.querySelector(".said").textContent;
    if (field.value.trim() && field.value.trim() !== text) { insert(text, shown.dataset.entry); return say(texts.suggestion_put, true); }
    field.value = text;
    keepDraft(shown.dataset.entry);
    sendField();
  }

  // Puts an approved text behind what stands in the field, to be sent as it is or changed.
  function insert(text, entry) {
    if (!mine()) return byId("take-over")?.focus();
    if (!field.value.includes(text)) field.value = [field.value.trimEnd(), text].filter(Boolean).join("\n\n");
    keepDraft(entry);
    tellTyping();
    field.focus();
  }

  async function reject(rejecting) {
    const fields = Object.fromEntries(new FormData(rejecting));
    const response = await post("suggestion", fields).catch((error) => {
      if (!(error instanceof TypeError)) throw error;
      say(texts.network, true);
    });
    if (!response) return;
    if (response.ok) say(texts.rejected);
    else await sayWhy(response, "suggestion");
    await refreshTalk();
    attend(mine() ? field : main);
  }

  // --- what the server says of it all ---

  document.addEventListener("desk:shown", ({ detail }) => {
    const fresh = detail?.querySelector('[data-into="composer"] .composer');
    if (!fresh) return;
    const old = composer();
    const wasLeaving = Boolean(leaving());
    if (plain(old) !== plain(fresh)) swap(old, fresh);
    else old.dataset.draft = fresh.dataset.draft;
    const kept = served();
    if (takingBack && kept.text && !leaving()) {
      takingBack = false;
      putBack(kept);
      say(texts.undone);
      attend(field);
    } else if (kept.why && kept.id !== returned) {
      putBack(kept);
      say(kept.why, true);
    }
    if (!wasLeaving && leaving()) {
      const left = Math.max(1, Math.round((Date.parse(leaving().dataset.due) - now()) / 1000));
      byId("announce").textContent = fill(texts.leaving_said, { n: left });
    }
    count();
  });

  function plain(element) {
    const copy = element.cloneNode(true);
    copy.removeAttribute("data-draft");
    for (const place of copy.querySelectorAll("[data-left]")) place.textContent = "";
    for (const details of copy.querySelectorAll("details[open]")) details.removeAttribute("open");
    return copy.outerHTML;
  }

  function swap(old, fresh) {
    const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
    const open = old.querySelector("details[open]") !== null;
    old.replaceWith(fresh);
    if (focused === null) return;
    const again = focused && byId(focused);
    if (open && byId("suggestion-reject")) byId("suggestion-reject").open = true;
    (again || heir() || (mine() ? field : main)).focus();
  }

  // --- approved texts by "/" ---

  const TYPED = /(?:^|\s)\/((?!\s)[^\n/]{0,60})$/u;
  const list = document.createElement("ul");
  let found = [];
  let at = -1;
  let asked = "";
  let finding = 0;
  list.id = "macros";
  list.className = "macros";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", texts.macro_list);
  list.hidden = true;
  field.before(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);

  const typed = () => (field.selectionStart === field.selectionEnd ? TYPED.exec(field.value.slice(0, field.selectionStart))?.[1] : undefined);

  function closeMacros() {
    clearTimeout(finding);
    list.hidden = true;
    list.replaceChildren();
    found = [];
    at = -1;
    field.removeAttribute("aria-activedescendant");
  }

  function lookUp() {
    const words = typed();
    clearTimeout(finding);
    if (words === undefined) return closeMacros();
    asked = words;
    finding = setTimeout(find, FIND_AFTER_MS, words);
  }

  async function find(words) {
    const response = await get(`macros?q=${encodeURIComponent(words)}`).catch((error) => {
      if (!(error instanceof TypeError)) throw error; // no network: the next letter asks again
    });
    if (!response?.ok || words !== asked || typed() === undefined) return;
    const { macros } = await response.json();
    if (words !== asked || typed() !== words) return;
    show(macros);
  }

  function show(macros) {
    if (!macros.length) { closeMacros(); byId("announce").textContent = texts.macros_none; return; }
    found = macros;
    list.replaceChildren(...macros.map((macro, place) => {
      const option = document.createElement("li");
      const title = document.createElement("b");
      const words = document.createElement("span");
      option.id = `macro-${place}`;
      option.setAttribute("role", "option");
      title.textContent = macro.title;
      words.textContent = macro.text;
      option.lang = macro.language;
      option.append(title, words);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); take(place); });
      return option;
    }));
    list.hidden = false;
    mark(0);
    byId("announce").textContent = fill(texts.macros_found, { n: macros.length });
  }

  function mark(place) {
    at = (place + found.length) % found.length;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", n === at));
    list.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[at].id);
  }

  function take(place) {
    const macro = found[place];
    const end = field.selectionStart;
    const alone = field.value.trim() === `/${typed()}`;
    field.setRangeText(macro.text, end - typed().length - 1, end, "end");
    closeMacros();
    keepDraft(alone ? macro.entry : draft.entry);
    const open = field.value.search(/\{\{/);
    if (open >= 0) field.setSelectionRange(open, field.value.indexOf("}}", open) + 2);
    tellTyping();
  }

  const MACRO_KEYS = {
    ArrowDown: () => mark(at + 1),
    ArrowUp: () => mark(at - 1),
    Enter: () => take(at),
    Tab: () => take(at),
    Escape: closeMacros,
  };

  // --- who else is here ---

  const others = new Map();
  let typingSaid = 0;

  function tellPresent(doing, options = {}) {
    if (main.dataset.replies !== "true") return;
    post("present", { doing }, options).catch(() => {}); // only a courtesy
  }

  function tellTyping() {
    const at = Date.now();
    if (at - typingSaid < TYPING_EVERY_MS) return;
    typingSaid = at;
    tellPresent("writing");
    if (mine() && field.value) post("typing", {}).catch(() => {}); // only a courtesy
  }

  document.addEventListener("desk:present", ({ detail: { id, name, doing } }) => {
    if (doing === "gone") others.delete(id);
    else {
      const known = others.get(id);
      const at = Date.now();
      const wroteAt = doing === "writing" ? at : known?.wroteAt ?? 0;
      others.set(id, { name, at, wroteAt });
      if (doing === "came") tellPresent(at - typingSaid < WRITING_FOR_MS ? "writing" : "here");
    }
    showPresent();
  });

  const writing = () => [...others.values()].find((one) => Date.now() - one.wroteAt < WRITING_FOR_MS);

  function showPresent() {
    for (const [id, one] of others) if (Date.now() - one.at > HERE_FOR_MS) others.delete(id);
    const names = [...others.values()].map((one) => one.name);
    const writes = writing();
    const text = writes ? fill(texts.writes, writes) : names.length ? fill(texts.also_here, { names: names.join(", ") }) : "";
    if (byId("present").textContent !== text) byId("present").textContent = text;
  }

  // Taking over from somebody in the middle of a sentence asks first.
  let sure = false;

  document.addEventListener("submit", (event) => {
    const writes = writing();
    if (event.target.dataset.act !== "take-over" || head().dataset.owner !== "other" || sure || !writes) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const dialog = byId("take-anyway");
    byId("take-anyway-text").textContent = fill(texts.take_anyway, writes);
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      sure = true;
      document.querySelector('[data-act="take-over"]')?.requestSubmit();
      sure = false;
    }, { once: true });
  }, true);

  // --- begin ---

  document.addEventListener("submit", (event) => {
    const verb = event.target.dataset.write;
    if (!verb) return;
    event.preventDefault();
    if (verb === "accept") accept();
    else if (verb === "reject") reject(event.target);
    else work(verb);
  });
  document.addEventListener("click", (event) => {
    const used = event.target.closest("[data-use]");
    if (used) insert(used.closest("details").querySelector(".said").textContent, used.dataset.use);
    const edited = event.target.closest("#suggestion-edit");
    if (edited) insert(suggestion().querySelector(".said").textContent, suggestion().dataset.entry);
    const open = byId("suggestion-reject");
    if (open?.open && !open.contains(event.target)) open.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const open = byId("suggestion-reject");
    if (event.key === "Enter" && event.altKey && !event.ctrlKey && !event.metaKey && suggestion()) { event.preventDefault(); accept(); }
    else if (event.key === "Escape" && open?.open && open.contains(event.target)) {
      event.preventDefault();
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); sendField(); });
  field.addEventListener("input", () => { keepDraft(); tellTyping(); lookUp(); });
  field.addEventListener("blur", closeMacros);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const chorded = event.ctrlKey || event.metaKey;
    if (!list.hidden && !chorded && MACRO_KEYS[event.key]) { event.preventDefault(); MACRO_KEYS[event.key](); }
    else if (chorded && event.key === "Enter") { event.preventDefault(); sendField(); }
    else if (chorded && event.key === "z" && !field.value && leaving()) { event.preventDefault(); work("undo"); }
    else if (event.key === "Escape") { event.preventDefault(); main.focus(); }
  });
  for (const note of document.querySelectorAll("textarea[data-mentions]")) note.addEventListener("input", tellTyping);

  setInterval(() => { count(); showPresent(); }, 250);
  setInterval(() => { if (!document.hidden) tellPresent("here"); }, HERE_EVERY_MS);
  document.addEventListener("visibilitychange", () => tellPresent(document.hidden ? "gone" : "came", { keepalive: true }));
  window.addEventListener("pagehide", () => {
    clearTimeout(saveTimer);
    saveNow({ keepalive: true });
    tellPresent("gone", { keepalive: true });
  });
  restoreDraft();
  ownerShown(mine());
  if (!document.hidden) tellPresent("came");
  // Once more when the stream listens: others answer at once, and what came before it is lost.
  document.addEventListener("desk:listening", () => { if (!document.hidden) tellPresent("came"); });
})();
