/*
 * The element itself: <taktvoll-chat>, and how it comes onto a page.
 *
 * I decide where options are read and when the chat is made. The page loads me by one script tag (README.md) and may
 * call open and close. I am the last part: everything stands when I define the element.
 */

class TaktvollChat extends HTMLElement {
  #chat = null;

  connectedCallback() {
    const option = (name) => this.dataset[name] || SCRIPT?.dataset[name] || "";
    if (option("workspace")) {
      this.#chat ??= makeChat(this, option);
      this.#chat.enter();
    } else {
      console.warn("taktvoll: the chat needs data-workspace");
    }
  }

  disconnectedCallback() {
    this.#chat?.leave();
  }

  open() {
    this.#chat?.open();
  }

  close() {
    this.#chat?.close();
  }
}

// A page may carry the script twice: the first one serves.
if (!customElements.get("taktvoll-chat")) {
  customElements.define("taktvoll-chat", TaktvollChat);

  const chat = () => document.querySelector("taktvoll-chat");
  window.taktvoll = { open: () => chat()?.open(), close: () => chat()?.close() };

  // The page may place the element itself; otherwise the script tag's workspace asks us to.
  const place = () => chat() || document.body.append(document.createElement("taktvoll-chat"));
  if (SCRIPT?.dataset.workspace) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
    else place();
  }
}
