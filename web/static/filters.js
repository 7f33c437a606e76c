/* One checkbox per kind of thing in the picture, with counts. */

import { el, numeral } from "./dom.js";

export function renderFilters(menu, picture, texts, onChange) {
  const rows = [...picture.counts()].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  menu.querySelector(".checks").replaceChildren(...rows.map(([kind, count]) => {
    const box = el("input", { type: "checkbox", name: "kind", value: kind, checked: !picture.hiddenKinds.has(kind) });
    box.addEventListener("change", () => {
      if (box.checked) picture.hiddenKinds.delete(kind);
      else picture.hiddenKinds.add(kind);
      onChange();
    });
    const number = el("span", { class: "n" }, numeral(count));
    return el("li", {}, el("label", {}, box, el("span", {}, texts[kind] ?? kind), number));
  }));
}

/** Rows of the list follow the same choice; a part without rows goes away. */
export function filterRows(list, hiddenKinds) {
  for (const link of list.querySelectorAll("[data-kind]")) {
    link.closest("li").hidden = hiddenKinds.has(link.dataset.kind);
  }
  for (const part of list.querySelectorAll(".part")) part.hidden = !part.querySelector("li:not([hidden])");
}
