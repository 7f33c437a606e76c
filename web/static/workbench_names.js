/* Completing names in the editor: what the letters before the cursor may mean, and what the data call so. */

import { el } from "./dom.js";
import { getJson } from "./net.js";

const PREFIX = /^\s*PREFIX\s+([\w.-]*):/gim;
/** Up to six words that may be one name; only the last may have a prefix. */
const TYPED = /(?<=^|[\s{}(;.,|/^!*])(?:[\p{L}\p{M}\p{N}_&-]+ ){0,5}[^\s{}()<>"'.;,|/^*+!?$[\]]*$/u;
const OTHERS = 8;

/** What may stand at the cursor, from the text before it in the line. */
function kindOf(before, typed) {
  if (/PREFIX\s+$/i.test(before)) return "prefix";
  if (/(?:^|\s)a\s+$|rdf:type\s+$|vx:kind\s+$/.test(before)) return "class";
  if (/^(?:id|src):/.test(typed)) return "thing";
  return /[?$\w>:]\s+$|[;{]\s*$|[;]\s*$/.test(before) && !/:\S+\s+$/.test(before) ? "property" : "thing";
}

/** The names that a line may end with, the longest first: where each begins, what is typed, what it may be. */
function candidates(line) {
  const found = line.match(TYPED);
  if (!found) return [];
  const starts = [0, ...[...found[0].matchAll(/ /g)].map(({ index }) => index + 1)];
  return starts.map((start) => ({ at: found.index + start, typed: found[0].slice(start) }))
    .filter(({ typed }) => !typed.startsWith("a "))
    .map((one) => ({ ...one, kind: kindOf(line.slice(0, one.at), one.typed) }));
}

const asked = (kind, typed, more = {}) => getJson("/api/complete", { kind, q: typed.replace(/^:/, ""), ...more })
  .then(({ results }) => results.map((entry) => ({ ...entry, kind })));

/** The first candidate that the data know: as what may stand there, else as anything. */
async function known(line) {
  const all = candidates(line);
  for (const one of all) {
    const found = await asked(one.kind, one.typed);
    if (found.length) return { ...one, found };
  }
  for (const one of all.filter(({ kind }) => kind !== "prefix")) {
    const others = ["class", "property", "thing"].filter((kind) => kind !== one.kind);
    const found = (await Promise.all(others.map((kind) => asked(kind, one.typed, { limit: OTHERS })))).flat();
    if (found.length) return { ...one, found };
  }
  return null;
}

/** The name in a language with the everyday words for it: Cơ sở (nhà máy, xưởng). */
const called = ({ labels, others }, lang) => labels[lang] && (others[lang] ? `${labels[lang]} (${others[lang].join(", ")})` : labels[lang]);

function row(entry) {
  const here = document.documentElement.lang;
  const names = [called(entry, here), ...Object.keys(entry.labels).filter((lang) => lang !== here).map((lang) => entry.labels[lang])];
  return [entry.curie, el("small", {}, names.filter(Boolean).join(" · "))];
}

/** Writes a name; where a PREFIX line is needed it is added. `free` are prefixes that need none. */
function write(editor, free, entry, from, to) {
  const prefix = entry.curie.split(":")[0];
  const text = entry.kind === "prefix" ? `${entry.curie} <${entry.iri}>` : entry.curie === entry.iri ? `<${entry.iri}>` : entry.curie;
  editor.replaceRange(text, from, to);
  const declared = new Set([...editor.getValue().matchAll(PREFIX)].map((match) => match[1]));
  if (entry.kind !== "prefix" && entry.curie !== entry.iri && !free.has(prefix) && !declared.has(prefix)) {
    editor.replaceRange(`PREFIX ${prefix}: <${entry.iri.slice(0, entry.iri.length - entry.curie.length + prefix.length + 1)}>\n`, { line: 0, ch: 0 });
  }
}

/** Offers names at the cursor, and narrows them while the reader types on; `say(text)` tells what went wrong. */
export function offerNames(editor, free, texts, say) {
  editor.showHint({
    completeSingle: false, container: editor.rootEl, closeCharacters: /[()[\]{};>,]/,
    async hint() {
      const to = editor.getCursor();
      const match = await known(editor.getLine(to.line).slice(0, to.ch)).catch(() => undefined);
      say(match ? "" : match === null ? texts.no_names : texts.not_complete);
      if (!match) return null;
      const from = { line: to.line, ch: match.at };
      return {
        from, to,
        list: match.found.map((entry) => ({
          text: entry.curie,
          hint: (_editor, data) => write(editor, free, entry, data.from, data.to),
          render: (line) => line.append(...row(entry)),
        })),
      };
    },
  });
}
