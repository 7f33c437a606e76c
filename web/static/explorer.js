/* The explorer page: builds its parts and lets picture, list, panel and address follow one document. */

import { createActions } from "./actions.js";
import { createCanvas } from "./canvas.js";
import { createDocument } from "./document.js";
import { block, fill, numeral, plain } from "./dom.js";
import { createHead } from "./head.js";
import { createLabels } from "./labels.js";
import { foldParts, followList, markCurrent, renderList } from "./list.js";
import { createMarks } from "./marks.js";
import { getJson } from "./net.js";
import { openNodeMenu } from "./node_menu.js";
import { createNotice } from "./notice.js";
import { createPanel } from "./panel.js";
import { createPicture } from "./picture.js";
import { createReach } from "./reach.js";
import { createSelection } from "./selection.js";
import { fromAddress, viewQuery } from "./state.js";
import { startTools } from "./tools.js";

const REST = 300;
const byId = (id) => document.getElementById(id);
const main = byId("main");
const stage = byId("canvas");
const list = byId("list");
const texts = { ...block("texts"), ...block("panel-texts") };
const table = block("marks");
const labels = createLabels(table.face);
const marks = createMarks(table, labels);
const page = main.dataset.page;
const narrow = matchMedia("(max-width: 760px)");
const picture = createPicture(createReach(marks, labels));
const first = block("view");
const watchers = [];
let canvas = null;
let resting = 0;
const { say, complain } = createNotice(byId("say"), texts);

function nameOf(id) {
  const node = picture.nodes.get(id);
  if (node) return plain(node.label);
  const edge = picture.edges.get(id);
  if (edge) return edge.title.split("\n")[0] || edge.relation;
  const link = list.querySelector(`a[data-id="${CSS.escape(id)}"] .nm`);
  return link?.firstChild.textContent ?? picture.view.bands?.find((band) => band.id === id)?.label ?? "";
}

const paper = createDocument(picture, main.dataset.api, {
  camera: () => canvas?.camera() ?? null,
  loading: () => say(texts.loading),
  fail(error, again) {
    complain(error, again);
    if (error.name !== "AbortError") head.lost();
  },
  drawn,
});

/** What the parts of the page, and the modules started below, work with. */
const core = {
  doc: () => paper.now,
  change: paper.change,
  restore: paper.restore,
  set: paper.set,
  visit: (base, from = null) => paper.visit(base, texts.did_visit, from),
  undo: () => step(true),
  redo: () => step(false),
  watch(fn) {
    watchers.push(fn);
    if (paper.view) fn(paper.now, paper.view);
  },
  select: (id, from = null) => selection.choose(id, from),
  ask: (path, params = {}, signal = undefined) => getJson(path, viewQuery({ ...paper.now, base: {} }, params), signal),
  camera: () => canvas?.camera() ?? null,
  canvas: () => canvas,
  name: nameOf,
  element: stage,
  report, say, complain, texts, picture, marks, labels, table,
};

async function step(back) {
  const words = await paper.step(back);
  if (words !== null) say(fill(back ? texts.undone : texts.redone, { what: words }), true);
}

const actions = createActions(core, {
  canvas: () => canvas,
  choose: (id) => core.select(id),
  panel: { chooseRelation: () => panel.chooseRelation() },
});
core.actions = actions;
core.addPath = actions.addPath;

const panel = createPanel(byId("panel"), page, texts, {
  close: () => core.select(null),
  expand: actions.expand,
  collapse: actions.collapse,
  hide: actions.hide,
  pin: actions.pin,
  near: actions.near,
  path: (id) => core.path?.(id),
  can: actions.can,
  around: (id) => core.visit({ focus: id }, home()),
  follow: (id) => core.select(id),
  relation: actions.relation,
  left: (row) => actions.left(row).length,
  ask: core.ask,
  home: () => home(),
});

const selection = createSelection(core, panel, {
  aside: byId("panel"), mark: (id) => markCurrent(list, id), canvas: () => canvas,
});
const head = createHead(main, core, actions);

/* --- the two ways to look --- */

const usual = () => (narrow.matches ? "list" : "graph");
const mode = () => paper.now.show ?? usual();

function chooseMode(chosen) {
  core.set({ show: chosen === usual() ? null : chosen });
  showMode();
  head.links();
}

function showMode() {
  if (paper.now.show) main.dataset.show = paper.now.show;
  else delete main.dataset.show;
  for (const button of main.querySelectorAll("[data-choose]")) {
    button.setAttribute("aria-pressed", String(button.dataset.choose === mode()));
  }
  if (mode() === "graph") drawOnce();
}

/** vis-network measures its element, so it starts only once the picture can be seen. */
function drawOnce(camera = null) {
  if (canvas || !window.vis || !paper.view) return;
  canvas = createCanvas(stage.querySelector(".net"), picture, marks, labels, {
    select: (id) => core.select(id),
    expand: actions.expand,
    blank: () => core.select(null),
    line: (id) => core.select(id),
    menu: (id, spot) => openNodeMenu(core, page, id, spot),
    moved: actions.moved,
    camera: () => {
      clearTimeout(resting);
      resting = setTimeout(paper.remember, REST);
    },
  });
  canvas.show(camera);
  canvas.select(paper.now.select);
}

/** Where the keyboard goes when nothing better is known: the picture, or the current row of the list. */
function home() {
  if (mode() === "graph") return stage.querySelector(".vis-network");
  return list.querySelector("a[aria-current]") ?? byId("find");
}

/** The menu of what is chosen, or of the row that has the keyboard. */
function menuByKey() {
  const row = document.activeElement.closest?.("a[data-id]");
  const id = row?.dataset.id ?? paper.now.select;
  if (id === null || picture.edges.has(id)) return false;
  const box = (row ?? stage).getBoundingClientRect();
  openNodeMenu(core, page, id, (row ? null : canvas?.spot(id)) ?? { x: box.left + 24, y: box.top + 24 });
  return true;
}

/* --- following the document --- */

function report() {
  Object.assign(stage.dataset, {
    nodes: picture.count(), edges: picture.edges.size, missing: picture.missing(), rest: picture.rest(),
    hidden: paper.now.hidden.length, pinned: paper.now.pinned.length, near: paper.now.near ?? "",
    selected: paper.now.select ?? "",
  });
  head.report(paper);
  panel.refresh();
}

function drawn(doc, view, { other, camera, from }) {
  say();
  if (other) {
    if (view !== first || paper.can(true)) renderList(list, view.list, page, marks.symbols);
    if (narrow.matches) foldParts(list);
    head.view(view);
  }
  followList(list, picture, doc, texts, page, marks.symbols);
  const before = canvas;
  showMode();
  if (!before) drawOnce(camera);
  else if (other) canvas.show(camera);
  else canvas.sync();
  report();
  selection.follow(doc.select, other, from);
  watchers.forEach((fn) => fn(doc, view));
  requestAnimationFrame(() => { main.dataset.ready = "true"; });
}

/* --- start --- */

main.querySelectorAll("[data-choose]").forEach((button) => {
  button.addEventListener("click", () => chooseMode(button.dataset.choose));
});
narrow.addEventListener("change", showMode);
main.querySelectorAll("[data-zoom]").forEach((button) => {
  button.addEventListener("click", () => canvas?.zoom(button.dataset.zoom));
});
list.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-id]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  core.select(link.dataset.id, link);
});
list.addEventListener("contextmenu", (event) => {
  const link = event.target.closest("a[data-id]");
  if (!link) return;
  event.preventDefault();
  openNodeMenu(core, page, link.dataset.id, { x: event.clientX, y: event.clientY });
});
document.addEventListener("vehec:choose", (event) => {
  event.preventDefault();
  core.visit({ focus: event.detail.id }, byId("find"));
});
addEventListener("popstate", () => {
  const { doc, camera } = fromAddress(location.search, history.state?.v);
  paper.restore(doc, { camera, write: false, words: texts.did_visit });
});
startTools(core, { canvas: () => canvas, menu: menuByKey, stage, list, page, head });

/** The first draw does not wait for the typeface; once it is there, what was measured is measured again. */
Promise.all([400, 500, 600].map((weight) => document.fonts.load(`${weight} 12px ${table.face}`, "Hải"))).then(() => {
  labels.forget();
  canvas?.repaint();
});

/** What the address asks for and cannot be had is said once the rest is shown. */
async function start() {
  const { doc, camera, damaged } = fromAddress(location.search, history.state?.v);
  if (first) paper.know(doc, first);
  const kept = new URLSearchParams(location.search).get("view");
  let trouble = null;
  const saved = kept && await getJson(`/api/links/${encodeURIComponent(kept)}`).catch((error) => { trouble = error; });
  const { camera: eye = camera, ...state } = saved?.state ?? {};
  const whole = await paper.restore({ ...doc, ...state, show: window.vis ? doc.show : "list" }, { camera: eye });
  if (whole && trouble?.text === "missing") say(texts.lost_link);
  else if (whole && trouble) complain(trouble, () => location.reload());
  else if (whole && damaged) say(texts.damaged);
  else if (whole && !window.vis) say(texts.no_picture);
  requestAnimationFrame(() => { main.dataset.ready = "true"; });
}

start();
