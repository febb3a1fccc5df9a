/*
 * The log: what was said, as rows in their order.
 *
 * I decide which rows there are and which of them must be drawn anew. view.js has me draw; message.js makes the rows'
 * nodes. I read the conversation and change nothing in it.
 */

/** `shown` makes the nodes of messages (message.js); `onScreen` hears the seqs that come on screen. */
function makeLog(conversation, w, shown, onScreen) {
  const nodes = new Map();
  const observer = new IntersectionObserver((entries) =>
    onScreen(entries.filter((entry) => entry.isIntersecting).map((entry) => Number(entry.target.dataset.seq))),
  );
  /** Where the rows go; earlier conversations stay readable in the chapters above it. */
  let chapter = h("div");

  function draw() {
    arrange(rowsOf(conversation));
    const { pending, lastOwnSeq } = conversation;
    for (const choices of chapter.querySelectorAll(".choices")) {
      choices.hidden = pending.length > 0 || Number(choices.dataset.seq) < lastOwnSeq;
    }
  }

  function node(seq) {
    return chapter.querySelector(`[data-seq="${seq}"]`);
  }

  /** Leave what is shown, if any, without its buttons, and go on below it under a line of text, if any. */
  function beginAnew(keep, text) {
    for (const [key, { node }] of nodes) if (key.startsWith("pending")) node.remove();
    for (const dead of chapter.querySelectorAll(".feedback, .choices")) dead.remove();
    nodes.clear();
    if (!keep) chapter.replaceChildren();
    if (!text) return;
    const next = h("div");
    chapter.after(h("p", { class: "system" }, text), next);
    chapter = next;
  }

  /** Everything the log shows, in order, each with a key and a mark that changes when it must be drawn anew. */
  function rowsOf({ session, messages, pending }) {
    const rows = [];
    if (session) rows.push({ key: "start", mark: session.conversation, make: () => shown.start(session) });
    const sorted = [...messages.values()].sort((a, b) => a.seq - b.seq);
    const unsent = pending.map((item) => ({ ...item, author: "customer", item }));
    const firstAnswer = sorted.find((message) => message.author !== "customer");
    let day = new Date().toDateString();
    let last = null;
    for (const message of [...sorted, ...unsent]) {
      const at = new Date(message.at);
      if (at.toDateString() !== day && !isNaN(at)) {
        day = at.toDateString();
        rows.push({ key: `day ${day}`, mark: day, make: () => h("p", { class: "day" }, dayName(at)) });
        last = null;
      }
      const more = Boolean(last && last.author === message.author && last.name === message.name);
      // The notice that stands at the top already is not repeated by the first answer.
      const notice = message === firstAnswer && message.notice === session?.notice ? null : message.notice;
      const { feedback, ...content } = message;
      const key = message.item ? `pending ${message.id}` : `seq ${message.seq}`;
      const mark = JSON.stringify([content, more, notice]);
      rows.push({ key, mark, make: () => shown.message(message, more, notice) });
      last = message;
    }
    return rows;
  }

  function dayName(at) {
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
    if (days === 0) return w.today;
    if (days === 1) return w.yesterday;
    return at.toLocaleDateString(w.locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  }

  /** Make the log show the rows; what has not changed is not touched, so focus and selection stay. */
  function arrange(rows) {
    const wanted = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of nodes) {
      if (wanted.has(key)) continue;
      node.remove();
      nodes.delete(key);
    }
    let place = chapter.firstChild;
    for (const { key, mark, make } of rows) {
      let entry = nodes.get(key);
      if (!entry || entry.mark !== mark) {
        const node = make();
        if (entry) {
          if (place === entry.node) place = node;
          entry.node.replaceWith(node);
        }
        entry = { node, mark };
        nodes.set(key, entry);
        if (node.dataset.seq) observer.observe(node);
      }
      if (entry.node === place) place = place.nextSibling;
      else chapter.insertBefore(entry.node, place);
    }
  }

  return { chapter, draw, node, beginAnew };
}
