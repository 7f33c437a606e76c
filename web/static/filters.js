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

/** Menus are <details>: close on Escape and on a press outside. */
export function closeOutside(menus) {
  document.addEventListener("pointerdown", (event) => {
    menus.filter((menu) => !menu.contains(event.target)).forEach((menu) => menu.removeAttribute("open"));
  });
  for (const menu of menus) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
      event.stopPropagation();
    });
  }
}
