/* The state of the explorer page as one value, its form in the address, and the steps back and forward.
   Nothing here knows the page. */

const FILTERS = ["kind", "locality", "sector", "product", "grade", "status"];
const LONGEST = 2000;
const STEPS = 100;

/** Every key of a document; a change names only what differs. */
export const EMPTY = Object.freeze({
  base: {}, when: {}, filters: {}, added: [], at: {}, hidden: [], pinned: [], near: null, select: null, show: null,
});

/** What another base starts with: nothing of the former picture, the date and the filters kept. */
export const FRESH = Object.freeze({ added: [], at: {}, hidden: [], pinned: [], near: null, select: null });

/** `near` of a document whose last path is lit and the rest dimmed. */
export const PATH = "path";

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** True when `b` is another picture from the server: that makes a history entry. */
export const otherView = (a, b) => !same(viewQuery(a).toString(), viewQuery(b).toString());

/** What the server is asked for: base, date, reading and filters as URLSearchParams; `more` is added. */
export function viewQuery({ base, when, filters }, more = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(base)) query.set(key, Array.isArray(value) ? value.join(",") : value);
  for (const key of ["as_of", "reading"]) if (when[key]) query.set(key, when[key]);
  for (const key of FILTERS) for (const value of filters[key] ?? []) query.append(key, value);
  for (const [key, value] of Object.entries(more)) query.set(key, value);
  return query;
}

/* --- the address --- */

const toText = (value) => {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};
const fromText = (text) => JSON.parse(new TextDecoder().decode(
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0))));

/** The part of a document that has no readable form, with each id written once; "" when there is nothing. */
export function pack({ added, at, hidden, pinned, near }, camera = null) {
  const ids = [];
  const number = (id) => {
    const known = ids.indexOf(id);
    return known >= 0 ? known : ids.push(id) - 1;
  };
  const small = {
    a: added.map((entry) => (entry.path
      ? [entry.path.map(number), entry.ids.map(number)]
      : [number(entry.of), entry.relation, entry.direction, entry.ids.map(number)])),
    p: Object.entries(at).map(([id, [x, y]]) => [number(id), x, y]),
    h: hidden.map(number), i: pinned.map(number), n: near === null ? [] : [number(near)], c: camera ?? [],
  };
  const full = Object.entries(small).filter(([, value]) => value.length);
  return full.length ? toText({ ids: ids.join(","), ...Object.fromEntries(full) }) : "";
}

/** The opposite of `pack`: {doc: its part of a document, camera}. Throws on text that is not ours. */
export function unpack(text) {
  const { ids: joined, a = [], p = [], h = [], i = [], n = [], c = [] } = fromText(text);
  const ids = joined.split(",");
  const id = (number) => {
    if (ids[number] === undefined) throw new RangeError("v");
    return ids[number];
  };
  const doc = {
    added: a.map((entry) => (entry.length === 2
      ? { path: entry[0].map(id), ids: entry[1].map(id) }
      : { of: id(entry[0]), relation: entry[1], direction: entry[2], ids: entry[3].map(id) })),
    at: Object.fromEntries(p.map(([number, x, y]) => [id(number), [Number(x), Number(y)]])),
    hidden: h.map(id), pinned: i.map(id), near: n.length ? id(n[0]) : null,
  };
  return { doc, camera: c.length === 3 && c.every(Number.isFinite) ? c : null };
}

/**
 * A document and a camera as {query, v, fits}: `query` holds what a person can read, `v` the rest, and `fits` says
 * whether both go into an address of `path`. Other parameters of `kept` (the language) stay.
 */
export function toAddress(doc, camera, kept, path = "") {
  const query = viewQuery(doc);
  if (doc.show) query.set("show", doc.show);
  if (doc.select !== (doc.base.focus ?? null)) query.set("select", doc.select ?? "");
  const v = pack(doc, camera);
  const lang = new URLSearchParams(kept).get("lang");
  if (lang) query.set("lang", lang);
  const fits = path.length + query.toString().length + v.length + 4 <= LONGEST;
  return { query, v, fits };
}

/** The document and the camera of an address; `v` may come from elsewhere. What cannot be read is left out, and
    `damaged` says so. */
export function fromAddress(search, v = null) {
  const query = new URLSearchParams(search);
  const base = {};
  if (query.get("focus")) base.focus = query.get("focus");
  else if (query.get("gap")) base.gap = query.get("gap");
  else if (query.get("things")) base.things = query.get("things").split(",").filter(Boolean);
  const when = Object.fromEntries(["as_of", "reading"].filter((key) => query.get(key)).map((key) => [key, query.get(key)]));
  const filters = Object.fromEntries(
    FILTERS.filter((key) => query.has(key)).map((key) => [key, query.getAll(key).filter(Boolean)]));
  const show = ["list", "graph"].includes(query.get("show")) ? query.get("show") : null;
  const select = query.has("select") ? query.get("select") || null : base.focus ?? null;
  const doc = { ...EMPTY, base, when, filters, show, select };
  const rest = v ?? query.get("v");
  if (!rest) return { doc, camera: null, damaged: false };
  try {
    const { doc: more, camera } = unpack(rest);
    return { doc: { ...doc, ...more }, camera, damaged: false };
  } catch {
    return { doc, camera: null, damaged: true };
  }
}

/* --- steps --- */

/** Undo and redo as two stacks of {doc, words}; `words` say what was done between this document and the next. */
export function createSteps() {
  let past = [];
  let future = [];
  return {
    /** Before `doc` is left by an action called `words`. */
    record(doc, words) {
      past = [...past, { doc, words }].slice(-STEPS);
      future = [];
    },
    /** The step to take, or null; `take` after it was applied. */
    peek: (back) => (back ? past : future).at(-1) ?? null,
    take(back, present) {
      const [from, to] = back ? [past, future] : [future, past];
      const step = from.pop();
      to.push({ doc: present, words: step.words });
    },
  };
}
