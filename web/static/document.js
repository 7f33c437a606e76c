/* The one document of the page: changed by patches, one after the other, applied to the picture and written into
   the address. The only module that fetches pictures and touches the history of the browser. */

import { getJson, postJson } from "./net.js";
import { createSteps, EMPTY, FRESH, otherView, same, toAddress, viewQuery } from "./state.js";

const VIEWS = 8;
const AT_ONCE = 600;

/** Selection and way of looking are not steps: undo is about the picture. */
const picturePart = (doc) => ({ ...doc, select: null, show: null });

/**
 * `api` is the address of views. `hooks` = {camera() -> [x, y, scale] | null, loading(), fail(error, again),
 * drawn(doc, view, {other, camera, from}), refused(doc) -> sentence when a document is too large, else null}.
 */
export function createDocument(picture, api, hooks) {
  const steps = createSteps();
  const views = new Map();
  let doc = EMPTY;
  let view = null;
  let queue = Promise.resolve();
  let running = null;

  async function viewOf(next, signal) {
    const key = viewQuery(next).toString();
    const found = views.get(key) ?? await getJson(api, viewQuery(next), signal);
    views.delete(key);
    views.set(key, found);
    if (views.size > VIEWS) views.delete(views.keys().next().value);
    return found;
  }

  /** The things that a document names beside its base, with all lines between them and what is known. */
  async function beside(next, found, signal) {
    const { ids, among } = picture.lacking(next, found);
    if (!ids.length) return null;
    const query = viewQuery({ ...next, base: {} });
    return postJson("/api/things", query, { ids: ids.slice(0, AT_ONCE), among }, signal);
  }

  /** Makes `wanted` the document, unless it cannot be had. `how` = {write, camera, from, signal, commit()}. */
  async function apply(wanted, how = {}) {
    const other = view === null || otherView(doc, wanted);
    const { select } = doc;
    running = new AbortController();
    const signal = how.signal ? AbortSignal.any([running.signal, how.signal]) : running.signal;
    signal.throwIfAborted();
    if (other || picture.lacking(wanted, view).ids.length) hooks.loading();
    const found = other ? await viewOf(wanted, signal) : view;
    const extra = await beside(wanted, found, signal);
    signal.throwIfAborted();
    if (found !== view) picture.load(found);
    if (extra) picture.keep(extra);
    const next = doc.select !== select && wanted.select === select ? { ...wanted, select: doc.select } : wanted;
    const push = other && view !== null;
    // Another date of the same picture: things stand where they did, so the reader keeps what is seen of it.
    const stays = push && same(doc.base, wanted.base) && same(doc.filters, wanted.filters);
    doc = Object.freeze(picture.follow(next));
    view = found;
    how.commit?.();
    const camera = how.camera ?? (other && !stays ? null : hooks.camera());
    if (how.write !== false) write(push, camera);
    hooks.drawn(doc, view, { other, camera: how.camera ?? (stays ? camera : null), from: how.from ?? null });
  }

  /** One after the other; a failure is told, can be tried again and leaves the document as it was. Resolves to success. */
  function enqueue(job, failed = hooks.fail) {
    queue = queue.then(job).then(() => true, (error) => {
      failed(error, () => enqueue(job, failed));
      return false;
    });
    return queue;
  }

  function write(push, camera) {
    const { query, v, fits } = toAddress(doc, camera, location.search, location.origin + location.pathname);
    if (v && fits) query.set("v", v);
    history[push ? "pushState" : "replaceState"]({ v }, "", query.size ? `?${query}` : location.pathname);
  }

  /** One step: `patch` is a part of a document or a function of the present one; `words` say what it does.
      `how.failed(error, again)` is told of a failure instead of the page. */
  function change(patch, words = "", how = {}) {
    return enqueue(async () => {
      const before = doc;
      const part = typeof patch === "function" ? patch(doc) : patch;
      const commit = () => same(picturePart(before), picturePart(doc)) || steps.record(before, words);
      if (part) await apply({ ...doc, ...part }, { ...how, commit });
    }, how.failed);
  }

  /** Takes a step back or forward; resolves to its words, or to null. */
  async function step(back) {
    let words = null;
    await enqueue(async () => {
      const taken = steps.peek(back);
      if (!taken) return;
      const before = doc;
      await apply({ ...taken.doc, show: doc.show }, { commit: () => steps.take(back, before) });
      words = taken.words;
    });
    return words;
  }

  return {
    get now() {
      return doc;
    },
    get view() {
      return view;
    },
    change,
    /** Opens another base with nothing of the former picture; date and filters stay. */
    visit(base, words, from = null) {
      running?.abort();
      return change({ ...FRESH, base, select: base.focus ?? null }, words, { from });
    },
    /** The one way in for an address, Back and a short link: `next` as it is. `write` false leaves the address. */
    restore(next, { camera = null, write = true, words = null } = {}) {
      running?.abort();
      if (words !== null) return change(next, words, { camera, write });
      return enqueue(() => apply(next, { camera, write }));
    },
    /** Selection and way of looking: at once, and never a step. */
    set(part) {
      doc = Object.freeze({ ...doc, ...part });
      if (view) write(false, hooks.camera());
    },
    /** Writes the camera into the address. */
    remember: () => view && write(false, hooks.camera()),
    /** A view that came with the page, so that it is not asked for again. */
    know: (next, found) => views.set(viewQuery(next).toString(), found),
    step,
    can: (back) => steps.peek(back) !== null,
  };
}
