/*
 * The way to the server for one chat.
 *
 * I decide when a session is opened, under which token a request goes, and how long a pause lasts. The sender and the
 * stream call me. I never decide what is said, and I begin a new conversation only when the server has forgotten ours.
 */

const REFUSED_PAUSE_MS = 600_000;

/** `place` says where: workspace, account, language. */
function makeLine(place, conversation, screen) {
  let opening = null;
  let stop = null;
  const waits = new Set();

  /** A session is there; however many ask for it, it is opened once. */
  async function ready() {
    if (conversation.session) return;
    opening ??= open().finally(() => (opening = null));
    await opening;
  }

  async function open() {
    const { workspace, account, language } = place;
    const path = `/api/v1/w/${encodeURIComponent(workspace)}/chat/sessions`;
    const session = await ask(path, { language }, { account, language });
    screen.report(null);
    conversation.begin(session);
  }

  /** One request within the conversation. */
  async function call(path, body) {
    const who = identity();
    try {
      const reply = await ask(`/api/v1/chat/${path}`, who, body);
      screen.report(null);
      return reply;
    } catch (error) {
      throw expired(error, who);
    }
  }

  /** A file of the conversation. */
  async function file(path) {
    const who = identity();
    try {
      return await (await send(`/api/v1/chat/${path}`, { ...who, accept: "*/*" })).blob();
    } catch (error) {
      throw expired(troubleFrom(error), who);
    }
  }

  /** Yields what the server tells from a seq on, until the connection or the conversation ends. */
  async function* listen(after) {
    const who = identity();
    stop = new AbortController();
    try {
      for await (const event of events(`/api/v1/chat/stream?after=${after}`, who, stop)) {
        // A new conversation may have begun meanwhile.
        if (conversation.session?.session !== who.token) return;
        screen.report(null);
        yield event;
      }
    } catch (error) {
      throw expired(error, who);
    }
  }

  const identity = () => ({ language: place.language, token: conversation.session.session });

  /** The server no longer knows our token: begin anew, unless somebody else has done so already. */
  function expired(error, { token }) {
    if (error.status === 401 && conversation.session?.session === token) restart();
    return error;
  }

  /** Leave this conversation for a new one. */
  function restart() {
    conversation.restart();
    hangUp();
  }

  /** End the stream, which may be dead without knowing; whoever listens calls again. */
  function hangUp() {
    stop?.abort();
  }

  /** Wait; an ordinary pause ends early when the network is back, a firm one (Retry-After) does not. */
  function pause(ms, firm = false) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        waits.delete(wait);
        resolve();
      };
      const timer = setTimeout(end, ms);
      const wait = { firm, end };
      waits.add(wait);
    });
  }

  /** As long as the server asked for, or else a little longer with every try. */
  function rest(trouble, tries) {
    return trouble.retryMs ? pause(trouble.retryMs, true) : pause(backOff(tries));
  }

  function wake(all = false) {
    for (const wait of [...waits]) if (all || !wait.firm) wait.end();
  }

  return { ready, identity, expired, call, file, listen, restart, hangUp, pause, rest, wake };
}
