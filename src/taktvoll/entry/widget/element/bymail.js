/*
 * Answers by mail: an address is left, proven by a code, and from then on answers can leave by mail.
 *
 * I decide which of the three steps is shown and what is said about it. view.js has me made, panel.js places me; what is
 * sent goes to `does` (see chat.js). I keep nothing: the server knows what is proven.
 */

function makeByMail(conversation, w, does, say) {
  let step = "address";
  let busy = false;
  const field = h("input", { id: "by-mail", required: true, "aria-describedby": "by-mail-note" });
  const label = h("label", { for: "by-mail" });
  const note = h("p", { id: "by-mail-note" });
  const go = h("button", { class: "soft", type: "submit" });
  const form = h("form", { class: "by-mail", hidden: true, submit }, label, field, note, go);
  const opener = button("soft", () => turn(form.hidden), w.byMail);

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
        say(w.byMailOn);
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

  function draw() {
    opener.hidden = !(conversation.session?.mail && conversation.begun);
    if (opener.hidden) turn(false);
  }

  opener.setAttribute("aria-expanded", "false");
  return { opener, form, draw };
}
