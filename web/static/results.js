/* The query page beside the editor: tables sort, things are found while typing, commands are copied.
   Clicks are heard on the whole page, so that a result that comes later works too. */

import { fill, numeral } from "./dom.js";
import { helpForms } from "./question_form.js";

/* Vietnamese order in both languages: it sorts English words as English does, but d before đ. */
const compare = new Intl.Collator("vi", { numeric: true }).compare;

/* --- sorting --- */

const valueOf = (cell) => cell.dataset.value ?? cell.textContent.trim();

/** Rows without a value stay last in both directions; equal rows keep their order. */
function sort(button) {
  const heading = button.closest("th");
  const table = heading.closest("table");
  const body = table.tBodies[0];
  const column = heading.cellIndex;
  const down = heading.getAttribute("aria-sort") === "ascending";
  const numeric = heading.classList.contains("num");
  const empty = (cell) =>
    (cell.querySelector(":scope > .muted") !== null && !cell.dataset.value) || (numeric && Number.isNaN(Number(valueOf(cell))));
  const rows = [...body.rows].map((row) => [row.cells[column], row]);
  rows.sort(([one], [other]) => {
    if (empty(one) || empty(other)) return Number(empty(one)) - Number(empty(other));
    const order = numeric ? Number(valueOf(one)) - Number(valueOf(other)) : compare(valueOf(one), valueOf(other));
    return down ? -order : order;
  });
  body.append(...rows.map(([, row]) => row));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const said = table.closest(".res").querySelector("[data-sorted]");
  said.textContent = fill(said.dataset.sorted, { name: button.textContent.trim(), n: numeral(rows.length) });
}

/* --- commands --- */

/** What is cut on the screen is copied from its file. */
async function copy(button) {
  const status = button.closest("details, .res").querySelector("[data-copied]");
  const text = document.getElementById(button.dataset.copies);
  const { whole } = button.dataset;
  try {
    const words = whole ? await (await fetch(whole)).text() : text.textContent;
    await navigator.clipboard.writeText(words);
    status.textContent = status.dataset.copied;
  } catch {
    getSelection().selectAllChildren(text);
    status.textContent = status.dataset.failed;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-sortable] th button, [data-copies]");
  if (button) (button.dataset.copies ? copy : sort)(button);
});

/* --- pictures --- */

/** A map that is wider than its frame begins where its marks are; what fits needs no word about scrolling. */
function centre() {
  for (const frame of document.querySelectorAll("[data-centre]")) {
    frame.scrollLeft = frame.dataset.centre * frame.scrollWidth - frame.clientWidth / 2;
    delete frame.dataset.centre;
  }
  for (const note of document.querySelectorAll(".sideways")) {
    const frame = note.closest(".about").nextElementSibling;
    note.hidden = frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight;
  }
}

centre();
addEventListener("resize", centre);
new MutationObserver(centre).observe(document.querySelector('[data-part="result"]'), { childList: true });

/* --- the form of a question --- */

helpForms(document);

/* --- the list of questions: folded where it would push the form out of sight --- */

const list = document.querySelector("[data-folds]");
if (list) {
  list.open = !matchMedia("(max-width: 760px)").matches;
  delete list.dataset.folds;
}
