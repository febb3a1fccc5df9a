/*
 * The chat element of taktvoll: one script, one custom element, nothing else to load.
 *
 * I show a conversation and carry the customer's messages to the server without losing or doubling one.
 * Pages load me by one script tag (README.md); I speak only to the host I was loaded from.
 * I never store or request anything before the customer opens the chat, and I never put text into the page as HTML.
 */
(() => {
  "use strict";
  if (customElements.get("taktvoll-chat")) return;

  // Only readable while the script runs for the first time.
  const SCRIPT = document.currentScript;
  const HOST = SCRIPT && SCRIPT.src ? new URL(SCRIPT.src).origin : location.origin;

  const TEXT_CHARS_MAX = 4000;
  const COUNTER_FROM = 3600;
  const REQUEST_TIMEOUT_MS = 45_000;
  const STREAM_SILENCE_MS = 40_000;
  const STREAM_HEALTHY_MS = 10_000;
  const BACK_OFF_MS = [500, 10_000];
  const RETRY_AFTER_MAX_MS = 300_000;
  const REFUSED_PAUSE_MS = 600_000;
  const RECEIPT_EVERY_MS = 1_500;
  const TYPING_EVERY_MS = 3_000;
  const TYPING_SHOWN_MS = 4_000;
  const PHONE = "(max-width: 30em), (max-height: 26em)";

  // ---------------------------------------------------------------------------------------------- words

  const WORDS = {
    de: {
      locale: "de-DE",
      launcher: "Haben Sie Fragen?",
      unread: (n) => (n === 1 ? "1 neue Nachricht" : `${n} neue Nachrichten`),
      chat: "Chat",
      title: (company) => `Chat mit ${company}`,
      close: "Chat schließen",
      log: "Gesprächsverlauf",
      ai: "KI-Assistenz",
      queue: "Wartet auf einen Menschen",
      service: "Kundenservice",
      human: "Mensch im Kundenservice",
      now: (who) => `Sie sprechen jetzt mit: ${who}`,
      you: "Sie",
      input: "Ihre Nachricht",
      send: "Senden",
      left: (n) => `Noch ${n} Zeichen`,
      over: (n) => `${n} Zeichen zu viel. Bitte kürzen Sie den Text.`,
      person: "Mit einem Menschen sprechen",
      wish: "Ich möchte mit einem Menschen sprechen.",
      asked: "Sie haben um einen Menschen gebeten.",
      rating: "War diese Antwort hilfreich?",
      helped: "Hat geholfen",
      notHelped: "Hat nicht geholfen",
      oneHuman: "Mensch",
      thanks: "Danke für Ihre Rückmeldung.",
      offer: "Danke für Ihre Rückmeldung. Möchten Sie mit einem Menschen sprechen?",
      unrated: "Ihre Rückmeldung konnte nicht gespeichert werden. Bitte versuchen Sie es noch einmal.",
      choices: "Auswahl",
      source: "Quelle",
      newTab: "(öffnet in neuem Tab)",
      generated: "von KI formuliert",
      types: (who) => `${who} schreibt …`,
      sending: "wird gesendet …",
      resending: "wird erneut gesendet …",
      unsent: "Die Nachricht wurde nicht angenommen.",
      edit: "Bearbeiten",
      discard: "Verwerfen",
      fresh: "Neue Nachricht",
      offline: "Keine Verbindung. Ihre Nachrichten gehen nicht verloren und werden gesendet, sobald es wieder geht.",
      refused: "Der Chat ist zurzeit nicht erreichbar.",
      again: "Erneut versuchen",
      closed: "Diese Unterhaltung ist abgeschlossen.",
      restart: "Neue Unterhaltung beginnen",
      restarted: "Hier beginnt eine neue Unterhaltung. Die vorherige ist beendet.",
      privacy: "Datenschutz",
      today: "Heute",
      yesterday: "Gestern",
    },
    en: {
      locale: "en-GB",
      launcher: "Any questions?",
      unread: (n) => (n === 1 ? "1 new message" : `${n} new messages`),
      chat: "Chat",
      title: (company) => `Chat with ${company}`,
      close: "Close chat",
      log: "Conversation",
      ai: "AI assistant",
      queue: "Waiting for a person",
      service: "customer service",
      human: "Person in customer service",
      now: (who) => `You are now talking to: ${who}`,
      you: "You",
      input: "Your message",
      send: "Send",
      left: (n) => `${n} characters left`,
      over: (n) => `${n} characters too many. Please shorten the text.`,
      person: "Talk to a person",
      wish: "I would like to talk to a person.",
      asked: "You asked for a person.",
      rating: "Was this answer helpful?",
      helped: "Helped",
      notHelped: "Did not help",
      oneHuman: "Person",
      thanks: "Thank you for your feedback.",
      offer: "Thank you for your feedback. Would you like to talk to a person?",
      unrated: "Your feedback could not be saved. Please try again.",
      choices: "Choices",
      source: "Source",
      newTab: "(opens in a new tab)",
      generated: "written by AI",
      types: (who) => `${who} is typing …`,
      sending: "sending …",
      resending: "sending again …",
      unsent: "The message was not accepted.",
      edit: "Edit",
      discard: "Discard",
      fresh: "New message",
      offline: "No connection. Your messages are kept and will be sent as soon as it is back.",
      refused: "The chat is not available at the moment.",
      again: "Try again",
      closed: "This conversation is closed.",
      restart: "Start a new conversation",
      restarted: "A new conversation begins here. The previous one has ended.",
      privacy: "Privacy",
      today: "Today",
      yesterday: "Yesterday",
    },
  };

  // --------------------------------------------------------------------------------------------- colours
  // A brand colour comes from outside, so its contrast is computed, not hoped for (WCAG 2.2, 1.4.3).

  const ACCENT = "#0f5666";
  const SHADES = {
    light: {
      surface: "#ffffff", ground: "#f5f7f8", text: "#1a2126", muted: "#545f69",
      line: "#d7dde2", edge: "#78838d", alarm: "#a8231b",
    },
    dark: {
      surface: "#1c2328", ground: "#14191d", text: "#e9edf0", muted: "#a9b4bd",
      line: "#364048", edge: "#818d97", alarm: "#ffb4a9",
    },
  };

  const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const mix = (a, b, share) => a.map((x, i) => Math.round(x + (b[i] - x) * share));
  const css = (rgb) => `rgb(${rgb.join(" ")})`;

  function luminance(rgb) {
    const [r, g, b] = rgb.map((x) => (x / 255 <= 0.04045 ? x / 255 / 12.92 : ((x / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(a, b) {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  }

  /** The colour, moved towards black or white until it can be read on every one of the grounds. */
  function readable(colour, grounds) {
    const goal = luminance(grounds[0]) > 0.18 ? [0, 0, 0] : [255, 255, 255];
    for (let share = 0; share < 1; share += 0.05) {
      const tried = mix(colour, goal, share);
      if (grounds.every((ground) => contrast(tried, ground) >= 4.6)) return tried;
    }
    return goal;
  }

  /** Any colour a canvas understands as #rrggbb, or the default. */
  function hexOf(colour) {
    if (!colour || !CSS.supports("color", colour)) return ACCENT;
    const canvas = document.createElement("canvas").getContext("2d");
    if (!canvas) return ACCENT;
    canvas.fillStyle = ACCENT;
    canvas.fillStyle = colour;
    return /^#[0-9a-f]{6}$/.test(canvas.fillStyle) ? canvas.fillStyle : ACCENT;
  }

  function palette(accentName, scheme) {
    const shades = SHADES[scheme];
    const accent = channels(hexOf(accentName));
    const surface = channels(shades.surface);
    let share = scheme === "dark" ? 0.42 : 0.12; // of the brand in the customer's own bubbles
    while (contrast(mix(surface, accent, share), channels(shades.text)) < 7) share -= 0.02;
    const own = mix(surface, accent, share);
    const ink = readable(accent, [surface, channels(shades.ground), own]);
    const onAccent = contrast(accent, [255, 255, 255]) >= 4.5 ? "#ffffff" : "#000000";
    const tokens = { ...shades, accent: css(accent), "on-accent": onAccent, ink: css(ink), own: css(own) };
    const lines = Object.entries(tokens).map(([name, value]) => `--${name}: ${value};`);
    return `:host { color-scheme: ${scheme}; ${lines.join(" ")} }`;
  }

  // ----------------------------------------------------------------------------------------------- style
  // `medium` is the reader's own text size, whatever the page does to its root; everything else is in em.

  const STYLE = `
:host { all: initial; display: block; font: medium/1.5 var(--taktvoll-font, system-ui, sans-serif); color: var(--text); }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, p, ul { margin: 0; padding: 0; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
svg { width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8;
  stroke-linecap: round; stroke-linejoin: round; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }

.launcher { position: fixed; z-index: var(--taktvoll-z-index, 2147483000);
  right: calc(var(--taktvoll-offset-x, 1.25em) + env(safe-area-inset-right, 0px));
  bottom: calc(var(--taktvoll-offset-y, 1.25em) + env(safe-area-inset-bottom, 0px));
  display: flex; align-items: center; gap: .6em; max-width: calc(100vw - 2.5em); min-height: 3.25em; padding: .6em 1.25em;
  border: 2px solid transparent; border-radius: 2em; background: var(--accent); color: var(--on-accent); font-weight: 600;
  text-align: start; box-shadow: 0 0 0 1px rgb(255 255 255 / .25), 0 4px 18px rgb(0 0 0 / .22); }
.launcher:hover { filter: brightness(1.08); }
.launcher:focus-visible { outline-color: var(--on-accent); outline-offset: -6px; }
.left .launcher, .left .panel { right: auto; left: calc(var(--taktvoll-offset-x, 1.25em) + env(safe-area-inset-left, 0px)); }
.count { min-width: 1.7em; padding: 0 .45em; border-radius: 1em; background: var(--on-accent); color: var(--accent);
  text-align: center; font-size: .875em; line-height: 1.7; }

.panel { position: fixed; z-index: var(--taktvoll-z-index, 2147483000); inset: auto; margin: 0; padding: 0;
  right: calc(var(--taktvoll-offset-x, 1.25em) + env(safe-area-inset-right, 0px));
  bottom: calc(var(--taktvoll-offset-y, 1.25em) + env(safe-area-inset-bottom, 0px));
  width: min(var(--taktvoll-width, 26em), calc(100vw - 2.5em));
  height: min(var(--taktvoll-height, 42em), calc(100vh - 2.5em)); max-width: none; max-height: none;
  flex-direction: column; overflow: hidden; overflow: clip; border: 1px solid var(--line); border-radius: var(--taktvoll-radius, 1em);
  background: var(--surface); color: var(--text); box-shadow: 0 12px 48px rgb(0 0 0 / .24); }
.panel[open] { display: flex; }
.panel::backdrop { background: transparent; }

.head { display: flex; align-items: center; gap: .75em; padding: .8em .75em .8em 1.25em;
  background: var(--accent); color: var(--on-accent); }
.head :focus-visible { outline-color: var(--on-accent); }
.names { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.names h2 { font-size: 1.0625em; font-weight: 650; line-height: 1.3; }
.owner { display: flex; align-items: center; gap: .4em; margin-top: .15em; font-size: .875em; line-height: 1.35; }
.owner svg { width: 1.1em; height: 1.1em; }
.icon { display: grid; place-items: center; width: 2.75em; height: 2.75em; flex: none; padding: 0;
  border: 1px solid transparent; border-radius: 50%; background: none; }
.icon:hover { background: rgb(127 127 127 / .22); }

.line { display: flex; flex-wrap: wrap; align-items: center; gap: .25em .75em; padding: .6em 1.25em; font-size: .875em;
  border-bottom: 1px solid var(--line); background: var(--surface); }

.middle { position: relative; display: flex; flex: 1; min-height: 0; }
.log { flex: 1; min-width: 0; overflow-y: auto; overscroll-behavior: contain; padding: 1.25em 1.25em .75em;
  background: var(--ground); }
.log:focus-visible { outline-offset: -4px; }
.fresh { position: absolute; bottom: .75em; left: 50%; transform: translateX(-50%); min-height: 2.5em; padding: .3em 1.1em;
  border: 1px solid transparent; border-radius: 2em; background: var(--accent); color: var(--on-accent);
  font-size: .875em; font-weight: 600; white-space: nowrap; box-shadow: 0 2px 10px rgb(0 0 0 / .25); }

.notice { margin-bottom: 1.25em; padding: .75em 1em; border: 1px solid var(--line);
  border-radius: .75em; background: var(--surface); color: var(--muted); font-size: .875em; }
.day, .system { margin: 1.5em auto; max-width: 92%; color: var(--muted); font-size: .8125em; text-align: center; }
.message { display: flex; flex-direction: column; align-items: flex-start; margin-top: 1.25em; }
.message:first-child { margin-top: 0; }
.message.more { margin-top: .5em; }
.message.own { align-items: flex-end; }
.message .notice { margin-bottom: .5em; }
.who { margin: 0 .25em .25em; color: var(--muted); font-size: .8125em; font-weight: 600; }
.bubble { max-width: 90%; padding: .7em 1em; border: 1px solid var(--line); border-radius: .35em 1em 1em 1em;
  background: var(--surface); overflow-wrap: anywhere; }
.own .bubble { border-color: transparent; border-radius: 1em .35em 1em 1em; background: var(--own); }
.bubble > * + * { margin-top: .6em; }
.bubble ul { padding-inline-start: 1.25em; }
.bubble li + li { margin-top: .25em; }
a { color: var(--ink); text-underline-offset: .15em; }
.hint { color: var(--muted); font-size: .875em; }
.sources { list-style: none; padding: .55em 0 0 !important; border-top: 1px solid var(--line); font-size: .875em; }
.sources a { display: inline-block; min-height: 24px; }
.meta { display: flex; flex-wrap: wrap; gap: 0 .5em; margin: .3em .3em 0; color: var(--muted); font-size: .75em; }
.problem { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: .4em .5em; margin-top: .4em;
  max-width: 90%; font-size: .875em; }
.problem p { color: var(--alarm); text-align: end; }

.choices, .feedback { display: flex; flex-wrap: wrap; gap: .5em; margin-top: .6em; max-width: 100%; }
.choices { flex-direction: column; align-items: flex-start; }
.feedback p { flex-basis: 100%; margin: .1em .25em; color: var(--muted); font-size: .875em; }
.soft { display: inline-flex; align-items: center; gap: .5em; min-height: 2.25em; padding: .25em .9em; border: 1px solid var(--edge);
  border-radius: 1.25em; background: var(--surface); color: var(--ink); font-size: .875em; text-align: start; }
.soft:hover { border-color: var(--ink); background: var(--own); }
.soft[aria-pressed="true"] { gap: .3em; border-color: var(--ink); background: var(--own); }
.soft[aria-pressed="true"]::before { content: "✓"; content: "✓" / ""; }
.feedback .soft { padding: .25em .8em; font-size: .8125em; color: var(--text); }
.choices .soft { font-size: .9375em; padding: .4em 1em; }

.typing { display: flex; align-items: center; gap: .6em; margin: 1em .25em 0; color: var(--muted); font-size: .8125em; }
.dots { display: inline-flex; gap: .25em; }
.dots i { width: .4em; height: .4em; border-radius: 50%; background: var(--muted); border: 1px solid transparent; }

.foot { padding: .6em 1em calc(.9em + env(safe-area-inset-bottom, 0px)); border-top: 1px solid var(--line); background: var(--surface); }
.tools { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25em .75em; padding-bottom: .35em; }
.tools .soft { border-color: transparent; margin-inline-start: -.5em; padding: .25em .6em; font-weight: 600; }
.tools .soft:hover { border-color: var(--ink); }
.counter { color: var(--muted); font-size: .8125em; }
.counter.over { color: var(--alarm); font-weight: 600; }
.closed { display: flex; flex-wrap: wrap; align-items: center; gap: .5em .75em; padding-bottom: .5em; font-size: .875em; }
.entry { display: flex; align-items: flex-end; gap: .5em; padding: .2em; border: 1px solid var(--edge); border-radius: 1.5em;
  background: var(--surface); }
.entry:focus-within { border-color: var(--ink); box-shadow: 0 0 0 2px var(--ink); }
/* The mirror gives the text field its height: the field grows with the text and no style attribute is needed. */
.grow { display: grid; flex: 1; min-width: 0; max-height: 9em; overflow-y: auto; border-radius: 1.3em; }
.grow::after { content: attr(data-text) " "; visibility: hidden; white-space: pre-wrap; }
.grow::after, .grow textarea { grid-area: 1 / 1; padding: .6em .5em .6em 1em; overflow-wrap: anywhere; line-height: 1.45; }
.grow textarea { width: 100%; min-width: 0; resize: none; overflow: hidden; border: 0; outline: 0; background: none; }
.grow textarea::placeholder { color: var(--muted); opacity: 1; }
.send { background: var(--accent); color: var(--on-accent); }
.send:hover { background: var(--accent); filter: brightness(1.1); }
.panel:not([data-owner="assistant"]) :is(.to-person, .choices) { display: none; }

@media ${PHONE} {
  .panel, .left .panel { top: var(--view-top, 0px); right: 0; bottom: auto; left: 0; width: 100%;
    height: var(--view-height, 100dvh); border: 0; border-radius: 0; }
  .log { padding-inline: 1em; }
  .feedback { gap: .35em; }
  .feedback .soft { padding-inline: .7em; }
  .head { padding-top: calc(.6em + env(safe-area-inset-top, 0px)); padding-bottom: .6em; }
}
@media (pointer: coarse), ${PHONE} {
  .soft, .fresh { min-height: 44px; }
  .icon { min-width: 44px; min-height: 44px; }
  .sources a { display: inline-flex; align-items: center; min-height: 44px; }
  .grow textarea { min-height: 44px; }
}
/* A low window, for instance at 400 % zoom: everything scrolls as one, nothing is squeezed away. */
@media (max-height: 26em) {
  .panel[open] { display: block; overflow-y: auto; }
  .middle { min-height: 8em; }
  .log { overflow-y: visible; }
  .fresh { position: sticky; align-self: flex-end; left: auto; transform: none; }
}
@media (prefers-reduced-motion: no-preference) {
  .dots i { animation: breathe 1.4s ease-in-out infinite; }
  .dots i:nth-child(2) { animation-delay: .2s; }
  .dots i:nth-child(3) { animation-delay: .4s; }
  .panel[open] { animation: appear .16s ease-out; }
  @keyframes breathe { 0%, 100% { opacity: .3; } 50% { opacity: 1; } }
  @keyframes appear { from { opacity: 0; transform: translateY(.5em); } }
}
@media (forced-colors: active) {
  .own .bubble, .launcher, .fresh, .send, .icon, .tools .soft { border-color: ButtonText; }
  .soft[aria-pressed="true"] { border-width: 3px; }
  .dots i { background: CanvasText; }
}
@media print { :host { display: none; } }
`;

  const ICONS = {
    chat: "M4 5h16v11H10l-4 4v-4H4z",
    close: "M6 6l12 12M18 6L6 18",
    send: "M12 19V5M6 11l6-6 6 6",
    person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
    ai: "M12 3v3M6 8h12v9H6zM3 11v3M21 11v3M9.5 12v.5M14.5 12v.5M9 20h6",
    wait: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2",
  };

  // ------------------------------------------------------------------------------------- building the page

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
      return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
    } catch {
      return null; // not an address: it stays plain text
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

  /** Plain text as paragraphs, line breaks and lists. */
  function paragraphs(text, words) {
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
      open.append(...(item ? [h("li", {}, ...linked(item[1], words))] : linked(line, words)));
    }
    return blocks;
  }

  // ------------------------------------------------------------------------------------ keeping and asking

  const uuid = () =>
    crypto.randomUUID
      ? crypto.randomUUID()
      : // Pages without https have no randomUUID.
        "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
          (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16),
        );

  /** One value in sessionStorage, or in memory where the browser allows no storage. */
  class Drawer {
    constructor(key) {
      this.key = key;
    }

    read() {
      try {
        return JSON.parse(sessionStorage.getItem(this.key)) || {};
      } catch {
        return {}; // storage is forbidden or holds something foreign: start anew
      }
    }

    write(value) {
      try {
        sessionStorage.setItem(this.key, JSON.stringify(value));
      } catch {
        // Storage is forbidden or full; the element itself holds the same values while the page lives.
      }
    }
  }

  /** The server did not do what it was asked. Status 0: it was not reached. */
  class Trouble extends Error {
    constructor(status, detail = "", retryMs = 0) {
      super(detail || `status ${status}`);
      Object.assign(this, { status, detail, retryMs });
    }

    /** Worth trying again unchanged. */
    get passing() {
      return this.status >= 500 || [0, 401, 408, 425, 429].includes(this.status);
    }
  }

  async function troubleOf(response) {
    const header = response.headers.get("Retry-After");
    const wait = header ? (Number(header) || (Date.parse(header) - Date.now()) / 1000 || 0) * 1000 : 0;
    const problem = await response.json().catch(() => ({})); // a proxy's error page is not JSON
    return new Trouble(response.status, problem.detail || problem.title, Math.min(Math.max(wait, 0), RETRY_AFTER_MAX_MS));
  }

  const headersOf = (language, token) => ({
    "Accept-Language": language,
    ...(token && { Authorization: `Bearer ${token}` }),
  });

  async function ask(path, { body, language, token }) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), REQUEST_TIMEOUT_MS);
    const headers = { Accept: "application/json", ...headersOf(language, token) };
    if (body) headers["Content-Type"] = "application/json";
    try {
      const response = await fetch(HOST + path, {
        method: body ? "POST" : "GET",
        headers,
        body: body && JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
        keepalive: Boolean(body), // a message sent on the way out of the page still arrives
        signal: patience.signal,
      });
      if (!response.ok) throw await troubleOf(response);
      return response.status === 204 ? null : await response.json();
    } catch (error) {
      throw error instanceof Trouble ? error : new Trouble(0, String(error));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Yields the events of a text/event-stream; ends when the server ends it, throws when it falls silent. */
  async function* events(path, { language, token, stop }) {
    let timer;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), STREAM_SILENCE_MS);
    };
    watch();
    try {
      const response = await fetch(HOST + path, {
        headers: { Accept: "text/event-stream", ...headersOf(language, token) },
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
        signal: stop.signal,
      });
      if (!response.ok) throw await troubleOf(response);
      yield { name: "open" };
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        watch();
        text = (text + decoder.decode(value, { stream: true })).replaceAll("\r\n", "\n");
        const blocks = text.split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          const event = { name: "message", data: "" };
          for (const line of block.split("\n")) {
            if (line.startsWith("event:")) event.name = line.slice(6).trim();
            if (line.startsWith("data:")) event.data += line.slice(5).replace(/^ /, "");
          }
          if (event.data) yield { name: event.name, data: JSON.parse(event.data) };
        }
      }
    } catch (error) {
      throw error instanceof Trouble ? error : new Trouble(0, String(error));
    } finally {
      clearTimeout(timer);
      stop.abort(); // also when the reader of the events has had enough
    }
  }

  const backOff = (tries) => Math.min(BACK_OFF_MS[0] * 2 ** tries, BACK_OFF_MS[1]) * (0.75 + Math.random() / 2);

  // --------------------------------------------------------------------------------------------- the chat

  class TaktvollChat extends HTMLElement {
    #view = null; // the built parts of the shadow tree
    #words = WORDS.en;
    #language = "en";
    #drawer = null;
    #theme = new CSSStyleSheet();
    #frame = new CSSStyleSheet();
    #life = null; // aborted when the element leaves the page: takes all listeners with it

    #session = null; // reply of the session request
    #opening = null; // the session request on its way
    #messages = new Map(); // seq → message of the current conversation
    #pending = []; // what the server has not yet accepted, in the order it was written
    #owner = { kind: "assistant", name: null };
    #ownerSeq = 0;
    #closed = false;
    #heardSeq = 0; // highest seq from history or stream: the point to resume from
    #seen = 0; // highest seq that was on screen
    #receipted = 0;
    #loaded = false; // history is here
    #begun = false; // the conversation exists on the server, so listening makes sense
    #open = false;

    #nodes = new Map(); // key → {node, mark} of what the log shows
    #onScreen = null;
    #fresh = []; // messages that came in since the last painting
    #scrollTo = null;
    #painting = false;
    #waits = new Set(); // pauses that may end early
    #started = false;
    #pumping = false;
    #sending = false;
    #sendingTimer = 0;
    #stream = null;
    #listeningSince = Infinity;
    #typist = null;
    #typingSentAt = 0;
    #receiptTimer = 0;
    #opener = null;
    #reshaping = false;

    connectedCallback() {
      if (!this.#option("workspace")) {
        console.warn("taktvoll: the chat needs data-workspace");
        return;
      }
      const account = this.#option("account") || "web";
      const wanted = this.#option("language") || document.documentElement.lang || navigator.language || "en";
      this.#language = wanted.toLowerCase().startsWith("de") ? "de" : "en";
      this.#words = WORDS[this.#language];
      this.#drawer = new Drawer(`taktvoll:${this.#option("workspace")}:${account}`);
      const moved = Boolean(this.#view);
      if (!moved) this.#build();
      this.#life = new AbortController();
      this.#listenToBrowser(this.#life.signal);
      this.#dress();
      if (!moved) this.#restore();
      else if (this.#session || this.#pending.length) this.#start();
    }

    disconnectedCallback() {
      this.close();
      this.#life?.abort();
      this.#stream?.abort();
      this.#wake(true);
      this.#started = false;
    }

    /** Open the chat and move the focus to the text field. */
    open() {
      if (!this.#view || this.#open) return;
      const active = document.activeElement;
      this.#opener = active && active !== document.body && active !== this ? active : null;
      this.#show();
      this.#view.input.focus();
    }

    /** Close the chat; the conversation goes on and can be opened again. */
    close() {
      if (this.#view && this.#open) this.#view.panel.close(); // the dialog's close event does the rest
    }

    #option(name) {
      return this.dataset[name] || (SCRIPT && SCRIPT.dataset[name]) || "";
    }

    // ------------------------------------------------------------------------------------- shape and look

    #build() {
      const w = this.#words;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [this.#theme, sheet, this.#frame];

      const label = this.#option("label") || w.launcher;
      const v = (this.#view = {
        count: h("span", { class: "count", hidden: true, "aria-hidden": "true" }),
        unread: h("span", { class: "unseen" }),
        title: h("h2", { id: "title" }, w.chat),
        owner: h("p", { class: "owner", id: "owner" }),
        line: h("div", { class: "line", hidden: true }),
        log: h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": w.log, tabindex: "0" }),
        typing: h("p", { class: "typing", hidden: true }),
        fresh: button("fresh", () => this.#toEnd(), w.fresh),
        // The log itself stays silent: this region speaks each new message once, with its author and without buttons.
        voice: h("div", { class: "unseen", role: "status" }),
        outerVoice: h("div", { class: "unseen", role: "status" }),
        closed: h("div", { class: "closed", hidden: true }, h("p", {}, w.closed)),
        counter: h("p", { class: "counter", id: "counter", hidden: true }),
        input: h("textarea", {
          rows: "1", "aria-label": w.input, placeholder: w.input, enterkeyhint: "send", "aria-describedby": "counter",
        }),
      });
      v.fresh.hidden = true;
      v.closed.append(button("soft", () => this.#restart(), w.restart));
      v.launcher = button("launcher", () => this.open(), icon("chat"), h("span", {}, label), v.count, v.unread);
      v.launcher.setAttribute("aria-haspopup", "dialog");
      v.person = button("soft to-person", () => this.#wantPerson(), icon("person"), w.person);
      v.grow = h("div", { class: "grow" }, v.input);
      const close = button("icon", () => this.close(), icon("close"));
      close.setAttribute("aria-label", w.close);
      const send = h("button", { class: "icon send", type: "submit", "aria-label": w.send }, icon("send"));
      const form = h("form", { class: "entry", submit: (event) => this.#submit(event) }, v.grow, send);
      v.panel = h(
        "dialog",
        { class: "panel", "aria-labelledby": "title", "aria-describedby": "owner", "data-owner": "assistant" },
        h("header", { class: "head" }, h("div", { class: "names" }, v.title, v.owner), close),
        v.line,
        h("div", { class: "middle" }, v.log, v.fresh),
        h("div", { class: "foot" }, v.closed, h("div", { class: "tools" }, v.person, v.counter), form),
        v.voice,
      );
      v.chapter = h("div");
      v.log.append(v.chapter, v.typing);
      v.frame = h("section", { "aria-label": w.chat, lang: this.#language }, v.launcher, v.panel, v.outerVoice);
      v.frame.classList.toggle("left", this.#option("position") === "left");
      root.append(v.frame);

      // Scroll events do not bubble; capturing sees those of the log as well.
      v.panel.addEventListener("scroll", () => this.#atEnd() && (v.fresh.hidden = true), { capture: true, passive: true });
      v.panel.addEventListener("close", () => this.#reshaping || this.#hide());
      v.input.addEventListener("input", () => this.#written());
      v.input.addEventListener("keydown", (event) => this.#key(event));
      // Keys typed here are text, not shortcuts of the page around us (which sees only our outer element).
      for (const name of ["keydown", "keypress", "keyup"]) v.panel.addEventListener(name, (event) => this.#inside(event));
      this.#onScreen = new IntersectionObserver((entries) => this.#noticed(entries));
    }

    #listenToBrowser(signal) {
      const options = { signal };
      matchMedia(PHONE).addEventListener("change", () => this.#reshape(), options);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#dress(), options);
      window.visualViewport?.addEventListener("resize", () => this.#fit(), options);
      window.visualViewport?.addEventListener("scroll", () => this.#fit(), options);
      addEventListener("online", () => {
        this.#report(null);
        this.#stream?.abort(); // it may be dead without knowing
        this.#wake();
      }, options);
      addEventListener("offline", () => this.#report(this.#started && this.#words.offline), options);
      // An open stream would keep the page out of the browser's back-forward cache.
      addEventListener("pagehide", () => this.#stream?.abort(), options);
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState !== "visible") return;
        this.#wake();
        this.#receipt();
      }, options);
    }

    #dress() {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      const theme = this.#option("theme");
      const accent = this.#option("accent") || getComputedStyle(this).getPropertyValue("--taktvoll-accent").trim();
      this.#theme.replaceSync(palette(accent, theme in SHADES ? theme : dark));
    }

    /** Keep the full-screen chat above the on-screen keyboard, which covers the page without resizing it. */
    #fit() {
      const seen = window.visualViewport;
      const whole = !seen || seen.scale > 1.01; // pinched: the reader is looking closer, leave the layout alone
      const px = (value) => `${Math.round(value)}px`;
      const rule = `:host { --view-height: ${px(seen?.height || 0)}; --view-top: ${px(seen?.offsetTop || 0)}; }`;
      const atEnd = this.#atEnd();
      this.#frame.replaceSync(whole ? "" : rule);
      if (atEnd) this.#toEnd();
    }

    /** Turn to the other form (phone: modal, desktop: beside the page) without losing the place. */
    #reshape() {
      if (!this.#open) return;
      const focus = this.shadowRoot.activeElement;
      this.#reshaping = true;
      this.#view.panel.close();
      this.#view.panel.addEventListener("close", () => (this.#reshaping = false), { once: true });
      this.#unfold();
      focus?.focus();
    }

    #unfold() {
      this.#fit();
      if (matchMedia(PHONE).matches) this.#view.panel.showModal();
      else this.#view.panel.setAttribute("open", ""); // show() would take the focus, also after a mere reload
    }

    #show() {
      this.#open = true;
      this.#dress(); // the page may have changed its brand colour since
      this.#view.launcher.hidden = true;
      this.#unfold();
      this.#start();
      this.#save();
      this.#paint();
      this.#toEnd();
    }

    #hide() {
      this.#open = false;
      this.#save();
      this.#view.launcher.hidden = false;
      const back = this.#opener?.isConnected ? this.#opener : this.#view.launcher;
      back.focus();
      this.#paint();
    }

    // --------------------------------------------------------------------------------- what the tab remembers

    #restore() {
      const kept = this.#drawer.read();
      if (!kept.token && !kept.pending) return;
      if (kept.token) this.#session = { ...kept.start, session: kept.token, conversation: kept.conversation };
      this.#pending = (kept.pending || []).map((item) => ({ ...item, at: new Date().toISOString() }));
      this.#seen = this.#receipted = kept.seen || 0;
      this.#loaded = false;
      // Opened but never written to: nothing can arrive, so nothing is asked for until it is opened again.
      if (kept.open) this.#show();
      else if (this.#pending.length || this.#seen) this.#start();
    }

    #save() {
      const { session, conversation, ...start } = this.#session || {};
      this.#drawer.write({
        token: session,
        conversation,
        start, // greeting, notice and label, to be shown again after a reload
        open: this.#open,
        seen: this.#seen,
        pending: this.#pending.map(({ id, text, kind, choice, about }) => ({ id, text, kind, choice, about })),
      });
    }

    // --------------------------------------------------------------------------------------------- the line

    #start() {
      if (this.#started) return;
      this.#started = true;
      this.#live();
      this.#pump();
    }

    /** Session, history, then the stream, over and over while the element is on the page. */
    async #live() {
      const life = this.#life.signal;
      for (let tries = 0; !life.aborted; ) {
        this.#listeningSince = Infinity;
        try {
          await this.#ensureSession();
          // Also after a broken stream: where a proxy holds streams back, this alone brings the messages.
          if (!this.#loaded) await this.#load();
          while (!this.#begun && !life.aborted) await this.#pause(REFUSED_PAUSE_MS);
          if (!life.aborted) await this.#listen();
        } catch (error) {
          if (Date.now() - this.#listeningSince > STREAM_HEALTHY_MS) tries = 0;
          await this.#recover(error, tries);
        }
        if (this.#session && this.#begun) this.#loaded = false;
        if (!life.aborted) await this.#pause(backOff(tries++));
      }
    }

    async #ensureSession() {
      if (this.#session) return;
      this.#opening ??= this.#openSession().finally(() => (this.#opening = null));
      await this.#opening;
    }

    async #openSession() {
      const body = { account: this.#option("account") || "web", language: this.#language };
      const path = `/api/v1/w/${encodeURIComponent(this.#option("workspace"))}/chat/sessions`;
      this.#session = await ask(path, { body, language: this.#language });
      this.#loaded = true; // a new conversation has no history
      this.#report(null);
      this.#save();
      this.#say([this.#session.notice, this.#session.greeting].filter(Boolean).join(" "));
      this.#scrollTo = "end";
      this.#paint();
    }

    async #load() {
      const afterReload = !this.#messages.size;
      const reply = await this.#call(`messages?after=${this.#heardSeq}`);
      this.#loaded = true;
      if (afterReload) this.#scrollTo = "end";
      this.#take(reply.messages, afterReload ? Math.max(this.#seen, this.#open ? reply.last_seq : 0) : 0);
      this.#heardSeq = Math.max(this.#heardSeq, reply.last_seq);
      this.#adopt(reply);
      if (reply.last_seq > 0) this.#begun = true;
    }

    async #listen() {
      const token = this.#session.session;
      this.#stream = new AbortController();
      const path = `/api/v1/chat/stream?after=${this.#heardSeq}`;
      try {
        for await (const event of events(path, { language: this.#language, token, stop: this.#stream })) {
          if (this.#session?.session !== token) return; // a new conversation began meanwhile
          this.#report(null);
          if (event.name === "open") {
            this.#listeningSince = Date.now();
          } else if (event.name === "message") {
            this.#heardSeq = Math.max(this.#heardSeq, event.data.seq);
            this.#take([event.data]);
          } else if (event.name === "state") {
            this.#adopt(event.data);
          } else if (event.name === "typing") {
            this.#typed(event.data.name);
          }
        }
      } catch (error) {
        this.#expired(error, token);
        throw error;
      }
    }

    /** One request within the conversation. */
    async #call(path, body) {
      const token = this.#session.session;
      try {
        const reply = await ask(`/api/v1/chat/${path}`, { body, language: this.#language, token });
        this.#report(null);
        return reply;
      } catch (error) {
        this.#expired(error, token);
        throw error;
      }
    }

    /** The server no longer knows our token: begin anew, unless somebody else has done so already. */
    #expired(error, token) {
      if (error.status === 401 && this.#session?.session === token) this.#newChapter();
    }

    /** Say what is wrong and wait as long as makes sense. */
    async #recover(error, tries) {
      if (!(error instanceof Trouble)) throw error;
      if (error.status === 401) return; // a new conversation has begun already
      if (!error.passing) this.#report(error.detail || this.#words.refused, true);
      else if (tries > 0 || !navigator.onLine) this.#report(this.#words.offline);
      if (!error.passing) await this.#pause(REFUSED_PAUSE_MS);
      else if (error.retryMs) await this.#pause(error.retryMs, { firm: true });
    }

    /** The old conversation stays readable above; a new one begins below it. */
    #newChapter() {
      const shown = this.#messages.size > 0;
      const hadWords = shown || this.#seen > 0;
      for (const [key, { node }] of this.#nodes) if (key.startsWith("pending")) node.remove();
      for (const dead of this.#view.chapter.querySelectorAll(".feedback, .choices")) dead.remove();
      this.#nodes.clear();
      this.#messages.clear();
      this.#session = null;
      this.#owner = { kind: "assistant", name: null };
      this.#heardSeq = this.#seen = this.#receipted = this.#ownerSeq = 0;
      this.#begun = this.#closed = false;
      if (!shown) this.#view.chapter.replaceChildren();
      if (hadWords) {
        const hint = h("p", { class: "system" }, this.#words.restarted);
        const next = h("div");
        this.#view.chapter.after(hint, next);
        this.#view.chapter = next;
        this.#say(this.#words.restarted);
      }
      this.#stream?.abort();
      this.#save();
      this.#scrollTo = "end";
      this.#paint();
    }

    #restart() {
      this.#newChapter();
      this.#view.input.focus();
      this.#wake();
    }

    /** Wait; an ordinary pause ends early when the network is back, a firm one (Retry-After) does not. */
    #pause(ms, { firm = false } = {}) {
      return new Promise((resolve) => {
        const wait = { firm, end: () => { clearTimeout(timer); this.#waits.delete(wait); resolve(); } };
        const timer = setTimeout(wait.end, ms);
        this.#waits.add(wait);
      });
    }

    #wake(all = false) {
      for (const wait of [...this.#waits]) if (all || !wait.firm) wait.end();
    }

    // ------------------------------------------------------------------------------------------- sending

    #post(item) {
      this.#pending.push({ id: uuid(), at: new Date().toISOString(), ...item });
      this.#save(); // before the first attempt, so that a reload finds it
      this.#scrollTo = "end";
      this.#paint();
      this.#start();
      this.#pump();
    }

    /** Carry pending messages to the server, one after the other, each under the id it was born with. */
    async #pump() {
      if (this.#pumping) return;
      this.#pumping = true;
      const life = this.#life.signal;
      for (let tries = 0; !life.aborted; ) {
        const item = this.#pending.find((one) => !one.problem);
        if (!item) break;
        try {
          await this.#ensureSession();
          this.#settle(item, await this.#deliver(item));
          tries = 0;
        } catch (error) {
          await this.#missed(item, error, tries++);
        }
      }
      this.#pumping = false;
    }

    async #deliver(item) {
      const { id, text, choice, about } = item;
      this.#setSending(true);
      try {
        if (item.kind === "person") return await this.#call("person", { id, ...(about && { about }) });
        return await this.#call("messages", { id, text, ...(choice && { choice }) });
      } finally {
        this.#setSending(false);
      }
    }

    #settle(item, reply) {
      const { seq } = reply.accepted;
      this.#drop(item.id);
      if (!this.#messages.has(seq)) {
        const shown = item.kind === "person" ? { author: "system", text: this.#words.asked } : { author: "customer", text: item.text };
        this.#messages.set(seq, { seq, at: item.at, id: item.id, ...shown });
      }
      this.#begun = true;
      this.#take(reply.messages);
      this.#adopt(reply);
      this.#seen = Math.max(this.#seen, seq);
      this.#save();
      this.#paint();
      this.#wake(); // the first message makes listening worth while
    }

    async #missed(item, error, tries) {
      if (!(error instanceof Trouble)) throw error;
      if (!this.#pending.includes(item)) return; // the stream has brought it back meanwhile: it did arrive
      const fromSession = !this.#session;
      if (!error.passing && !fromSession) {
        item.problem = error.detail || this.#words.unsent;
        this.#say(item.problem);
        this.#scrollTo = "end";
        this.#paint();
        return;
      }
      if (error.status !== 401) item.failing = true;
      this.#paint();
      if (!error.passing) return this.#pause(REFUSED_PAUSE_MS);
      if (error.status === 0 && !navigator.onLine) this.#report(this.#words.offline);
      if (error.status === 401 && tries === 0) return undefined;
      return error.retryMs ? this.#pause(error.retryMs, { firm: true }) : this.#pause(backOff(tries));
    }

    #drop(id) {
      const before = this.#pending.length;
      this.#pending = this.#pending.filter((item) => item.id !== id);
      return this.#pending.length < before;
    }

    /** Merge messages from wherever they come: the same seq is the same message. */
    #take(messages, quietUpTo = 0) {
      for (const message of messages) {
        const known = this.#messages.has(message.seq);
        if (message.author === "customer" && this.#drop(message.id)) this.#save();
        this.#messages.set(message.seq, message);
        if (known || message.author === "customer") continue;
        if (message.author !== "system") this.#typed(null);
        if (message.seq <= quietUpTo) continue;
        this.#fresh.push(message);
        if (message.author === "person" && message.seq > this.#ownerSeq) {
          this.#setOwner({ kind: "person", name: message.name }, message.seq);
        }
      }
      this.#paint();
    }

    #adopt({ owner, closed, last_seq: seq }) {
      this.#closed = Boolean(closed);
      if (owner && seq >= this.#ownerSeq) this.#setOwner(owner, seq);
      this.#paint();
    }

    #setOwner(owner, seq) {
      const before = this.#ownerName();
      const samePerson = owner.kind === "person" && !owner.name && this.#owner.kind === "person";
      if (!samePerson) this.#owner = owner; // a reply may leave out the name we know already
      this.#ownerSeq = seq;
      const now = this.#ownerName();
      if (now !== before) this.#say(this.#owner.kind === "queue" ? now : this.#words.now(now));
    }

    async #rate(seq, value, buttons, thanks) {
      const w = this.#words;
      const press = (chosen) => {
        for (const [name, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", String(name === chosen));
      };
      const before = this.#messages.get(seq)?.feedback || null;
      if (before === value) return;
      press(value);
      thanks(value === "helped" ? w.thanks : w.offer, value === "not_helped");
      const body = { id: uuid(), seq, value };
      for (let tries = 0; ; tries++) {
        try {
          await this.#call("feedback", body);
          const rated = this.#messages.get(seq);
          if (rated) rated.feedback = value;
          return;
        } catch (error) {
          if (!(error instanceof Trouble)) throw error;
          if (!error.passing || error.status === 401 || tries > 3) break;
          await this.#pause(error.retryMs || backOff(tries + 1));
        }
      }
      press(before);
      thanks(w.unrated, false);
    }

    #receipt() {
      this.#receiptTimer ||= setTimeout(async () => {
        this.#receiptTimer = 0;
        const upTo = this.#seen;
        if (!this.#session || !this.#open || document.visibilityState !== "visible" || upTo <= this.#receipted) return;
        try {
          await this.#call("receipts", { up_to: upTo });
          this.#receipted = Math.max(this.#receipted, upTo);
        } catch (error) {
          if (!(error instanceof Trouble)) throw error; // the next message on screen sends it along
        }
      }, RECEIPT_EVERY_MS);
    }

    /** The observer saw messages come on screen. */
    #noticed(entries) {
      if (!this.#open || document.visibilityState !== "visible") return;
      const seqs = entries.filter((entry) => entry.isIntersecting).map((entry) => Number(entry.target.dataset.seq));
      const highest = Math.max(this.#seen, ...seqs);
      if (highest === this.#seen && highest <= this.#receipted) return;
      this.#seen = highest;
      this.#save();
      this.#receipt();
    }

    // ------------------------------------------------------------------------------------------- writing

    #submit(event) {
      event.preventDefault();
      const { input } = this.#view;
      const text = input.value.trim();
      input.focus();
      if (!text || [...text].length > TEXT_CHARS_MAX) return;
      input.value = "";
      this.#written();
      this.#post({ text });
    }

    #key(event) {
      // While an input method composes a word, Enter belongs to it.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      this.#submit(event);
    }

    #inside(event) {
      event.stopPropagation();
      if (event.type === "keydown" && event.key === "Escape" && !event.isComposing) {
        event.preventDefault();
        this.close();
      }
    }

    #written() {
      const { input, grow, counter } = this.#view;
      const w = this.#words;
      grow.dataset.text = input.value;
      const chars = [...input.value.trim()].length;
      const over = chars > TEXT_CHARS_MAX;
      const before = counter.dataset.state;
      counter.dataset.state = over ? "over" : chars >= COUNTER_FROM ? "near" : "";
      counter.hidden = !counter.dataset.state;
      counter.classList.toggle("over", over);
      counter.textContent = over ? w.over(chars - TEXT_CHARS_MAX) : w.left(TEXT_CHARS_MAX - chars);
      input.setAttribute("aria-invalid", String(over));
      if (counter.dataset.state && counter.dataset.state !== before) this.#say(counter.textContent);
      // Only a person has use for the news that somebody is typing.
      if (chars && this.#owner.kind === "person" && this.#session && Date.now() - this.#typingSentAt > TYPING_EVERY_MS) {
        this.#typingSentAt = Date.now();
        this.#call("typing", {}).catch(() => {}); // a hint of the moment: worth nothing a second later
      }
    }

    #wantPerson(about) {
      // Asked once is enough, even when pressed twice.
      if (this.#owner.kind === "assistant" && !this.#pending.some((item) => item.kind === "person" && !item.problem)) {
        this.#post({ kind: "person", text: this.#words.wish, about });
      }
      this.#refocus();
    }

    #choose(choice) {
      const { label, collection, id, language } = choice;
      this.#post({ text: label, choice: { collection, id, language } });
      this.#refocus();
    }

    /** After a button that goes away: back to the text field, but do not raise a phone's keyboard for it. */
    #refocus() {
      const { input, log } = this.#view;
      (matchMedia("(pointer: coarse)").matches ? log : input).focus({ preventScroll: true });
    }

    #edit(item) {
      const { input } = this.#view;
      this.#discard(item);
      input.value = [item.text, input.value].filter(Boolean).join("\n");
      this.#written();
      input.focus();
    }

    #discard(item) {
      this.#drop(item.id);
      this.#save();
      this.#paint();
      this.#view.input.focus();
    }

    // ------------------------------------------------------------------------------------------- showing

    #ownerName() {
      const w = this.#words;
      if (this.#owner.kind === "queue") return w.queue;
      if (this.#owner.kind === "assistant") return this.#session?.label || w.ai;
      return this.#owner.name ? `${this.#owner.name}, ${w.service}` : w.human;
    }

    #authorName(message) {
      const w = this.#words;
      if (message.author === "customer") return w.you;
      if (message.author === "person") return message.name ? `${message.name}, ${w.service}` : w.human;
      const label = this.#session?.label || w.ai;
      return message.name && message.name !== label ? `${message.name}, ${label}` : label;
    }

    /** Draw soon: many changes in a row are one painting. */
    #paint() {
      if (this.#painting) return;
      this.#painting = true;
      queueMicrotask(() => {
        this.#painting = false;
        this.#draw();
      });
    }

    #draw() {
      const v = this.#view;
      const w = this.#words;
      const atEnd = this.#atEnd();
      v.title.textContent = this.#session?.company ? w.title(this.#session.company) : w.chat;
      const kind = this.#owner.kind;
      v.owner.replaceChildren(icon({ assistant: "ai", queue: "wait", person: "person" }[kind]), this.#ownerName());
      v.panel.dataset.owner = kind;
      v.closed.hidden = !this.#closed;
      this.#drawTyping();
      this.#arrange(this.#rows());
      const latest = [...this.#messages.values()].reduce((seq, m) => (m.author === "customer" ? Math.max(seq, m.seq) : seq), 0);
      for (const choices of v.chapter.querySelectorAll(".choices")) {
        choices.hidden = this.#pending.length > 0 || Number(choices.dataset.seq) < latest;
      }
      this.#welcome(atEnd);
      const unread = this.#open ? 0 : [...this.#messages.values()].filter((m) => m.seq > this.#seen && m.author !== "customer").length;
      v.count.hidden = !unread;
      v.count.textContent = String(unread);
      v.unread.textContent = unread ? `, ${w.unread(unread)}` : "";
    }

    /** Everything the log shows, in order, each with a key and a mark that changes when it must be drawn anew. */
    #rows() {
      const rows = [];
      if (this.#session) rows.push({ key: "start", mark: this.#session.conversation, make: () => this.#startBlock() });
      const sorted = [...this.#messages.values()].sort((a, b) => a.seq - b.seq);
      const pending = this.#pending.map((item) => ({ ...item, author: "customer", item }));
      const firstAnswer = sorted.find((message) => message.author !== "customer");
      let day = new Date().toDateString();
      let last = null;
      for (const message of [...sorted, ...pending]) {
        const at = new Date(message.at);
        if (at.toDateString() !== day && !Number.isNaN(at.getTime())) {
          day = at.toDateString();
          rows.push({ key: `day ${day}`, mark: day, make: () => h("p", { class: "day" }, this.#dayName(at)) });
          last = null;
        }
        const more = last && last.author === message.author && last.name === message.name;
        // The notice that stands at the top already is not repeated by the first answer.
        const notice = message === firstAnswer && message.notice === this.#session?.notice ? null : message.notice;
        const { feedback, ...content } = message;
        const key = message.item ? `pending ${message.id}` : `seq ${message.seq}`;
        const mark = JSON.stringify([content, Boolean(more), notice]);
        rows.push({ key, mark, make: () => this.#messageNode(message, more, notice) });
        last = message;
      }
      return rows;
    }

    /** Make the log show the rows; what has not changed is not touched, so focus and selection stay. */
    #arrange(rows) {
      const { chapter } = this.#view;
      const wanted = new Set(rows.map((row) => row.key));
      for (const [key, { node }] of this.#nodes) {
        if (wanted.has(key)) continue;
        node.remove();
        this.#nodes.delete(key);
      }
      let place = chapter.firstChild;
      for (const { key, mark, make } of rows) {
        let entry = this.#nodes.get(key);
        if (!entry || entry.mark !== mark) {
          const node = make();
          if (entry) {
            if (place === entry.node) place = node;
            entry.node.replaceWith(node);
          }
          entry = { node, mark };
          this.#nodes.set(key, entry);
          if (node.dataset.seq) this.#onScreen.observe(node);
        }
        if (entry.node === place) place = place.nextSibling;
        else chapter.insertBefore(entry.node, place);
      }
    }

    #startBlock() {
      const { notice, greeting, privacy_url: privacy } = this.#session;
      const w = this.#words;
      const address = privacy && webAddress(privacy, HOST);
      const block = h("div", { lang: this.#session.language });
      if (notice) block.append(h("p", { class: "notice" }, notice, address && " ", address && link(address, w.privacy, w)));
      if (greeting) {
        const who = h("p", { class: "who" }, this.#session.label || w.ai);
        block.append(h("div", { class: "message", "data-author": "assistant" }, who, h("div", { class: "bubble" }, ...paragraphs(greeting, w))));
      }
      return block;
    }

    #messageNode(message, more, notice) {
      const w = this.#words;
      const own = message.author === "customer";
      if (message.author === "system") {
        return h("div", { class: "system", "data-seq": message.seq, lang: message.language }, ...paragraphs(message.text, w));
      }
      const node = h("article", {
        class: `message${own ? " own" : ""}${more ? " more" : ""}`,
        "data-seq": message.seq,
        "data-author": message.author,
        "data-generated": message.generated ? "true" : null, // machine-readable mark of text written by a model
      });
      const bubble = h("div", { class: "bubble", lang: message.language }, ...paragraphs(message.text, w));
      node.append(h("p", { class: own || more ? "who unseen" : "who" }, this.#authorName(message)));
      if (notice) node.append(h("p", { class: "notice", lang: message.language }, notice));
      if (message.hint) bubble.append(h("p", { class: "hint" }, message.hint));
      if (message.sources?.length) bubble.append(this.#sourceList(message.sources));
      node.append(bubble, this.#meta(message));
      if (message.item?.problem) node.append(this.#problem(message.item));
      if (message.choices?.length) node.append(this.#choiceList(message));
      if (message.author === "assistant" && message.decision === "answer" && message.sources?.length) {
        node.append(this.#feedback(message));
      }
      return node;
    }

    #sourceList(sources) {
      const w = this.#words;
      return h("ul", { class: "sources" }, ...sources.map((source) => {
        const address = source.url && webAddress(source.url, HOST);
        return h("li", {}, `${w.source}: `, address ? link(address, source.title, w) : source.title);
      }));
    }

    #meta(message) {
      const w = this.#words;
      const { item } = message;
      if (item) return h("p", { class: "meta" }, item.problem ? "" : item.failing ? w.resending : w.sending);
      const at = new Date(message.at);
      const time = Number.isNaN(at.getTime()) ? "" : at.toLocaleTimeString(this.#words.locale, { hour: "2-digit", minute: "2-digit" });
      return h("p", { class: "meta" }, h("time", { datetime: message.at }, time), message.generated && h("span", {}, `· ${w.generated}`));
    }

    #problem(item) {
      const w = this.#words;
      return h(
        "div",
        { class: "problem" },
        h("p", {}, item.problem),
        item.kind !== "person" && button("soft", () => this.#edit(item), w.edit),
        button("soft", () => this.#discard(item), w.discard),
      );
    }

    #choiceList(message) {
      const buttons = message.choices.map((choice) => {
        const label = h("span", { lang: choice.language }, choice.label);
        return button("soft", () => this.#choose(choice), label);
      });
      return h("div", { class: "choices", role: "group", "aria-label": this.#words.choices, "data-seq": message.seq }, ...buttons);
    }

    #feedback(message) {
      const w = this.#words;
      const { seq } = message;
      const said = h("p", { role: "status" });
      const offer = button("soft to-person", () => this.#wantPerson(seq), w.person);
      offer.hidden = true;
      const thanks = (text, withOffer) => {
        const atEnd = this.#atEnd();
        said.textContent = text;
        offer.hidden = !withOffer;
        if (atEnd) this.#toEnd();
      };
      const rating = (value, label) => {
        buttons[value] = button("soft", () => this.#rate(seq, value, buttons, thanks), label);
        buttons[value].setAttribute("aria-pressed", String(message.feedback === value));
        return buttons[value];
      };
      const buttons = {};
      const person = button("soft to-person", () => this.#wantPerson(seq), w.oneHuman);
      person.setAttribute("aria-label", `${w.oneHuman}: ${w.person}`);
      const rated = [rating("helped", w.helped), rating("not_helped", w.notHelped)];
      return h("div", { class: "feedback", role: "group", "aria-label": w.rating }, ...rated, person, said, offer);
    }

    #dayName(at) {
      const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
      if (days === 0) return this.#words.today;
      if (days === 1) return this.#words.yesterday;
      return at.toLocaleDateString(this.#words.locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
    }

    /** Speak and show what has just come in. */
    #welcome(atEnd) {
      const fresh = this.#fresh;
      this.#fresh = [];
      const own = this.#scrollTo;
      this.#scrollTo = null;
      for (const message of fresh) {
        const sources = (message.sources || []).map((source) => `${this.#words.source}: ${source.title}.`);
        const who = message.author === "system" ? "" : `${this.#authorName(message)}: `;
        this.#say([who + message.text, ...sources].join(" "));
      }
      if (own) return this.#toEnd();
      if (!this.#open) return undefined;
      if (!fresh.length) return atEnd && this.#toEnd();
      if (!atEnd) {
        this.#view.fresh.hidden = false;
        return undefined;
      }
      // A long answer is read from its beginning.
      const first = this.#view.chapter.querySelector(`[data-seq="${fresh[0].seq}"]`);
      const box = this.#scroller();
      const startsAt = first ? box.scrollTop + first.getBoundingClientRect().top - box.getBoundingClientRect().top - 16 : 0;
      this.#toEnd();
      // Not scrollIntoView: it would scroll the panel and the page as well.
      if (first && startsAt < box.scrollTop) box.scrollTop = startsAt;
      return undefined;
    }

    #say(text) {
      if (!text) return;
      // Behind a modal dialog nothing is spoken, and inside a closed one neither: hence two voices.
      const voice = this.#open ? this.#view.voice : this.#view.outerVoice;
      const line = h("p", {}, text);
      voice.append(line);
      setTimeout(() => line.remove(), 15_000);
    }

    #report(text, again = false) {
      const { line } = this.#view;
      const before = line.dataset.text || "";
      if (before === (text || "")) return;
      line.dataset.text = text || "";
      line.hidden = !text;
      line.replaceChildren(h("p", {}, text || ""));
      if (again) line.append(button("soft", () => this.#wake(), this.#words.again));
      this.#say(text);
    }

    #setSending(sending) {
      this.#sending = sending;
      clearTimeout(this.#sendingTimer);
      // Most answers are here at once; only a longer wait deserves the dots.
      if (sending) this.#sendingTimer = setTimeout(() => this.#drawTyping(), 250);
      else this.#drawTyping();
    }

    /** A person is typing (name), or has stopped (null). */
    #typed(name) {
      clearTimeout(this.#typist?.timer);
      this.#typist = name && { name, timer: setTimeout(() => this.#typed(null), TYPING_SHOWN_MS) };
      this.#drawTyping();
    }

    #drawTyping() {
      const { typing } = this.#view;
      const atEnd = this.#atEnd();
      const assistant = this.#sending && this.#owner.kind === "assistant";
      const who = this.#typist ? this.#typist.name : assistant ? this.#session?.label || this.#words.ai : null;
      typing.hidden = !who;
      if (who) {
        typing.replaceChildren(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), this.#words.types(who));
        if (atEnd) this.#toEnd();
      }
    }

    /** The log scrolls, except in a low window, where the whole panel does. */
    #scroller() {
      const { log, panel } = this.#view;
      return getComputedStyle(log).overflowY === "visible" ? panel : log;
    }

    #atEnd() {
      const box = this.#scroller();
      return box.scrollHeight - box.scrollTop - box.clientHeight < 48;
    }

    #toEnd() {
      const box = this.#scroller();
      box.scrollTop = box.scrollHeight;
      this.#view.fresh.hidden = true;
    }
  }

  customElements.define("taktvoll-chat", TaktvollChat);

  const chat = () => document.querySelector("taktvoll-chat");
  window.taktvoll = { open: () => chat()?.open(), close: () => chat()?.close() };

  // The page may place the element itself; otherwise the script tag's workspace asks us to.
  const place = () => chat() || document.body.append(document.createElement("taktvoll-chat"));
  if (SCRIPT && SCRIPT.dataset.workspace) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
    else place();
  }
})();
