/* The filters: each choice applies at once, and the number beside each choice says what it would leave. Without
   this module the form is sent with its button. */

import { el, fill, numeral } from "./dom.js";
import { carried, getJson } from "./net.js";

const FACETS = ["kind", "locality", "sector", "product", "grade", "status"];
const WAIT = 200;

/**
 * `page` = {filters() -> {facet: [values]} in force, query(filters) -> URLSearchParams of the date, the reading and
 * these filters, change(filters) applies them}. Returns {refresh()}, to be called when another view is
 * shown: the boxes then say what is in force.
 */
export function createFilters(menu, page) {
  const form = menu.querySelector("form");
  const sum = form.querySelector(".matching");
  let timer = 0;
  let asking = null;
  let counted = null;

  const boxes = () => [...form.querySelectorAll("input[type=checkbox]")];

  function ticked() {
    const chosen = {};
    for (const name of FACETS) {
      const values = boxes().filter((box) => box.name === name && box.checked).map((box) => box.value);
      if (values.length) chosen[name] = values;
    }
    return chosen;
  }

  const mark = () => {
    const number = boxes().filter((box) => box.checked).length;
    menu.querySelector(".chosen").textContent = number ? ` (${numeral(number)})` : "";
    followMatrix(ticked());
  };

  /** One locality and one sector are a cell of the matrix. */
  function followMatrix({ locality = [], sector = [] }) {
    const link = form.querySelector("[data-matrix]");
    const [place] = locality;
    const known = link.dataset.matrix.split(" ").includes(place) && /^[A-Z]\d+$/.test(sector[0]);
    link.hidden = !(known && locality.length === 1 && sector.length === 1);
    if (!link.hidden) {
      link.href = carried(`${link.pathname}?${new URLSearchParams({ place, sector: `isic-${sector[0].slice(1)}` })}`);
    }
  }

  const row = (name, { value, label, count, on }) => el("li", {},
    el("label", {}, el("input", { type: "checkbox", name, value, checked: on }), el("span", {}, label),
      el("span", { class: "n" }, numeral(count))));

  /** New numbers in the rows that are there, which keep their places and the focus; what is new comes last. */
  function write({ name, values, more }, all = true) {
    const set = form.querySelector(`[data-facet="${name}"]`);
    if (!set) return;
    const known = new Map(boxes().filter((box) => box.name === name).map((box) => [box.value, box]));
    const counts = new Map(values.map((entry) => [entry.value, entry]));
    for (const [value, box] of known) {
      const count = counts.get(value)?.count ?? (all && !more ? 0 : null);
      if (count === null) continue;
      const line = box.closest("li");
      line.querySelector(".n").textContent = numeral(count);
      line.classList.toggle("none", count === 0);
    }
    const fresh = values.filter((entry) => !known.has(entry.value)).map((entry) => row(name, { ...entry, on: false }));
    [...set.querySelectorAll(".checks")].at(-1).append(...fresh);
  }

  async function count() {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const query = page.query(ticked());
    if (query.toString() === counted) return;
    try {
      const { total, facets } = await getJson(form.dataset.api, query, signal);
      facets.forEach((facet) => write(facet));
      counted = query.toString();
      sum.textContent = total
        ? fill(sum.dataset.text, { n: numeral(total), total: numeral(sum.dataset.total) }) : sum.dataset.none;
    } catch (error) {
      if (error.name !== "AbortError") sum.textContent = sum.dataset.failed;
    }
  }

  function apply() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = 0;
      page.change(ticked());
      count();
    }, WAIT);
  }

  async function find({ target }) {
    const name = target.dataset.find;
    const query = page.query(ticked());
    query.set("facet", name);
    query.set("q", target.value);
    asking?.abort();
    asking = new AbortController();
    try {
      const { facets } = await getJson(form.dataset.api, query, asking.signal);
      const found = new Set(facets[0].values.map(({ value }) => value));
      write(facets[0], false);
      const rest = target.closest("fieldset").querySelector(".rest");
      if (rest && target.value) rest.open = true;
      for (const box of boxes().filter((other) => other.name === name)) {
        box.closest("li").hidden = Boolean(target.value) && !box.checked && !found.has(box.value);
      }
    } catch (error) {
      if (error.name !== "AbortError") sum.textContent = sum.dataset.failed;
    }
  }

  form.addEventListener("change", (event) => {
    if (event.target.type !== "checkbox") return;
    mark();
    apply();
  });
  form.addEventListener("input", (event) => {
    if (!event.target.dataset.find) return;
    clearTimeout(timer);
    timer = setTimeout(find, WAIT, event);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("[data-clear]").addEventListener("click", (event) => {
    event.preventDefault();
    boxes().forEach((box) => { box.checked = false; });
    mark();
    apply();
  });
  form.querySelector("[type=submit]").hidden = true;
  form.querySelector("[data-close]").addEventListener("click", () => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("toggle", () => {
    if (!menu.open) return;
    mark();
    count();
  });

  return {
    refresh() {
      if (timer) return;
      const chosen = page.filters();
      for (const box of boxes()) box.checked = (chosen[box.name] ?? []).includes(box.value);
      mark();
      if (menu.open) count();
    },
  };
}
