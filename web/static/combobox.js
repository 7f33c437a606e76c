/* An ARIA combobox over /api/search: a list of hits under an input, by keyboard and pointer. */

import { el, fill, numeral } from "./dom.js";
import { getJson } from "./net.js";

const WAIT = 150;
const LIMIT = 40;
const EACH = 5;
const MOST = 12;

/** The best of each kind, kinds in the order of their best hit; with few kinds there is room for more of each. */
function grouped(results) {
  const kinds = Map.groupBy(results, (result) => result.type);
  const each = Math.max(EACH, Math.floor(MOST / kinds.size));
  return [...kinds.values()].map((group) => group.slice(0, each));
}

/**
 * `choose(result)` takes a hit {id, label, type, type_label, place, alt}; `all(q)`, if given, shows all of them;
 * `query` narrows the search, such as {type: "zone"}.
 * Enter takes the first hit until the arrows choose another. `texts` = {none, failed, busy, count: "{n} results", all: "All {n} results"}. The list goes to the end of `holder`.
 */
export function createCombobox(input, holder, texts, { choose, all = null, query = {} }) {
  const hits = el("ul",
    { class: "hits", id: `${input.id}-hits`, role: "listbox", "aria-label": input.labels[0]?.textContent, hidden: true });
  const count = el("span", { class: "vh", role: "status" });
  let results = [];
  let active = -1;
  let timer = 0;
  let running = null;

  Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": hits.id, "aria-autocomplete": "list" })
    .forEach(([name, value]) => input.setAttribute(name, value));
  holder.append(hits, count);

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
    else input.setAttribute("aria-activedescendant", `${input.id}-hit-${active}`);
  }

  function take(result) {
    close();
    choose(result);
  }

  function row(result, index) {
    const option = el("li",
      { role: "option", class: index ? null : "first", id: `${input.id}-hit-${index}`, "aria-selected": "false" },
      el("b", {}, result.label),
      el("small", {}, [result.place, result.alt].filter(Boolean).join(" · ")));
    option.addEventListener("click", () => take(result));
    return option;
  }

  function show(total) {
    const groups = grouped(results);
    results = groups.flat();
    let index = 0;
    const rows = groups.map((group, n) => {
      const id = `${input.id}-kind-${n}`;
      return el("li", { role: "presentation" },
        el("ul", { role: "group", "aria-labelledby": id },
          el("li", { class: "kind", id, role: "presentation" }, group[0].type_label),
          ...group.map((result) => row(result, index++))));
    });
    if (!rows.length) rows.push(el("li", { class: "none", role: "presentation" }, texts.none));
    if (all && total > results.length) {
      const more = el("li", { class: "all", role: "presentation" }, fill(texts.all, { n: numeral(total) }));
      more.addEventListener("click", () => all(input.value.trim()));
      rows.push(more);
    }
    hits.replaceChildren(...rows);
    hits.hidden = false;
    input.setAttribute("aria-expanded", "true");
    count.textContent = results.length ? `${fill(texts.count, { n: numeral(total) })}. ${results[0].label} ↵` : texts.none;
    highlight(-1);
  }

  async function search() {
    const q = input.value.trim();
    running?.abort();
    if (!q) return close();
    const mine = new AbortController();
    running = mine;
    try {
      const answer = await getJson("/api/search", { q, limit: LIMIT, ...query }, mine.signal);
      if (mine.signal.aborted) return;
      results = answer.results;
      show(answer.total);
    } catch (error) {
      if (error.name === "AbortError") return;
      results = [];
      const words = error.text === "busy" || error.text === "slow" ? texts.busy : texts.failed;
      hits.replaceChildren(el("li", { class: "none", role: "presentation" }, words));
      hits.hidden = false;
      count.textContent = words;
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
      if (hits.hidden) return;
      close();
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "ArrowDown" && hits.hidden) {
      search();
      event.preventDefault();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && results.length && !hits.hidden) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      highlight(active < 0 && step < 0 ? results.length - 1 : (active + step + results.length) % results.length);
      event.preventDefault();
    } else if (event.key === "Enter" && results.length && !hits.hidden) {
      take(results[Math.max(active, 0)]);
      event.preventDefault();
    }
  });
  hits.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
}
