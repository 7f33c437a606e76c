// Filters the terms of the vocabulary by the letters typed, with or without diacritics.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

const row = document.querySelector("[data-lookup]");
const box = row.querySelector("input");
const status = row.querySelector("[role=status]");
const terms = [...document.querySelectorAll("[data-term]")].map((node) => [node, fold(node.textContent)]);
const folds = [...document.querySelectorAll(".terms > details")];
const groups = [...document.querySelectorAll(".terms, .codes article")];

function narrow() {
  const words = fold(box.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const [node, text] of terms) {
    node.hidden = !words.every((word) => text.includes(word));
    found += !node.hidden;
  }
  for (const group of groups) group.hidden = words.length > 0 && !group.querySelector("[data-term]:not([hidden])");
  for (const fold of folds) fold.open = words.length > 0;
  status.textContent = words.length ? status.dataset.found.replace("{n}", found) : "";
}

/** Opens the section that the address names, or that holds the term it names. */
function unfold() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target && (target.closest(".terms > details") ?? target.querySelector(":scope > details"));
  if (!fold || fold.open) return;
  fold.open = true;
  target.scrollIntoView();
}

box.addEventListener("input", narrow);
addEventListener("hashchange", unfold);
unfold();
row.hidden = false;
