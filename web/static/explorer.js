/* The explorer page: loads views, keeps the address, and lets picture, list and panel act on one selection. */

import { createCanvas } from "./canvas.js";
import { downloadCsv } from "./csv.js";
import { block, fill, numeral, plain } from "./dom.js";
import { closeOutside, filterRows, renderFilters } from "./filters.js";
import { createLabels } from "./labels.js";
import { foldParts, markCurrent, renderList } from "./list.js";
import { createMarks } from "./marks.js";
import { carried, getJson } from "./net.js";
import { createPanel } from "./panel.js";
import { createPicture } from "./picture.js";
import { createReach } from "./reach.js";

const BATCH = 25;
const MOST = 200;
const PASSING = 6000;
const byId = (id) => document.getElementById(id);
const main = byId("main");
const texts = block("texts");
const table = block("marks");
const labels = createLabels(table.face);
const marks = createMarks(table, labels);
const page = main.dataset.page;
const narrow = matchMedia("(max-width: 760px)");
const picture = createPicture(createReach(marks, labels));
let canvas = null;
let current = null;
let overlay = null;
let loading = null;
let asking = null;
let passing = 0;

const panel = createPanel(byId("panel"), page, texts, {
  close: () => deselect(),
  expand: (id) => expand(id),
  around: (id) => visit({ focus: id }, home()),
  relation: (id, row) => addRelation(id, row),
  left: (row) => left(row).length,
  home: () => home(),
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

const usual = () => (narrow.matches ? "list" : "graph");
const mode = () => main.dataset.show ?? usual();

function chooseMode(chosen) {
  main.dataset.show = chosen;
  keep("show", chosen === usual() ? null : chosen);
  showMode();
}

function readMode() {
  const asked = new URLSearchParams(location.search).get("show");
  if (["list", "graph"].includes(asked)) main.dataset.show = asked;
  else delete main.dataset.show;
  showMode();
}

function showMode() {
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

/** Where the keyboard goes when nothing better is known: the picture, or the current row of the list. */
function home() {
  if (mode() === "graph") return byId("canvas").querySelector(".vis-network");
  return byId("list").querySelector("a[aria-current]") ?? byId("find");
}

/* --- what the page says about the picture --- */

function report() {
  Object.assign(byId("canvas").dataset, {
    nodes: picture.nodes.size, edges: picture.edges.size, missing: picture.missing(), rest: picture.rest(),
    selected: current ?? "",
  });
  const words = picture.vocabulary();
  for (const entry of main.querySelectorAll(".key [data-on]")) {
    entry.hidden = !entry.dataset.on.split(" ").some((word) => words.has(word));
  }
  renderFilters(byId("filters"), picture, texts, () => {
    canvas?.filter();
    filterRows(byId("list"), picture.hiddenKinds);
  });
  panel.refresh();
}

function setHead(view) {
  byId("view-title").textContent = view.title;
  byId("view-subtitle").textContent = view.subtitle ?? "";
  byId("canvas").setAttribute("aria-label", `${view.title}. ${texts.in_list}`);
  document.title = `${view.title} · VEHEC`;
  main.querySelector(".up").hidden = view.mode === "overview";
  const { gap } = wanted();
  byId("offline").href = carried(`${byId("offline").pathname}?${new URLSearchParams(wanted())}`);
  const story = byId("gap-link");
  story.hidden = !gap;
  if (gap) story.href = carried(main.dataset.gap + encodeURIComponent(gap));
  linkLanguages();
}

/** The date form leads back to what is shown now, not to what was shown when the page came. */
function keepInForm() {
  const form = document.querySelector(".when form");
  form.querySelectorAll("input[type=hidden]").forEach((field) => field.remove());
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (["as_of", "reading", "lang"].includes(name)) continue;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
}

function linkLanguages() {
  keepInForm();
  for (const link of document.querySelectorAll(".lang a")) {
    const kept = new URLSearchParams(location.search);
    kept.set("lang", link.lang);
    link.href = `?${kept}`;
  }
}

/* --- views and addresses --- */

/** Keeps a part of the state in the address, so that Back and a shared link lead here again; null drops it. */
function keep(key, value) {
  const address = new URL(location.href);
  if (value) address.searchParams.set(key, value);
  else address.searchParams.delete(key);
  history.replaceState(null, "", address);
  linkLanguages();
}

function show(view, focus, from) {
  picture.load({ focus, ...view });
  overlay = null;
  current = null;
  panel.hide();
  setHead(view);
  report();
  canvas?.show();
  if (mode() === "graph") drawOnce();
  const chosen = new URLSearchParams(location.search).get("select") ?? focus;
  if (chosen) select(chosen, from);
}

const wanted = () => {
  const search = new URLSearchParams(location.search);
  return search.get("focus") ? { focus: search.get("focus") } : search.get("gap") ? { gap: search.get("gap") } : {};
};

async function load(path, params, from = null) {
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
    show(view, params.focus, from);
  } catch (error) {
    complain(error);
    if (!mine.signal.aborted) main.querySelector(".up").hidden = false;
  } finally {
    requestAnimationFrame(() => { main.dataset.ready = "true"; });
  }
}

/** Opens another view; `from` is the element that led there. */
function visit(params, from = null) {
  const address = new URL(main.dataset.overview, location.href);
  const shown = new URLSearchParams(location.search).get("show");
  if (shown) address.searchParams.set("show", shown);
  Object.entries(params).forEach(([key, value]) => address.searchParams.set(key, value));
  history.pushState(null, "", address);
  return load("/api/graph", params, from);
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
  canvas?.filter();
  overlay = null;
}

function deselect() {
  asking?.abort();
  panel.hide();
  current = null;
  keep("select", null);
  dropOverlay();
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
  keep("select", id === picture.view.focus ? null : id);
  say();
  markCurrent(byId("list"), id);
  canvas?.select(id);
  report();
  panel.wait(nameOf(id), from);
  try {
    const near = getJson("/api/expand", { id }, mine);
    if (id.startsWith("group:")) {
      panel.showGroup(picture.nodes.get(id) ?? { id, label: nameOf(id) }, (await near).relations);
    } else {
      const [thing, { relations }] = await Promise.all([
        getJson(`/api/thing/${encodeURIComponent(id)}`, {}, mine), near, overlayMissing(id, mine).catch(complain)]);
      if (!mine.aborted) panel.show({ ...thing, relations });
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
  canvas?.filter();
  if (overlay) {
    const wanted = new Set([...nodes, ...edges].map((item) => item.id));
    overlay.nodes = overlay.nodes.filter((other) => !wanted.has(other));
    overlay.edges = overlay.edges.filter((other) => !wanted.has(other));
  }
  report();
  return added;
}

/** Neighbours by one relation that are not in the picture yet. */
const left = ({ ids }) => ids.filter((id) => !picture.holds(id));

/** The next of them, BATCH at most, with the lines of all that the picture then holds. */
async function nextOf(id, row) {
  const wanted = left(row).slice(0, BATCH);
  const after = row.ids.indexOf(wanted[0]);
  const limit = Math.min(MOST, row.ids.indexOf(wanted.at(-1)) - after + 1);
  const { relation, direction } = row;
  const batch = await getJson("/api/expand", { id, relation, direction, after, limit });
  return { nodes: batch.nodes.filter((node) => wanted.includes(node.id)), edges: batch.edges };
}

function announce(added) {
  canvas?.include(added.nodes);
  say(fill(texts.added, { n: numeral(added.nodes.length) }), true);
}

async function addRelation(id, row) {
  try {
    const added = merge(id, [await nextOf(id, row)]);
    if (added) announce(added);
  } catch (error) {
    complain(error);
  }
}

async function expand(id) {
  say(texts.loading);
  try {
    const { relations } = await getJson("/api/expand", { id });
    const open = relations.filter((row) => row.relation !== "missing" && left(row).length);
    const total = new Set(open.flatMap(left)).size;
    if (!total) return say(relations.length ? texts.all_there : texts.no_neighbours, true);
    if (total > BATCH) {
      await select(id);
      panel.chooseRelation();
      return say(fill(texts.choose_relation, { n: numeral(total) }));
    }
    const added = merge(id, await Promise.all(open.map((row) => nextOf(id, row))));
    return added && announce(added);
  } catch (error) {
    return complain(error);
  }
}

/* --- start --- */

main.querySelectorAll("[data-choose]").forEach((button) => {
  button.addEventListener("click", () => chooseMode(button.dataset.choose));
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
  visit({ focus: event.detail.id }, byId("find"));
});
addEventListener("popstate", () => {
  readMode();
  load("/api/graph", wanted());
});
closeOutside([byId("filters"), byId("export"), document.querySelector(".when")]);

/** The first draw does not wait for the typeface; once it is there, what was measured is measured again. */
Promise.all([400, 500, 600].map((weight) => document.fonts.load(`${weight} 12px ${table.face}`, "Hải"))).then(() => {
  labels.forget();
  canvas?.repaint();
});

async function start() {
  if (!window.vis) {
    say(texts.no_picture);
    chooseMode("list");
  }
  readMode();
  const first = block("view");
  const { focus } = wanted();
  if (first) {
    if (narrow.matches) foldParts(byId("list"));
    show(first, focus);
    requestAnimationFrame(() => { main.dataset.ready = "true"; });
  } else {
    await load(main.dataset.api, wanted());
  }
}

start();
