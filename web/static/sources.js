/* Source chips, as the template macro draws them: the best two, then "+n" that opens the rest. */

import { el, fill } from "./dom.js";
import { carried } from "./net.js";

function month(published) {
  const [year, monthPart] = String(published).split("-");
  return monthPart ? `${monthPart}.${year}` : year;
}

function chip(source, page, texts) {
  const grade = source.grade ? ` (${fill(texts.grade, { grade: source.grade })})` : "";
  return el("a", { class: "src", href: carried(page + encodeURIComponent(source.slug)), title: `${source.title}${grade}` },
    source.grade ? el("b", {}, source.grade) : null,
    el("span", {}, `${source.publisher || source.title}${source.published ? `, ${month(source.published)}` : ""}`));
}

export function sourceChips(sources, page, texts) {
  if (!sources?.length) return null;
  const chips = sources.map((source) => chip(source, page, texts));
  const rest = chips.slice(2);
  const more = el("summary", { "aria-label": fill(texts.more_sources, { n: rest.length }) }, `+${rest.length}`);
  return el("span", { class: "srcs" }, ...chips.slice(0, 2), rest.length ? el("details", {}, more, ...rest) : null);
}
