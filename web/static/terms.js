// Filters the terms of the vocabulary by the letters typed, with or without diacritics.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

const row = document.querySelector("[data-lookup]");
const box = row.querySelector("input");
const status = row.querySelector("[role=status]");
const terms = [...document.querySelectorAll("[data-term]")].map((node) => [node, fold(node.textContent)]);
const groups = [...document.querySelectorAll(".terms, .codes > article")];

function narrow() {
  const words = fold(box.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const [node, text] of terms) {
    node.hidden = !words.every((word) => text.includes(word));
    found += !node.hidden;
  }
  for (const group of groups) group.hidden = words.length > 0 && !group.querySelector("[data-term]:not([hidden])");
  status.textContent = words.length ? status.dataset.found.replace("{n}", found) : "";
}

box.addEventListener("input", narrow);
row.hidden = false;
