/*
 * One conversation as this tab knows it.
 *
 * I decide what is known and in which order, who owns the conversation and what the tab keeps of it. The line, the
 * sender and the stream tell me, the view reads me. I never ask the server and never touch the page: what the customer
 * is to see or hear at once I hand to the screen (set by chat.js, see view.js).
 */

const ASSISTANT_OWNS = { kind: "assistant", name: null };

class Conversation {
  /** The reply to the session request. */
  session = null;
  /** seq → message. */
  messages = new Map();
  /** What the server has not yet accepted, in the order it was written. */
  pending = [];
  owner = ASSISTANT_OWNS;
  closed = false;
  /** What is told of waiting for a person: text, offers, the call that is arranged; empty where there is nothing. */
  waiting = {};
  /** Highest seq from history or stream: the point to resume from. */
  heardSeq = 0;
  /** Highest seq that was on screen. */
  seen = 0;
  /** Highest seq the server knows to have been on screen. */
  receipted = 0;
  /** The history is here. */
  loaded = false;
  /** The conversation exists on the server, so listening makes sense. */
  begun = false;
  screen = null;
  #w;
  #drawer;
  #ownerSeq = 0;

  constructor(words, drawer) {
    this.#w = words;
    this.#drawer = drawer;
  }

  /** Take up what the tab kept; say whether it was open, and whether something is to be fetched or sent. */
  restore() {
    const kept = this.#drawer.read();
    if (kept.token) this.session = { ...kept.start, session: kept.token, conversation: kept.conversation };
    this.pending = (kept.pending || []).map((item) => ({ ...item, at: new Date().toISOString() }));
    this.seen = this.receipted = kept.seen || 0;
    // Opened but never written to: nothing can arrive, so nothing is asked for until it is opened again.
    return { open: Boolean(kept.open), busy: this.pending.length > 0 || this.seen > 0 };
  }

  save() {
    const { session, conversation, ...start } = this.session || {};
    this.#drawer.write({
      token: session,
      conversation,
      // Greeting, notice and label, to be shown again after a reload.
      start,
      open: this.screen.open,
      seen: this.seen,
      pending: this.pending.map(({ id, text, kind, choice, about, files }) => ({ id, text, kind, choice, about, files })),
    });
  }

  /** A new session: its notice and greeting are the first words. */
  begin(session) {
    this.session = session;
    this.loaded = true;
    this.save();
    this.screen.say([session.notice, session.greeting].filter(Boolean).join(" "));
    this.screen.jump();
  }

  /** The old conversation stays readable above; a new one begins below it. */
  restart() {
    const shown = this.messages.size > 0;
    const hadWords = shown || this.seen > 0;
    this.messages.clear();
    this.session = null;
    this.owner = ASSISTANT_OWNS;
    this.heardSeq = this.seen = this.receipted = this.#ownerSeq = 0;
    this.begun = this.closed = false;
    this.waiting = {};
    this.screen.beginAnew(shown, hadWords);
    this.save();
    this.screen.jump();
  }

  /** The messages after `heardSeq`; for the `first` time after a reload, when what was seen once is not news again. */
  catchUp(reply, first) {
    this.loaded = true;
    if (first) this.screen.jump();
    this.take(reply.messages, first ? Math.max(this.seen, this.screen.open ? reply.last_seq : 0) : 0);
    this.heardSeq = Math.max(this.heardSeq, reply.last_seq);
    this.adopt(reply);
    if (reply.last_seq > 0) this.begun = true;
  }

  /** Merge messages from wherever they come: the same seq is the same message. */
  take(messages, quietUpTo = 0) {
    for (const message of messages) {
      const known = this.messages.has(message.seq);
      if (message.author === "customer" && this.drop(message.id)) this.save();
      this.messages.set(message.seq, message);
      if (known || message.author === "customer") continue;
      if (message.author !== "system") this.screen.typed(null);
      if (message.seq <= quietUpTo) continue;
      this.screen.arrived(message);
      if (message.author === "person" && message.seq > this.#ownerSeq) {
        this.#setOwner({ kind: "person", name: message.name }, message.seq);
      }
    }
    this.screen.paint();
  }

  adopt({ owner, closed, last_seq: seq }) {
    this.closed = Boolean(closed);
    if (owner && seq >= this.#ownerSeq) this.#setOwner(owner, seq);
    this.screen.paint();
  }

  /** News of waiting. */
  wait(waiting) {
    const before = this.waiting.text;
    this.waiting = waiting;
    if (waiting.text && waiting.text !== before) this.screen.say(waiting.text);
    this.screen.paint();
  }

  #setOwner(owner, seq) {
    const before = this.ownerName;
    // A reply may leave out the name we know already.
    const samePerson = owner.kind === "person" && !owner.name && this.owner.kind === "person";
    if (!samePerson) this.owner = owner;
    this.#ownerSeq = seq;
    const now = this.ownerName;
    if (now !== before) this.screen.say(this.owner.kind === "queue" ? now : this.#w.now(now));
  }

  /** Something the customer wrote; kept before the first attempt to send it, so that a reload finds it. */
  add(item) {
    this.pending.push({ id: uuid(), at: new Date().toISOString(), ...item });
    this.save();
    this.screen.jump();
  }

  /** The server has accepted a pending item. */
  settle(item, reply) {
    const { seq } = reply.accepted;
    this.drop(item.id);
    if (!this.messages.has(seq)) {
      // A wish for a person stands in the record as an event, not as the customer's words.
      const [author, text] = item.kind === "person" ? ["system", this.#w.asked] : ["customer", item.text];
      this.messages.set(seq, { seq, at: item.at, id: item.id, author, text, files: item.files });
    }
    this.begun = true;
    this.take(reply.messages);
    this.adopt(reply);
    this.seen = Math.max(this.seen, seq);
    this.save();
  }

  /** A pending item is no longer pending; says whether it was. */
  drop(id) {
    const before = this.pending.length;
    this.pending = this.pending.filter((item) => item.id !== id);
    return this.pending.length < before;
  }

  discard(item) {
    this.drop(item.id);
    this.save();
    this.screen.paint();
  }

  /** Whether a wish for a person makes sense: asked once is enough, even when pressed twice. */
  get wantsPerson() {
    return this.owner.kind === "assistant" && !this.pending.some((item) => item.kind === "person" && !item.problem);
  }

  get label() {
    return this.session?.label || this.#w.ai;
  }

  get ownerName() {
    const { kind, name } = this.owner;
    if (kind === "queue") return this.#w.queue;
    return kind === "assistant" ? this.label : this.#personName(name);
  }

  authorName({ author, name }) {
    if (author === "customer") return this.#w.you;
    if (author === "person") return this.#personName(name);
    return name && name !== this.label ? `${name}, ${this.label}` : this.label;
  }

  #personName(name) {
    return name ? `${name}, ${this.#w.service}` : this.#w.human;
  }

  get unread() {
    return [...this.messages.values()].filter((m) => m.seq > this.seen && m.author !== "customer").length;
  }

  get lastOwnSeq() {
    return Math.max(0, ...[...this.messages.values()].filter((m) => m.author === "customer").map((m) => m.seq));
  }
}
