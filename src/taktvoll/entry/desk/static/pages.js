// Keys for the desk's quiet pages: judging by r and w, back to the queue by q; figures keep themselves fresh. Without me
// the forms work as they are.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const { base } = byId("desk").dataset;
  const keysOn = byId("keys-on");

  document.documentElement.classList.add("js");
  keysOn.checked = localStorage.getItem("taktvoll-desk-keys") !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem("taktvoll-desk-keys", keysOn.checked ? "on" : "off"));
  byId("keys-open").addEventListener("click", () => byId("keys").showModal());
  for (const form of document.querySelectorAll("[data-leaves]")) form.addEventListener("submit", () => sessionStorage.clear());

  // A judgement is given once: a second key or click on the way would judge the next answer unread.
  let judged = false;
  for (const form of document.querySelectorAll("form[data-key]")) {
    form.addEventListener("submit", (event) => {
      if (judged) event.preventDefault();
      judged = true;
    });
  }
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // Figures renew themselves while somebody looks at them; what has the focus keeps it.
  const FRESH_EVERY_MS = 15000;
  const live = document.querySelector("main[data-fresh]");
  const places = () => [...live.querySelectorAll("a[href], [tabindex]")];

  async function freshen() {
    const response = await fetch(live.dataset.fresh, { headers: { "X-Desk": "1" } }).catch((error) => {
      if (!(error instanceof TypeError)) throw error; // no network: the next time asks again
    });
    if (response?.status === 401) location.reload();
    if (!response?.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
    const at = places().indexOf(document.activeElement);
    live.replaceChildren(...fresh.childNodes);
    if (at >= 0) places()[at]?.focus({ preventScroll: true });
  }
  if (live) setInterval(() => { if (!document.hidden) freshen(); }, FRESH_EVERY_MS);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (!keysOn.checked || byId("keys").open || event.target.closest("input, textarea, select")) return;
    if (event.key === "?") byId("keys").showModal();
    else if (event.key === "q") location.assign(`${base}/`);
    else if (event.key === "/") {
      event.preventDefault(); // else it would be typed into the field
      const field = byId("search-q");
      if (field) field.focus();
      else document.querySelector('a[data-hotkey="/"]')?.click();
    }
    else document.querySelector(`form[data-key="${CSS.escape(event.key)}"]`)?.requestSubmit();
  });
})();
