/* The list beside the picture. The server renders the first one; this renders the next in the same markup. */

import { el, numeral, pictogram } from "./dom.js";
import { carried } from "./net.js";

export function renderList(list, sections, page, symbols) {
  list.replaceChildren(...(sections ?? []).map((section) => el("details", { class: "part", open: true },
    el("summary", {}, el("h2", {}, section.heading)),
    el("ul", {}, ...section.items.map((item) => {
      const href = item.id.startsWith("group:") ? "#canvas" : carried(page + encodeURIComponent(item.id));
      const count = typeof item.count === "number" ? numeral(item.count) : item.count;
      return el("li", {}, el("a", { href, "data-id": item.id, "data-kind": item.type },
        pictogram(item.gap ? "missing" : symbols[item.kind] ?? "document"),
        el("span", { class: "nm" }, item.label, item.sub ? el("small", {}, item.sub) : null),
        count === null || count === undefined ? null : el("span", { class: "ct" }, count)));
    })))));
}

/** On a phone only the first part stays open: the page is short and the parts are its contents. */
export function foldParts(list) {
  [...list.querySelectorAll(".part")].slice(1).forEach((part) => part.removeAttribute("open"));
}

export function markCurrent(list, id) {
  for (const link of list.querySelectorAll("a[data-id]")) {
    if (link.dataset.id === id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
