/* The picture itself: vis-network with given positions, physics off, and our own drawing around it. */

import { drawBackdrop } from "./backdrop.js";
import { palette } from "./marks.js";

const OPTIONS = {
  autoResize: false,
  physics: { enabled: false },
  layout: { improvedLayout: false },
  nodes: { chosen: false, physics: false },
  edges: { smooth: false, chosen: false, selectionWidth: 0, hoverWidth: 0 },
  interaction: {
    hover: true, hideEdgesOnDrag: true, hideEdgesOnZoom: true, tooltipDelay: 250, selectConnectedEdges: false,
    dragNodes: matchMedia("(pointer: fine)").matches,
  },
};
const HELPER = "band-end:";
const READABLE = 0.8;
const LARGEST = 1.25;
const SHORE = 1330;

/**
 * Draws a picture in `element`.
 * `on` = {select(id), expand(id), blank(), line(edge)}; `marks` and `labels` come from their create functions.
 */
export function createCanvas(element, picture, marks, labels, on) {
  const { Network, DataSet } = window.vis;
  const nodes = new DataSet();
  const edges = new DataSet();
  let color = palette();
  let selected = null;
  let touched = false;

  const bandAt = ({ x, y }) => picture.view.bands?.find(
    (band) => x >= band.x && x <= band.x + band.width && y >= band.y && y <= band.y + band.height);
  const shown = (id) => picture.visible(id);
  const central = (node) => node.id === picture.view.focus;
  const groundOf = (at) => color(bandAt(at) ? "wash" : picture.view.coast && at.x > SHORE ? "sea" : "paper");
  const toNode = (node) => ({ ...marks.visNode(node, color, groundOf(node), central(node)), hidden: !shown(node.id) });

  /** An edge may end at a band, which is no node: it then ends at an unseen point on the band's rim. */
  function rim(edge, id, other) {
    const band = picture.view.bands?.find((candidate) => candidate.id === id);
    const target = picture.nodes.get(other);
    if (!band || !target || picture.nodes.has(id)) return null;
    const inset = Math.min(60, band.width / 4);
    const middle = band.x + band.width / 2;
    const x = middle + 0.25 * (target.x - middle);
    return {
      id: `${HELPER}${edge.id}`, shape: "dot", size: 0.1, borderWidth: 0, color: "rgba(0,0,0,0)", physics: false,
      x: Math.min(band.x + band.width - inset, Math.max(band.x + inset, x)),
      y: target.y > band.y ? band.y + band.height : band.y,
    };
  }
  const toRim = (edge) => rim(edge, edge.from, edge.to) ?? rim(edge, edge.to, edge.from);
  function toEdge(edge) {
    const vis = marks.visEdge(edge, color, picture.view);
    return {
      ...vis, from: rim(edge, edge.from, edge.to)?.id ?? edge.from, to: rim(edge, edge.to, edge.from)?.id ?? edge.to,
      hidden: !shown(edge.from) || !shown(edge.to),
    };
  }
  /** One batch: adding one by one is twenty times slower. */
  function put(newNodes, newEdges) {
    nodes.add([...newNodes.map(toNode), ...newEdges.map(toRim).filter(Boolean)]);
    edges.add(newEdges.map(toEdge));
  }

  const network = new Network(element, { nodes, edges }, OPTIONS);

  function box() {
    if (picture.view.mode === "overview" || !picture.nodes.size) {
      return { left: 0, top: 0, right: marks.world.width, bottom: marks.world.height };
    }
    const texts = (picture.view.texts ?? []).map(
      ({ x, y }) => ({ left: x - 60, right: x + 60, top: y - 14, bottom: y }));
    return around([...[...picture.nodes.values()].map(picture.reach), ...texts], 26);
  }

  const around = (boxes, margin) => ({
    left: Math.min(...boxes.map((box) => box.left)) - margin,
    right: Math.max(...boxes.map((box) => box.right)) + margin,
    top: Math.min(...boxes.map((box) => box.top)) - margin,
    bottom: Math.max(...boxes.map((box) => box.bottom)) + margin,
  });

  /** The whole picture when it stays readable; otherwise a readable part, around its focus or from the west. */
  function fit(whole = false) {
    const { left, top, right, bottom } = box();
    const room = { x: element.clientWidth, y: element.clientHeight };
    const scale = Math.min(room.x / (right - left), room.y / (bottom - top), LARGEST);
    if (whole || scale >= 0.55) {
      network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale });
    } else {
      const readable = Math.max(READABLE, Math.min(room.y / (bottom - top), 1));
      const west = { x: left + room.x / 2 / readable, y: (top + bottom) / 2 };
      const centre = picture.nodes.get(picture.view.focus) ?? west;
      network.moveTo({ position: { x: centre.x, y: centre.y }, scale: readable });
    }
    touched = false;
  }

  /** Fits again, unless the reader has moved it or chosen something in the overview: then it keeps its size. */
  function resize() {
    const scale = network.getScale();
    const corner = network.DOMtoCanvas({ x: 0, y: 0 });
    network.setSize(`${element.clientWidth}px`, `${element.clientHeight}px`);
    if (touched || (selected && picture.view.mode === "overview")) {
      const half = { x: element.clientWidth / 2 / scale, y: element.clientHeight / 2 / scale };
      network.moveTo({ position: { x: corner.x + half.x, y: corner.y + half.y }, scale });
    } else fit();
    reveal();
    network.redraw();
  }

  function reveal() {
    if (!selected || !element.clientWidth || !nodes.get(selected)) return;
    const at = network.canvasToDOM(network.getPosition(selected));
    const margin = Math.min(90, element.clientWidth / 4);
    const dx = Math.max(0, at.x - (element.clientWidth - margin)) - Math.max(0, margin - at.x);
    const dy = Math.max(0, at.y - (element.clientHeight - 60)) - Math.max(0, 40 - at.y);
    if (!dx && !dy) return;
    const scale = network.getScale();
    const centre = network.getViewPosition();
    network.moveTo({ position: { x: centre.x + dx / scale, y: centre.y + dy / scale }, scale });
  }

  function drawOutline(ctx) {
    if (!selected || !shown(selected)) return;
    const band = picture.view.bands?.find((candidate) => candidate.id === selected);
    const around = nodes.get(selected) ? network.getBoundingBox(selected) : band && {
      left: band.x, top: band.y, right: band.x + band.width, bottom: band.y + band.height };
    if (!around) return;
    const gap = band ? 0 : 3;
    ctx.strokeStyle = color("accent");
    ctx.lineWidth = 2;
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.roundRect(around.left - gap, around.top - gap, around.right - around.left + 2 * gap,
      around.bottom - around.top + 2 * gap, 4);
    ctx.stroke();
  }

  function drawLabel(ctx, node, at) {
    const type = marks.typeOf(node, central(node));
    const halo = groundOf(at);
    const ink = { color: color(type.text) };
    if (marks.isBox(node)) {
      const { width, height } = marks.extent(node, central(node));
      const fit = labels.fitted(node.label, type, width - 5);
      labels.write(ctx, [fit.text], at.x, at.y + 0.35 * fit.type.font, fit.type, { ...ink, align: "center" });
      if (node.sub) drawSub(ctx, node, at.x, at.y + height / 2 + 11, "center", halo);
      return;
    }
    const inner = type.inside ?? (node.mark === "group" && node.number ? `+${node.number}` : node.number);
    if (inner && type.shape === "dot") {
      labels.write(ctx, [String(inner)], at.x, at.y + 4, { font: 11, weight: 600 },
        { color: color(type.inside ? type.text : "ink"), align: "center" });
    }
    const side = marks.sideOf(node);
    const size = node.size ?? type.size;
    const rows = labels.lines(node.label, type, side ? null : type.wrap);
    const align = side < 0 ? "right" : side > 0 ? "left" : "center";
    const x = at.x + side * (size + 8);
    const y = side ? at.y + 0.35 * type.font : at.y + size + type.font + 4;
    const next = labels.write(ctx, rows, x, y, type, { ...ink, align, halo });
    if (node.sub) drawSub(ctx, node, x, next + 1, align, halo);
  }

  function drawSub(ctx, node, x, y, align, halo) {
    labels.write(ctx, node.sub.split("\n"), x, y, { font: 11 }, { color: color("ink-2"), align, halo });
  }

  function drawLabels(ctx) {
    for (const node of picture.nodes.values()) {
      if (nodes.get(node.id) && shown(node.id)) drawLabel(ctx, node, network.getPosition(node.id));
    }
  }

  network.on("beforeDrawing", (ctx) => {
    drawBackdrop(ctx, picture.view, color, labels, picture.nodes);
  });
  network.on("afterDrawing", (ctx) => {
    ctx.save();
    drawOutline(ctx);
    drawLabels(ctx);
    ctx.restore();
  });
  const thing = (id) => (id !== undefined && !String(id).startsWith(HELPER) ? id : undefined);
  // The hover card of what was pressed stays away until the pointer leaves it: the panel says the same.
  for (const left of ["blurNode", "blurEdge"]) network.on(left, () => element.classList.remove("pressed"));
  network.on("click", ({ nodes: hit, edges: lines, pointer }) => {
    if (hit.length || lines.length) element.classList.add("pressed");
    const id = thing(hit[0]) ?? (lines.length ? undefined : bandAt(pointer.canvas)?.id);
    if (id !== undefined) on.select(id);
    else if (lines.length) on.line(picture.edges.get(lines[0]));
    else on.blank();
  });
  network.on("doubleClick", ({ nodes: hit }) => {
    const id = thing(hit[0]);
    if (id !== undefined) on.expand(id);
  });
  network.on("hoverNode", () => element.classList.add("on-thing"));
  network.on("blurNode", () => element.classList.remove("on-thing"));
  network.on("dragStart", () => { touched = true; });
  network.on("dragEnd", ({ nodes: moved }) => {
    const known = moved.map((id) => picture.nodes.get(id)).filter(Boolean);
    known.forEach((node) => Object.assign(node, network.getPosition(node.id)));
  });
  network.on("zoom", () => { touched = true; });
  new ResizeObserver(() => { if (element.clientWidth) resize(); }).observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

  function repaint() {
    color = palette();
    nodes.update([...picture.nodes.values()].map(toNode));
    edges.update([...picture.edges.values()].map(toEdge));
    network.redraw();
  }

  return {
    /** Draws the picture's present state from nothing. */
    show() {
      selected = null;
      edges.clear();
      nodes.clear();
      put([...picture.nodes.values()], [...picture.edges.values()]);
      network.setSize(`${element.clientWidth}px`, `${element.clientHeight}px`);
      fit();
      network.redraw();
    },
    add: put,
    /** Makes room: the view grows until it holds the added nodes too. */
    include(added) {
      const from = network.DOMtoCanvas({ x: 0, y: 0 });
      const to = network.DOMtoCanvas({ x: element.clientWidth, y: element.clientHeight });
      const now = { left: from.x, right: to.x, top: from.y, bottom: to.y };
      const { left, right, top, bottom } = around([now, ...added.map(picture.reach)], 0);
      if (!element.clientWidth || right - left + bottom - top <= to.x - from.x + to.y - from.y) return;
      touched = true;
      network.moveTo({
        position: { x: (left + right) / 2, y: (top + bottom) / 2 },
        scale: Math.min(element.clientWidth / (right - left), element.clientHeight / (bottom - top)),
      });
    },
    remove(nodeIds, edgeIds) {
      edges.remove(edgeIds);
      nodes.remove([...nodeIds, ...edgeIds.map((id) => `${HELPER}${id}`)]);
    },
    filter() {
      nodes.update([...picture.nodes.keys()].map((id) => ({ id, hidden: !shown(id) })));
      edges.update([...picture.edges.values()].map(
        (edge) => ({ id: edge.id, hidden: !shown(edge.from) || !shown(edge.to) })));
    },
    select(id) {
      selected = id;
      reveal();
      network.redraw();
    },
    repaint,
    position: (id) => (nodes.get(id) ? network.getPosition(id) : null),
    zoom(how) {
      if (how === "all") return fit(true);
      touched = true;
      return network.moveTo({ scale: network.getScale() * (how === "in" ? 1.3 : 1 / 1.3) });
    },
  };
}
