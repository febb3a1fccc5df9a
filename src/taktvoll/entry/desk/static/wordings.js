// Keys for the page of wordings: from proposal to proposal, approve, reject. Without me the forms work as they are.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const keysOn = byId("keys-on");
  const proposals = () => [...document.querySelectorAll(".proposal")];
  const current = () => document.activeElement.closest(".proposal");

  document.documentElement.classList.add("js");
  keysOn.checked = localStorage.getItem("taktvoll-desk-keys") !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem("taktvoll-desk-keys", keysOn.checked ? "on" : "off"));
  byId("keys-open").addEventListener("click", () => byId("keys").showModal());
  byId("sign-out").addEventListener("submit", () => sessionStorage.clear());

  // A decision is sent once: a second click on the way would be about a proposal that is decided already.
  let sent = false;
  for (const item of proposals()) {
    item.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    item.querySelector("textarea").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) item.querySelector(".primary")?.click();
      else if (event.key === "Escape") item.focus();
      else return;
      event.preventDefault();
    });
  }
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  function step(by) {
    const all = proposals();
    const at = all.indexOf(current());
    all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]?.querySelector("textarea").focus();
  }

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    x: () => current()?.querySelector("[formaction]")?.click(),
    q: () => byId("to-queue")?.click(),
    "?": () => byId("keys").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (!keysOn.checked || byId("keys").open || event.target.closest("input, textarea, select")) return;
    const does = KEYS[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });
})();
