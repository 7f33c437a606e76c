/* The date slider: steps through the days on which the recorded state changes, and says what changed. */

import { getJson } from "./net.js";

const SETTLE = 180;
const PACE = 1600;

/** 2025-07-01 -> 01.07.2025 */
const written = (iso) => iso.split("-").reverse().join(".");

/**
 * Puts the slider `root` to work; resolves when the days are there.
 *
 * `current()` -> ISO day shown, "" for today. `go(as_of, signal)` shows another ("" for today) and resolves when it
 * is drawn; it rejects with AbortError when a later step took its place, else with Trouble (see net.js).
 * Returns {show()}: call it when the day changed by other means.
 */
export async function createTime(root, { current, go }) {
  const range = root.querySelector("input");
  const day = root.querySelector("output");
  const what = root.querySelector(".what");
  const button = (step) => root.querySelector(`[data-step="${step}"]`);
  const words = root.dataset;
  let stops = [];
  let asking = null;
  let waiting = 0;
  let playing = 0;

  const last = () => stops.length - 1;
  const asOf = (stop) => (stop.date === words.today ? "" : stop.date);
  const at = () => stops[Number(range.value)];
  const text = (stop) => stop.text || (stop.date === words.today ? "" : words.nothing);
  const named = (stop) => stop.name ?? written(stop.date);

  /** The stop of a day, or the last one before it. */
  function nearest(date) {
    const after = stops.findIndex((stop) => stop.date > date);
    return after < 0 ? last() : Math.max(0, after - 1);
  }

  function write(stop, date = stop.date) {
    const exact = date === stop.date ? named(stop) : written(date);
    const name = date === words.today ? `${words.todayWord}, ${exact}` : exact;
    day.textContent = name;
    range.setAttribute("aria-valuetext", `${name}. ${text(stop)}`);
    button("back").disabled = Number(range.value) <= 0;
    button("on").disabled = Number(range.value) >= last();
  }

  function state(name, message) {
    root.dataset.state = name;
    what.textContent = message;
    what.title = message;
    button("retry").hidden = name !== "trouble";
  }

  /** The slider follows the page. */
  function show() {
    const date = current() || words.today;
    range.value = nearest(date);
    write(at(), date);
    state("ready", date === at().date ? text(at()) : words.nothing);
  }

  async function load() {
    clearTimeout(waiting);
    asking?.abort();
    const mine = asking = new AbortController();
    const stop = at();
    const slow = setTimeout(() => state("loading", words.loading), 400);
    try {
      await go(asOf(stop), mine.signal);
      if (asking !== mine) return false;
      state("ready", text(stop));
      return true;
    } catch (error) {
      if (error.name === "AbortError" || asking !== mine) return false;
      stopPlaying();
      state("trouble", words[error.text] ?? words.failed);
      return false;
    } finally {
      clearTimeout(slow);
    }
  }

  function move(to) {
    range.value = Math.min(last(), Math.max(0, to));
    write(at());
    return load();
  }

  function stopPlaying() {
    clearTimeout(playing);
    playing = 0;
    button("play").textContent = words.play;
  }

  async function play() {
    button("play").textContent = words.pause;
    playing = -1;
    const next = Number(range.value) >= last() ? 0 : Number(range.value) + 1;
    const drawn = await move(next);
    if (!playing || !drawn) return stopPlaying();
    if (next >= last()) return stopPlaying();
    playing = setTimeout(play, PACE);
  }

  const halting = (run) => () => { stopPlaying(); run(); };
  const presses = {
    play: () => (playing ? stopPlaying() : play()),
    back: halting(() => move(Number(range.value) - 1)),
    on: halting(() => move(Number(range.value) + 1)),
    retry: halting(load),
  };
  for (const [step, run] of Object.entries(presses)) button(step).addEventListener("click", run);
  range.addEventListener("input", halting(() => {
    write(at());
    clearTimeout(waiting);
    waiting = setTimeout(load, SETTLE);
  }));

  const found = await getJson(words.dates);
  stops = found.dates;
  if (!stops.some((stop) => stop.date === found.today)) {
    stops.push({ date: found.today, text: "" });
    stops.sort((one, other) => one.date.localeCompare(other.date));
  }
  words.today = found.today;
  range.max = last();
  root.hidden = false;
  show();
  return { show };
}

/** The slider behind a button in the date form of the head; there at once on a page of another date. */
export function createTimeButton(root, page) {
  let time = null;
  const button = document.createElement("button");
  async function open() {
    root.hidden = false;
    button.hidden = true;
    time ??= await createTime(root, page).catch(() => null);
  }
  Object.assign(button, { type: "button", className: "btn", textContent: root.dataset.open });
  button.addEventListener("click", async () => {
    document.querySelector(".when").removeAttribute("open");
    await open();
    root.querySelector("input").focus();
  });
  document.querySelector(".when form").append(button);
  if (new URLSearchParams(location.search).get("as_of")) open();
  return { show: () => time?.show() };
}
