/*
 * One request, one stream of events, one value kept in the tab: what the browser gives, with our time limits.
 *
 * I decide what counts as trouble and what is worth trying again. The line asks through me, the conversation keeps.
 * I never speak to another host than the one this script came from, and send no cookies.
 */

const REQUEST_TIMEOUT_MS = 45_000;
const STREAM_SILENCE_MS = 40_000;
const BACK_OFF_MS = [500, 10_000];
const RETRY_AFTER_MAX_MS = 300_000;

/** A random id (UUID version 4); pages without https have no randomUUID of the browser. */
function uuid() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-a$4-");
}

/** How long to wait after so many tries in vain; by chance a little different for each customer. */
const backOff = (tries) => Math.min(BACK_OFF_MS[0] * 2 ** tries, BACK_OFF_MS[1]) * (0.75 + Math.random() / 2);

/** One value in sessionStorage, or nothing where the browser allows no storage. */
class Drawer {
  constructor(key) {
    this.key = key;
  }

  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key)) || {};
    } catch {
      // Storage is forbidden or holds something foreign: start anew.
      return {};
    }
  }

  write(value) {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(value));
    } catch {
      // Storage is forbidden or full; the conversation itself holds the same values while the page lives.
    }
  }
}

/** The server did not do what it was asked. Status 0: it was not reached. */
class Trouble extends Error {
  constructor(status, detail = "", retryMs = 0) {
    super(detail || `status ${status}`);
    Object.assign(this, { status, detail, retryMs });
  }

  /** Worth trying again unchanged. */
  get passing() {
    return this.status >= 500 || [0, 401, 408, 425, 429].includes(this.status);
  }
}

const troubleFrom = (error) => (error instanceof Trouble ? error : new Trouble(0, String(error)));

async function troubleOf(response) {
  const header = response.headers.get("Retry-After");
  const wait = header ? (Number(header) || (Date.parse(header) - Date.now()) / 1000 || 0) * 1000 : 0;
  // A proxy's error page is not JSON.
  const problem = await response.json().catch(() => ({}));
  return new Trouble(response.status, problem.detail || problem.title, Math.min(Math.max(wait, 0), RETRY_AFTER_MAX_MS));
}

/** A request to our host; gives the response, or throws trouble when the server refuses. */
async function send(path, { language, token, accept, body, signal }) {
  const headers = { Accept: accept, "Accept-Language": language };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(HOST + path, {
    method: body ? "POST" : "GET",
    headers,
    body: body && JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
    // A message sent on the way out of the page still arrives.
    keepalive: Boolean(body),
    signal,
  });
  if (!response.ok) throw await troubleOf(response);
  return response;
}

/** One request and its reply; `who` is language and token. */
async function ask(path, who, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), REQUEST_TIMEOUT_MS);
  try {
    const response = await send(path, { ...who, accept: "application/json", body, signal: patience.signal });
    return response.status === 204 ? null : await response.json();
  } catch (error) {
    throw troubleFrom(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Yields the events of a text/event-stream; ends when the server ends it, throws when it falls silent. */
async function* events(path, who, stop) {
  let timer;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(), STREAM_SILENCE_MS);
  };
  watch();
  try {
    const response = await send(path, { ...who, accept: "text/event-stream", signal: stop.signal });
    yield { name: "open" };
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      watch();
      text = (text + decoder.decode(value, { stream: true })).replaceAll("\r\n", "\n");
      const blocks = text.split("\n\n");
      text = blocks.pop();
      yield* blocks.map(eventOf).filter((event) => event.data);
    }
  } catch (error) {
    throw troubleFrom(error);
  } finally {
    clearTimeout(timer);
    // Also when the reader of the events has had enough.
    stop.abort();
  }
}

function eventOf(block) {
  const event = { name: "message", data: "" };
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event.name = line.slice(6).trim();
    if (line.startsWith("data:")) event.data += line.slice(5).replace(/^ /, "");
  }
  return { ...event, data: event.data && JSON.parse(event.data) };
}

const loaded = {};
let misses = 0;

/**
 * A part that few people need: it comes from our own host when it is first used, as a function that is given what it
 * takes. A browser may remember that an address gave nothing, so after a failure it gets another one.
 */
function later(name) {
  loaded[name] ??= import(`${HOST}/widget/${name}.js${misses ? "?" + misses : ""}`).then(
    (part) => (place) => part.default({ h, button, uuid, backOff, Trouble, HOST }, place),
    (error) => {
      delete loaded[name];
      misses++;
      throw troubleFrom(error);
    },
  );
  return loaded[name];
}
