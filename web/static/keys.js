/* The keyboard of the explorer: one table, one listener, and the help that is written from the table. */

import { el } from "./dom.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 0.12;
const TYPING = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";

/** The keys of an event as they stand in the table: "Ctrl+Shift+Z", "ArrowUp", "?". */
function pressed(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shift = event.shiftKey && (event.key.length > 1 || /\p{L}/u.test(event.key));
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${key}`;
}

/** The mark nearest to `id` in a direction, or the one nearest to the middle when nothing is chosen. */
function neighbour(picture, id, [dx, dy]) {
  const from = picture.nodes.get(id);
  const seen = [...picture.nodes.values()].filter((node) => node.id !== id && picture.visible(node.id));
  const cost = (node) => {
    if (!from) return Math.hypot(node.x - 720, node.y - 376);
    const along = (node.x - from.x) * dx + (node.y - from.y) * dy;
    const aside = Math.abs((node.x - from.x) * dy) + Math.abs((node.y - from.y) * dx);
    return along > 0 ? along + 2 * aside : Infinity;
  };
  const best = seen.sort((a, b) => cost(a) - cost(b))[0];
  return best && Number.isFinite(cost(best)) ? best.id : null;
}

/**
 * Rows {keys, what, run(key), where}: `where` "picture" is for the keyboard on the picture, "thing" for the picture
 * or a row of the list, and otherwise anywhere but in a field. `run` may return false for "not mine".
 */
function table(core, { canvas, menu, help, panelTitle }) {
  const { actions, texts } = core;
  const chosen = (run) => () => {
    const id = core.doc().select;
    return id !== null && core.picture.nodes.has(id) ? run(id) : false;
  };
  return [
    { keys: Object.keys(ARROWS), show: "← → ↑ ↓", what: texts.key_pan, where: "picture",
      run: (key) => canvas()?.pan(...ARROWS[key].map((part) => part * STEP)) },
    { keys: Object.keys(ARROWS).map((key) => `Shift+${key}`), show: "Shift + ← → ↑ ↓", what: texts.key_next,
      where: "picture",
      run: (key) => {
        const next = neighbour(core.picture, core.doc().select, ARROWS[key.slice(6)]);
        if (next) core.select(next);
      } },
    { keys: ["+", "="], show: "+", what: texts.key_in, where: "picture", run: () => canvas()?.zoom("in") },
    { keys: ["-"], show: "−", what: texts.key_out, where: "picture", run: () => canvas()?.zoom("out") },
    { keys: ["0"], what: texts.key_all, where: "picture", run: () => canvas()?.zoom("all") },
    { keys: ["Enter"], what: texts.key_panel, where: "picture", run: () => panelTitle()?.focus() },
    { keys: ["Shift+F10", "ContextMenu"], show: "Shift + F10", what: texts.key_menu, where: "thing", run: menu },
    { keys: ["E"], what: texts.key_expand, where: "picture", run: chosen(actions.expand) },
    { keys: ["C"], what: texts.key_collapse, where: "picture",
      run: chosen((id) => (actions.can(id).collapse ? actions.collapse(id) : false)) },
    { keys: ["H", "Delete"], show: "H", what: texts.key_hide, where: "picture", run: chosen(actions.hide) },
    { keys: ["P"], what: texts.key_pin, where: "picture", run: chosen(actions.pin) },
    { keys: ["N"], what: texts.key_near, where: "picture", run: chosen(actions.near) },
    { keys: ["Ctrl+Z"], show: "Ctrl + Z", what: texts.undo, run: core.undo },
    { keys: ["Ctrl+Shift+Z", "Ctrl+Y"], show: "Ctrl + Shift + Z", what: texts.redo, run: core.redo },
    { keys: ["Escape"], show: "Esc", what: texts.key_escape,
      run: () => {
        if (core.doc().select !== null) return core.select(null);
        return core.doc().near === null ? false : actions.near(null);
      } },
    { keys: ["/"], what: texts.key_find, run: () => false },
    { keys: ["?"], what: texts.key_help, run: help },
  ].map((row) => ({ show: row.keys[0], ...row }));
}

/** `parts` = {canvas(), menu(), stage, list, button, panelTitle()}; `dialog` is the <dialog> of the help. */
export function createKeys(core, parts, dialog) {
  const help = () => dialog.showModal();
  const rows = table(core, { ...parts, help });
  const places = { picture: [parts.stage], thing: [parts.stage, parts.list] };

  dialog.querySelector("[data-keys]").replaceChildren(...rows.map((row) => el("div", {},
    el("dt", {}, el("kbd", {}, row.show)), el("dd", {}, row.what))));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  parts.button.addEventListener("click", help);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.(TYPING) && event.key !== "Escape") return;
    const key = pressed(event);
    const row = rows.find(({ keys, where }) => (
      keys.includes(key) && (!where || places[where].some((place) => place.contains(event.target)))));
    if (row && row.run(key) !== false) event.preventDefault();
  });
}
