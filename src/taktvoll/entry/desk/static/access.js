// Copies what is shown only once. Without me it can be marked and copied by hand.
"use strict";
(() => {
  const once = document.getElementById("once");
  const copy = document.getElementById("copy");
  const said = document.getElementById("said");

  once.addEventListener("focus", () => once.select());
  copy.addEventListener("click", async () => {
    once.select();
    try {
      await navigator.clipboard.writeText(once.value);
    } catch {
      return; // not allowed here: the text is marked, so that a key copies it
    }
    said.textContent = copy.dataset.copied;
  });
})();
