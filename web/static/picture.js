/* What is in the picture: a function of the server's view, the things fetched beside it and the document.
   Knows nothing of the canvas or the page. */

import { numeral } from "./dom.js";
import { asked, requested } from "./expansions.js";
import { placed } from "./place.js";
import { PATH } from "./state.js";

export const FULL = 500;

/** `reach` measures marks and texts, see reach.js. */
export function createPicture(reach) {
  let doc = null;
  let base = new Map();
  let things = { nodes: new Map(), edges: new Map() };
  let overlay = { nodes: [], edges: [] };
  const absent = new Set();

  const picture = {
    view: { nodes: [], edges: [], bands: [], texts: [], list: [], mode: "overview" },
    nodes: new Map(),
    edges: new Map(),

    /** Starts again from a view of the server; what was fetched beside the former one is forgotten. */
    load(view) {
      picture.view = view;
      base = new Map(view.nodes.map((node) => [node.id, node]));
      things = { nodes: new Map(), edges: new Map() };
      overlay = { nodes: [], edges: [] };
      absent.clear();
    },

    /** Takes in an answer of /api/things. */
    keep({ nodes, edges, unknown = [], left_out = [] }) {
      nodes.forEach((node) => things.nodes.set(node.id, node));
      edges.forEach((edge) => things.edges.set(edge.id, edge));
      [...unknown, ...left_out].forEach((id) => absent.add(id));
    },

    /** What `next` asks for on top of `view`: {ids not known yet, among: all that lines may lead to}. */
    lacking(next, view) {
      const own = [...view?.nodes ?? [], ...view?.bands ?? []].map((one) => one.id);
      const known = view === picture.view ? [...own, ...things.nodes.keys()] : own;
      const here = new Set(view === picture.view ? [...known, ...absent] : known);
      return { ids: asked(next).filter((id) => !here.has(id)), among: known };
    },

    /** Draws `next` up: returns it with a place for every thing that had none. */
    follow(next) {
      const extra = asked(next).filter((id) => things.nodes.has(id) && !picture.inBase(id));
      const nodes = new Map([...base.values(), ...extra.map((id) => things.nodes.get(id))].map((node) => {
        const [x, y] = next.at[node.id] ?? (base.has(node.id) ? [node.x, node.y] : []);
        return [node.id, { ...node, x, y }];
      }));
      const at = arranged(next, nodes);
      doc = Object.keys(at).length ? { ...next, at: { ...next.at, ...at } } : next;
      draw(nodes);
      return doc;
    },

    /** Missing needs of a selected plant: in the picture, but not in the document. */
    lay(nodes = [], edges = [], center = null) {
      overlay = { nodes: [], edges: [] };
      draw(new Map([...picture.nodes].filter(([id]) => base.has(id) || things.nodes.has(id))));
      if (!edges.length) return;
      const fresh = nodes.filter((node) => !picture.holds(node.id));
      overlay = { nodes: placed(fresh, center, taken(picture.nodes), picture.reach), edges };
      draw(picture.nodes);
    },

    /** True for what is drawn, be it a mark or a band. */
    holds: (id) => picture.nodes.has(id) || isBand(id),

    inBase: (id) => base.has(id) || isBand(id),

    /** The box of a mark with its label. */
    reach: (node) => reach.ofNode(node, node.id === picture.view.focus),

    /** The boxes of the texts that stand in the picture by themselves. */
    headings: () => (picture.view.texts ?? []).map(reach.ofText),

    visible: (id) => {
      const node = picture.nodes.get(id);
      return node?.left !== 0 && !node?.hidden;
    },

    /** True for a thing outside the neighbourhood that the document keeps to. */
    dim: (id) => Boolean(picture.nodes.get(id)?.dim),

    /** True for a line outside it: on a path, every line that is no step of it. */
    dimLine: (edge) => picture.dim(edge.from) || picture.dim(edge.to) || (doc?.near === PATH && !requested(pathOnly(doc), edge)),

    count: () => [...picture.nodes.values()].filter((node) => !node.hidden).length,

    missing: () => [...picture.edges.values()].filter((edge) => edge.style === "missing").length,

    /** How many things stand behind group marks. */
    rest: () => [...picture.nodes.values()].reduce((sum, node) => sum + (node.left ?? 0), 0),

    /** Keys of the legend: marks, lines and the spine that are in the picture now. */
    vocabulary() {
      const words = new Set(picture.view.spine ? ["spine"] : []);
      for (const node of picture.nodes.values()) if (!node.hidden) words.add(node.mark);
      for (const edge of picture.edges.values()) words.add(`line-${edge.style}`);
      return words;
    },
  };

  const pathOnly = ({ added }) => ({ added: added.filter((entry) => entry.path).slice(-1) });
  const isBand = (id) => Boolean(picture.view.bands?.some((band) => band.id === id));
  /** Nearly everything is joined to a place, so such lines are drawn only where they were asked for. */
  const isPlace = (id) => !picture.nodes.has(id) || picture.nodes.get(id).kind === "locality";
  const sameness = (edge) => `${edge.from} ${edge.relation} ${edge.to} ${edge.style}`;
  const taken = (nodes) => [
    ...[...nodes.values()].filter((node) => Number.isFinite(node.x)).map(picture.reach),
    ...picture.headings(), ...(picture.view.bands ?? []).map(reach.ofBandName),
  ];

  /** Places for `nodes` without one, beside what they were added for; {id: [x, y]}. Fills them in. */
  function arranged(next, nodes) {
    const at = {};
    const laid = new Map(overlay.nodes.filter((node) => !base.has(node.id)).map((node) => [node.id, node]));
    const groups = [...next.added, { ids: next.pinned }];
    for (const { of, path, ids } of groups) {
      const fresh = ids.map((id) => nodes.get(id)).filter((node) => node && !Number.isFinite(node.x));
      if (!fresh.length) continue;
      const start = fresh.map((node) => ({ ...node, x: laid.get(node.id)?.x, y: laid.get(node.id)?.y }));
      const beside = new Map([...laid, ...nodes]);
      for (const { id, x, y } of placed(start, centre(of ?? path?.[0], nodes), taken(beside), picture.reach)) {
        at[id] = [Math.round(x), Math.round(y)];
        Object.assign(nodes.get(id), { x: at[id][0], y: at[id][1] });
      }
    }
    return at;
  }

  function centre(id, nodes) {
    const node = nodes.get(id) ?? picture.nodes.get(id);
    if (Number.isFinite(node?.x)) return node;
    const band = picture.view.bands?.find((candidate) => candidate.id === id);
    if (band) return { x: band.x + band.width / 2, y: band.y + band.height / 2 };
    const boxes = [...base.values()];
    const middle = (key) => boxes.reduce((sum, one) => sum + one[key], 0) / Math.max(1, boxes.length);
    return { x: middle("x"), y: middle("y") };
  }

  function draw(nodes) {
    picture.nodes = new Map(nodes);
    overlay.nodes.filter((node) => !nodes.has(node.id)).forEach((node) => picture.nodes.set(node.id, { ...node }));
    picture.edges = linked();
    regroup();
    mark();
  }

  /** Lines of the base, then those of the things beside it, then the overlay's; no relation is drawn twice. */
  function linked() {
    const edges = new Map(picture.view.edges.map((edge) => [edge.id, edge]));
    const known = new Set(picture.view.edges.map(sameness));
    const add = (edge) => {
      if (edges.has(edge.id) || known.has(sameness(edge)) || !picture.holds(edge.from) || !picture.holds(edge.to)) return;
      edges.set(edge.id, edge);
      known.add(sameness(edge));
    };
    for (const edge of things.edges.values()) {
      const onRequest = edge.style === "missing" || [edge.from, edge.to].some(isPlace);
      if (!onRequest || requested(doc, edge)) add(edge);
    }
    overlay.edges.forEach(add);
    return edges;
  }

  /** A group counts the members that are not in the picture themselves; at none left it is not shown. */
  function regroup() {
    for (const { id, label, number, members } of picture.view.nodes.filter((node) => node.members)) {
      const left = (number || members.length) - members.filter(picture.holds).length;
      const total = String(number || members.length);
      const at = label.lastIndexOf(total);
      const renamed = at < 0 ? label : label.slice(0, at) + numeral(left) + label.slice(at + total.length);
      Object.assign(picture.nodes.get(id), { left, label: renamed, number: number && left });
    }
  }

  /** Ids that the document keeps to: a thing with its neighbours, or the last path; null for everything. */
  function lit() {
    if (doc?.near === PATH) {
      const path = doc.added.findLast((entry) => entry.path);
      return path ? new Set(path.ids) : null;
    }
    if (!doc || !picture.holds(doc.near)) return null;
    const near = new Set([doc.near]);
    for (const { from, to } of picture.edges.values()) {
      if (from === doc.near) near.add(to);
      if (to === doc.near) near.add(from);
    }
    return near;
  }

  /** Hidden, pinned and dimmed, as the document says. */
  function mark() {
    const hidden = new Set(doc?.hidden);
    const pinned = new Set(doc?.pinned);
    const near = lit();
    for (const node of picture.nodes.values()) {
      Object.assign(node, { hidden: hidden.has(node.id), pinned: pinned.has(node.id), dim: near ? !near.has(node.id) : false });
    }
  }

  return picture;
}
