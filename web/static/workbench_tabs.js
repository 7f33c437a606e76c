/* Open queries as tabs of one editor; they are there again after a reload. */

import { el, fill } from "./dom.js";
import { keepTabs, MOST_TABS, tabs, titleOf } from "./workbench_kept.js";

/** `first` is the query of the page; `show(query)` puts a query into the editor; `again` asks for the tab left last. */
export function createTabs(texts, first, show, again) {
  const kept = tabs();
  const open = kept.open;
  let at = Math.min(Math.max(0, kept.at), open.length - 1);
  const bar = el("div", { class: "tabs", role: "group", "aria-label": texts.tabs });
  const title = (tab, index) => titleOf(tab.query).slice(0, 40) || fill(texts.tab, { n: index + 1 });

  function draw() {
    keepTabs(open, at);
    const button = (text, act, attributes) => {
      const made = el("button", { type: "button", ...attributes }, text);
      made.addEventListener("click", act);
      return made;
    };
    bar.replaceChildren(...open.map((tab, index) => el("span", {},
      button(title(tab, index), () => { at = index; draw(); show(tab.query); }, { "aria-current": index === at && "true" }),
      open.length > 1 && button("×", () => {
        open.splice(index, 1);
        const moved = index === at;
        if (index < at || at === open.length) at -= 1;
        draw();
        if (moved) show(open[at].query);
      }, { "aria-label": fill(texts.close_tab, { name: title(tab, index) }) }))),
    open.length < MOST_TABS && button("+", () => add("", true), { "aria-label": texts.new_tab }));
    requestAnimationFrame(() => {
      const current = bar.querySelector("[aria-current]").parentElement;
      bar.scrollLeft = current.offsetLeft - bar.offsetLeft - (bar.clientWidth - current.offsetWidth) / 2;
    });
  }

  /** Takes the place of a tab nobody has changed, else a new one. */
  function add(query, apart = false) {
    const same = open.findIndex((tab) => tab.query === query);
    if (same >= 0 && !apart) at = same;
    else if (open.length && !apart && open[at].query === open[at].opened) open[at] = { query, opened: query };
    else {
      if (open.length >= MOST_TABS) open.shift();
      at = open.push({ query, opened: query }) - 1;
    }
    draw();
    show(query);
  }

  if (again && open.length) {
    draw();
    show(open[at].query);
  } else add(first);
  return {
    element: bar, add,
    changed(query) {
      const before = title(open[at], at);
      open[at].query = query;
      keepTabs(open, at);
      if (title(open[at], at) !== before) draw();
    },
  };
}
