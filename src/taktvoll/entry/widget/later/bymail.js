/*
 * Answers by mail: an address is left, proven by a code, and from then on answers can leave by mail.
 *
 * I decide which of the three steps is shown and what is said about it. element/bymail.js loads me when the button is
 * first pressed; what is sent goes to `does` (see chat.js). I keep nothing: the server knows what is proven.
 */

const WORDS = {
  de: {
    unsent: "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
    on: "Weitere Antworten kommen per E-Mail, bis Sie hier wieder schreiben.",
    addressLabel: "Ihre E-Mail-Adresse",
    addressNote: "Wir schicken Ihnen einen Code. Verlassen Sie danach den Chat, antworten wir per E-Mail.",
    addressGo: "Code schicken",
    codeLabel: "Code aus der E-Mail",
    codeNote: "Der Code ist unterwegs. Er gilt zehn Minuten; sehen Sie auch im Spam-Ordner nach.",
    codeGo: "Bestätigen",
    doneNote: "Bestätigt. Verlassen Sie den Chat, antworten wir per E-Mail.",
    doneGo: "Gleich per E-Mail antworten",
  },
  en: {
    unsent: "That did not work. Please try again.",
    on: "Further answers come by e-mail until you write here again.",
    addressLabel: "Your e-mail address",
    addressNote: "We will send you a code. If you leave the chat after that, we answer by e-mail.",
    addressGo: "Send code",
    codeLabel: "Code from the e-mail",
    codeNote: "The code is on its way. It is valid for ten minutes; please check your spam folder too.",
    codeGo: "Confirm",
    doneNote: "Confirmed. If you leave the chat, we answer by e-mail.",
    doneGo: "Answer by e-mail from now on",
  },
};

const STYLE = `.by-mail { display: grid; gap: .35em; justify-items: start; padding-bottom: .6em; font-size: .875em; }
.by-mail[hidden] { display: none; }
.by-mail input { width: 100%; min-height: 2.5em; padding: .3em .7em; border: 1px solid var(--edge); border-radius: .6em;
  background: var(--surface); color: var(--text); font: inherit; }
.by-mail p { color: var(--muted); }`;

/** `form` is empty and stands where it belongs; `opener` is the button that was pressed. */
export default function makeByMail({ h, Trouble }, { form, opener, language, does, say }) {
  const w = WORDS[language];
  let step = "address";
  let busy = false;
  const field = h("input", { id: "by-mail", required: true, "aria-describedby": "by-mail-note" });
  const label = h("label", { for: "by-mail" });
  const note = h("p", { id: "by-mail-note" });
  const go = h("button", { class: "soft", type: "submit" });
  form.append(label, field, note, go);
  form.addEventListener("submit", submit);
  does.dress(STYLE);

  function turn(open) {
    form.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (!open) return;
    show(step, "");
    (step === "done" ? go : field).focus();
  }

  function show(next, text) {
    const fresh = next !== step;
    step = next;
    const typed = { address: ["email", "email", 254], code: ["text", "one-time-code", 7] }[step];
    label.hidden = field.hidden = !typed;
    field.disabled = !typed;
    label.textContent = w[`${step}Label`] || "";
    go.textContent = w[`${step}Go`];
    note.textContent = text || w[`${step}Note`];
    if (typed) [field.type, field.autocomplete, field.maxLength] = typed;
    field.inputMode = step === "code" ? "numeric" : "email";
    if (fresh) field.value = "";
    if (text || fresh) say(note.textContent);
  }

  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const given = field.value.trim();
    try {
      if (step === "address") {
        await does.call("address", { address: given });
        show("code");
      } else if (step === "code") {
        await does.call("code", { code: given });
        show("done");
      } else {
        await does.call("by-mail", {});
        turn(false);
        say(w.on);
        return opener.focus();
      }
      (step === "done" ? go : field).focus();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      show(step, error.detail || w.unsent);
    } finally {
      busy = false;
    }
  }

  return turn;
}
