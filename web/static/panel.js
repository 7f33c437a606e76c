/* The side panel: its frame, its states, and where the keyboard is. What stands in it comes from thing_panel.js and
   link_panel.js. */

import { block, el, plain } from "./dom.js";
import { linkParts } from "./link_panel.js";
import { carried } from "./net.js";
import { thingParts } from "./thing_panel.js";

const PATIENCE = 3000;

/**
 * `on` = {
 *   close(), expand(id), collapse(id), around(id), path(id), hide(id), pin(id), near(id), follow(id): what to do,
 *   relation(id, row), left(row) -> how many neighbours by one relation the picture lacks,
 *   ask(path, params) -> JSON under the filters and the date of the picture,
 *   can(id) -> {collapse, hide, pin, near, pinned, isNear, central}, home() -> where the keyboard goes on closing,
 * }.
 */
export function createPanel(aside, page, shared, on) {
  const texts = { ...shared, ...block("panel-texts") };
  let opener = null;
  let updates = [];
  let slow = 0;

  const title = () => aside.querySelector(".title");
  const holdsKeyboard = () => aside.contains(document.activeElement);

  function head(kind, name, alternative, language) {
    const close = el("button", { type: "button", class: "btn" }, texts.close);
    close.addEventListener("click", on.close);
    return [
      el("span", { class: "grip", "aria-hidden": "true" }),
      el("div", { class: "top-row" }, el("p", { class: "kicker" }, kind), close),
      el("h2", { class: "title", tabindex: "-1" }, name),
      alternative && alternative !== name ? el("p", { class: "muted small", lang: language }, alternative) : null,
    ];
  }

  /** Whether a button still has something to do. One that goes away hands the keyboard on. */
  function refresh() {
    const held = holdsKeyboard() ? document.activeElement : null;
    updates.forEach((update) => update());
    if (held?.hidden || held?.disabled) (aside.querySelector(".r button[data-relation]:not([hidden])") ?? title()).focus();
  }

  /** Shows what `build` returns; the keyboard stays in the panel if it was there. */
  function reveal(build, keyboard = holdsKeyboard()) {
    clearTimeout(slow);
    updates = [];
    aside.replaceChildren(...build().filter(Boolean));
    aside.hidden = false;
    aside.scrollTop = 0;
    aside.closest(".work").classList.add("with-panel");
    refresh();
    if (keyboard) title().focus({ preventScroll: true });
  }

  const context = { page, texts, on, watch: (update) => updates.push(update) };
  const { actions, body, relations } = thingParts(context);
  const names = (lines) => el("ul", { class: "names small" }, ...lines.split("\n").map((name) => el("li", {}, name)));

  return {
    /** A name while the facts are on their way. `from` is the element that gets the keyboard back. */
    wait(label, from) {
      const keyboard = holdsKeyboard();
      if (from || !keyboard) opener = from;
      const note = el("p", { class: "muted small", role: "status" }, texts.loading);
      reveal(() => [...head("", label), note], Boolean(from) || keyboard);
      slow = setTimeout(() => { note.textContent = texts.still_loading; }, PATIENCE);
    },
    show(data) {
      const kind = [data.type_label, data.place, data.state].filter(Boolean).join(", ");
      reveal(() => [...head(kind, data.label, data.alt_label, data.alt_lang), ...body(data)]);
    },
    /** A group of the picture has no page of its own: only a name and what it holds. */
    showGroup(node, rows) {
      reveal(() => [...head(texts.group, plain(node.label)), node.title ? names(node.title) : null,
        actions(node.id, null, rows), ...relations(node.id, rows)]);
    },
    /** Things that share one mark of the map, each a link to choose it. */
    showMembers(label, members) {
      reveal(() => [...head(texts.group, label), el("ul", { class: "names" }, ...members.map(({ id, label: name }) => {
        const link = el("a", { href: carried(page + encodeURIComponent(id)) }, name);
        link.addEventListener("click", (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          on.follow(id);
        });
        return el("li", {}, link);
      }))]);
    },
    /** One line of the picture with its evidence, as `/api/link` gives it. */
    showLink(data) {
      reveal(() => [...head(texts[`line_${data.kind}`], data.label), ...linkParts(context, data)]);
    },
    /** `retry()` tries again, where that can help. */
    fail(label, message, retry = null) {
      const again = retry && el("button", { type: "button", class: "btn" }, texts.retry);
      again?.addEventListener("click", retry);
      reveal(() => [...head("", label), el("p", { class: "sum", role: "alert" }, message),
        again && el("div", { class: "acts" }, again)]);
    },
    refresh,
    chooseRelation() {
      aside.querySelector(".r button[data-relation]:not([hidden])")?.focus();
    },
    hide() {
      clearTimeout(slow);
      if (aside.hidden) return;
      const keyboard = holdsKeyboard();
      const back = opener?.checkVisibility() ? opener : on.home();
      aside.hidden = true;
      aside.closest(".work").classList.remove("with-panel");
      if (keyboard) back?.focus({ preventScroll: true });
    },
  };
}
