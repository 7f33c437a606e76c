/* The query page in the browser: editor, tabs, running with Cancel, sharing. The plain form stays beneath. */

import { block, el, fill, numeral } from "./dom.js";
import { postJson } from "./net.js";
import { createEditor } from "./workbench_editor.js";
import { keepRun } from "./workbench_kept.js";
import { createRunner } from "./workbench_run.js";
import { createShelf } from "./workbench_shelf.js";
import { createTabs } from "./workbench_tabs.js";

const LONGEST = 2000;
const form = document.getElementById("editor");
const box = document.getElementById("query");
const texts = block("workbench-texts");
const part = (name, page = document) => page.querySelector(`[data-part="${name}"]`);
const PARTS = ["problem", "about", "result", "programs"];
const known = new Set([...document.querySelectorAll(".help dt code")].map((code) => code.textContent.replace(/:$/, "")));

const said = el("span", { class: "said", role: "status" });
const seconds = el("span", { class: "said", "aria-hidden": "true" });
const cancel = el("button", { type: "button", class: "btn", hidden: true }, texts.cancel);
const share = el("button", { type: "button", class: "btn" }, texts.share);
const keys = el("button", { type: "button", class: "btn keys" }, texts.keys);
const submit = form.querySelector("[type=submit]");
let editor = null;

const runner = createRunner(form.getAttribute("action"), Number(form.dataset.seconds), (elapsed) => {
  seconds.textContent = fill(texts.running, { n: numeral(Math.floor(elapsed)) });
});

function parameters() {
  const found = new URLSearchParams(new FormData(form));
  const here = new URLSearchParams(location.search);
  found.set("query", box.value);
  if (here.get("show")) found.set("show", here.get("show"));
  found.set("lang", document.documentElement.lang);
  return found;
}

function complain(title, text) {
  part("problem").replaceChildren(el("section", { class: "err", role: "alert" }, el("h2", {}, title), el("p", {}, text)));
}

function take({ page, seconds: elapsed, ok }, query, address) {
  for (const name of PARTS) part(name).replaceChildren(...(part(name, page)?.childNodes ?? []));
  history.pushState({ query }, "", String(address).length <= LONGEST ? `?${address}` : location.pathname);
  const problem = part("problem").querySelector("[data-line]");
  if (problem) editor?.mark(Number(problem.dataset.line), Number(problem.dataset.column), problem.querySelector("p").textContent);
  const count = part("result").querySelector(".resh strong");
  if (ok && count) {
    said.textContent = count.textContent;
    part("result").querySelector(".resh").scrollIntoView({ block: "nearest" });
    keepRun({ query, when: Date.now(), rows: count.textContent, seconds: elapsed });
    shelf.show();
  }
}

async function run() {
  const query = box.value;
  const address = parameters();
  editor?.unmark();
  said.textContent = "";
  cancel.hidden = false;
  submit.disabled = true;
  part("result").setAttribute("aria-busy", "true");
  try {
    const answer = await runner.run(address);
    if (answer) take(answer, query, address);
  } catch (error) {
    complain(texts.offline_title, error.name === "TimeoutError" ? texts.slow : texts.offline);
  } finally {
    if (!runner.running()) {
      cancel.hidden = true;
      submit.disabled = false;
      seconds.textContent = "";
      part("result").removeAttribute("aria-busy");
    }
  }
}

/* --- sharing --- */

const dialog = document.getElementById("workbench-share");
const field = dialog.querySelector("input");

async function copy() {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    dialog.querySelector("[role=status]").textContent = texts.copied;
  } catch {
    dialog.querySelector("[role=status]").textContent = texts.copy_yourself;
  }
}

share.addEventListener("click", async () => {
  const query = parameters().toString();
  let address = new URL(`${form.getAttribute("action")}?${query}`, location.href).href;
  try {
    if (address.length > LONGEST) {
      address = new URL((await postJson("/api/links", {}, { path: "/sparql", query, state: null })).href, location.href).href;
    }
  } catch {
    said.textContent = texts.failed;
    return;
  }
  field.value = address;
  dialog.showModal();
  copy();
});
dialog.querySelector("[data-copy]").addEventListener("click", copy);

const help = document.getElementById("workbench-keys");
keys.addEventListener("click", () => help.showModal());
for (const each of [dialog, help]) each.querySelector("[data-close]").addEventListener("click", () => each.close());
document.addEventListener("keydown", (event) => {
  if (event.key === "?" && !event.target.closest("input, textarea, select, dialog")) help.showModal();
});

/* --- the parts together --- */

const put = (query) => {
  box.value = query;
  editor?.set(query);
};
const tabs = createTabs(texts, box.value, put);
const shelf = createShelf(texts, {
  open: (query) => { tabs.add(query); editor?.focus(); },
  current: () => box.value,
  say: (text) => { said.textContent = text; },
});
form.prepend(tabs.element);
form.after(shelf.element);
form.querySelector("#tools").replaceWith(cancel, share, keys, seconds, said);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
cancel.addEventListener("click", async () => {
  await runner.stop();
  said.textContent = texts.cancelled;
});
addEventListener("popstate", () => location.reload());
box.addEventListener("input", () => tabs.changed(box.value));

if (form.dataset.editor !== undefined) try {
  editor = await createEditor(box, {
    texts, known, run, changed: tabs.changed, failed: (text) => { said.textContent = text; },
  });
  form.closest("details")?.addEventListener("toggle", editor.refresh);
  const problem = part("problem").querySelector("[data-line]");
  if (problem) editor.mark(Number(problem.dataset.line), Number(problem.dataset.column), problem.querySelector("p").textContent);
} catch {
  box.hidden = false;
}
