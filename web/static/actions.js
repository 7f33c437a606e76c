/* What a reader can do with one thing of the picture. Each is one step that can be undone. */

import { fill, numeral } from "./dom.js";
import { collapsed, collapsible } from "./expansions.js";
import { FULL } from "./picture.js";
import { PATH } from "./state.js";

const BATCH = 25;
const without = (list, id) => list.filter((other) => other !== id);

/** `core` as in explorer.js; `choose(id)` opens the panel where a relation is chosen. */
export function createActions(core, { canvas, choose, panel }) {
  const { picture, texts } = core;
  const named = (text, id, more = {}) => fill(text, { name: core.name(id), ...more });

  /** Neighbours by one relation that are not in the picture yet. */
  const left = ({ ids }) => ids.filter((id) => !picture.holds(id));

  /** The next of them, and those that another expansion brought: both hold them then. */
  function entry(of, { relation, direction, ids }) {
    const next = new Set(left({ ids }).slice(0, BATCH));
    const here = new Set(core.doc().added.flatMap((one) => one.ids));
    return { of, relation, direction, ids: ids.filter((id) => next.has(id) || (here.has(id) && !picture.inBase(id))) };
  }

  async function add(entries, words) {
    const fresh = [...new Set(entries.flatMap(({ ids }) => ids.filter((id) => !picture.holds(id))))];
    if (picture.nodes.size + fresh.length > FULL) return core.say(texts.too_many);
    const before = new Set(picture.nodes.keys());
    if (!await core.change((doc) => ({ added: [...doc.added, ...entries] }), words)) return undefined;
    const added = fresh.filter((id) => picture.nodes.has(id) && !before.has(id));
    if (added.length) canvas()?.include(added.map((id) => picture.nodes.get(id)));
    return core.say(fill(texts.added, { n: numeral(added.length) }), true);
  }

  const around = (id, n) => named(texts.did_expand, id, { n: numeral(n) });

  async function expand(id) {
    core.say(texts.loading);
    try {
      const { relations } = await core.ask("/api/expand", { id });
      const open = relations.filter((row) => row.relation !== "missing" && left(row).length);
      const total = new Set(open.flatMap(left)).size;
      if (!total) return core.say(relations.length ? texts.all_there : texts.no_neighbours, true);
      if (total > BATCH && open.length > 1) {
        await choose(id);
        panel.chooseRelation();
        return core.say(fill(texts.choose_relation, { n: numeral(total) }));
      }
      return await add(open.map((row) => entry(id, row)), around(id, Math.min(BATCH, total)));
    } catch (error) {
      return core.complain(error);
    }
  }

  const actions = {
    left,
    expand,
    relation: (id, row) => add([entry(id, row)], around(id, Math.min(BATCH, left(row).length))),
    collapse: (id) => core.change((doc) => collapsed(doc, id), named(texts.did_collapse, id)),
    hide: (id) => core.change((doc) => ({
      hidden: [...without(doc.hidden, id), id], select: doc.select === id ? null : doc.select,
      near: doc.near === id ? null : doc.near,
    }), named(texts.did_hide, id)),
    showAll: () => core.change({ hidden: [] }, texts.did_show_all),
    pin: (id) => {
      const pinned = core.doc().pinned.includes(id);
      const { x, y } = picture.nodes.get(id);
      return core.change((doc) => (pinned
        ? { pinned: without(doc.pinned, id) }
        : { pinned: [...doc.pinned, id], at: { ...doc.at, [id]: [Math.round(x), Math.round(y)] } }
      ), named(pinned ? texts.did_unpin : texts.did_pin, id));
    },
    near: (id) => (id === null || core.doc().near === id
      ? core.change({ near: null }, texts.did_leave_near)
      : core.change({ near: id }, named(texts.did_near, id))),
    moved: (at) => core.change((doc) => ({ at: { ...doc.at, ...at } }), named(texts.did_move, Object.keys(at)[0])),
    addPath: async (from, to, ids) => {
      const fresh = ids.filter((id) => !picture.holds(id));
      if (picture.nodes.size + fresh.length > FULL) return core.say(texts.too_many);
      await core.change((doc) => ({
        added: [...doc.added, { path: [from, to], ids }], near: PATH, hidden: doc.hidden.filter((id) => !ids.includes(id)),
      }),
        fill(texts.did_path, { name: core.name(from), other: core.name(to) }));
      return canvas()?.include(ids.map((id) => picture.nodes.get(id)).filter(Boolean));
    },
    /** What the buttons and the menu offer for `id`. */
    can(id) {
      const doc = core.doc();
      const node = picture.nodes.get(id);
      return {
        collapse: collapsible(doc, id, picture.inBase), hide: Boolean(node), pin: Boolean(node),
        near: Boolean(node), pinned: doc.pinned.includes(id), isNear: doc.near === id, central: picture.view.focus === id, group: id.startsWith("group:"),
      };
    },
  };
  return actions;
}
