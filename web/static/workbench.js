/* The query page in the browser: editor, tabs, running with Cancel, sharing. The plain form stays beneath. */

import { block, el, fill, numeral } from "./dom.js";
import { postJson } from "./net.js";
import { helpForms } from "./question_form.js";
import { createShareDialog } from "./share_dialog.js";
import { createEditor } from "./workbench_editor.js";
import { keepRun } from "./workbench_kept.js";
import { listenToKeys } from "./workbench_keys.js";
import { createRunner, LONGEST_ADDRESS } from "./workbench_run.js";
import { createShelf } from "./workbench_shelf.js";
import { createTabs } from "./workbench_tabs.js";

const LONGEST = 2000;
const KEPT = "#query";
const form = document.getElementById("editor");
const box = document.getElementById("query");
const texts = block("workbench-texts");
const part = (name, page = document) => page.querySelector(`[data-part="${name}"]`);
const PARTS = ["problem", "form", "about", "result", "programs"];
const drawer = form.closest("details");
const known = new Set([...document.querySelectorAll(".help dt code")].map((code) => code.textContent.replace(/:$/, "")));

const said = el("span", { class: "said", role: "status" });
const seconds = el("span", { class: "said", "aria-hidden": "true" });
const cancel = el("button", { type: "button", class: "btn", hidden: true }, texts.cancel);
const share = el("button", { type: "button", class: "btn" }, texts.share);
const keys = el("button", { type: "button", class: "btn keys" }, texts.keys);
const names = el("button", { type: "button", class: "btn names", hidden: true }, texts.names);
const earlier = el("p", { class: "lim", hidden: true }, texts.earlier);
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

/** What went wrong stands over the editor: on a phone that is out of sight. */
const showProblem = () => part("problem").querySelector(".err")?.scrollIntoView({ block: "nearest" });

function complain(title, text) {
  part("problem").replaceChildren(el("section", { class: "err", role: "alert" }, el("h2", {}, title), el("p", {}, text)));
  part("problem").hidden = false;
  showProblem();
}

/** What came of the query that this page answers, in words; null when it answers none. */
function outcome() {
  const count = part("result").querySelector(".resh strong");
  const wrong = part("problem").querySelector("h2");
  if (count) return count.textContent;
  return wrong && fill(texts.error, { why: wrong.textContent });
}

/** What stands in the form of a question, as the reader sees it. */
function chosen() {
  const lang = document.documentElement.lang;
  return [...part("form").querySelectorAll("select, input:not([type=hidden])")]
    .map((field) => field.selectedOptions?.[0].text ?? field.valueAsDate?.toLocaleDateString(lang, { timeZone: "UTC" }) ?? field.value)
    .filter(Boolean).join(" · ");
}

function keep(run) {
  keepRun({ when: Date.now(), ...run });
  shelf.show();
}

function markProblem() {
  const problem = part("problem").querySelector("[data-line]");
  if (problem) editor?.mark(Number(problem.dataset.line), Number(problem.dataset.column), problem.querySelector("p").textContent);
}

/** An answer to another query than the one in the editor says so. */
function compare() {
  earlier.hidden = box.value.trim() === answered.trim() || !part("result").querySelector(".res");
}

/** The form, the words about a question, and what went wrong stand over their own query only. */
function fit(query) {
  for (const name of ["form", "about", "problem"]) part(name).hidden = query !== answered;
  compare();
}

function take({ page, seconds: elapsed }, query, address) {
  for (const name of PARTS) part(name).replaceChildren(...(part(name, page)?.childNodes ?? []));
  helpForms(part("form"));
  answered = query;
  fit(query);
  const current = page.querySelector(".ex [aria-current]")?.getAttribute("href");
  for (const link of document.querySelectorAll(".ex a")) {
    if (link.getAttribute("href") === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  document.title = page.title;
  history.pushState({ query }, "", String(address).length <= LONGEST_ADDRESS ? `?${address}` : location.pathname + KEPT);
  markProblem();
  showProblem();
  const count = part("result").querySelector(".resh strong");
  if (count) {
    said.textContent = count.textContent;
    part("result").querySelector(".resh").scrollIntoView({ block: "nearest" });
  }
  keep({ query, outcome: outcome(), seconds: elapsed });
}

async function run() {
  const query = box.value;
  if (!query.trim()) {
    said.textContent = texts.empty;
    return;
  }
  const address = parameters();
  const started = performance.now();
  const failed = (words) => keep({ query, outcome: words, seconds: (performance.now() - started) / 1000 });
  editor?.unmark();
  said.textContent = "";
  cancel.hidden = false;
  submit.disabled = true;
  part("result").setAttribute("aria-busy", "true");
  try {
    const answer = await runner.run(address);
    if (answer) take(answer, query, address);
    else failed(texts.was_cancelled);
  } catch (error) {
    complain(texts.offline_title, error.name === "TimeoutError" ? texts.slow : texts.offline);
    failed(fill(texts.error, { why: texts.offline_title }));
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

const showAddress = createShareDialog(document.getElementById("workbench-share"), texts);

/** What leads back to the answer: the form and what was chosen in it, or the query. */
function answer() {
  const here = new URLSearchParams(location.search);
  const found = here.has("example") || here.has("query") ? here : parameters();
  if (found !== here) found.set("query", answered);
  found.set("lang", document.documentElement.lang);
  return found;
}

async function pass(found) {
  const query = found.toString();
  let address = new URL(`${form.getAttribute("action")}?${query}`, location.href).href;
  try {
    if (address.length > LONGEST) {
      address = new URL((await postJson("/api/links", {}, { path: "/sparql", query, state: null })).href, location.href).href;
    }
  } catch {
    said.textContent = texts.failed;
    return;
  }
  showAddress(address);
}

share.addEventListener("click", () => pass(box.value === answered ? answer() : parameters()));
part("result").addEventListener("click", ({ target }) => { if (target.closest("[data-share]")) pass(answer()); });

const help = document.getElementById("workbench-keys");
keys.addEventListener("click", () => help.showModal());
help.querySelector("[data-close]").addEventListener("click", () => help.close());
document.addEventListener("keydown", (event) => {
  if (event.key === "?" && !event.target.closest("input, textarea, select, dialog")) help.showModal();
});

/* --- the parts together --- */

let answered = box.value;
const put = (query) => {
  box.value = query;
  editor?.set(query);
  fit(query);
};
const asked = new URLSearchParams(location.search);
const tabs = createTabs(texts, box.value, put, location.hash === KEPT && !asked.has("query") && !asked.has("example"));
const changed = (query) => {
  tabs.changed(query);
  said.textContent = "";
  compare();
};
const shelf = createShelf(texts, {
  open: (query) => {
    drawer.open = true;
    tabs.add(query);
    editor?.focus();
  },
  current: () => box.value,
});
form.prepend(tabs.element);
drawer.after(shelf.element);
part("result").before(earlier);
form.querySelector("#tools").replaceWith(cancel, names, share, keys, seconds, said);
if (drawer.dataset.folds !== undefined) {
  drawer.open = !matchMedia("(max-width: 760px)").matches;
  delete drawer.dataset.folds;
}
if (asked.has("example") && outcome()) {
  asked.delete("lang");
  keep({ query: box.value, outcome: outcome(), seconds: Number(form.dataset.elapsed), form: `?${asked}`, chosen: chosen() });
}

listenToKeys(form, {
  run,
  complete: () => editor?.complete(),
  comment: () => editor?.comment(),
  indent: () => editor?.indent(),
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
cancel.addEventListener("click", async () => {
  await runner.stop();
  said.textContent = texts.cancelled;
});
addEventListener("popstate", () => location.reload());
box.addEventListener("input", () => changed(box.value));
/** The other language shows the same query; what was typed and not run stays in the editor. */
for (const link of document.querySelectorAll(".lang a")) link.addEventListener("click", () => {
  const same = box.value.trim() === answered.trim();
  const query = new URLSearchParams(same ? location.search : "");
  query.set("lang", link.hreflang);
  link.href = `?${query}${same ? location.hash : KEPT}`;
});

if (form.dataset.editor !== undefined) try {
  editor = await createEditor(box, {
    texts, known, changed, say: (text) => { said.textContent = text; },
  });
  drawer.addEventListener("toggle", editor.refresh);
  names.hidden = false;
  names.addEventListener("click", () => { editor.focus(); editor.complete(); });
  markProblem();
} catch {
  box.hidden = false;
}
