/* Who holds what: the arithmetic of adding to a document and taking back. Nothing here knows the page. */

/** Ids that the document asks for beside its base. */
export const asked = ({ added, pinned }) => [...new Set([...added.flatMap((entry) => entry.ids), ...pinned])];

/** What stays when the expansions of `of` go: `shared` is held by others too, `own` is pinned or expanded itself. */
function staying({ added, pinned }, of) {
  const others = added.filter((entry) => entry.of !== of);
  const shared = new Set(others.flatMap((entry) => entry.ids));
  const own = new Set([...pinned, ...others.map((entry) => entry.of)].filter((id) => id && !shared.has(id)));
  return { shared, own };
}

/** How many things a collapse of `of` takes back. `inBase(id)` tells what the base shows by itself. */
export function collapsible(doc, of, inBase) {
  const { shared, own } = staying(doc, of);
  const ids = doc.added.filter((entry) => entry.of === of).flatMap((entry) => entry.ids);
  return new Set(ids.filter((id) => !shared.has(id) && !own.has(id) && !inBase(id))).size;
}

/** The patch that takes back what the expansions of `of` added and nothing else holds. */
export function collapsed(doc, of) {
  const { own } = staying(doc, of);
  const added = doc.added
    .map((entry) => (entry.of === of ? { ...entry, ids: entry.ids.filter((id) => own.has(id)) } : entry))
    .filter((entry) => entry.ids.length);
  const stay = new Set([...doc.pinned, ...added.flatMap((entry) => entry.ids)]);
  const gone = new Set(doc.added.flatMap((entry) => entry.ids).filter((id) => !stay.has(id)));
  const kept = (ids) => ids.filter((id) => !gone.has(id));
  return {
    added, hidden: kept(doc.hidden), near: gone.has(doc.near) ? null : doc.near,
    select: gone.has(doc.select) ? of : doc.select,
    at: Object.fromEntries(Object.entries(doc.at).filter(([id]) => !gone.has(id))),
  };
}

/** True when a line that is drawn only on request (a missing need, a line to a band) was asked for. */
export const requested = (doc, { from, to }) => doc.added.some((entry) => (
  entry.path
    ? entry.ids.some((id, n) => (id === from && entry.ids[n + 1] === to) || (id === to && entry.ids[n + 1] === from))
    : (entry.of === from && entry.ids.includes(to)) || (entry.of === to && entry.ids.includes(from))));
