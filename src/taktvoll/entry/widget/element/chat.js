/*
 * The chat as a whole: where the parts are wired.
 *
 * I decide when the chat opens and closes, in which form and colours, and what a press of a button sets off. element.js
 * makes me when it comes onto a page. I never store or request anything before the customer opens the chat.
 */

/** `host` is the element, `option` reads what the page has set. */
function makeChat(host, option) {
  const workspace = option("workspace");
  const account = option("account") || "web";
  const wanted = option("language") || document.documentElement.lang || navigator.language || "en";
  const language = wanted.toLowerCase().startsWith("de") ? "de" : "en";
  const w = WORDS[language];

  const conversation = new Conversation(w, new Drawer(`taktvoll:${workspace}:${account}`));
  const shape = { language, label: option("label"), left: option("position") === "left" };
  // What a press of a button sets off, or a word that was written or seen.
  const does = {
    open,
    close,
    post,
    choose: ({ label, collection, id, language }) => {
      post({ text: label, choice: { collection, id, language } });
      view.refocus();
    },
    askPerson: (about) => {
      if (conversation.wantsPerson) post({ kind: "person", text: w.wish, about });
      view.refocus();
    },
    edit: (item) => {
      conversation.discard(item);
      view.edit(item);
    },
    discard: (item) => {
      conversation.discard(item);
      view.input.focus();
    },
    rate: (seq, value) => sender.rate(seq, value),
    offers: () => line.call("calls"),
    wish: async (wished) => conversation.wait((await line.call("calls", wished)).waiting),
    move: async (moved) => conversation.wait((await line.call("calls/move", moved)).waiting),
    callOff: async (seq) => conversation.wait((await line.call("calls/cancel", { seq })).waiting),
    file: async (path, name) => save(name, await line.file(path)),
    seen: (seqs) => sender.seen(seqs),
    typing: () => sender.typing(),
    call: (path, body) => line.call(path, body),
    /** Who asks, once there is a session. */
    who: async () => (await line.ready(), line.identity()),
    token: () => conversation.session?.session,
    expired: (error, who) => line.expired(error, who),
    later: (name) => later(name).catch(() => view.report(w.offline)),
    dress: (rules) => adopt(rules),
    retry: () => line.wake(),
    restart: () => {
      line.restart();
      view.input.focus();
      line.wake();
    },
  };
  const view = makeView(conversation, w, does, shape);
  conversation.screen = view;
  const line = makeLine({ workspace, account, language }, conversation, view);
  const sender = makeSender(conversation, line, view, w);
  const stream = makeStream(conversation, line, view, w);

  const root = host.attachShadow({ mode: "open" });
  const theme = adopt("");
  adopt(STYLE);
  const frame = adopt("");
  root.append(view.frame);

  /** Aborted when the element leaves the page: takes all listeners and loops with it. */
  let life = null;
  let opener = null;
  let reshaping = false;
  let restored = false;
  view.panel.addEventListener("close", () => reshaping || hide());

  // --------------------------------------------------------------------------------------- coming and going

  /** The element has come onto the page, or to another place of it. */
  function enter() {
    life = new AbortController();
    listenToBrowser({ signal: life.signal });
    dress();
    const { session, pending } = conversation;
    const { open, busy } = restored ? { busy: session || pending.length } : conversation.restore();
    restored = true;
    if (open) show();
    else if (busy) start();
  }

  function leave() {
    close();
    life.abort();
    line.hangUp();
    line.wake(true);
  }

  function listenToBrowser(options) {
    matchMedia(PHONE).addEventListener("change", reshape, options);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress, options);
    window.visualViewport?.addEventListener("resize", fit, options);
    window.visualViewport?.addEventListener("scroll", fit, options);
    addEventListener("online", () => {
      view.report(null);
      line.hangUp();
      line.wake();
    }, options);
    addEventListener("offline", () => view.report(stream.running && w.offline), options);
    // An open stream would keep the page out of the browser's back-forward cache.
    addEventListener("pagehide", () => line.hangUp(), options);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return;
      line.wake();
      sender.receipt();
    }, options);
  }

  // -------------------------------------------------------------------------------------------- at work

  function post(item) {
    conversation.add(item);
    start();
  }

  /** From now on listen, and send what waits. */
  function start() {
    stream.start(life.signal);
    sender.pump(life.signal);
  }

  // --------------------------------------------------------------------------------------- opening and closing

  /** Open the chat and move the focus to the text field. */
  function open() {
    if (view.open) return;
    const active = document.activeElement;
    opener = active && active !== document.body && active !== host ? active : null;
    show();
    view.input.focus();
  }

  /** Close the chat; the conversation goes on and can be opened again. */
  function close() {
    // The dialog's close event does the rest.
    if (view.open) view.panel.close();
  }

  function show() {
    view.open = true;
    // The page may have changed its brand colour since.
    dress();
    view.launcher.hidden = true;
    unfold();
    start();
    conversation.save();
    view.paint();
    view.toEnd();
  }

  function hide() {
    view.open = false;
    conversation.save();
    view.launcher.hidden = false;
    (opener?.isConnected ? opener : view.launcher).focus();
    view.paint();
  }

  function unfold() {
    fit();
    if (matchMedia(PHONE).matches) view.panel.showModal();
    // show() would take the focus, also after a mere reload.
    else view.panel.setAttribute("open", "");
  }

  /** Turn to the other form (phone: modal, desktop: beside the page) without losing the place. */
  function reshape() {
    if (!view.open) return;
    const focus = root.activeElement;
    reshaping = true;
    view.panel.close();
    view.panel.addEventListener("close", () => (reshaping = false), { once: true });
    unfold();
    focus?.focus();
  }

  // --------------------------------------------------------------------------------------------- the look

  function dress() {
    const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const chosen = option("theme");
    const accent = option("accent") || getComputedStyle(host).getPropertyValue("--taktvoll-accent").trim();
    theme.replaceSync(palette(accent, chosen in SHADES ? chosen : scheme));
  }

  function adopt(rules) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return sheet;
  }

  /** Keep the full-screen chat above the on-screen keyboard, which covers the page without resizing it. */
  function fit() {
    const seen = window.visualViewport;
    // Pinched: the reader is looking closer, leave the layout alone.
    const whole = !seen || seen.scale > 1.01;
    const px = (name, value) => `--view-${name}: ${Math.round(value)}px;`;
    const rule = whole ? "" : `:host { ${px("height", seen.height)} ${px("top", seen.offsetTop)} }`;
    view.keepEnd(() => frame.replaceSync(rule));
  }

  return { enter, leave, open, close };
}
