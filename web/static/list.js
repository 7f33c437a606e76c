/* The list beside the picture. The server renders the first one; this renders the next in the same markup. */

import { el, numeral, pictogram, plain } from "./dom.js";
import { carried } from "./net.js";

function row(item, page, symbols) {
  const href = item.id.startsWith("group:") ? "#canvas" : carried(page + encodeURIComponent(item.id));
  const count = typeof item.count === "number" ? numeral(item.count) : item.count;
  return el("li", {}, el("a", { href, "data-id": item.id, "data-kind": item.type },
    pictogram(item.gap ? "missing" : symbols[item.kind] ?? "document"),
    el("span", { class: "nm" }, item.label, item.sub ? el("small", {}, item.sub) : null),
    count === null || count === undefined ? null : el("span", { class: "ct" }, count)));
}

const part = (heading, items, page, symbols, own = {}) => el("details", { class: "part", open: true, ...own },
  el("summary", {}, el("h2", {}, heading)), el("ul", {}, ...items.map((item) => row(item, page, symbols))));

export function renderList(list, sections, page, symbols) {
  list.replaceChildren(...(sections ?? []).map(({ heading, items }) => part(heading, items, page, symbols)));
}

/** What the reader added stands in a part of its own, at the top; what is hidden or outside the
    neighbourhood that is kept to has no row. */
export function followList(list, picture, doc, texts, page, symbols) {
  const ids = [...new Set(doc.added.flatMap((entry) => entry.ids))].filter(
    (id) => picture.nodes.has(id) && !picture.inBase(id));
  const present = list.querySelector("[data-added]");
  if (present?.dataset.added !== ids.join(" ") && (present || ids.length)) {
    const held = document.activeElement.closest?.("#list [data-added] a")?.dataset.id;
    const items = ids.map((id) => {
      const { label, mark, kind, sub } = picture.nodes.get(id);
      return { id, label: plain(label), kind: mark, type: kind, sub: sub?.replaceAll("\n", ", "), gap: mark === "missing" };
    });
    present?.remove();
    if (ids.length) list.prepend(part(texts.added_here, items, page, symbols, { "data-added": ids.join(" ") }));
    if (held) list.querySelector(`[data-added] a[data-id="${CSS.escape(held)}"]`)?.focus();
  }
  const hidden = new Set(doc.hidden);
  const pinned = new Set(doc.pinned);
  for (const link of list.querySelectorAll("a[data-id]")) {
    const { id } = link.dataset;
    link.parentElement.hidden = hidden.has(id) || picture.dim(id);
    if (pinned.has(id)) link.dataset.pinned = texts.pinned;
    else delete link.dataset.pinned;
  }
  for (const one of list.querySelectorAll(".part")) one.hidden = !one.querySelector("li:not([hidden])");
}

/** On a phone only the first part stays open: the page is short and the parts are its contents. */
export function foldParts(list) {
  [...list.querySelectorAll(".part")].slice(1).forEach((one) => one.removeAttribute("open"));
}

export function markCurrent(list, id) {
  for (const link of list.querySelectorAll("a[data-id]")) {
    if (link.dataset.id === id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
