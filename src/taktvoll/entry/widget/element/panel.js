/*
 * The fixed nodes: launcher, panel, the two voices, and what stands where in them.
 *
 * I decide the skeleton and its names for assistive technology. view.js has me made once and fills me; the log's
 * chapter and the text field come from their own parts.
 */

/** `log`, `composer` and `byMail` as made by their parts; `toEnd` scrolls there. */
function makePanel(w, does, { language, label, left }, log, composer, byMail, toEnd) {
  const parts = {
    count: h("span", { class: "count", hidden: true, "aria-hidden": "true" }),
    unread: h("span", { class: "unseen" }),
    title: h("h2", { id: "title" }, w.chat),
    owner: h("p", { class: "owner", id: "owner" }),
    line: h("div", { class: "line", hidden: true }),
    log: h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": w.log, tabindex: "0" }),
    typing: h("p", { class: "typing", hidden: true }),
    fresh: button("fresh", toEnd, w.fresh),
    // The log itself stays silent: this region speaks each new message once, with its author and without buttons.
    voice: h("div", { class: "unseen", role: "status" }),
    outerVoice: h("div", { class: "unseen", role: "status" }),
    closed: h("div", { class: "closed", hidden: true }, h("p", {}, w.closed), button("soft", does.restart, w.restart)),
  };
  parts.fresh.hidden = true;
  parts.log.append(log.chapter, parts.typing);

  const text = h("span", {}, label || w.launcher);
  parts.launcher = button("launcher", does.open, icon("chat"), text, parts.count, parts.unread);
  parts.launcher.setAttribute("aria-haspopup", "dialog");
  const close = button("icon", does.close, icon("close"));
  close.setAttribute("aria-label", w.close);
  const person = button("soft to-person", () => does.askPerson(), icon("person"), w.person);
  parts.panel = h(
    "dialog",
    { class: "panel", "aria-labelledby": "title", "aria-describedby": "owner", "data-owner": "assistant", dragover: composer.brought, drop: composer.brought },
    h("header", { class: "head" }, h("div", { class: "names" }, parts.title, parts.owner), close),
    parts.line,
    h("div", { class: "middle" }, parts.log, parts.fresh),
    h("div", { class: "foot" }, parts.closed, byMail.form, h("div", { class: "tools" }, person, byMail.opener, composer.counter), composer.along, composer.form),
    parts.voice,
  );
  // Keys typed here are text, not shortcuts of the page around us (which sees only our outer element).
  for (const name of ["keydown", "keypress", "keyup"]) {
    parts.panel.addEventListener(name, (event) => {
      event.stopPropagation();
      if (name !== "keydown" || event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      does.close();
    });
  }
  parts.frame = h("section", { "aria-label": w.chat, lang: language }, parts.launcher, parts.panel, parts.outerVoice);
  parts.frame.classList.toggle("left", left);
  return parts;
}
