/*
 * Files that go along with a message: chosen, dropped or pasted, brought to the server at once, and removed again.
 *
 * I decide what is shown and said of each file and when all are there. element/composer.js loads me with the first file
 * and asks me before it sends. I keep nothing beyond the page's life, and I speak to the chat's own host alone.
 */

const MB = 1024 * 1024;
const FILES_MAX = 5;
const FILE_MB_MAX = 10;
const FILES_MB_MAX = 20;
const TRIES_MAX = 4;

const WORDS = {
  de: {
    files: "Dateien, die mitgehen",
    locale: "de-DE",
    loading: "wird hochgeladen",
    added: (name) => `${name} ist angehängt.`,
    remove: (name) => `${name} entfernen`,
    removed: (name) => `${name} ist entfernt.`,
    again: "Erneut versuchen",
    large: `Die Datei ist zu groß. Erlaubt sind höchstens ${FILE_MB_MAX} MB. Verkleinern oder teilen Sie sie.`,
    total: `Die Dateien sind zusammen zu groß. Eine Nachricht trägt höchstens ${FILES_MB_MAX} MB.`,
    many: `Eine Nachricht trägt höchstens ${FILES_MAX} Dateien. Senden Sie diese mit der nächsten.`,
    empty: "Die Datei ist leer oder ein Ordner. Wählen Sie eine andere.",
    lost: "Die Datei kam nicht an. Prüfen Sie Ihre Verbindung.",
    waits: "Ihre Nachricht wird gesendet, sobald die Dateien hochgeladen sind.",
    bad: "Noch nicht gesendet: Entfernen Sie erst die Datei, die nicht mitgehen kann, oder versuchen Sie es erneut.",
  },
  en: {
    files: "Files that go along",
    locale: "en-GB",
    loading: "uploading",
    added: (name) => `${name} is attached.`,
    remove: (name) => `Remove ${name}`,
    removed: (name) => `${name} is removed.`,
    again: "Try again",
    large: `The file is too large. At most ${FILE_MB_MAX} MB are allowed. Make it smaller or split it.`,
    total: `The files are too large together. A message carries at most ${FILES_MB_MAX} MB.`,
    many: `A message carries at most ${FILES_MAX} files. Send this one with the next.`,
    empty: "The file is empty or a folder. Choose another one.",
    lost: "The file did not arrive. Please check your connection.",
    waits: "Your message will be sent as soon as the files are uploaded.",
    bad: "Not sent yet: first remove the file that cannot go along, or try again.",
  },
};

const STYLE = `.along { display: grid; gap: .35em; padding: 0 0 .5em; list-style: none; font-size: .875em; }
.along:empty, .along-said:empty { display: none; }
.along li { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .6em; padding: .15em .2em .15em .8em;
  border: 1px solid var(--line); border-radius: .6em; background: var(--ground); }
.along .name { flex: 1; min-width: 6em; overflow-wrap: anywhere; }
.along .size { color: var(--muted); }
.along progress { width: 100%; height: .4em; accent-color: var(--ink); }
.along .trouble { flex-basis: 100%; padding-bottom: .3em; }
.along-said { padding-bottom: .4em; font-size: .875em; color: var(--alarm); font-weight: 600; }
.clip { align-self: flex-end; color: var(--ink); }`;

/**
 * `along` is where the files are shown, `clip` the button that chooses them. Gives `add`, `take` and `again`.
 */
export default function makeTray({ h, button, uuid, backOff, Trouble, HOST }, { along, clip, language, does, say }) {
  const w = WORDS[language];
  const list = h("ul", { class: "along", "aria-label": w.files });
  const said = h("p", { class: "along-said" });
  /** Every file of this page's life by its id on the server, so that a message that was not taken gets them back. */
  const known = new Map();
  let entries = [];
  let going = Promise.resolve();
  let wanted = null;
  along.append(list, said);
  does.dress(STYLE);

  function add(files) {
    for (const file of files) enter({ file, name: file.name });
  }

  function enter(entry) {
    entries.push(entry);
    Object.assign(entry, { upload: uuid(), id: "", problem: whyNot(entry), part: 0, final: true, row: h("li") });
    list.append(entry.row);
    if (entry.problem) fail(entry, entry.problem);
    else start(entry);
  }

  /** What can be seen from here; the rest the server looks at. */
  function whyNot({ file }) {
    if (!file.size) return w.empty;
    if (file.size > FILE_MB_MAX * MB) return w.large;
    const good = entries.filter((one) => !one.problem);
    if (good.length > FILES_MAX) return w.many;
    if (good.reduce((sum, one) => sum + one.file.size, 0) > FILES_MB_MAX * MB) return w.total;
    return "";
  }

  /** One after the other: a telephone's network carries one file sooner than two at once. */
  function start(entry) {
    Object.assign(entry, { problem: "", id: "", part: 0 });
    draw(entry);
    going = going.then(() => bring(entry));
  }

  async function bring(entry) {
    let who = null;
    for (let tries = 1; entries.includes(entry); tries++) {
      try {
        who = await does.who();
        Object.assign(entry, await upload(entry, who), { token: who.token });
        known.set(entry.id, entry);
        draw(entry);
        say(w.added(entry.name));
        return settle();
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        // A session that has ended: the next round opens another.
        if (who) does.expired(error, who);
        if (!error.passing || tries >= TRIES_MAX) {
          fail(entry, error.status ? error.message : w.lost, !error.passing);
          return settle();
        }
        await new Promise((go) => setTimeout(go, error.retryMs || backOff(tries)));
      }
    }
  }

  /** One request; a script can watch a body go only through this older way of asking. */
  function upload(entry, { language: tongue, token }) {
    const form = new FormData();
    form.append("id", entry.upload);
    form.append("file", entry.file, entry.name);
    const request = new XMLHttpRequest();
    entry.stop = () => request.abort();
    return new Promise((done, miss) => {
      request.open("POST", `${HOST}/api/v1/chat/files`);
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.setRequestHeader("Accept-Language", tongue);
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        entry.part = total ? loaded / total : 0;
        if (entry.bar) entry.bar.value = entry.part;
      });
      request.addEventListener("load", () => {
        const reply = parsed(request.responseText);
        const retryMs = 1000 * (Number(request.getResponseHeader("Retry-After")) || 0);
        if (request.status === 201) done(reply);
        else miss(new Trouble(request.status, reply.detail, retryMs));
      });
      for (const end of ["error", "abort"]) request.addEventListener(end, () => miss(new Trouble(0)));
      request.send(form);
    });
  }

  /** A proxy's error page is not JSON. */
  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  }

  function fail(entry, problem, final = true) {
    Object.assign(entry, { problem, final });
    if (!entries.includes(entry)) return;
    draw(entry);
    say(`${entry.name}: ${problem}`);
  }

  function draw(entry) {
    const { row, name, file, id, problem, final } = entry;
    entry.bar = !id && !problem && h("progress", { max: 1, "aria-label": `${name} ${w.loading}` });
    if (entry.bar) entry.bar.value = entry.part;
    const away = button("icon", () => remove(entry), "×");
    away.setAttribute("aria-label", w.remove(name));
    row.replaceChildren(
      h("span", { class: "name" }, name),
      h("span", { class: "size" }, entry.shown || sizeOf(file.size)),
      problem && !final ? button("soft", () => start(entry), w.again) : "",
      away,
      entry.bar || "",
      problem ? h("p", { class: "trouble" }, problem) : "",
    );
    tell("");
  }

  function remove(entry) {
    drop(entry);
    entry.stop?.();
    if (entry.id) does.call("files/remove", { file: entry.id }).catch(() => {});
    say(w.removed(entry.name));
    tell("");
    clip.focus();
    settle();
  }

  function drop(entry) {
    entries = entries.filter((one) => one !== entry);
    entry.row.remove();
  }

  function tell(text) {
    said.textContent = text;
    if (text) say(text);
  }

  /** What was to be sent before all was there is sent now; not if something did not arrive. */
  function settle() {
    if (!wanted || entries.some((one) => !one.id && !one.problem)) return;
    const send = wanted;
    wanted = null;
    send();
  }

  /** What goes along with a message that is sent now; null where something is not there yet or cannot go. */
  function take(send) {
    wanted = null;
    if (entries.some((one) => one.problem)) return tell(w.bad);
    // What came with a session that has ended belongs to a conversation that nobody reads.
    for (const one of entries) if (one.id && one.token !== does.token()) start(one);
    if (entries.some((one) => !one.id)) {
      wanted = send;
      return tell(w.waits);
    }
    const files = entries.map(({ id, name, shown }, place) => ({ place, id, name, shown }));
    for (const entry of [...entries]) drop(entry);
    tell("");
    return files;
  }

  /** A message was not taken and comes back to the text field: what went along does, too, and is brought anew. */
  function again(files) {
    for (const { id } of files) if (known.has(id)) enter({ file: known.get(id).file, name: known.get(id).name });
  }

  function sizeOf(bytes) {
    const [size, unit] = bytes >= 1e6 ? [bytes / 1e6, "MB"] : bytes >= 1e3 ? [bytes / 1e3, "kB"] : [bytes, "B"];
    return `${size.toLocaleString(w.locale, { maximumFractionDigits: 1 })} ${unit}`;
  }

  return { add, take, again };
}
