// Confirming another address for answers, and taking it back, without leaving the page.
// desk.js keeps the page live; I send the form, say what became of it, and keep the focus. Without me the forms work.
"use strict";
(() => {
  if (!window.desk) return;
  const { attend, bequeath, post, refreshTalk, say, sayWhy, texts } = window.desk;
  const byId = (id) => document.getElementById(id);
  let doing = false;

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const what = form.dataset.address;
    if (!what) return;
    event.preventDefault();
    if (doing) return;
    doing = true;
    const { csrf, ...fields } = Object.fromEntries(new FormData(form));
    const place = () => byId("reply-address-withdraw") ?? byId("reply-address-confirm") ?? byId("main");
    const path = what === "reply_address" ? "reply-address" : "reply-address/withdraw";
    bequeath(place);
    try {
      const response = await post(path, fields);
      if (!response.ok) return await sayWhy(response, path);
      say(texts[`done_${what}`]);
      await refreshTalk();
      attend(place());
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      say(texts.network, true);
    } finally {
      doing = false;
      bequeath(null);
    }
  });
})();
