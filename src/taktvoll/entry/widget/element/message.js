/*
 * One message, as a node of the log with all that hangs on it; and the notice and greeting above the first.
 *
 * I decide how a message looks and which buttons belong to it. log.js asks me for nodes. I change no conversation: what
 * is pressed goes to `does` (see chat.js).
 */

/** `does`: what the buttons do. `keepEnd`: makes a change of height without losing the end. */
function makeMessages(conversation, w, does, keepEnd) {
  function start({ notice, greeting, privacy_url: privacy, language }) {
    const address = privacy && webAddress(privacy, HOST);
    const block = h("div", { lang: language });
    const more = address && link(address, w.privacy, w);
    if (notice) block.append(h("p", { class: "notice" }, notice, more && " ", more));
    if (greeting) {
      const who = h("p", { class: "who" }, conversation.label);
      const bubble = h("div", { class: "bubble" }, ...paragraphs(greeting, w));
      block.append(h("div", { class: "message", "data-author": "assistant" }, who, bubble));
    }
    return block;
  }

  function message(message, more, notice) {
    const { seq, author, language: lang, text, hint, sources, choices, item } = message;
    const own = author === "customer";
    if (author === "system") return h("div", { class: "system", "data-seq": seq, lang }, ...paragraphs(text, w));
    const { alert, quote } = message;
    const bubble = alert
      ? h("div", { class: "bubble alert", role: "alert", lang }, ...paragraphs(text, w, dialled))
      : h("div", { class: "bubble", lang }, ...paragraphs(text, w));
    // The customer's own words, given back as they are: no address in them becomes a link.
    if (quote) bubble.append(h("blockquote", {}, quote));
    if (hint) bubble.append(h("p", { class: "hint" }, hint));
    if (sources?.length) bubble.append(sourceList(sources));
    if (message.files?.length) bubble.append(fileList(seq, message.files));
    const node = h(
      "article",
      {
        class: `message${own ? " own" : ""}${more ? " more" : ""}`,
        "data-seq": seq,
        "data-author": author,
        // The machine-readable mark of text written by a model.
        "data-generated": message.generated ? "true" : null,
      },
      h("p", { class: own || more ? "who unseen" : "who" }, conversation.authorName(message)),
      notice && h("p", { class: "notice", lang }, notice),
      bubble,
      metaOf(message),
    );
    if (item?.problem) node.append(problemOf(item));
    if (choices?.length) node.append(choiceList(seq, choices));
    if (author === "assistant" && message.decision === "answer" && sources?.length) node.append(ratingOf(message));
    return node;
  }

  function sourceList(sources) {
    return h("ul", { class: "sources" }, ...sources.map((source) => {
      const address = source.url && webAddress(source.url, HOST);
      return h("li", {}, `${w.source}: `, address ? link(address, source.title, w) : source.title);
    }));
  }

  /** What came along; what is not on record yet is only named. A session is no part of an address, so a file is fetched with it and handed to the browser. */
  function fileList(seq, files) {
    return h("ul", { class: "sources" }, ...files.map(({ place, name, shown }) => {
      const said = h("p", { role: "status" });
      const fail = ({ status, detail }) => keepEnd(() => (said.textContent = status ? detail : w.offline));
      const get = () => does.file(`files/${seq}/${place}`, name).catch(fail);
      return h("li", {}, seq ? button("soft", get, `↓ ${name}, ${shown}`) : `${name}, ${shown}`, said);
    }));
  }

  function metaOf({ item, at: sentAt, generated }) {
    if (item) return h("p", { class: "meta" }, item.problem ? "" : item.failing ? w.resending : w.sending);
    const at = new Date(sentAt);
    const shown = isNaN(at) ? "" : at.toLocaleTimeString(w.locale, { hour: "2-digit", minute: "2-digit" });
    const time = h("time", { datetime: sentAt }, shown);
    return h("p", { class: "meta" }, time, generated && h("span", {}, `· ${w.generated}`));
  }

  function problemOf(item) {
    return h(
      "div",
      { class: "problem" },
      h("p", {}, item.problem),
      item.kind !== "person" && button("soft", () => does.edit(item), w.edit),
      button("soft", () => does.discard(item), w.discard),
    );
  }

  function choiceList(seq, choices) {
    const buttons = choices.map((choice) =>
      button("soft", () => does.choose(choice), h("span", { lang: choice.language }, choice.label)),
    );
    return h("div", { class: "choices", role: "group", "aria-label": w.choices, "data-seq": seq }, ...buttons);
  }

  function ratingOf({ seq, feedback }) {
    const said = h("p", { role: "status" });
    const offer = button("soft to-person", () => does.askPerson(seq), w.person);
    offer.hidden = true;
    const thank = (text, withOffer) =>
      keepEnd(() => {
        said.textContent = text;
        offer.hidden = !withOffer;
      });
    const buttons = {};
    const press = (chosen) => {
      for (const value in buttons) buttons[value].setAttribute("aria-pressed", String(value === chosen));
    };
    const rate = async (value) => {
      const before = conversation.messages.get(seq)?.feedback || null;
      if (before === value) return;
      press(value);
      thank(value === "helped" ? w.thanks : w.offer, value === "not_helped");
      if (await does.rate(seq, value)) return;
      press(before);
      thank(w.unrated, false);
    };
    buttons.helped = button("soft", () => rate("helped"), w.helped);
    buttons.not_helped = button("soft", () => rate("not_helped"), w.notHelped);
    press(feedback);
    const person = button("soft to-person", () => does.askPerson(seq), w.oneHuman);
    person.setAttribute("aria-label", `${w.oneHuman}: ${w.person}`);
    const group = { class: "feedback", role: "group", "aria-label": w.rating };
    return h("div", group, buttons.helped, buttons.not_helped, person, said, offer);
  }

  return { start, message };
}
