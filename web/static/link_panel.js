/* What the panel says of a line: the relation in a sentence, its facts, and the evidence behind it. */

import { el, fill, numeral, safeHref } from "./dom.js";
import { carried } from "./net.js";
import { sourceChips } from "./sources.js";
import { factList } from "./thing_panel.js";

/** `data` as `/api/link` gives it; the rest as in panel.js. */
export function linkParts({ page, texts, on }, data) {
  function end(label, thing) {
    const href = thing.id.startsWith("group:") ? "#canvas" : carried(page + encodeURIComponent(thing.id));
    const link = el("a", { href }, thing.label);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      on.follow(thing.id);
    });
    return el("div", { class: "f" }, el("dt", {}, label), el("dd", {}, link));
  }

  function open(href, text) {
    return href ? el("div", { class: "acts" }, el("a", { class: "btn", href: safeHref(href) }, text)) : null;
  }

  function missing() {
    return [
      el("p", {}, data.account),
      data.other ? el("p", { class: "small" }, fill(texts.other_supply, { suppliers: data.other })) : null,
      el("dl", {}, el("div", { class: "f" }, el("dt", {}, texts.confidence),
        el("dd", {}, el("span", { class: "v" }, data.verdict, el("small", {}, numeral(data.confidence.toFixed(2))))))),
      el("h3", {}, texts.would_change), el("p", { class: "small" }, data.flip),
      el("h3", {}, texts.rests_on), sourceChips(data.sources, page, texts) ?? el("p", { class: "muted small" }, texts.own_judgement),
      open(data.gap, texts.read_gap),
    ];
  }

  function derived() {
    return [
      data.relation === "column" ? null : el("p", { class: "small" }, texts.computed_note),
      data.basis?.length ? el("h3", {}, texts.follows_from) : null,
      data.basis?.length ? el("ul", { class: "past" }, ...data.basis.map((row) => el("li", {},
        el("span", {}, row.sentence, sourceChips(row.sources, page, texts))))) : null,
    ];
  }

  function stated() {
    return [
      ...(data.facts.length ? [el("h3", {}, texts.facts), factList({ page, texts }, data.facts)] : []),
      el("h3", {}, texts.sources),
      data.curated ? el("p", { class: "muted small" }, texts.own_judgement) : documents(),
      open(data.page, texts.open_page),
    ];
  }

  /** Every source by its title, with its grade and its own address. */
  function documents() {
    return el("ul", { class: "past" }, ...data.sources.map((source) => {
      const address = safeHref(source.url);
      return el("li", {}, el("span", {},
        sourceChips([source], page, texts),
        el("span", { class: "v small" }, address ? el("a", { href: address, rel: "noopener noreferrer" }, source.title) : source.title)));
    }));
  }

  /** A line of a group: the sentence says all. */
  const group = () => [];

  const aboutGroup = [data.from, data.to].some(({ id }) => id.startsWith("group:"));
  const evidence = aboutGroup ? group : { missing, derived, stated }[data.kind];
  return [
    el("p", { class: data.kind === "missing" ? "sum gap" : "sum" }, data.sentence),
    el("dl", {}, end(texts.line_from, data.from), end(texts.line_to, data.to)),
    ...evidence(),
  ];
}
