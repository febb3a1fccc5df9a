/*
 * Waiting for a person: whether somebody is there, the place in line, and the call that can be arranged meanwhile.
 *
 * I decide what stands between the log and the text field while the customer waits. view.js has me drawn; what is
 * pressed goes to `does` (see chat.js). I never work a time or a figure out: the server says them in words.
 */

/** `does`: offers, wish, move, callOff and file, each a request that may throw trouble. */
function makeWaiting(conversation, w, does) {
  const said = h("p", { class: "said" });
  const call = h("div", { class: "arranged" });
  const wish = button("soft", () => open(0), w.arrange);
  const form = h("form", { class: "arrange", hidden: true, submit: send });
  const trouble = h("p", { class: "trouble", role: "alert" });
  const block = h("div", { class: "waiting", hidden: true }, said, call, wish, form, trouble);
  let drawn = "";
  let busy = false;
  /** The same wish keeps its id when it is sent again, so that a repeat arranges nothing twice. */
  let id = "";
  /** The appointment that gets another time, by its number; 0 while a new wish is filled in. */
  let moving = 0;

  function draw() {
    const { text, offers = [], call: arranged } = conversation.waiting;
    if (drawn === (drawn = JSON.stringify(conversation.waiting))) return;
    said.textContent = text || "";
    said.hidden = !text;
    call.replaceChildren(...(arranged ? arrangement(arranged) : []));
    if (moving && moving !== arranged?.seq) moving = 0;
    if (!offers.length && !moving) form.hidden = true;
    wish.hidden = !offers.length || !form.hidden;
    wish.textContent = offers.length > 1 ? w.arrange : w.callback;
    block.hidden = !text && !arranged && !offers.length;
  }

  function arrangement({ seq, kind, text, link: address }) {
    const safe = address && webAddress(address);
    return [
      h("p", {}, text),
      safe && link(safe, w.join, w),
      kind === "appointment" && button("soft", () => tried(() => does.file(`calls/${seq}/calendar`, "termin.ics")), w.calendar),
      kind === "appointment" && button("soft", () => open(seq), w.move),
      button("soft", () => tried(() => does.callOff(seq)), w.callOff),
    ].filter(Boolean);
  }

  async function open(seq) {
    await tried(async () => {
      const times = await does.offers();
      id = uuid();
      moving = seq;
      fill(seq ? ["phone"] : conversation.waiting.offers || [], times);
      form.hidden = false;
      wish.hidden = true;
      form.querySelector("select, input").focus();
    });
  }

  function fill(offers, times) {
    const how = h("select", { name: "wish", change: ask }, ...offers.map((o) => h("option", { value: o }, w.wishes[o])));
    const when = h("select", { name: "since", required: true });
    const phone = h("input", { name: "phone", type: "tel", autocomplete: "tel", required: true, "aria-describedby": "phone-hint" });
    const hint = h("span", { class: "hint", id: "phone-hint" }, w.phoneHint);
    const number = h("label", {}, w.phone, phone, hint);
    form.replaceChildren(
      h("label", { hidden: offers.length < 2 }, w.how, how),
      h("label", {}, w.when, when),
      number,
      h("div", { class: "acts" }, h("button", { class: "soft", type: "submit" }, moving ? w.move : w.note), button("soft", shut, w.never)),
    );
    ask();

    function ask() {
      const list = times[how.value === "callback" ? "callback" : "appointment"];
      when.replaceChildren(...list.map(({ since, text }) => h("option", { value: since }, text)));
      number.hidden = phone.disabled = moving > 0 || how.value === "video";
    }
  }

  async function send(event) {
    event.preventDefault();
    const { wish: how, since, phone = "" } = Object.fromEntries(new FormData(form));
    const done = await tried(() => (moving ? does.move({ seq: moving, since }) : does.wish({ id, wish: how, since, phone })));
    if (done) shut();
  }

  function shut() {
    form.hidden = true;
    moving = 0;
    drawn = "";
    draw();
    (wish.hidden ? block.querySelector(".arranged button") : wish)?.focus();
  }

  /** Do it, once at a time; what goes wrong stands below in the server's words. */
  async function tried(act) {
    if (busy) return false;
    busy = true;
    trouble.textContent = "";
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      trouble.textContent = error.status ? error.detail : w.offline;
      return false;
    } finally {
      busy = false;
    }
  }

  return { block, draw };
}
