/*
 * What comes from the server: session, history, then events, over and over while the element is on the page.
 *
 * I decide when to load, when to listen and when to call again. chat.js starts me. I never send anything of
 * the customer's and never show anything: the conversation holds it, the screen says it.
 */

const STREAM_HEALTHY_MS = 10_000;

function makeStream(conversation, line, screen, w) {
  let running = false;
  let since = Infinity;

  /** Listen from now on, until `life` is aborted. */
  function start(life) {
    if (running) return;
    running = true;
    life.addEventListener("abort", () => (running = false));
    run(life);
  }

  async function run(life) {
    for (let tries = 0; !life.aborted; ) {
      since = Infinity;
      try {
        await line.ready();
        // Also after a broken stream: where a proxy holds streams back, this alone brings the messages.
        if (!conversation.loaded) {
          const first = !conversation.messages.size;
          conversation.catchUp(await line.call(`messages?after=${conversation.heardSeq}`), first);
        }
        while (!conversation.begun && !life.aborted) await line.pause(REFUSED_PAUSE_MS);
        if (!life.aborted) await listen();
      } catch (error) {
        if (Date.now() - since > STREAM_HEALTHY_MS) tries = 0;
        await recover(error, tries);
      }
      if (conversation.session && conversation.begun) conversation.loaded = false;
      if (!life.aborted) await line.pause(backOff(tries++));
    }
  }

  async function listen() {
    for await (const { name, data } of line.listen(conversation.heardSeq)) {
      if (name === "open") {
        since = Date.now();
      } else if (name === "message") {
        conversation.heardSeq = Math.max(conversation.heardSeq, data.seq);
        conversation.take([data]);
      } else if (name === "state") {
        conversation.adopt(data);
      } else if (name === "waiting") {
        conversation.wait(data);
      } else if (name === "typing") {
        screen.typed(data.name);
      }
    }
  }

  /** Say what is wrong and wait as long as makes sense. */
  async function recover(error, tries) {
    if (!(error instanceof Trouble)) throw error;
    // Unknown token: a new conversation has begun already.
    if (error.status === 401) return;
    if (!error.passing) {
      screen.report(error.detail || w.refused, true);
      await line.pause(REFUSED_PAUSE_MS);
      return;
    }
    if (tries > 0 || !navigator.onLine) screen.report(w.offline);
    if (error.retryMs) await line.pause(error.retryMs, true);
  }

  return {
    start,
    get running() {
      return running;
    },
  };
}
