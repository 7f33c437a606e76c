/* One selection for picture, list and panel: a thing, a group, a place or a line. */

import { fill } from "./dom.js";

const BATCH = 25;
const isGroup = (id) => id.startsWith("group:");

/** `core` as in explorer.js; `panel`, `list` and `canvas()` show what is chosen. */
export function createSelection(core, panel, { aside, mark, canvas }) {
  const { picture } = core;
  let overlaid = null;
  let asking = null;
  let shown = null;

  /** The missing needs of a selected plant go when something else is selected. They are no part of the document. */
  function dropOverlay() {
    if (!overlaid) return;
    overlaid = null;
    picture.lay();
    canvas()?.sync();
  }

  /** Needs of a plant without a recorded supply: dashed red. Its own view has them. */
  async function overlay(id, signal) {
    if (picture.nodes.get(id)?.kind !== "facility" || id === picture.view.focus) return;
    const found = await core.ask("/api/expand", { id, relation: "missing", direction: "out", limit: BATCH }, signal);
    if (signal.aborted || !picture.nodes.has(id)) return;
    picture.lay(found.nodes, found.edges, picture.nodes.get(id));
    overlaid = id;
    canvas()?.sync();
    core.report();
  }

  /** A line of a group has no evidence of its own: it says what it stands for. */
  function ofGroup({ from, to, relation, style, title, name }) {
    const end = (id) => ({ id, label: core.name(id) });
    const { texts } = core;
    const sentence = relation === "column" ? texts.column_line : texts.group_line;
    const group = core.name(isGroup(from) ? from : to);
    return {
      from: end(from), to: end(to), relation, kind: style === "missing" ? "missing" : "group",
      label: name ?? texts.line_group, sentence: style === "missing" ? title : fill(sentence, { group }),
    };
  }

  async function fetchPanel(id, signal) {
    const line = picture.edges.get(id);
    if (line) {
      const own = [line.from, line.to].some(isGroup) ? null : await core.ask("/api/link", { id }, signal);
      panel.showLink(own ?? ofGroup(line));
      return;
    }
    const near = core.ask("/api/expand", { id }, signal);
    if (isGroup(id)) {
      panel.showGroup(picture.nodes.get(id) ?? { id, label: core.name(id) }, (await near).relations);
      return;
    }
    const thing = core.ask(`/api/thing/${encodeURIComponent(id)}`, {}, signal);
    const [about, { relations }] = await Promise.all([thing, near, overlay(id, signal).catch(core.complain)]);
    if (!signal.aborted) panel.show({ ...about, relations });
  }

  async function open(id, from) {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    if (id !== overlaid) dropOverlay();
    shown = id;
    core.say();
    mark(id);
    canvas()?.select(id);
    core.report();
    panel.wait(core.name(id), from);
    try {
      await fetchPanel(id, signal);
    } catch (error) {
      if (error.name === "AbortError" || signal.aborted) return;
      if (!error.text) console.error(error);
      const words = error.detail || (core.texts[error.text] ?? core.texts.failed);
      panel.fail(core.name(id) || core.texts.unknown_thing, words, error.text === "missing" ? null : () => open(id, from));
    }
  }

  function shut() {
    asking?.abort();
    panel.hide();
    shown = null;
    dropOverlay();
    mark(null);
    canvas()?.select(null);
    core.report();
  }

  return {
    /** Chooses `id`, or nothing with null; `from` is the element that gets the keyboard back. */
    choose(id, from = null) {
      if (id !== null && id === shown && !aside.hidden) return;
      core.set({ select: id });
      if (id === null) shut();
      else open(id, from);
    },
    /** Shows what the document says is selected; `anew` after another picture came. */
    follow(id, anew, from = null) {
      if (anew) {
        overlaid = null;
        shown = undefined;
      }
      if (id === shown) return;
      if (id === null) shut();
      else open(id, from);
    },
  };
}
