/* The explorer page: loads views, keeps the address, and lets picture, list and panel act on one selection. */

import { createCanvas } from "./canvas.js";
import { downloadCsv } from "./csv.js";
import { block, fill, numeral, plain } from "./dom.js";
import { closeOutside, renderFilters } from "./filters.js";
import { createLabels } from "./labels.js";
import { foldParts, markCurrent, renderList } from "./list.js";
import { createMarks } from "./marks.js";
import { getJson } from "./net.js";
import { createPanel } from "./panel.js";
import { createPicture } from "./picture.js";

const BATCH = 25;
const PASSING = 6000;
const byId = (id) => document.getElementById(id);
const main = byId("main");
const texts = block("texts");
const table = block("marks");
const labels = createLabels(table.face);
const marks = createMarks(table, labels);
const page = main.dataset.page;
const narrow = matchMedia("(max-width: 760px)");
const picture = createPicture();
const progress = new Map();
let canvas = null;
let current = null;
let overlay = null;
let loading = null;
let asking = null;
let passing = 0;

const panel = createPanel(byId("panel"), page, texts, {
  close: () => deselect(),
  expand: (id) => expand(id),
  around: (id) => visit({ focus: id }),
  relation: (id, relation, direction) => addRelation(id, relation, direction),
});

/** A sentence in the status line; a `brief` one goes away by itself. */
function say(text = "", brief = false) {
  clearTimeout(passing);
  byId("say").textContent = text;
  if (brief) passing = setTimeout(say, PASSING);
}

function complain(error) {
  if (error.name !== "AbortError") say(texts[error.text] ?? texts.failed);
}

/* --- the two ways to look --- */

const mode = () => main.dataset.show ?? (narrow.matches ? "list" : "graph");

function showMode(chosen) {
  if (chosen) main.dataset.show = chosen;
  for (const button of main.querySelectorAll("[data-choose]")) {
    button.setAttribute("aria-pressed", String(button.dataset.choose === mode()));
  }
  if (mode() === "graph") drawOnce();
}

/** vis-network measures its element, so it starts only once the picture can be seen. */
function drawOnce() {
  if (canvas || !window.vis) return;
  canvas = createCanvas(byId("canvas").querySelector(".net"), picture, marks, labels, {
    select: (id) => select(id),
    expand: (id) => expand(id),
    blank: () => deselect(),
    line: (edge) => say(edge?.title ?? ""),
  });
  canvas.show();
  if (current) canvas.select(current);
}

/* --- what the page says about the picture --- */

function report() {
  Object.assign(byId("canvas").dataset, {
    nodes: picture.nodes.size, edges: picture.edges.size, missing: picture.missing(), selected: current ?? "",
  });
  const words = picture.vocabulary();
  for (const entry of main.querySelectorAll(".key [data-on]")) {
    entry.hidden = !entry.dataset.on.split(" ").some((word) => words.has(word));
  }
  renderFilters(byId("filters"), picture, texts, () => canvas?.filter());
}

function setHead(view) {
  byId("view-title").textContent = view.title;
  byId("view-subtitle").textContent = view.subtitle ?? "";
  byId("canvas").setAttribute("aria-label", `${view.title}. ${texts.in_list}`);
  document.title = `${view.title} · VEHEC`;
  main.querySelector(".up").hidden = view.mode === "overview";
  const { gap } = wanted();
  byId("offline").search = new URLSearchParams(wanted());
  const story = byId("gap-link");
  story.hidden = !gap;
  if (gap) story.href = main.dataset.gap + encodeURIComponent(gap);
  for (const link of document.querySelectorAll(".lang a")) {
    const kept = new URLSearchParams(location.search);
    kept.set("lang", link.lang);
    link.href = `?${kept}`;
  }
}

/* --- views and addresses --- */

function show(view, focus) {
  picture.load({ focus, ...view });
  progress.clear();
  overlay = null;
  current = null;
  panel.hide();
  setHead(view);
  report();
  canvas?.show();
  if (mode() === "graph") drawOnce();
  if (focus) select(focus);
}

const wanted = () => {
  const search = new URLSearchParams(location.search);
  return search.get("focus") ? { focus: search.get("focus") } : search.get("gap") ? { gap: search.get("gap") } : {};
};

async function load(path, params) {
  loading?.abort();
  loading = new AbortController();
  const mine = loading;
  say(texts.loading);
  try {
    const view = await getJson(path, params, mine.signal);
    if (mine.signal.aborted) return;
    say();
    renderList(byId("list"), view.list, page, marks.symbols);
    if (narrow.matches) foldParts(byId("list"));
    show(view, params.focus);
  } catch (error) {
    complain(error);
    if (!mine.signal.aborted) main.querySelector(".up").hidden = false;
  } finally {
    requestAnimationFrame(() => { main.dataset.ready = "true"; });
  }
}

function visit(params) {
  const address = new URL(main.dataset.overview, location.href);
  Object.entries(params).forEach(([key, value]) => address.searchParams.set(key, value));
  history.pushState(null, "", address);
  return load("/api/graph", params);
}

/* --- one selection for picture, list and panel --- */

function nameOf(id) {
  const node = picture.nodes.get(id);
  if (node) return plain(node.label);
  const link = byId("list").querySelector(`a[data-id="${CSS.escape(id)}"] .nm`);
  return link?.firstChild.textContent ?? picture.view.bands?.find((band) => band.id === id)?.label ?? "";
}

function dropOverlay() {
  if (!overlay) return;
  picture.remove(overlay.nodes, overlay.edges);
  canvas?.remove(overlay.nodes, overlay.edges);
  overlay = null;
}

function deselect() {
  asking?.abort();
  current = null;
  dropOverlay();
  panel.hide();
  markCurrent(byId("list"), null);
  canvas?.select(null);
  report();
}

async function select(id, from = null) {
  if (id === current && !byId("panel").hidden) return;
  asking?.abort();
  asking = new AbortController();
  const mine = asking.signal;
  if (id !== overlay?.of) dropOverlay();
  current = id;
  say();
  markCurrent(byId("list"), id);
  canvas?.select(id);
  report();
  panel.wait(nameOf(id), from);
  try {
    if (id.startsWith("group:")) {
      const { relations } = await getJson("/api/expand", { id }, mine);
      panel.showGroup(picture.nodes.get(id) ?? { id, label: nameOf(id) }, relations);
    } else {
      const [thing] = await Promise.all([
        getJson(`/api/thing/${encodeURIComponent(id)}`, {}, mine), overlayMissing(id, mine).catch(complain)]);
      if (!mine.aborted) panel.show(thing);
    }
  } catch (error) {
    if (error.name === "AbortError" || mine.aborted) return;
    complain(error);
    panel.fail(nameOf(id), texts[error.text] ?? texts.failed);
  }
}

/** Needs of a plant without a recorded supply: dashed red, until something else is selected. Its own view has them. */
async function overlayMissing(id, signal) {
  if (picture.nodes.get(id)?.kind !== "facility" || id === picture.view.focus) return;
  const batch = await getJson("/api/expand", { id, relation: "missing", direction: "out", limit: BATCH }, signal);
  if (signal.aborted) return;
  const added = merge(id, [batch]);
  if (added) overlay = { of: id, nodes: added.nodes.map((node) => node.id), edges: added.edges.map((edge) => edge.id) };
}

/* --- neighbours --- */

function merge(id, batches) {
  const { width, height } = marks.world;
  const center = canvas?.position(id) ?? picture.nodes.get(id) ?? { x: width / 2, y: height / 2 };
  const nodes = batches.flatMap((batch) => batch.nodes);
  const edges = batches.flatMap((batch) => batch.edges);
  const added = picture.merge(nodes, edges, center);
  if (!added) {
    say(texts.too_many);
    return null;
  }
  canvas?.add(added.nodes, added.edges);
  if (overlay) {
    const wanted = new Set([...nodes, ...edges].map((item) => item.id));
    overlay.nodes = overlay.nodes.filter((other) => !wanted.has(other));
    overlay.edges = overlay.edges.filter((other) => !wanted.has(other));
  }
  report();
  return added;
}

function page25(id, relation, direction) {
  const key = `${id} ${relation} ${direction}`;
  const after = progress.get(key);
  const params = { id, relation, direction, limit: BATCH };
  if (after) params.after = after;
  return getJson("/api/expand", params).then((batch) => {
    progress.set(key, batch.after);
    return batch;
  });
}

function announce(added) {
  canvas?.include(added.nodes);
  say(fill(texts.added, { n: numeral(added.nodes.length) }), true);
}

async function addRelation(id, relation, direction) {
  try {
    const batch = await page25(id, relation, direction);
    const added = merge(id, [batch]);
    if (!added) return null;
    announce(added);
    return { after: batch.after ?? null, count: batch.count };
  } catch (error) {
    complain(error);
    return null;
  }
}

async function expand(id) {
  say(texts.loading);
  try {
    const { relations } = await getJson("/api/expand", { id });
    const open = relations.filter(({ relation }) => relation !== "missing");
    const total = open.reduce((sum, { count }) => sum + count, 0);
    if (!total) return say(texts.no_neighbours);
    if (total > BATCH) {
      await select(id);
      panel.chooseRelation();
      return say(fill(texts.choose_relation, { n: numeral(total) }));
    }
    const batches = await Promise.all(open.map(({ relation, direction }) => page25(id, relation, direction)));
    const added = merge(id, batches);
    return added && announce(added);
  } catch (error) {
    return complain(error);
  }
}

/* --- start --- */

main.querySelectorAll("[data-choose]").forEach((button) => {
  button.addEventListener("click", () => showMode(button.dataset.choose));
});
narrow.addEventListener("change", () => showMode());
main.querySelectorAll("[data-zoom]").forEach((button) => {
  button.addEventListener("click", () => canvas?.zoom(button.dataset.zoom));
});
main.querySelector(".up").addEventListener("click", (event) => {
  event.preventDefault();
  visit({});
});
byId("csv").addEventListener("click", () => downloadCsv(picture, "vehec.csv"));
byId("list").addEventListener("click", (event) => {
  const link = event.target.closest("a[data-id]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  select(link.dataset.id, link);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && current) deselect();
});
document.addEventListener("vehec:choose", (event) => {
  event.preventDefault();
  visit({ focus: event.detail.id });
});
addEventListener("popstate", () => load("/api/graph", wanted()));
closeOutside([byId("filters"), byId("export")]);

/** The first draw does not wait for the typeface; once it is there, what was measured is measured again. */
Promise.all([400, 500, 600].map((weight) => document.fonts.load(`${weight} 12px ${table.face}`, "Hải"))).then(() => {
  labels.forget();
  canvas?.repaint();
});

async function start() {
  if (!window.vis) {
    say(texts.no_picture);
    showMode("list");
  }
  const first = block("view");
  const { focus } = wanted();
  if (first) {
    if (narrow.matches) foldParts(byId("list"));
    show(first, focus);
    requestAnimationFrame(() => { main.dataset.ready = "true"; });
  } else {
    await load(main.dataset.api, wanted());
  }
  showMode();
}

start();
