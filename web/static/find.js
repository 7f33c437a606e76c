/* The header of every page: its menus close, and the search box shows hits while you type. Without this the form
   goes to /search?q=. */

import { createCombobox } from "./combobox.js";
import { closeOutside } from "./dom.js";
import { carried } from "./net.js";

const form = document.querySelector("form.find");
const input = form.querySelector("input");

createCombobox(input, form, form.dataset, {
  /** The page may take the choice over (the explorer does); otherwise the thing's page opens. */
  choose(result) {
    const event = new CustomEvent("vehec:choose", { detail: result, cancelable: true });
    if (document.dispatchEvent(event)) location.assign(carried(`/page/${encodeURIComponent(result.id)}`));
  },
  all(q) {
    location.assign(carried(`${form.action}?${new URLSearchParams({ q, all: 1 })}`));
  },
});

input.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  input.blur();
  event.preventDefault();
  event.stopPropagation();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
  input.select();
});

closeOutside([...document.querySelectorAll("details.menu")]);
