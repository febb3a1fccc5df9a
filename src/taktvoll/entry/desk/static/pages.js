// Keys for the desk's quiet pages: judging by r and w, back to the queue by q. Without me the forms work as they are.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const { base } = byId("desk").dataset;
  const keysOn = byId("keys-on");

  document.documentElement.classList.add("js");
  keysOn.checked = localStorage.getItem("taktvoll-desk-keys") !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem("taktvoll-desk-keys", keysOn.checked ? "on" : "off"));
  byId("keys-open").addEventListener("click", () => byId("keys").showModal());
  byId("sign-out").addEventListener("submit", () => sessionStorage.clear());

  // A judgement is given once: a second key or click on the way would judge the next answer unread.
  let judged = false;
  for (const form of document.querySelectorAll("form[data-key]")) {
    form.addEventListener("submit", (event) => {
      if (judged) event.preventDefault();
      judged = true;
    });
  }
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (!keysOn.checked || byId("keys").open || event.target.closest("input, textarea, select")) return;
    if (event.key === "?") byId("keys").showModal();
    else if (event.key === "q") location.assign(`${base}/`);
    else document.querySelector(`form[data-key="${CSS.escape(event.key)}"]`)?.requestSubmit();
  });
})();
