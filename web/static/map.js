/* The map page: zoom and drag, one selection shared with the list and the panel, other dates in place. */

import { block } from "./dom.js";
import { createFilters } from "./filters.js";
import { carried, fetched, getJson, withLang } from "./net.js";
import { createNotice } from "./notice.js";
import { createPanel } from "./panel.js";
import { createTime } from "./time.js";

const ZOOMS = [1, 1.5, 2, 3, 4, 6];
const LEVELS = [0.85, 1.15, 2, 4];
const DRAG = 4;
const byId = (id) => document.getElementById(id);
const main = byId("main");
const texts = { ...block("texts"), ...block("panel-texts") };
const frame = byId("frame");
const address = () => new URLSearchParams(location.search);
const chosen = () => address().get("select") ?? "";
let zoom = 1;
let asking = null;
let filtering = null;
let time = null;

const picture = () => byId("map");
const inGraph = (id) => carried(`${main.dataset.graph}?focus=${encodeURIComponent(id)}`);

const panel = createPanel(byId("panel"), main.dataset.page, texts, {
  close: () => choose(""),
  expand: (id) => location.assign(inGraph(id)),
  around: (id) => location.assign(inGraph(id)),
  relation: (id) => location.assign(inGraph(id)),
  path: (id) => location.assign(inGraph(id)),
  follow: (id) => choose(id),
  left: (row) => row.count,
  ask: (path, params, signal) => getJson(path, params, signal),
  home: () => document.querySelector(".below [aria-current]") ?? frame,
});

const { say, complain } = createNotice(byId("say"), texts);

/* --- zoom: geography grows inside the frame, which scrolls --- */

/** Marks and words keep their size on the screen, whatever the width of the map; more labels fit as it grows. */
function fit() {
  const map = picture();
  const { width, height } = map.viewBox.baseVal;
  frame.style.setProperty("--base", `${Math.min(frame.clientWidth, frame.clientHeight * width / height)}px`);
  const scale = map.getBoundingClientRect().width / width;
  frame.style.setProperty("--still", 1 / scale);
  map.dataset.level = Math.max(0, LEVELS.findLastIndex((level) => scale >= level - 0.01));
}

function setZoom(next, at = { x: frame.clientWidth / 2, y: frame.clientHeight / 2 }) {
  const bounded = Math.min(ZOOMS.at(-1), Math.max(ZOOMS[0], next));
  const grown = bounded / zoom;
  const place = { x: (frame.scrollLeft + at.x) * grown, y: (frame.scrollTop + at.y) * grown };
  zoom = bounded;
  frame.style.setProperty("--zoom", zoom);
  fit();
  frame.scrollTo(place.x - at.x, place.y - at.y);
  main.querySelector('[data-zoom="in"]').disabled = zoom === ZOOMS.at(-1);
  main.querySelector('[data-zoom="out"]').disabled = zoom === ZOOMS[0];
}

/** What a button or a key leaves in its place: the chosen mark where it is in sight. */
function hold() {
  const mark = markOf(chosen());
  if (!mark) return undefined;
  const at = middleOf(mark.getBoundingClientRect());
  const room = frame.getBoundingClientRect();
  const inside = at.x > room.left && at.x < room.right && at.y > room.top && at.y < room.bottom;
  return inside ? { x: at.x - room.left, y: at.y - room.top } : undefined;
}

const steps = {
  in() {
    const whole = zoom === 1;
    setZoom(ZOOMS.find((level) => level > zoom + 0.01) ?? zoom, hold());
    if (whole) lookAt();
  },
  out: () => setZoom(ZOOMS.findLast((level) => level < zoom - 0.01) ?? 1, hold()),
  all: () => setZoom(1),
};
const keys = { "+": "in", "=": "in", "-": "out", 0: "all" };

function listenToZoom() {
  for (const button of main.querySelectorAll("button[data-zoom]")) {
    button.addEventListener("click", steps[button.dataset.zoom]);
  }
  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    steps[keys[event.key]]();
  });
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    setZoom(zoom * Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
  }, { passive: false });
}

/** Drag with the mouse (touch scrolls by itself), and two fingers that spread. */
function listenToPointers() {
  const fingers = new Map();
  let start = null;
  let moved = false;
  const spread = () => {
    const [one, other] = [...fingers.values()];
    return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  };
  frame.addEventListener("pointerdown", (event) => {
    moved = false;
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) start = { width: spread(), zoom };
    else if (event.pointerType === "mouse" && event.button === 0) {
      start = { x: event.clientX + frame.scrollLeft, y: event.clientY + frame.scrollTop, from: event };
    }
  });
  frame.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId) || !start) return;
    fingers.set(event.pointerId, event);
    if (fingers.size === 2 && start.width) {
      const [one, other] = [...fingers.values()];
      const box = frame.getBoundingClientRect();
      const middle = { x: (one.clientX + other.clientX) / 2 - box.left, y: (one.clientY + other.clientY) / 2 - box.top };
      setZoom(start.zoom * spread() / start.width, middle);
    } else if (start.from) {
      moved ||= Math.hypot(event.clientX - start.from.clientX, event.clientY - start.from.clientY) > DRAG;
      if (!moved) return;
      frame.classList.add("dragging");
      frame.scrollTo(start.x - event.clientX, start.y - event.clientY);
    }
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    frame.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      if (!fingers.size || !start?.from) start = null;
      frame.classList.remove("dragging");
    });
  }
  frame.addEventListener("dragstart", (event) => event.preventDefault());
  frame.addEventListener("click", (event) => {
    if (moved) event.preventDefault();
    moved = false;
  }, true);
}

/* --- selection --- */

const markOf = (id) => (id ? picture().querySelector(`[data-ids~="${CSS.escape(id)}"]`) : null);

function showChosen() {
  const id = chosen();
  picture().dataset.selected = id;
  for (const mark of picture().querySelectorAll(".sel")) mark.classList.remove("sel");
  markOf(id)?.classList.add("sel");
  for (const row of document.querySelectorAll(".below a[data-id]")) {
    if (row.dataset.id === id) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  for (const link of document.querySelectorAll(".bar .seg a")) {
    const url = new URL(link.href);
    if (id) url.searchParams.set("select", id);
    else url.searchParams.delete("select");
    link.href = url.pathname + url.search;
  }
}

async function choose(id, opener = null, push = true) {
  if (push) {
    const query = address();
    if (id) query.set("select", id);
    else query.delete("select");
    history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
  }
  showChosen();
  asking?.abort();
  if (!id) return panel.hide();
  const mine = asking = new AbortController();
  const row = document.querySelector(`.below a[data-id="${CSS.escape(id)}"] .nm`);
  const name = row?.firstChild.textContent ?? markOf(id)?.querySelector(".lettering")?.textContent ?? id;
  panel.wait(name, opener);
  try {
    panel.show(await getJson(`/api/thing/${encodeURIComponent(id)}`, {}, mine.signal));
  } catch (error) {
    if (error.name === "AbortError") return;
    panel.fail(name, texts[error.text] ?? texts.failed, error.text === "missing" ? null : () => choose(id, null, false));
  }
}

const middleOf = ({ left, top, width, height }) => ({ x: left + width / 2, y: top + height / 2 });

function bringIntoView(mark) {
  const box = mark.getBoundingClientRect();
  const room = frame.getBoundingClientRect();
  if (box.left >= room.left && box.right <= room.right && box.top >= room.top && box.bottom <= room.bottom) return;
  frame.scrollBy((box.left + box.right - room.left - room.right) / 2, (box.top + box.bottom - room.top - room.bottom) / 2);
}

/** What is chosen, else where most marks are, comes into the frame where the map is larger. */
function lookAt() {
  const mark = markOf(chosen());
  if (mark) return bringIntoView(mark);
  const { left, top, width, height } = picture().querySelector(".marks").getBoundingClientRect();
  const middle = middleOf(frame.getBoundingClientRect());
  frame.scrollBy(left + 0.36 * width - middle.x, top + 0.62 * height - middle.y);
}

const nameOf = (id) => document.querySelector(`.below a[data-id="${CSS.escape(id)}"] .nm`)?.firstChild.textContent ?? id;

/** Parks that share one mark: their names in the panel. */
async function showGroup(mark) {
  await choose("");
  const members = mark.dataset.ids.split(" ").map((id) => ({ id, label: nameOf(id) }));
  panel.showMembers(mark.querySelector("title").textContent.split("\n")[0], members);
}

function listenToSelection() {
  document.addEventListener("click", (event) => {
    const thing = event.target.closest("#map a[data-id], .below a[data-id]");
    const group = event.target.closest("#map .mark-group:not([data-id])");
    if (!(thing || group) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (group) return showGroup(group);
    choose(thing.dataset.id, thing.closest(".below") ? thing : null);
    const mark = markOf(thing.dataset.id);
    if (mark && thing !== mark) bringIntoView(mark);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("panel").hidden) choose("");
  });
}

/* --- other dates --- */

const FACETS = ["kind", "locality", "sector", "product", "grade", "status"];
const PARTS = [".nav", ".lang", ".when", "#map", "#below", ".mapped .legend", ".bar .seg"];

/** Fetches the page of another date and takes over what depends on it. */
async function visit(query, signal, form = true) {
  const url = `${location.pathname}${query.size ? `?${query}` : ""}`;
  const answer = await fetched(withLang(url), {}, signal);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of form ? [...PARTS, "#filters"] : PARTS) {
    document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
  }
  document.querySelector(".dateline")?.remove();
  const note = page.querySelector(".dateline");
  if (note) document.querySelector("header.top").after(document.adoptNode(note));
  document.body.classList.toggle("dated", Boolean(note));
  return url;
}

/** The form of the filters stays as it is while somebody uses it. */
async function open(query, signal, form = true) {
  query.delete("lang");
  const url = await visit(query, signal, form);
  history.pushState(null, "", url);
  settle(form);
}

function go(day, signal) {
  const query = address();
  if (day) query.set("as_of", day);
  else query.delete("as_of");
  return open(query, signal);
}

const chosenFilters = (query = address()) => Object.fromEntries(
  FACETS.filter((name) => query.has(name)).map((name) => [name, query.getAll(name)]));

/** The address with other filters. */
function filtered(filters) {
  const query = address();
  for (const name of FACETS) {
    query.delete(name);
    for (const value of filters[name] ?? []) query.append(name, value);
  }
  return query;
}

async function refilter(filters) {
  filtering?.abort();
  const mine = filtering = new AbortController();
  say(texts.loading);
  try {
    await open(filtered(filters), mine.signal, false);
    say();
  } catch (error) {
    if (filtering === mine) complain(error, () => refilter(filters));
  }
}

function settle(fresh = true) {
  if (fresh) createFilters(byId("filters"), { filters: chosenFilters, query: filtered, change: refilter });
  setZoom(zoom);
  choose(chosen(), null, false);
}

addEventListener("popstate", async () => {
  try {
    await visit(address(), new AbortController().signal);
    settle();
    time?.show();
    say();
  } catch (error) {
    complain(error, () => location.reload());
  }
});

new ResizeObserver(fit).observe(frame);
listenToZoom();
listenToPointers();
listenToSelection();
settle();
lookAt();
main.dataset.ready = "true";
time = await createTime(byId("time"), { current: () => address().get("as_of") ?? "", go }).catch(() => null);
