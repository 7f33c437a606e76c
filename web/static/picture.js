/* What is in the picture: things, links and hidden kinds. Knows nothing of the canvas or the page. */

import { numeral } from "./dom.js";
import { placed } from "./place.js";

const FULL = 500;

/** `reach` measures marks and texts, see reach.js. */
export function createPicture(reach) {
  const picture = {
    view: { nodes: [], bands: [], texts: [], list: [], mode: "overview" },
    nodes: new Map(),
    edges: new Map(),
    hiddenKinds: new Set(),

    load(view) {
      picture.view = view;
      picture.nodes = new Map(view.nodes.map((node) => [node.id, { ...node }]));
      picture.edges = new Map(view.edges.map((edge) => [edge.id, edge]));
      picture.hiddenKinds.clear();
      regroup();
    },

    /** True for what is drawn, be it a mark or a band. */
    holds: (id) => picture.nodes.has(id) || isBand(id),

    /** The box of a mark with its label. */
    reach: (node) => reach.ofNode(node, node.id === picture.view.focus),

    /** Adds what is new, beside `center`; returns only the new nodes and edges. Refuses to grow past FULL. */
    merge(nodes, edges, center) {
      const unique = [...new Map(nodes.map((node) => [node.id, node])).values()];
      const fresh = unique.filter((node) => !picture.holds(node.id));
      if (picture.nodes.size + fresh.length > FULL) return null;
      const taken = [
        ...[...picture.nodes.values()].map(picture.reach),
        ...(picture.view.texts ?? []).map(reach.ofText), ...(picture.view.bands ?? []).map(reach.ofBandName),
      ];
      const added = placed(fresh, center, taken, picture.reach);
      added.forEach((node) => picture.nodes.set(node.id, node));
      const known = new Set([...picture.edges.values()].map(sameness));
      const ends = (edge) => picture.holds(edge.from) && picture.holds(edge.to);
      const links = edges.filter((edge) => !picture.edges.has(edge.id) && !known.has(sameness(edge)) && ends(edge));
      links.forEach((edge) => picture.edges.set(edge.id, edge));
      regroup();
      return { nodes: added, edges: links };
    },

    remove(nodeIds, edgeIds) {
      nodeIds.forEach((id) => picture.nodes.delete(id));
      edgeIds.forEach((id) => picture.edges.delete(id));
      regroup();
    },

    visible(id) {
      const node = picture.nodes.get(id);
      return node?.left !== 0 && !picture.hiddenKinds.has(node?.kind);
    },

    counts() {
      const counts = new Map();
      for (const { kind } of picture.nodes.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return counts;
    },

    missing: () => [...picture.edges.values()].filter((edge) => edge.style === "missing").length,

    /** How many things stand behind group marks. */
    rest: () => [...picture.nodes.values()].reduce((sum, node) => sum + (node.left ?? 0), 0),

    /** Keys of the legend: marks, lines and the spine that are in the picture now. */
    vocabulary() {
      const words = new Set(picture.view.spine ? ["spine"] : []);
      for (const node of picture.nodes.values()) words.add(node.mark);
      for (const edge of picture.edges.values()) words.add(`line-${edge.style}`);
      return words;
    },
  };

  /** A group counts the members that are not in the picture themselves; at none left it is not shown. */
  function regroup() {
    for (const { id, label, number, members } of picture.view.nodes.filter((node) => node.members)) {
      const left = members.filter((member) => !picture.holds(member)).length;
      const total = String(members.length);
      const at = label.lastIndexOf(total);
      const renamed = at < 0 ? label : label.slice(0, at) + numeral(left) + label.slice(at + total.length);
      Object.assign(picture.nodes.get(id), { left, label: renamed, number: number && left });
    }
  }

  const isBand = (id) => picture.view.bands?.some((band) => band.id === id);
  const sameness = (edge) => `${edge.from} ${edge.relation} ${edge.to} ${edge.style}`;
  return picture;
}
