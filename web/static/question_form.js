/* The form of a question: things are found while typing. */

import { createCombobox } from "./combobox.js";

export function helpForms(root) {
  const form = root.querySelector("#ask");
  /* On a phone the answer lies below the form: the reader is led there. */
  if (form && matchMedia("(max-width: 760px)").matches) form.action = `${form.getAttribute("action")}#result`;
  for (const input of root.querySelectorAll("[data-thing]")) {
    const names = new Set([...(input.list?.options ?? [])].map((option) => option.value));
    input.removeAttribute("list");
    createCombobox(input, input.parentElement, input.form.dataset, {
      /** A name that two things share is not in the list by itself: the id says which. */
      choose({ id, label }) {
        input.value = names.has(label) ? label : `${label} [${id}]`;
      },
      query: input.dataset.thing ? { type: input.dataset.thing } : {},
    });
  }
}
