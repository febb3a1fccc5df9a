/*
 * What goes from the customer to the server: messages, wishes, ratings, receipts.
 *
 * I decide the order, the repeats and when to give up; each item goes under the id it was born with, so that a repeat
 * doubles nothing. chat.js calls me. I never show anything: the conversation holds it, the screen says it.
 */

const RECEIPT_EVERY_MS = 1_500;
const TYPING_EVERY_MS = 3_000;
const RATING_TRIES_MAX = 5;

function makeSender(conversation, line, screen, w) {
  let life = null;
  let pumping = false;
  let receiptTimer = 0;
  let typingSentAt = 0;

  /** Carry pending messages to the server, one after the other, while the element's life lasts. */
  async function pump(newLife) {
    // Moved within the page while sending: the loop that runs already lives on in the new place.
    life = newLife;
    if (pumping) return;
    pumping = true;
    try {
      for (let tries = 0; !life.aborted; ) {
        const item = conversation.pending.find((one) => !one.problem);
        if (!item) return;
        try {
          await line.ready();
          conversation.settle(item, await deliver(item));
          // The first message makes listening worth while.
          line.wake();
          tries = 0;
        } catch (error) {
          await missed(item, error, tries++);
        }
      }
    } finally {
      pumping = false;
    }
  }

  async function deliver({ id, kind, text, choice, about, files }) {
    screen.sending(true);
    try {
      if (kind === "person") return await line.call("person", { id, ...(about && { about }) });
      return await line.call("messages", { id, text, ...(choice && { choice }), ...(files && { files: files.map((file) => file.id) }) });
    } finally {
      screen.sending(false);
    }
  }

  async function missed(item, error, tries) {
    if (!(error instanceof Trouble)) throw error;
    // The stream may have brought it back meanwhile: then it did arrive.
    if (!conversation.pending.includes(item)) return;
    if (!error.passing && conversation.session) {
      item.problem = error.detail || w.unsent;
      screen.say(item.problem);
      screen.jump();
      return;
    }
    if (error.status !== 401) item.failing = true;
    screen.paint();
    if (error.status === 0 && !navigator.onLine) screen.report(w.offline);
    if (!error.passing) await line.pause(REFUSED_PAUSE_MS);
    else if (error.status !== 401 || tries > 0) await line.rest(error, tries);
  }

  /** Say whether an answer helped; gives whether the server knows now. */
  async function rate(seq, value) {
    const body = { id: uuid(), seq, value };
    for (let tries = 1; ; tries++) {
      try {
        await line.call("feedback", body);
        const rated = conversation.messages.get(seq);
        if (rated) rated.feedback = value;
        return true;
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        if (!error.passing || error.status === 401 || tries >= RATING_TRIES_MAX) return false;
        await line.pause(error.retryMs || backOff(tries));
      }
    }
  }

  /** These messages are on screen. */
  function seen(seqs) {
    const highest = Math.max(conversation.seen, ...seqs);
    if (highest === conversation.seen && highest <= conversation.receipted) return;
    conversation.seen = highest;
    conversation.save();
    receipt();
  }

  /** Soon let the server know what has been seen. */
  function receipt() {
    receiptTimer ||= setTimeout(async () => {
      receiptTimer = 0;
      const upTo = conversation.seen;
      if (!conversation.session || !screen.watched || upTo <= conversation.receipted) return;
      try {
        await line.call("receipts", { up_to: upTo });
        conversation.receipted = Math.max(conversation.receipted, upTo);
      } catch (error) {
        // Trouble passes over it: the next message on screen sends it along.
        if (!(error instanceof Trouble)) throw error;
      }
    }, RECEIPT_EVERY_MS);
  }

  /** Only a person has use for the news that somebody is typing. */
  function typing() {
    const { owner, session } = conversation;
    if (owner.kind !== "person" || !session || Date.now() - typingSentAt <= TYPING_EVERY_MS) return;
    typingSentAt = Date.now();
    // A hint of the moment: worth nothing a second later.
    line.call("typing", {}).catch(() => {});
  }

  return { pump, rate, seen, receipt, typing };
}
