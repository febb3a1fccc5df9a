// Keeps a desk page live: swaps in what changed, sends without reload, works by keyboard.
// The server renders everything; I only fetch its fragments. Without me the pages still work by plain forms.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const desk = byId("desk");
  const { base, csrf, staff } = desk.dataset;
  const texts = JSON.parse(desk.dataset.texts);
  const charsMax = Number(desk.dataset.charsMax);
  const main = byId("main");
  const talk = main.dataset.talk ?? "";
  const here = talk ? `${base}/c/${talk}` : base;
  const QUEUE_PAUSE_MS = 200;
  const PRESSED_MS_MAX = 2000;
  const TYPING_SHOWN_MS = 5000;
  const LOST_AFTER_MS = 1500;
  const RETRY_MS_MAX = 15000;

  const fill = (text, fields) => text.replace(/\{(\w+)\}/g, (_, name) => fields[name] ?? "");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  document.documentElement.classList.add("js");

  // --- asking the server ---

  let leaving = false;

  function toSignIn() {
    if (leaving) return;
    leaving = true;
    location.assign(`${base}/sign-in${talk ? `?to=${talk}` : ""}`);
  }

  async function ask(address, options = {}) {
    const response = await fetch(address, { ...options, headers: { "X-Desk": "1", "X-CSRF": csrf, ...options.headers } });
    if (response.status === 401) toSignIn();
    return response;
  }

  function post(verb, fields, options = {}) {
    return ask(`${here}/${verb}`, {
      ...options,
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
  }

  async function parts(address) {
    const response = await ask(address);
    if (!response.ok) return null;
    const holder = document.createElement("template");
    holder.innerHTML = await response.text();
    return holder.content;
  }

  // Runs work at once, then rests; calls that come meanwhile are answered by one more run and wait for it.
  function coalesced(work, restMs) {
    let current = null;
    let again = false;
    async function run() {
      try {
        do {
          again = false;
          await work();
          if (restMs()) await pause(restMs());
        } while (again);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // no network: the stream reconnects and asks again
      } finally {
        current = null;
      }
    }
    return () => {
      again = true;
      current ??= run();
      return current;
    };
  }

  // --- swapping in what changed ---

  // What an element says apart from what this script changes in it.
  function signature(element) {
    const copy = element.cloneNode(true);
    for (const time of copy.querySelectorAll("time[data-since]")) time.textContent = "";
    for (const details of copy.querySelectorAll("details[open]")) details.removeAttribute("open");
    return copy.outerHTML;
  }

  // Replaces items that differ, keeps the others as they are, and gives those that are new.
  function renew(list, fresh) {
    const known = new Map([...list.children].map((item) => [item.dataset.key, item]));
    const newcomers = [];
    for (const item of [...fresh.children]) {
      const old = known.get(item.dataset.key);
      if (!old) newcomers.push(item);
      else if (signature(old) !== signature(item)) old.replaceWith(item);
    }
    return newcomers;
  }

  function reorder(list, fresh) {
    const order = [...fresh.children].map((item) => item.dataset.key);
    const focused = list.contains(document.activeElement) ? document.activeElement.closest("[data-key]").dataset.key : null;
    for (const item of [...list.children]) if (!order.includes(item.dataset.key)) item.remove();
    list.append(...renew(list, fresh));
    const items = new Map([...list.children].map((item) => [item.dataset.key, item]));
    order.forEach((key, place) => {
      if (list.children[place] !== items.get(key)) list.insertBefore(items.get(key), list.children[place]);
    });
    if (focused && !list.contains(document.activeElement)) list.querySelector(`[data-key="${focused}"] a`)?.focus();
  }

  // --- times ---

  let serverAheadMs = 0;

  function keepTime(now) {
    serverAheadMs = Date.parse(now) - Date.now();
  }

  // How long ago something was, or how long until it is.
  function since(from, ahead) {
    const goneMs = Date.now() + serverAheadMs - Date.parse(from);
    const seconds = Math.max(0, Math.floor((ahead ? -goneMs : goneMs) / 1000));
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return fill(texts.seconds, { n: seconds });
    if (minutes < 60) return fill(texts.minutes, { n: minutes });
    if (minutes < 24 * 60) return fill(texts.hours, { n: Math.floor(minutes / 60), m: minutes % 60 });
    return fill(texts.days, { n: Math.floor(minutes / 24 / 60) });
  }

  function tick() {
    for (const time of document.querySelectorAll("time[data-since]")) {
      const text = since(time.dataset.since, "ahead" in time.dataset);
      if (time.textContent !== text) time.textContent = text;
    }
  }

  // --- the queue ---

  const title = document.title.replace(/^\(\d+\+?\) /, "");

  function keysOf(part) {
    return [...document.querySelectorAll(`#queue [data-part="${part}"] [data-key]`)].map((row) => row.dataset.key);
  }

  // A button that is replaced between press and release is never clicked: what is pressed stays until it is let go.
  let pressed = null;
  let release = null;
  let pressTimer = 0;

  function press() {
    pressed ??= new Promise((done) => { release = done; });
    clearTimeout(pressTimer);
    pressTimer = setTimeout(unpress, PRESSED_MS_MAX);
  }

  function unpress() {
    clearTimeout(pressTimer);
    release?.();
    pressed = release = null;
  }

  const letGo = () => pressed;
  document.addEventListener("pointerdown", press, true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(unpress), true);

  const refreshQueue = coalesced(async () => {
    const fresh = await parts(`${base}/fragment?current=${talk}&${byId("queue").dataset.query ?? ""}`);
    if (!fresh) return;
    await letGo();
    keepTime(fresh.querySelector("[data-now]").dataset.now);
    const before = { waiting: keysOf("waiting"), mine: keysOf("mine") };
    for (const section of fresh.querySelectorAll("[data-part]")) {
      const ours = document.querySelector(`#queue [data-part="${section.dataset.part}"]`);
      ours.dataset.count = section.dataset.count;
      ours.querySelector(".count").textContent = section.querySelector(".count").textContent;
      ours.querySelector(".more").replaceChildren(...section.querySelector(".more").childNodes);
      reorder(ours.querySelector(".rows"), section.querySelector(".rows"));
    }
    for (const tally of fresh.querySelectorAll("[data-tally]")) keepTally(tally.dataset.tally, tally.value);
    for (const [part, known] of Object.entries(before)) {
      const key = keysOf(part).find((one) => !known.includes(one) && one !== talk);
      if (key) announce(part, key);
    }
    document.dispatchEvent(new CustomEvent("desk:queue", { detail: fresh }));
    tick();
  }, () => Math.max(QUEUE_PAUSE_MS, queuePauseMs));

  // The same news comes to all open pages; the more there are, the longer the server bids each wait for its own moment.
  let queuePauseMs = 0;
  let queueTimer = 0;

  function queueChanged(event) {
    queuePauseMs = JSON.parse(event.data).pause_ms ?? 0;
    queueTimer ||= setTimeout(() => {
      queueTimer = 0;
      refreshQueue();
    }, Math.random() * queuePauseMs);
  }

  let mentions = Number.parseInt(document.querySelector('[data-count-of="mentioned"]').textContent, 10);

  // How many there are stands at every way to a view, and how many wait in the title.
  function keepTally(view, count) {
    for (const place of document.querySelectorAll(`[data-count-of="${view}"]`)) place.textContent = count;
    if (view === "waiting") document.title = count === "0" ? title : `(${count}) ${title}`;
    if (view !== "mentioned") return;
    if (Number.parseInt(count, 10) > mentions) byId("announce").textContent = texts.mentioned;
    mentions = Number.parseInt(count, 10);
  }

  function announce(part, key) {
    const row = document.querySelector(`#queue [data-part="${part}"] [data-key="${key}"]`);
    byId("announce").textContent = fill(part === "mine" ? texts.new_mine : texts.new_waiting, { text: row.dataset.last });
  }

  // --- one conversation ---

  const log = byId("log");
  const form = byId("reply");
  const field = byId("reply-text");
  const head = () => document.querySelector("#head .head");
  const mine = () => head().dataset.owner === "me" && head().dataset.closed !== "true";

  const refreshTalk = coalesced(async () => {
    const fresh = await parts(`${here}/fragment?after=${head().dataset.seq}&since=${main.dataset.since}`);
    if (!fresh) return;
    await letGo();
    const newest = fresh.querySelector('[data-into="head"] .head');
    if (Number(newest.dataset.seq) < Number(head().dataset.seq)) return;
    keepTime(newest.dataset.now);
    const wasMine = mine();
    swapHead(newest);
    byId("bases").prepend(...renew(byId("bases"), fresh.querySelector('[data-into="bases"]')));
    const newcomers = renew(byId("lines"), fresh.querySelector('[data-into="lines"]'));
    byId("lines").append(...newcomers);
    if (newcomers.length) byId("typing").textContent = "";
    if (following) toEnd();
    else if (newcomers.length) byId("newer").hidden = false;
    ownerShown(wasMine);
    if (wanted && mine()) toReply();
    document.dispatchEvent(new CustomEvent("desk:shown", { detail: fresh }));
    tick();
  }, () => 0);

  function swapHead(newest) {
    const focused = head().contains(document.activeElement) ? document.activeElement.id : null;
    head().replaceWith(newest);
    if (focused === null) return;
    const again = focused && byId(focused);
    if (again) again.focus();
    else if (mine()) field.focus();
    else main.focus();
  }

  function ownerShown(wasMine) {
    form.elements.epoch.value = head().dataset.epoch;
    form.hidden = !mine() && !field.value;
    field.readOnly = !mine();
    byId("send").disabled = !mine();
    if (wasMine && !mine() && field.value) say(texts.not_mine_any_more, true);
    if (!wasMine && mine()) say("");
  }

  let following = true;

  function toEnd() {
    log.scrollTop = log.scrollHeight;
    byId("newer").hidden = true;
  }

  // Where the address leads within the conversation: to a message that was looked for, or where reading went on.
  function toNamed() {
    const line = location.hash.startsWith("#line-") && byId(location.hash.slice(1));
    if (!line) return false;
    following = false;
    log.scrollTop += line.getBoundingClientRect().top - log.getBoundingClientRect().top - log.clientHeight / 3;
    return true;
  }

  function say(text, bad = false) {
    const notice = byId("notice");
    notice.textContent = text;
    notice.classList.toggle("bad", bad);
  }

  // Whoever takes over wants to write: the focus goes to the reply as the page shows that it is theirs, and never later.
  // The stream may show it before the answer comes; a jump after that would take the keys of whatever was begun meanwhile.
  let wanted = null;

  function toReply() {
    wanted = null;
    attend(field);
  }

  async function act(verb) {
    const deed = verb === "take-over" || verb === "reopen" ? {} : null;
    wanted = deed ?? wanted;
    try {
      const response = await post(verb, { epoch: head().dataset.epoch });
      if (!response.ok) await sayWhy(response, verb);
      else say("");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      say(texts.network, true);
    }
    await refreshTalk();
    if (wanted === deed) wanted = null; // another may have begun
  }

  // After an answer of the server the focus goes where work goes on, unless somebody is writing or choosing elsewhere: focus
  // that jumps away from a note would put its words into the reply, and the next blank would press what it came to.
  function attend(target) {
    const at = document.activeElement;
    if (at?.matches("textarea, input, select")) return;
    if (!at || at === document.body || at === main || at.closest("#head, #reply, #composer")) target.focus();
  }

  // Where the focus goes if what has it disappears, while a deed is on its way that makes it disappear.
  let heir = null;

  async function sayWhy(response, verb) {
    const known = (response.headers.get("content-type") ?? "").includes("json");
    const problem = known ? await response.json() : {};
    const quicker = problem.code === "owner.changed" && verb !== "reply";
    say(quicker ? texts.taken_meanwhile : problem.detail ?? texts.failed, true);
  }

  // --- who is writing ---

  let typingTimer = 0;

  function showTyping(name) {
    byId("typing").textContent = name && name !== "customer" ? fill(texts.typing, { name }) : texts.customer_typing;
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => { byId("typing").textContent = ""; }, TYPING_SHOWN_MS);
  }

  // --- news ---

  const others = new BroadcastChannel(`taktvoll-desk:${base}`);
  let source = null;
  let retryMs = 500;
  let lostTimer = 0;

  function connect() {
    if (source) return;
    source = new EventSource(`${here}/stream`);
    source.addEventListener("ready", (event) => {
      retryMs = 500;
      clearTimeout(lostTimer);
      lostTimer = 0;
      byId("lost").textContent = "";
      others.postMessage("connected");
      document.dispatchEvent(new CustomEvent("desk:listening"));
      queueChanged(event);
      if (talk) refreshTalk();
    });
    source.addEventListener("queue", queueChanged);
    source.addEventListener("conversation", refreshTalk);
    source.addEventListener("typing", (event) => showTyping(JSON.parse(event.data).name));
    source.addEventListener("present", (event) => document.dispatchEvent(new CustomEvent("desk:present", { detail: JSON.parse(event.data) })));
    source.addEventListener("ended", toSignIn);
    source.addEventListener("error", () => {
      disconnect();
      lostTimer ||= setTimeout(() => { byId("lost").textContent = texts.live_lost; }, LOST_AFTER_MS);
      setTimeout(connect, retryMs * (0.7 + 0.6 * Math.random()));
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
      refreshQueue(); // an ended session shows here
    });
  }

  function disconnect() {
    source?.close();
    source = null;
  }

  // Browsers allow six connections to a server by HTTP/1.1: a tab nobody looks at gives way to one that connects.
  others.addEventListener("message", () => { if (document.hidden) disconnect(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) connect(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  window.addEventListener("pagehide", disconnect);

  // --- the keyboard ---

  const keysOn = byId("keys-on");
  keysOn.checked = localStorage.getItem("taktvoll-desk-keys") !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem("taktvoll-desk-keys", keysOn.checked ? "on" : "off"));
  byId("keys-open").addEventListener("click", () => byId("keys").showModal());

  function step(by) {
    const rows = [...document.querySelectorAll("#queue .row")].filter((row) => row.offsetParent);
    const at = rows.findIndex((row) => row === document.activeElement);
    const from = at >= 0 ? at : rows.findIndex((row) => row.classList.contains("current"));
    rows[from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by))]?.focus();
  }

  // One is somewhere from the first moment: at the conversation one comes from, else at the first.
  function arrive() {
    const at = document.activeElement;
    if (location.hash || (at && at !== document.body) || !matchMedia("(pointer: fine)").matches) return;
    const rows = [...document.querySelectorAll("#queue .row")].filter((row) => row.offsetParent);
    const left = sessionStorage.getItem("taktvoll-desk-talk");
    const from = rows.find((row) => row.closest("[data-key]").dataset.key === left);
    (from ?? rows[0])?.focus({ focusVisible: true });
  }

  const inQueue = () => !talk || document.activeElement.closest("#queue");
  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => inQueue() && step(1),
    ArrowUp: () => inQueue() && step(-1),
    t: () => byId("take-over")?.click(),
    r: () => talk && !form.hidden && field.focus(),
    q: () => location.assign(`${base}/`),
    "?": () => byId("keys").showModal(),
  };

  // A key that something on the page names for itself; what cannot be taken back is only focused.
  function hot(key) {
    const named = document.querySelectorAll(`[data-hotkey="${CSS.escape(key)}"]`);
    const shown = [...named].find((one) => one.offsetParent);
    if (!shown) return null;
    if ("careful" in shown.dataset) return () => shown.focus();
    return () => {
      shown.click();
      if (shown.localName !== "summary" || !shown.parentElement.open) return;
      shown.parentElement.querySelector("textarea, select, input:not([type=hidden])").focus(); // at once: the next key is text
    };
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!keysOn.checked || byId("keys").open || event.target.closest("input, textarea, select")) return;
    const does = KEYS[event.key] ?? hot(event.key);
    if (!does || (event.key.startsWith("Arrow") && !inQueue())) return;
    event.preventDefault();
    does();
  });

  // --- begin ---

  const menu = document.querySelector(".menu");
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  for (const form of document.querySelectorAll("[data-leaves]")) form.addEventListener("submit", () => sessionStorage.clear());
  keepTime(document.querySelector("[data-now]").dataset.now);
  setInterval(tick, 1000);

  if (talk) {
    document.addEventListener("submit", (event) => {
      const verb = event.target.dataset.act;
      if (!verb) return;
      event.preventDefault();
      act(verb);
    });
    byId("newer").addEventListener("click", toEnd);
    log.addEventListener("scroll", () => {
      following = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
      if (following) byId("newer").hidden = true;
    });
    new ResizeObserver(() => { if (following) toEnd(); }).observe(log); // a phone's keyboard, a growing reply
    document.addEventListener("desk:done", (event) => { say(event.detail); refreshTalk(); });
    ownerShown(false);
    if (!toNamed()) toEnd();
    // What write.js, which looks after the reply field, needs of me.
    window.desk = {
      attend, bequeath: (find) => { heir = find; }, charsMax, fill, heir: () => heir?.(), get: (path) => ask(`${here}/${path}`), head, mine, now: () => Date.now() + serverAheadMs, ownerShown, post, refreshTalk, say, sayWhy, staff, talk, texts, toEnd,
    };
  }
  if (talk) sessionStorage.setItem("taktvoll-desk-talk", talk);
  else arrive();
  connect();
})();
