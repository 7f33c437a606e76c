/* What is in the picture: things, links and hidden kinds. Knows nothing of the canvas or the page. */

import { placed } from "./place.js";

const FULL = 500;

export function createPicture() {
  const picture = {
    view: { bands: [], texts: [], list: [], mode: "overview" },
    nodes: new Map(),
    edges: new Map(),
    hiddenKinds: new Set(),

    load(view) {
      picture.view = view;
      picture.nodes = new Map(view.nodes.map((node) => [node.id, node]));
      picture.edges = new Map(view.edges.map((edge) => [edge.id, edge]));
      picture.hiddenKinds.clear();
    },

    /** Adds what is new, beside `center`; returns only the new nodes and edges. Refuses to grow past FULL. */
    merge(nodes, edges, center) {
      const unique = [...new Map(nodes.map((node) => [node.id, node])).values()];
      const fresh = unique.filter((node) => !picture.nodes.has(node.id));
      if (picture.nodes.size + fresh.length > FULL) return null;
      const taken = [...picture.nodes.values(), ...(picture.view.texts ?? []), ...bandNames()];
      const added = placed(fresh, center, taken);
      added.forEach((node) => picture.nodes.set(node.id, node));
      const known = new Set([...picture.edges.values()].map(sameness));
      const ends = (edge) => [edge.from, edge.to].every((id) => picture.nodes.has(id) || isBand(id));
      const links = edges.filter((edge) => !picture.edges.has(edge.id) && !known.has(sameness(edge)) && ends(edge));
      links.forEach((edge) => picture.edges.set(edge.id, edge));
      return { nodes: added, edges: links };
    },

    remove(nodeIds, edgeIds) {
      nodeIds.forEach((id) => picture.nodes.delete(id));
      edgeIds.forEach((id) => picture.edges.delete(id));
    },

    visible: (id) => !picture.hiddenKinds.has(picture.nodes.get(id)?.kind),

    counts() {
      const counts = new Map();
      for (const { kind } of picture.nodes.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return counts;
    },

    missing: () => [...picture.edges.values()].filter((edge) => edge.style === "missing").length,

    /** Keys of the legend: marks, lines and the spine that are in the picture now. */
    vocabulary() {
      const words = new Set(picture.view.spine ? ["spine"] : []);
      for (const node of picture.nodes.values()) words.add(node.mark);
      for (const edge of picture.edges.values()) words.add(`line-${edge.style}`);
      return words;
    },
  };
  const bandNames = () => (picture.view.bands ?? []).map((band) => ({ x: band.x + 80, y: band.y + 32 }));
  const isBand = (id) => picture.view.bands?.some((band) => band.id === id);
  const sameness = (edge) => `${edge.from} ${edge.relation} ${edge.to} ${edge.style}`;
  return picture;
}
