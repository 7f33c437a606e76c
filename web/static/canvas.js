/* The picture itself: vis-network with given positions, physics off, and our own drawing around it. */

import { drawBackdrop } from "./backdrop.js";
import { gestureNumber, manyFingers } from "./fingers.js";
import { palette } from "./marks.js";
import { drawOutline, drawPin, writeName } from "./overlay.js";

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
const DIM = 0.16;
const DOUBLE = 320;
const CORNER = { width: 208, height: 48 };
const ASIDE = 420;
const ABOVE = 120;
const NOTHING = () => {};

/**
 * Draws a picture in `element`.
 * `on` = {select(id), expand(id), blank(), line(id), menu(id, {x, y} of the window), moved({id: [x, y]}), camera()},
 * `ratio` (how many times larger than on the screen), every one optional; `marks` and `labels` come from their
 * create functions.
 */
export function createCanvas(element, picture, marks, labels, on = {}) {
  const { Network, DataSet } = window.vis;
  const nodes = new DataSet();
  const edges = new DataSet();
  const drawn = new Map();
  const ratio = on.ratio ?? 1;
  const tell = (event, ...args) => (on[event] ?? NOTHING)(...args);
  let color = palette();
  let selected = null;
  let touched = false;
  let dragging = false;
  let tapped = 0;
  let gesture = -DOUBLE;

  const bandAt = ({ x, y }) => picture.view.bands?.find(
    (band) => x >= band.x && x <= band.x + band.width && y >= band.y && y <= band.y + band.height);
  const shown = (id) => picture.visible(id);
  const central = (node) => node.id === picture.view.focus;
  const groundOf = (at) => color(bandAt(at) ? "wash" : picture.view.coast && at.x > SHORE ? "sea" : "paper");
  const toNode = (node) => ({
    ...marks.visNode(node, color, groundOf(node), central(node)), hidden: !shown(node.id),
    opacity: node.dim ? DIM : 1, fixed: { x: Boolean(node.pinned), y: Boolean(node.pinned) },
  });

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
    const dim = picture.dimLine(edge);
    return {
      ...vis, from: rim(edge, edge.from, edge.to)?.id ?? edge.from, to: rim(edge, edge.to, edge.from)?.id ?? edge.to,
      hidden: !shown(edge.from) || !shown(edge.to), color: { ...vis.color, opacity: dim ? DIM : 1 },
      label: dim || !vis.label ? "" : vis.label,
    };
  }

  /** Brings one of vis's sets to what is wanted; in one batch, because one by one is twenty times slower. */
  function bring(set, wanted) {
    const changed = wanted.filter((item) => {
      const form = JSON.stringify(item);
      const differs = drawn.get(item.id) !== form;
      drawn.set(item.id, form);
      return differs;
    });
    const ids = new Set(wanted.map((item) => item.id));
    const gone = set.getIds().filter((id) => !ids.has(id));
    gone.forEach((id) => drawn.delete(id));
    set.remove(gone);
    set.update(changed);
  }

  /** Draws what differs from the picture's present state. */
  function sync() {
    const lines = [...picture.edges.values()];
    const marked = [...[...picture.nodes.values()].map(toNode), ...lines.map(toRim).filter(Boolean)];
    const ids = new Set(lines.map((edge) => edge.id));
    edges.remove(edges.getIds().filter((id) => !ids.has(id)));
    bring(nodes, marked);
    bring(edges, lines.map(toEdge));
    network.redraw();
  }

  const network = new Network(element, { nodes, edges }, OPTIONS);

  function box() {
    if (picture.view.mode === "overview" || !picture.nodes.size) {
      return { left: 0, top: 0, right: marks.world.width, bottom: marks.world.height };
    }
    return around([...[...picture.nodes.values()].map(picture.reach), ...picture.headings()], 26);
  }

  const around = (boxes, margin) => ({
    left: Math.min(...boxes.map((box) => box.left)) - margin,
    right: Math.max(...boxes.map((box) => box.right)) + margin,
    top: Math.min(...boxes.map((box) => box.top)) - margin,
    bottom: Math.max(...boxes.map((box) => box.bottom)) + margin,
  });

  /** Whether a mark or a heading stands under the buttons in the upper left corner; on a phone they are at the foot. */
  function inCorner() {
    if (picture.view.mode === "overview" || matchMedia("(max-width: 760px)").matches) return false;
    const edge = network.DOMtoCanvas({ x: CORNER.width, y: CORNER.height });
    const boxes = [...[...picture.nodes.values()].filter(({ id }) => shown(id)).map(picture.reach), ...picture.headings()];
    return boxes.some(({ left, top }) => left < edge.x && top < edge.y);
  }

  function frame() {
    const { x, y } = network.DOMtoCanvas({ x: 0, y: 0 });
    return [x, y, network.getScale()];
  }

  /** The whole picture when it stays readable; otherwise a readable part, around its focus or from the west. */
  function fit(whole = false) {
    const { left, top, right, bottom } = box();
    const room = { x: element.clientWidth, y: element.clientHeight };
    const fitting = (above) => Math.min(
      room.x / (right - left), (room.y - above) / (bottom - top), LARGEST * ratio);
    const middle = (above) => {
      const scale = fitting(above);
      network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 - above / 2 / scale }, scale });
    };
    const scale = fitting(0);
    if (whole || scale >= 0.55 * ratio) {
      middle(0);
      if (on.select && inCorner()) middle(CORNER.height);
    } else {
      const readable = Math.max(READABLE, Math.min(room.y / (bottom - top), 1)) * ratio;
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

  /** The rectangle of what is selected, a little wider than its mark; null where nothing is. */
  function selectedBox() {
    if (!selected || !shown(selected)) return null;
    if (nodes.get(selected)) return around([network.getBoundingBox(selected)], 3);
    const band = picture.view.bands?.find((candidate) => candidate.id === selected);
    return band ? { left: band.x, top: band.y, right: band.x + band.width, bottom: band.y + band.height } : null;
  }

  /** Names of what is in sight; their halo only while lines are drawn under them. */
  function drawLabels(ctx) {
    const from = network.DOMtoCanvas({ x: 0, y: 0 });
    const to = network.DOMtoCanvas({ x: element.clientWidth, y: element.clientHeight });
    for (const node of picture.nodes.values()) {
      if (!nodes.get(node.id) || !shown(node.id)) continue;
      const at = network.getPosition(node.id);
      if (at.x < from.x - ASIDE || at.x > to.x + ASIDE || at.y < from.y - ABOVE || at.y > to.y + ABOVE) continue;
      ctx.globalAlpha = node.dim ? DIM : 1;
      const halo = dragging ? null : groundOf(at);
      writeName(ctx, node, at, { central: central(node), halo, color, marks, labels });
      if (node.pinned) drawPin(ctx, network.getBoundingBox(node.id), color);
    }
    ctx.globalAlpha = 1;
  }

  network.on("beforeDrawing", (ctx) => {
    drawBackdrop(ctx, picture.view, color, labels, picture.nodes);
  });
  network.on("afterDrawing", (ctx) => {
    ctx.save();
    const box = selectedBox();
    if (box) drawOutline(ctx, box, color);
    drawLabels(ctx);
    ctx.restore();
  });
  const thing = (id) => (id !== undefined && !String(id).startsWith(HELPER) ? id : undefined);
  const moved = () => {
    touched = true;
    tell("camera");
  };
  // The hover card of what was pressed stays away until the pointer leaves it: the panel says the same.
  for (const left of ["blurNode", "blurEdge"]) network.on(left, () => element.classList.remove("pressed"));
  /** A tap waits for what follows, because what it opens would cover the place where that falls, and gives way to
      it; what is left of a pinch or a long press is no tap. */
  const afterTap = (event, run) => {
    clearTimeout(tapped);
    const mine = gestureNumber();
    if (event.pointerType !== "touch") run();
    else if (Date.now() - gesture > DOUBLE && !manyFingers()) {
      tapped = setTimeout(() => { if (mine === gestureNumber()) run(); }, DOUBLE);
    }
  };
  network.on("click", ({ nodes: hit, edges: lines, pointer, event }) => afterTap(event, () => {
    if (hit.length || lines.length) element.classList.add("pressed");
    const id = thing(hit[0]) ?? (lines.length ? undefined : bandAt(pointer.canvas)?.id);
    if (id !== undefined) tell("select", id);
    else if (lines.length) tell("line", lines[0]);
    else tell("blank");
  }));
  network.on("doubleClick", ({ nodes: hit, event }) => {
    clearTimeout(tapped);
    gesture = Date.now();
    const id = thing(hit[0]);
    if (id !== undefined) tell("expand", id);
  });
  /** What is under a point of the element: a mark, else a band. */
  const under = (point) => thing(network.getNodeAt(point)) ?? bandAt(network.DOMtoCanvas(point))?.id;
  function menuAt(point) {
    const id = under(point);
    const { left, top } = element.getBoundingClientRect();
    if (id !== undefined) tell("menu", id, { x: left + point.x, y: top + point.y });
    return id !== undefined;
  }
  network.on("oncontext", ({ event, pointer }) => {
    if (event.pointerType === "touch" || menuAt(pointer.DOM)) event.preventDefault();
  });
  network.on("hold", ({ pointer }) => {
    if (manyFingers()) return;
    clearTimeout(tapped);
    gesture = Date.now();
    menuAt(pointer.DOM);
  });
  network.on("hoverNode", () => element.classList.add("on-thing"));
  network.on("blurNode", () => element.classList.remove("on-thing"));
  network.on("dragStart", ({ nodes: dragged }) => {
    touched = true;
    dragging = !dragged.length;
  });
  network.on("dragEnd", ({ nodes: dragged }) => {
    dragging = false;
    const known = dragged.map((id) => picture.nodes.get(id)).filter((node) => node && !node.pinned);
    const at = Object.fromEntries(known.map(({ id }) => {
      const { x, y } = network.getPosition(id);
      return [id, [Math.round(x), Math.round(y)]];
    }));
    if (known.some(({ id, x, y }) => at[id][0] !== Math.round(x) || at[id][1] !== Math.round(y))) tell("moved", at);
    else tell("camera");
  });
  network.on("zoom", moved);
  if (on.select) new ResizeObserver(() => { if (element.clientWidth) resize(); }).observe(element);
  for (const medium of ["(prefers-color-scheme: dark)", "print"]) matchMedia(medium).addEventListener("change", repaint);

  function repaint() {
    color = palette();
    sync();
  }

  return {
    /** Draws the picture's present state from nothing; `camera` is what `camera()` once returned. */
    show(camera = null) {
      selected = null;
      edges.clear();
      nodes.clear();
      drawn.clear();
      network.setSize(`${element.clientWidth}px`, `${element.clientHeight}px`);
      sync();
      if (camera) this.look(camera);
      else fit();
      network.once("afterDrawing", () => element.parentElement.querySelector(".still")?.remove());
      network.redraw();
    },
    sync,
    /** Makes room: the view grows until it holds these nodes too. */
    include(added) {
      const from = network.DOMtoCanvas({ x: 0, y: 0 });
      const to = network.DOMtoCanvas({ x: element.clientWidth, y: element.clientHeight });
      const now = { left: from.x, right: to.x, top: from.y, bottom: to.y };
      const { left, right, top, bottom } = around([now, ...added.map(picture.reach)], 0);
      if (!element.clientWidth || right - left + bottom - top <= to.x - from.x + to.y - from.y) return;
      network.moveTo({
        position: { x: (left + right) / 2, y: (top + bottom) / 2 },
        scale: Math.min(element.clientWidth / (right - left), element.clientHeight / (bottom - top)),
      });
      moved();
    },
    select(id) {
      selected = id;
      reveal();
      network.redraw();
    },
    repaint,
    /** Where a mark stands in the window, or null. */
    spot(id) {
      if (!nodes.get(id)) return null;
      const { left, top } = element.getBoundingClientRect();
      const at = network.canvasToDOM(network.getPosition(id));
      return { x: left + at.x, y: top + at.y };
    },
    /** The upper left corner and the scale: [x, y, scale]. */
    frame,
    /** The same once the reader has moved the picture; else null. */
    camera() {
      const [x, y, scale] = frame();
      return touched ? [Math.round(x), Math.round(y), Math.round(scale * 1000) / 1000] : null;
    },
    look([x, y, scale]) {
      const half = { x: element.clientWidth / 2 / scale, y: element.clientHeight / 2 / scale };
      network.moveTo({ position: { x: x + half.x, y: y + half.y }, scale });
      touched = true;
    },
    /** Moves the view by parts of its width and height. */
    pan(dx, dy) {
      const { x, y } = network.getViewPosition();
      const scale = network.getScale();
      network.moveTo({ position: {
        x: x + (dx * element.clientWidth) / scale, y: y + (dy * element.clientHeight) / scale } });
      moved();
    },
    zoom(how) {
      if (how === "all") fit(true);
      else network.moveTo({ scale: network.getScale() * (how === "in" ? 1.3 : 1 / 1.3) });
      if (how === "all") tell("camera");
      else moved();
    },
    destroy: () => network.destroy(),
  };
}
