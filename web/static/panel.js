/* The side panel: what is known of one thing, who says so, what is missing, what can be added to the picture. */

import { el, fill, numeral, plain, safeHref } from "./dom.js";
import { carried } from "./net.js";
import { sourceChips } from "./sources.js";

const BATCH = 25;

/**
 * `on` = {close(), expand(id), around(id), relation(id, row), left(row) -> how many neighbours the picture lacks,
 * home() -> where the keyboard goes on closing when nothing better is known}.
 */
export function createPanel(aside, page, texts, on) {
  let opener = null;
  let updates = [];

  const title = () => aside.querySelector(".title");
  const holdsKeyboard = () => aside.contains(document.activeElement);

  function head(kind, title, alternative, language) {
    const close = el("button", { type: "button", class: "btn" }, texts.close);
    close.addEventListener("click", on.close);
    return [
      el("span", { class: "grip", "aria-hidden": "true" }),
      el("div", { class: "top-row" }, el("p", { class: "kicker" }, kind), close),
      el("h2", { class: "title", tabindex: "-1" }, title),
      alternative && alternative !== title ? el("p", { class: "muted small", lang: language }, alternative) : null,
    ];
  }

  function actions(id, pageHref, rows) {
    const expand = el("button", { type: "button", class: "btn solid" }, texts.expand);
    expand.addEventListener("click", () => on.expand(id));
    updates.push(() => {
      expand.disabled = !rows.some((row) => row.relation !== "missing" && on.left(row));
    });
    const around = el("a", { class: "btn", href: carried(`?focus=${encodeURIComponent(id)}`) }, texts.around);
    around.addEventListener("click", (event) => {
      event.preventDefault();
      on.around(id);
    });
    const open = el("a", { class: "btn", href: pageHref }, texts.open_page);
    return el("div", { class: "acts" }, expand, pageHref && around, pageHref && open);
  }

  function value({ text, href, note }) {
    const address = safeHref(href);
    const words = address ? el("a", { href: address }, text) : text;
    return el("span", { class: "v" }, words, note ? el("small", {}, note) : null);
  }

  function facts(rows) {
    if (!rows.length) return [];
    return [el("h3", {}, texts.facts), el("dl", {}, ...rows.map((row) => el("div", { class: "f" },
      el("dt", {}, row.label),
      el("dd", {},
        ...row.values.map(value),
        row.values.length ? null : el("span", { class: "status nr" }, texts.not_recorded),
        sourceChips(row.sources, page, texts)))))];
  }

  function gapRow(gap) {
    const label = gap.label ? el("em", {}, texts[gap.label] ?? gap.label) : null;
    return el("li", {}, el("a", { href: safeHref(gap.href) }, el("span", {}, gap.text), label));
  }

  function gaps(rows, total) {
    if (!rows.length) return [];
    const rest = total - rows.length;
    return [
      el("h3", {}, texts.missing_links), el("ul", { class: "m" }, ...rows.map(gapRow)),
      el("p", { class: "muted xs" }, texts.missing_note),
      rest > 0 ? el("p", { class: "muted xs" }, fill(texts.more_gaps, { n: numeral(rest) })) : null,
    ];
  }

  function relationRow(id, row) {
    const { relation, direction, label, count } = row;
    const button = el("button",
      { type: "button", class: "btn", "data-relation": relation, "data-direction": direction });
    const done = el("span", { class: "muted xs nb" }, texts.all_shown);
    let busy = false;
    button.addEventListener("click", async () => {
      if (busy) return;
      busy = true;
      await on.relation(id, row);
      busy = false;
    });
    updates.push(() => {
      const left = on.left(row);
      button.hidden = !left;
      done.hidden = Boolean(left);
      button.textContent = fill(left < count ? texts.next_n : texts.show_n, { n: numeral(Math.min(BATCH, left)) });
      button.setAttribute("aria-label", `${label}: ${button.textContent}`);
    });
    const words = el("span", { class: relation === "missing" ? "red" : null }, `${label} (${numeral(count)})`);
    return el("li", {}, words, button, done);
  }

  function relations(id, rows) {
    if (!rows.length) return [];
    return [el("h3", {}, texts.links), el("ul", { class: "r" }, ...rows.map((row) => relationRow(id, row)))];
  }

  /** Whether a button still has something to add. One that goes away hands the keyboard on. */
  function refresh() {
    const held = holdsKeyboard() ? document.activeElement : null;
    updates.forEach((update) => update());
    if (held?.hidden || held?.disabled) (aside.querySelector(".r button:not([hidden])") ?? title()).focus();
  }

  /** Shows what `build` returns; the keyboard stays in the panel if it was there. */
  function reveal(build, keyboard = holdsKeyboard()) {
    updates = [];
    aside.replaceChildren(...build().filter(Boolean));
    aside.hidden = false;
    aside.scrollTop = 0;
    aside.closest(".work").classList.add("with-panel");
    refresh();
    if (keyboard) title().focus({ preventScroll: true });
  }

  const names = (lines) => el("ul", { class: "names small" }, ...lines.split("\n").map((name) => el("li", {}, name)));

  return {
    /** A name while the facts are on their way. `from` is the element that gets the keyboard back. */
    wait(label, from) {
      const keyboard = holdsKeyboard();
      if (from || !keyboard) opener = from;
      reveal(() => [...head("", label), el("p", { class: "muted small" }, texts.loading)], Boolean(from) || keyboard);
    },
    show(data) {
      reveal(() => [
        ...head([data.type_label, data.place, data.state].filter(Boolean).join(", "), data.label, data.alt_label, data.alt_lang),
        data.summary ? el("p", { class: data.gaps_total ? "sum gap" : "sum" }, data.summary) : null,
        actions(data.id, safeHref(data.page), data.relations),
        ...facts(data.facts), ...gaps(data.gaps, data.gaps_total), ...relations(data.id, data.relations),
      ]);
    },
    /** A group of the picture has no page of its own: only a name and what it holds. */
    showGroup(node, rows) {
      reveal(() => [...head(texts.group, plain(node.label)), node.title ? names(node.title) : null,
        actions(node.id, null, rows), ...relations(node.id, rows)]);
    },
    fail(label, message) {
      reveal(() => [...head("", label), el("p", { class: "sum" }, message)]);
    },
    refresh,
    chooseRelation() {
      aside.querySelector(".r button:not([hidden])")?.focus();
    },
    hide() {
      if (aside.hidden) return;
      const keyboard = holdsKeyboard();
      const back = opener?.checkVisibility() ? opener : on.home();
      aside.hidden = true;
      aside.closest(".work").classList.remove("with-panel");
      if (keyboard) back?.focus({ preventScroll: true });
    },
  };
}
