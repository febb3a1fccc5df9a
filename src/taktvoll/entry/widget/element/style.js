/*
 * The rules of the element's look, one template for each region.
 *
 * I decide sizes, places and what changes on phones, in low windows and for the reader's settings. chat.js adopts me
 * as one sheet. I never name a colour: colours.js gives them as custom properties. Comments stand between the
 * templates, not in them, and no line in them is indented, because the server sends templates as they are.
 */

// Where the chat fills the screen; the script asks the same condition.
const PHONE = "(max-width: 30em), (max-height: 26em)";

const STYLE = [
  // `medium` is the reader's own text size, whatever the page does to its root; everything else is in em.
  `:host { all: initial; display: block; font: medium/1.5 var(--taktvoll-font, system-ui, sans-serif); color: var(--text); }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, p, ul { margin: 0; padding: 0; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
svg { width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8;
stroke-linecap: round; stroke-linejoin: round; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
white-space: nowrap; }`,
  // The button on the page.
  `.launcher { position: fixed; z-index: var(--taktvoll-z-index, 2147483000);
right: calc(var(--taktvoll-offset-x, 1.25em) + env(safe-area-inset-right, 0px));
bottom: calc(var(--taktvoll-offset-y, 1.25em) + env(safe-area-inset-bottom, 0px));
display: flex; align-items: center; gap: .6em; max-width: calc(100vw - 2.5em); min-height: 3.25em; padding: .6em 1.25em;
border: 2px solid transparent; border-radius: 2em; background: var(--accent); color: var(--on-accent); font-weight: 600;
text-align: start; box-shadow: 0 0 0 1px rgb(255 255 255 / .25), 0 4px 18px rgb(0 0 0 / .22); }
.launcher:hover { filter: brightness(1.08); }
.launcher:focus-visible { outline-color: var(--on-accent); outline-offset: -6px; }
.left .launcher, .left .panel { right: auto; left: calc(var(--taktvoll-offset-x, 1.25em) + env(safe-area-inset-left, 0px)); }
.count { min-width: 1.7em; padding: 0 .45em; border-radius: 1em; background: var(--on-accent); color: var(--accent);
text-align: center; font-size: .875em; line-height: 1.7; }`,
  // The opened chat, its head and the line that says what is wrong.
  `.panel { position: fixed; z-index: var(--taktvoll-z-index, 2147483000); inset: auto; margin: 0; padding: 0;
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
border-bottom: 1px solid var(--line); background: var(--surface); }`,
  // The conversation.
  `.middle { position: relative; display: flex; flex: 1; min-height: 0; }
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
.alert { border: 2px solid var(--alarm); font-size: 1.0625em; font-weight: 600; }
.dial { color: var(--alarm); font-weight: 700; white-space: nowrap; }
blockquote { margin: .6em 0 0; padding-inline-start: .75em; border-inline-start: 3px solid var(--line); white-space: pre-wrap; }
.bubble ul { padding-inline-start: 1.25em; }
.bubble li + li { margin-top: .25em; }
a { color: var(--ink); text-underline-offset: .15em; }
.hint { color: var(--muted); font-size: .875em; }
.sources { list-style: none; padding: .55em 0 0 !important; border-top: 1px solid var(--line); font-size: .875em; }
.sources:first-child { padding: 0 !important; border: 0; }
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
.dots i { width: .4em; height: .4em; border-radius: 50%; background: var(--muted); border: 1px solid transparent; }`,
  // The mirror (.grow::after) gives the text field its height: the field grows with the text and needs no style attribute.
  `.foot { padding: .6em 1em calc(.9em + env(safe-area-inset-bottom, 0px)); border-top: 1px solid var(--line); background: var(--surface); }
.tools { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25em .75em; padding-bottom: .35em; }
.tools .soft { border-color: transparent; margin-inline-start: -.5em; padding: .25em .6em; font-weight: 600; }
.tools .soft:hover { border-color: var(--ink); }
.counter { color: var(--muted); font-size: .8125em; }
.counter.over { color: var(--alarm); font-weight: 600; }
.closed { display: flex; flex-wrap: wrap; align-items: center; gap: .5em .75em; padding-bottom: .5em; font-size: .875em; }
.entry { display: flex; align-items: flex-end; gap: .5em; padding: .2em; border: 1px solid var(--edge); border-radius: 1.5em;
background: var(--surface); }
.entry:focus-within { border-color: var(--ink); box-shadow: 0 0 0 2px var(--ink); }
.grow { display: grid; flex: 1; min-width: 0; max-height: 9em; overflow-y: auto; border-radius: 1.3em; }
.grow::after { content: attr(data-text) " "; visibility: hidden; white-space: pre-wrap; }
.grow::after, .grow textarea { grid-area: 1 / 1; padding: .6em .5em .6em 1em; overflow-wrap: anywhere; line-height: 1.45; }
.grow textarea { width: 100%; min-width: 0; resize: none; overflow: hidden; border: 0; outline: 0; background: none; }
.grow textarea::placeholder { color: var(--muted); opacity: 1; }
.send { background: var(--accent); color: var(--on-accent); }
.send:hover { background: var(--accent); filter: brightness(1.1); }
.panel:not([data-owner="assistant"]) :is(.to-person, .choices) { display: none; }`,
  // Waiting for a person, and arranging a call meanwhile.
  `.waiting { display: flex; flex-direction: column; align-items: flex-start; gap: .4em; padding-bottom: .5em; font-size: .875em; }
.arranged { display: flex; flex-wrap: wrap; align-items: center; gap: .4em .75em; }
.arranged:empty, .trouble:empty { display: none; }
.trouble { color: var(--alarm); font-weight: 600; }
.arrange { display: flex; flex-direction: column; gap: .5em; width: 100%; max-height: 16em; overflow-y: auto; }
.arrange label { display: grid; gap: .15em; }
.arrange :is(select, input) { font: inherit; color: inherit; width: 100%; min-height: 2.5em; padding: .3em .5em;
border: 1px solid var(--edge); border-radius: .5em; background: var(--surface); }
.arrange .acts { display: flex; gap: .5em; }`,
  // Phones and fingers.
  `@media ${PHONE} {
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
.sources a, .dial { display: inline-flex; align-items: center; min-height: 44px; }
.grow textarea, .arrange :is(select, input) { min-height: 44px; }
}`,
  // A low window, for instance at 400 % zoom: everything scrolls as one, nothing is squeezed away.
  `@media (max-height: 26em) {
.panel[open] { display: block; overflow-y: auto; }
.middle { min-height: 8em; }
.log { overflow-y: visible; }
.fresh { position: sticky; align-self: flex-end; left: auto; transform: none; }
}`,
  // What the reader asked the device for: calm, forced colours, paper.
  `@media (prefers-reduced-motion: no-preference) {
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
@media print { :host { display: none; } }`,
].join("\n");
