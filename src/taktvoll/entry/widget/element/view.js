/*
 * The view: the screen that the other parts speak of.
 *
 * I decide what is shown now, what is said aloud and where the log stands. The conversation, the line, the sender and
 * the stream call me when something has changed; I read the conversation and never change it: what is pressed goes to
 * `does` (see chat.js), which also opens and closes me.
 */

const TYPING_SHOWN_MS = 4_000;
const SENDING_SHOWN_AFTER_MS = 250;
const SPOKEN_KEPT_MS = 15_000;

/** `shape`: the language, the label of the launcher, left or right. */
function makeView(conversation, w, does, shape) {
  const onScreen = (seqs) => view.watched && does.seen(seqs);
  const log = makeLog(conversation, w, makeMessages(conversation, w, does, keepEnd), onScreen);
  const composer = makeComposer(w, does, shape, say);
  const byMail = makeByMail(conversation, w, does, shape, say);
  const waiting = makeWaiting(conversation, w, does);
  const parts = makePanel(w, does, shape, log, composer, byMail, toEnd);
  parts.panel.querySelector(".foot").prepend(waiting.block);
  // Scroll events do not bubble; capturing sees those of the log as well.
  const scrolled = () => atEnd() && (parts.fresh.hidden = true);
  parts.panel.addEventListener("scroll", scrolled, { capture: true, passive: true });

  let fresh = [];
  let jumping = false;
  let painting = false;
  let onItsWay = false;
  let dotsTimer = 0;
  let typist = null;

  // ------------------------------------------------------------------------------------------ what is shown

  /** Draw soon: many changes in a row are one painting. */
  function paint() {
    if (painting) return;
    painting = true;
    queueMicrotask(() => {
      painting = false;
      draw();
    });
  }

  function draw() {
    const { session, owner, ownerName, closed, unread } = conversation;
    const wasAtEnd = atEnd();
    parts.title.textContent = session?.company ? w.title(session.company) : w.chat;
    parts.owner.replaceChildren(icon({ assistant: "ai", queue: "wait", person: "person" }[owner.kind]), ownerName);
    parts.panel.dataset.owner = owner.kind;
    parts.closed.hidden = !closed;
    drawTyping();
    byMail.draw();
    waiting.draw();
    log.draw();
    welcome(wasAtEnd);
    const news = view.open ? 0 : unread;
    parts.count.hidden = !news;
    parts.count.textContent = String(news);
    parts.unread.textContent = news ? `, ${w.unread(news)}` : "";
  }

  /** A message has come in; it is shown and said with the next painting. */
  function arrived(message) {
    fresh.push(message);
  }

  /** Speak and show what has just come in. */
  function welcome(wasAtEnd) {
    const first = fresh[0];
    const jump = jumping;
    for (const message of fresh) {
      const sources = (message.sources || []).map((source) => `${w.source}: ${source.title}.`);
      const who = message.author === "system" ? "" : `${conversation.authorName(message)}: `;
      // Shown, an alert speaks for itself, and at once.
      if (!message.alert || !view.open) say([who + message.text, message.quote, ...sources].join(" "));
    }
    fresh = [];
    jumping = false;
    if (jump) toEnd();
    else if (!view.open) return;
    else if (first && !wasAtEnd) parts.fresh.hidden = false;
    else if (first) toStartOf(log.node(first.seq));
    else if (wasAtEnd) toEnd();
  }

  /** The conversation shown, if any, has ended; the next begins below, with a line between where words were said. */
  function beginAnew(shown, hadWords) {
    log.beginAnew(shown, hadWords && w.restarted);
    if (hadWords) say(w.restarted);
  }

  /** After a button that goes away: back to the text field, but do not raise a phone's keyboard for it. */
  function refocus() {
    (matchMedia("(pointer: coarse)").matches ? parts.log : composer.input).focus({ preventScroll: true });
  }

  // ---------------------------------------------------------------------------------- what is said and reported

  function say(text) {
    if (!text) return;
    // Behind a modal dialog nothing is spoken, and inside a closed one neither: hence two voices.
    const voice = view.open ? parts.voice : parts.outerVoice;
    const line = h("p", {}, text);
    voice.append(line);
    setTimeout(() => line.remove(), SPOKEN_KEPT_MS);
  }

  /** What is wrong at present, or null; `again` offers to try at once. */
  function report(text, again) {
    const { line } = parts;
    if ((line.dataset.text || "") === (text || "")) return;
    line.dataset.text = text || "";
    line.hidden = !text;
    line.replaceChildren(h("p", {}, text || ""));
    if (again) line.append(button("soft", does.retry, w.again));
    say(text);
  }

  /** Something of the customer's is on its way, or has arrived. */
  function sending(now) {
    onItsWay = now;
    clearTimeout(dotsTimer);
    // Most answers are here at once; only a longer wait deserves the dots.
    if (now) dotsTimer = setTimeout(drawTyping, SENDING_SHOWN_AFTER_MS);
    else drawTyping();
  }

  /** A person is typing (name), or has stopped (null). */
  function typed(name) {
    clearTimeout(typist?.timer);
    typist = name && { name, timer: setTimeout(() => typed(null), TYPING_SHOWN_MS) };
    drawTyping();
  }

  function drawTyping() {
    const { typing } = parts;
    const who = typist ? typist.name : onItsWay && conversation.owner.kind === "assistant" && conversation.label;
    if (!who) {
      typing.hidden = true;
      return;
    }
    keepEnd(() => {
      typing.hidden = false;
      typing.replaceChildren(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), w.types(who));
    });
  }

  // -------------------------------------------------------------------------------------- where the log stands

  /** The log scrolls, except in a low window, where the whole panel does. */
  const scroller = () => (getComputedStyle(parts.log).overflowY === "visible" ? parts.panel : parts.log);

  function atEnd() {
    const box = scroller();
    return box.scrollHeight - box.scrollTop - box.clientHeight < 48;
  }

  function toEnd() {
    const box = scroller();
    box.scrollTop = box.scrollHeight;
    parts.fresh.hidden = true;
  }

  /** A long answer is read from its beginning. */
  function toStartOf(node) {
    const box = scroller();
    const startsAt = node && box.scrollTop + node.getBoundingClientRect().top - box.getBoundingClientRect().top - 16;
    toEnd();
    // Not scrollIntoView: it would scroll the panel and the page as well.
    if (node && startsAt < box.scrollTop) box.scrollTop = startsAt;
  }

  /** Show the end with the next painting, wherever the reader is. */
  function jump() {
    jumping = true;
    paint();
  }

  /** Make a change that may move the end, and stay there whoever was there. */
  function keepEnd(change) {
    const wasAtEnd = atEnd();
    change();
    if (wasAtEnd) toEnd();
  }

  const view = {
    open: false,
    /** Somebody can see the log. */
    get watched() {
      return view.open && document.visibilityState === "visible";
    },
    frame: parts.frame,
    panel: parts.panel,
    launcher: parts.launcher,
    input: composer.input,
    edit: composer.edit,
    paint,
    arrived,
    beginAnew,
    refocus,
    say,
    report,
    sending,
    typed,
    toEnd,
    jump,
    keepEnd,
  };
  return view;
}
