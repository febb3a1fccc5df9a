/*
 * The text field: where the customer writes.
 *
 * I decide what Enter means, how much fits and when to say so. view.js has me made, panel.js places me. I send nothing:
 * a finished text and the news that somebody is typing go to `does` (see chat.js).
 */

const TEXT_CHARS_MAX = 4000;
const COUNTER_FROM = 3600;

function makeComposer(w, does, say) {
  const counter = h("p", { class: "counter", id: "counter", hidden: true });
  const input = h("textarea", {
    rows: "1",
    "aria-label": w.input,
    placeholder: w.input,
    enterkeyhint: "send",
    "aria-describedby": "counter",
    input: written,
    keydown: pressed,
  });
  const grow = h("div", { class: "grow" }, input);
  const button = h("button", { class: "icon send", type: "submit", "aria-label": w.send }, icon("send"));
  const form = h("form", { class: "entry", submit }, grow, button);

  /** Take a text back into the field, before what stands there. */
  function edit(text) {
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
    event.preventDefault();
    const text = input.value.trim();
    input.focus();
    if (!text || [...text].length > TEXT_CHARS_MAX) return;
    input.value = "";
    written();
    does.post({ text });
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

  return { form, input, counter, edit };
}
