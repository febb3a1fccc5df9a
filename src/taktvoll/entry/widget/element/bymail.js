/*
 * The button for answers by mail, and the place of what stands behind it (later/bymail.js).
 *
 * I decide when there is such a button. view.js has me made, panel.js places me.
 */

function makeByMail(conversation, w, does, { language }, say) {
  const form = h("form", { class: "by-mail", hidden: true });
  const opener = button("soft", press, w.byMail);
  let turn = null;

  async function press() {
    const make = await does.later("bymail");
    turn ??= make?.({ form, opener, language, does, say });
    turn?.(form.hidden);
  }

  function draw() {
    opener.hidden = !(conversation.session?.mail && conversation.begun);
    if (opener.hidden) turn?.(false);
  }

  opener.setAttribute("aria-expanded", "false");
  return { opener, form, draw };
}
