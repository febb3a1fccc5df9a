// Files of a reply: chosen, dropped or pasted, uploaded at once one by one, and removed again.
// The server keeps them with what is being written and shows the list; write.js asks me before it sends. Without me the same
// form adds files by a button of its own.
"use strict";
(() => {
  const chooser = document.getElementById("reply-files");
  if (!window.desk || !chooser) return;
  const { attend, bequeath, fill, mine, post, refreshTalk, say, talk, texts } = window.desk;
  const byId = (id) => document.getElementById(id);
  const { base, csrf } = byId("desk").dataset;
  const form = byId("reply");
  const field = byId("reply-text");
  const FILE_BYTES_MAX = Number(chooser.dataset.bytesMax);

  // --- on their way up ---

  const loading = document.createElement("ul");
  loading.className = "added loading";
  loading.hidden = true;
  field.before(loading);
  let going = Promise.resolve();
  let failed = false;

  function add(files) {
    if (!files.length) return;
    if (!mine()) return byId("take-over")?.focus();
    failed = false;
    const rows = [...files].map(rowOf);
    going = going.then(() => all(rows));
    field.focus();
  }

  function rowOf(file) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    const state = document.createElement("span");
    name.className = "name";
    name.textContent = file.name;
    state.className = "size";
    state.textContent = texts.file_loading;
    row.append(name, " ", state);
    loading.append(row);
    loading.hidden = false;
    return { file, row };
  }

  async function all(rows) {
    const problems = [];
    const added = [];
    for (const { file, row } of rows) {
      const problem = await upload(file);
      if (problem) problems.push(problem);
      else added.push(file.name);
      await refreshTalk();
      row.remove();
    }
    loading.hidden = !loading.children.length;
    failed ||= problems.length > 0;
    say(problems.join(" "), problems.length > 0);
    if (added.length) byId("announce").textContent = fill(texts.file_added, { name: added.join(", ") });
  }

  // Gives what went wrong, in words; nothing where the file is kept.
  async function upload(file) {
    if (file.size > FILE_BYTES_MAX) return fill(texts.file_large, file);
    const body = new FormData();
    body.append("file", file, file.name);
    try {
      const response = await fetch(`${base}/c/${talk}/files`, { method: "POST", body, headers: { "X-Desk": "1", "X-CSRF": csrf } });
      if (response.ok) return "";
      const known = (response.headers.get("content-type") ?? "").includes("json");
      const { detail } = known ? await response.json() : {};
      return detail ?? fill(texts.file_failed, file);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return fill(texts.file_failed, file);
    }
  }

  async function remove(id, name) {
    bequeath(() => byId("attach"));
    const response = await post("unattach", { unattach: id }).catch((error) => {
      if (!(error instanceof TypeError)) throw error;
    });
    say(response?.ok ? "" : texts.network, !response?.ok);
    await refreshTalk();
    bequeath(null);
    if (response?.ok) byId("announce").textContent = fill(texts.file_removed, { name });
    attend(mine() ? byId("attach") : byId("main"));
  }

  // What write.js asks before it sends: nothing goes while a file is on its way, nor without one that did not arrive.
  const shown = () => byId("composer").querySelector('[name="files"]')?.value ?? "";

  window.desk.files = {
    shown,
    async ready() {
      await going;
      const arrived = !failed;
      failed = false; // said once; whoever sends again means it
      if (!arrived) say(texts.file_not_sent, true);
      return arrived;
    },
  };

  // --- begin ---

  byId("attach").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    add([...chooser.files]);
    chooser.value = "";
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-unattach]");
    if (!button) return;
    event.preventDefault();
    remove(button.value, button.dataset.unattach);
  });
  field.addEventListener("paste", (event) => {
    const { files } = event.clipboardData;
    if (!files.length || event.clipboardData.getData("text/plain")) return; // tables come as text and as a picture
    event.preventDefault();
    add([...files]);
  });
  const foot = form.closest(".foot");
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  for (const kind of ["dragenter", "dragover"]) {
    foot.addEventListener(kind, (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      foot.classList.toggle("dropping", mine());
    });
  }
  foot.addEventListener("dragleave", (event) => { if (!foot.contains(event.relatedTarget)) foot.classList.remove("dropping"); });
  foot.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    foot.classList.remove("dropping");
    add([...event.dataTransfer.files]);
  });
})();
