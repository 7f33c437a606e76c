/* The search box of every page: an ARIA combobox over /api/search. Without it the form goes to /search?q=. */

import { el, fill, numeral } from "./dom.js";
import { carried, getJson } from "./net.js";

const WAIT = 150;
const LIMIT = 8;

const form = document.querySelector("form.find");
const input = form.querySelector("input");
const hits = el("ul",
  { class: "hits", id: "find-hits", role: "listbox", "aria-label": input.placeholder, hidden: true });
const count = el("span", { class: "vh", role: "status" });
let results = [];
let active = -1;
let timer = 0;
let running = null;

Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": hits.id, "aria-autocomplete": "list" })
  .forEach(([name, value]) => input.setAttribute(name, value));
form.append(hits, count);

function close() {
  clearTimeout(timer);
  running?.abort();
  hits.hidden = true;
  active = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function highlight(index) {
  active = index;
  [...hits.querySelectorAll("[role=option]")].forEach((option, i) => {
    option.setAttribute("aria-selected", String(i === active));
    if (i === active) option.scrollIntoView({ block: "nearest" });
  });
  if (active < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", `find-hit-${active}`);
}

/** The page may take the choice over (the explorer does); otherwise the thing's page opens. */
function choose(result) {
  const event = new CustomEvent("vehec:choose", { detail: result, cancelable: true });
  close();
  if (document.dispatchEvent(event)) location.assign(carried(`/page/${encodeURIComponent(result.id)}`));
}

function row(result, index) {
  const option = el("li", { role: "option", id: `find-hit-${index}`, "aria-selected": "false" },
    el("b", {}, result.label),
    el("small", {}, [result.type_label, result.place, result.alt].filter(Boolean).join(" · ")));
  option.addEventListener("click", () => choose(result));
  return option;
}

function show(total) {
  const rows = results.map(row);
  if (!rows.length) rows.push(el("li", { class: "none", role: "presentation" }, form.dataset.none));
  if (total > results.length) {
    const all = el("li", { class: "all", role: "presentation" }, fill(form.dataset.all, { n: numeral(total) }));
    const params = new URLSearchParams({ q: input.value.trim(), all: 1 });
    all.addEventListener("click", () => location.assign(carried(`${form.action}?${params}`)));
    rows.push(all);
  }
  hits.replaceChildren(...rows);
  hits.hidden = false;
  input.setAttribute("aria-expanded", "true");
  count.textContent = results.length ? fill(form.dataset.count, { n: numeral(total) }) : form.dataset.none;
  highlight(results.length ? 0 : -1);
}

async function search() {
  const q = input.value.trim();
  running?.abort();
  if (!q) return close();
  const mine = new AbortController();
  running = mine;
  try {
    const answer = await getJson("/api/search", { q, limit: LIMIT }, mine.signal);
    if (mine.signal.aborted) return;
    results = answer.results;
    show(answer.total);
  } catch (error) {
    if (error.name === "AbortError") return;
    results = [];
    hits.replaceChildren(el("li", { class: "none", role: "presentation" }, form.dataset.failed));
    hits.hidden = false;
  }
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  results = [];
  highlight(-1);
  timer = setTimeout(search, WAIT);
});
input.addEventListener("click", () => {
  if (hits.hidden) search();
});
input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Escape") {
    if (hits.hidden) input.blur();
    else close();
    event.preventDefault();
    event.stopPropagation();
  } else if (event.key === "ArrowDown" && hits.hidden) {
    search();
    event.preventDefault();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && results.length && !hits.hidden) {
    const step = event.key === "ArrowDown" ? 1 : -1;
    highlight((active + step + results.length) % results.length);
    event.preventDefault();
  } else if (event.key === "Enter" && active >= 0 && !hits.hidden) {
    choose(results[active]);
    event.preventDefault();
  }
});
hits.addEventListener("pointerdown", (event) => event.preventDefault());
input.addEventListener("blur", close);

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
  input.select();
});
