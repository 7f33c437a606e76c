/* What the panel says of a thing: facts with their sources, gaps, conflicts, history, figures, and its links. */

import { el, fill, numeral, safeHref } from "./dom.js";
import { openMenu } from "./menu.js";
import { carried } from "./net.js";
import { sourceChips } from "./sources.js";

const BATCH = 25;

/** A value with its address and a note beside it. */
export function value({ text, href, note }) {
  const address = safeHref(href);
  const words = address ? el("a", { href: address }, text) : text;
  return el("span", { class: "v" }, words, note ? el("small", {}, note) : null);
}

/** Facts as a list of terms, each with the sources of its row. */
export function factList({ page, texts }, rows) {
  return el("dl", {}, ...rows.map((row) => el("div", { class: "f" },
    el("dt", {}, row.label),
    el("dd", {},
      ...row.values.map(value),
      row.values.length ? null : el("span", { class: "status nr" }, texts.not_recorded),
      sourceChips(row.sources, page, texts)))));
}

/** `watch(update)` calls `update` whenever the picture has changed; the rest as in panel.js. */
export function thingParts({ page, texts, on, watch }) {
  const button = (text, run, look = "btn") => {
    const made = el("button", { type: "button", class: look }, text);
    made.addEventListener("click", run);
    return made;
  };

  function more(id) {
    const opened = button(texts.more_actions, () => {
      const can = on.can?.(id) ?? {};
      const box = opened.getBoundingClientRect();
      openMenu(texts.more_actions, [
        can.hide && { text: texts.hide, run: () => on.hide(id) },
        can.pin && { text: can.pinned ? texts.unpin : texts.pin, run: () => on.pin(id) },
        can.near && { text: can.isNear ? texts.leave_near : texts.near, run: () => on.near(id) },
      ].filter(Boolean), { x: box.left, y: box.bottom + 4 });
    });
    opened.setAttribute("aria-haspopup", "menu");
    watch(() => {
      const can = on.can?.(id) ?? {};
      opened.hidden = !(can.hide || can.pin || can.near);
    });
    return opened;
  }

  function actions(id, pageHref, rows) {
    const expand = button(texts.expand, () => on.expand(id), "btn solid");
    const collapse = button(texts.collapse, () => on.collapse(id));
    watch(() => {
      expand.disabled = !rows.some((row) => row.relation !== "missing" && on.left(row));
      const brought = on.can?.(id).collapse ?? 0;
      collapse.hidden = !brought;
      collapse.textContent = `${texts.collapse} (${numeral(brought)})`;
    });
    if (!pageHref) return el("div", { class: "acts" }, expand, collapse, more(id));
    const around = el("a", { class: "btn", href: carried(`/?focus=${encodeURIComponent(id)}`) }, texts.around);
    around.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      on.around(id);
    });
    watch(() => { around.hidden = Boolean(on.can?.(id).central); });
    return el("div", { class: "acts" }, expand, collapse, around, button(texts.path_to, () => on.path(id)),
      el("a", { class: "btn", href: pageHref }, texts.open_page), more(id));
  }

  function gapRow(gap) {
    const label = gap.label ? el("em", {}, texts[gap.label] ?? gap.label) : null;
    return el("li", {}, el("a", { href: safeHref(gap.href) }, el("span", {}, gap.text), label));
  }

  /** Inputs that a plant lacks; of other things any finding, and the sheet with what the plants there lack. */
  function gaps({ kind, gaps: rows, gaps_total: total, sheet }) {
    const plant = kind === "facility", rest = total - rows.length;
    const whole = sheet && !plant ? el("p", { class: "small" }, el("a", { href: safeHref(sheet) }, texts.gap_sheet)) : null;
    if (!rows.length) return whole ? [el("h3", {}, texts.gaps), whole] : [];
    return [
      el("h3", {}, plant ? texts.missing_links : texts.gaps), el("ul", { class: "m" }, ...rows.map(gapRow)), whole,
      el("p", { class: "muted xs" }, plant ? texts.missing_note : texts.gaps_note),
      rest > 0 ? el("p", { class: "muted xs" }, fill(texts.more_gaps, { n: numeral(rest) })) : null,
    ];
  }

  function conflicts(rows) {
    if (!rows.length) return [];
    return [el("h3", {}, texts.conflicts), ...rows.map((row) => el("div", { class: "differ" },
      el("p", { class: "small" }, el("a", { href: safeHref(row.href) }, row.label)),
      el("ul", {}, ...row.values.map((one) => el("li", { class: one.used ? "used" : null },
        el("span", { class: "v" }, one.text, one.used ? el("small", {}, texts.in_use) : null),
        sourceChips(one.sources, page, texts)))),
      row.reason ? el("p", { class: "muted xs" }, row.reason) : null))];
  }

  function history(rows) {
    if (!rows.length) return [];
    return [el("h3", {}, texts.history), el("ul", { class: "past" }, ...rows.map((row) => el("li", {},
      row.date ? el("b", {}, row.date) : null,
      el("span", {}, value(row), sourceChips(row.sources, page, texts)))))];
  }

  function figures(rows) {
    if (!rows.length) return [];
    return [el("h3", {}, texts.figures), el("dl", {}, ...rows.map((row) => el("div", { class: "f" },
      el("dt", {}, row.unit ? `${row.label} (${row.unit})` : row.label),
      el("dd", {}, ...row.values.map((one) => el("span", { class: "v" },
        el("a", { href: safeHref(one.href) }, one.value), el("small", {}, [one.period, one.note].filter(Boolean).join(", ")),
        sourceChips(one.sources, page, texts)))))))];
  }

  /** The things at the other end, 25 at a time; each row opens that thing. */
  function neighbours(id, row) {
    const items = el("ul", {});
    const state = el("p", { class: "muted xs", role: "status" });
    const next = button("", () => load());
    next.hidden = true;
    let after = 0;

    async function load() {
      next.hidden = true;
      state.textContent = texts.loading;
      try {
        const found = await on.ask("/api/expand", {
          id, relation: row.relation, direction: row.direction, after, limit: BATCH });
        items.append(...found.nodes.map(item));
        after = found.after;
        state.textContent = "";
        next.textContent = fill(texts.next_n, { n: numeral(Math.min(BATCH, row.count - (after ?? 0))) });
        next.hidden = after === null;
      } catch (error) {
        state.textContent = texts[error.text] ?? texts.failed;
        next.textContent = texts.retry;
        next.hidden = false;
      }
    }

    function item(node) {
      const link = el("a", { href: carried(page + encodeURIComponent(node.id)) }, node.title.split("\n")[0] || node.label);
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        on.follow(node.id);
      });
      return el("li", {}, link, el("small", {}, node.title.split("\n").slice(1).join(", ")));
    }
    return { load, elements: [items, state, next] };
  }

  function relationRow(id, row) {
    const { relation, direction, label, count } = row;
    const show = el("button",
      { type: "button", class: "btn", "data-relation": relation, "data-direction": direction });
    const done = el("span", { class: "muted xs nb" }, texts.all_shown);
    let busy = false;
    show.addEventListener("click", async () => {
      if (busy) return;
      busy = true;
      await on.relation(id, row);
      busy = false;
    });
    watch(() => {
      const left = on.left(row);
      show.hidden = !left;
      done.hidden = Boolean(left);
      show.textContent = fill(left < count ? texts.next_n : texts.show_n, { n: numeral(Math.min(BATCH, left)) });
      show.setAttribute("aria-label", `${label}: ${show.textContent}`);
    });
    const list = neighbours(id, row);
    const summary = el("summary", { class: relation === "missing" ? "red" : null }, `${label} (${numeral(count)})`);
    const folded = el("details", { class: "near" }, summary, ...list.elements);
    folded.addEventListener("toggle", () => { if (folded.open) list.load(); }, { once: true });
    return el("li", {}, folded, show, done);
  }

  function relations(id, rows) {
    if (!rows.length) return [el("h3", {}, texts.links), el("p", { class: "muted small" }, texts.no_links)];
    return [el("h3", {}, texts.links), el("ul", { class: "r" }, ...rows.map((row) => relationRow(id, row)))];
  }

  function absent(note) {
    if (!note) return null;
    return el("p", { class: "sum" }, `${note.text} `, el("a", { href: safeHref(note.href) }, note.label));
  }

  function body(data) {
    return [
      absent(data.absent),
      data.summary ? el("p", { class: data.gaps_total && data.kind === "facility" ? "sum gap" : "sum" }, data.summary) : null,
      actions(data.id, safeHref(data.page), data.relations),
      ...(data.facts.length ? [el("h3", {}, texts.facts), factList({ page, texts }, data.facts)] : []),
      ...gaps(data), ...conflicts(data.conflicts), ...history(data.history),
      ...figures(data.figures), ...relations(data.id, data.relations),
    ];
  }

  return { actions, body, relations };
}
