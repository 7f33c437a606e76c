/* The date and the reading in the head of the page follow the document. The server writes the first; this the next. */

import { el, fill } from "./dom.js";

/** `menu` is the date menu of the head. Returns what is called with every document. */
export function createDateline(core, menu) {
  const { texts } = core;
  let shown = null;

  function line({ as_of: day, reading }) {
    const words = [day ? fill(texts.dated, { day: written(day) }) : texts.dated_now, reading && texts.by_units];
    const back = el("a", { href: "?" }, day ? texts.back_today : texts.back_four);
    back.addEventListener("click", (event) => {
      event.preventDefault();
      core.change({ when: day && reading ? { reading } : {} }, texts.did_date);
    });
    return el("p", { class: "dateline", role: "region", "aria-label": menu.querySelector("label").textContent }, el("span", {}, words.filter(Boolean).join(" · ")), back);
  }

  return ({ when }) => {
    const now = JSON.stringify(when);
    if (shown === now) return;
    const first = shown === null;
    shown = now;
    if (first) return;
    const dated = Boolean(when.as_of || when.reading);
    const word = when.as_of ? written(when.as_of) : texts.today;
    document.body.classList.toggle("dated", dated);
    document.querySelector(".dateline")?.remove();
    if (dated) document.querySelector("header.top").after(line(when));
    menu.querySelector("summary span").textContent = word;
    menu.querySelector("summary").setAttribute("aria-label", fill(texts.date_is, { day: word }));
    menu.querySelector("[name=as_of]").value = when.as_of ?? document.getElementById("main").dataset.today;
    menu.querySelector("[name=reading]").value = when.reading ?? "agreement";
  };
}

/** 2025-07-01 -> 01.07.2025 */
export const written = (iso) => iso.split("-").reverse().join(".");
