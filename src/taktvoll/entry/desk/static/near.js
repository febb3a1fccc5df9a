// Calls that are near stand at the top of every live page: brought with the queue's news, counted down, said once.
// desk.js tells me when the queue was fetched anew. Without me they stand as the page was made.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const texts = JSON.parse(byId("desk").dataset.texts);
  const keys = (place) => [...place.querySelectorAll("[data-key]")].map((one) => one.dataset.key);
  let serverAheadMs = 0;

  function keepTime() {
    serverAheadMs = Date.parse(document.querySelector("[data-now]").dataset.now) - Date.now();
  }

  function count() {
    for (const one of document.querySelectorAll("[data-near]")) {
      const minutes = Math.ceil((Date.parse(one.dataset.near) - Date.now() - serverAheadMs) / 60000);
      const text = minutes < 1 ? texts.near_now : (minutes === 1 ? texts.near_minute : texts.near_minutes).replace("{n}", minutes);
      if (one.textContent !== text) one.textContent = text;
    }
  }

  document.addEventListener("desk:queue", (event) => {
    const fresh = event.detail.querySelector(".near");
    const ours = byId("near");
    const known = keys(ours);
    const focused = ours.contains(document.activeElement) && document.activeElement.closest("[data-key]").dataset.key;
    const news = [...fresh.querySelectorAll("[data-key]")].filter((one) => !known.includes(one.dataset.key));
    if (fresh.textContent !== ours.textContent || news.length || known.length !== keys(fresh).length) {
      ours.replaceChildren(...fresh.childNodes);
      if (focused) ours.querySelector(`[data-key="${CSS.escape(focused)}"] a`)?.focus();
    }
    if (news.length) byId("announce").textContent = news.map((one) => one.dataset.text).join(". ");
    count();
  });

  keepTime();
  setInterval(count, 1000);
})();
