/* The editor: Yasqe over the plain box, with names from our own data and nothing asked of other hosts. */

import { el } from "./dom.js";
import { getJson } from "./net.js";

const PREFIX = /^\s*PREFIX\s+([\w.-]*):/gim;
const NAME = /[^\s{}()<>"'.;,|/^*+!?[\]]*$/u;

/** The same lines, indented by the brackets that are open; long strings are left as they are. */
export function indented(text) {
  if (/"""|'''/.test(text)) return text;
  let depth = 0;
  return text.split("\n").map((line) => {
    const bare = line.trim().replace(/<[^<>\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|#.*$/g, "");
    const closes = bare.match(/^[\s})]*/)[0].replace(/\s/g, "").length;
    const indent = "  ".repeat(Math.max(0, depth - closes));
    depth = Math.max(0, depth + (bare.match(/[{(]/g) ?? []).length - (bare.match(/[})]/g) ?? []).length);
    return line.trim() ? indent + line.trim() : "";
  }).join("\n");
}

/** What may stand at the cursor, from the text before it in the line. */
function kindOf(before, whole) {
  if (/PREFIX\s+$/i.test(before)) return "prefix";
  if (/(?:^|\s)a\s+$|rdf:type\s+$|vx:kind\s+$/.test(before)) return "class";
  if (/^(?:id|src):/.test(whole)) return "thing";
  return /[?$\w>:]\s+$|[;{]\s*$|[;]\s*$/.test(before) && !/:\S+\s+$/.test(before) ? "property" : "thing";
}

/** Replaces `box` by an editor. `known` are prefixes that need no declaration. Rejects without the package. */
export async function createEditor(box, { texts, known, run, changed, failed }) {
  const { Yasqe } = await import("./vendor/yasqe/yasqe.esm.js");
  const holder = el("div");
  const exit = el("span", { tabindex: "-1" });
  box.after(holder, exit);
  box.hidden = true;
  const editor = new Yasqe(holder, {
    value: box.value, autocompleters: [], persistenceId: null, consumeShareLink: null, showQueryButton: false,
    resizeable: false, editorHeight: "auto", prefixCcApi: null, lineWrapping: true, createShareableLink: () => "",
    screenReaderLabel: texts.label, viewportMargin: Infinity,
    extraKeys: {
      "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-Space": complete, "Ctrl-/": () => editor.commentLines(),
      "Shift-Ctrl-F": format, "Ctrl-S": false, Esc: () => exit.focus(),
    },
  });

  function format() {
    const cursor = editor.getCursor();
    editor.setValue(indented(editor.getValue()));
    editor.setCursor(cursor);
  }

  /** Where a PREFIX line is needed it is added with the name. */
  function pick(entry, from, to) {
    const prefix = entry.curie.split(":")[0];
    const text = entry.kind === "prefix" ? `${entry.curie} <${entry.iri}>` : entry.curie === entry.iri ? `<${entry.iri}>` : entry.curie;
    editor.replaceRange(text, from, to);
    const declared = new Set([...editor.getValue().matchAll(PREFIX)].map((match) => match[1]));
    if (entry.kind !== "prefix" && entry.curie !== entry.iri && !known.has(prefix) && !declared.has(prefix)) {
      editor.replaceRange(`PREFIX ${prefix}: <${entry.iri.slice(0, entry.iri.length - entry.curie.length + prefix.length + 1)}>\n`, { line: 0, ch: 0 });
    }
  }

  async function complete() {
    const cursor = editor.getCursor();
    const line = editor.getLine(cursor.line).slice(0, cursor.ch);
    const typed = line.match(NAME)[0];
    const from = { line: cursor.line, ch: cursor.ch - typed.length };
    const kind = kindOf(line.slice(0, from.ch), typed);
    const q = typed.replace(/^:/, "");
    let found;
    try {
      found = (await getJson("/api/complete", { kind, q })).results;
      if (!found.length && kind !== "prefix") {
        const others = ["class", "property", "thing"].filter((other) => other !== kind);
        found = (await Promise.all(others.map((other) => getJson("/api/complete", { kind: other, q, limit: 8 })))).flatMap(({ results }) => results);
      }
    } catch (error) {
      failed(texts.not_complete);
      return;
    }
    const here = document.documentElement.lang;
    editor.showHint({
      completeSingle: false, container: editor.rootEl,
      hint: () => ({
        from, to: cursor,
        list: found.map((entry) => ({
          text: entry.curie,
          hint: () => pick({ ...entry, kind }, from, cursor),
          render: (row) => row.append(entry.curie, el("small", {}, [entry.labels[here], ...Object.entries(entry.labels)
            .filter(([lang]) => lang !== here).map(([, label]) => label)].filter(Boolean).join(" · "))),
        })),
      }),
    });
  }

  let marked = [];
  function unmark() {
    marked.forEach((mark) => mark.clear());
    marked = [];
    editor.clearGutter("gutterErrorBar");
  }

  /** Shows where the server found the query wrong: one-based line and column. */
  function mark(line, column, message) {
    unmark();
    const at = { line: Math.min(line, editor.lineCount()) - 1, ch: column - 1 };
    const token = editor.getTokenAt({ line: at.line, ch: column });
    const end = { line: at.line, ch: Math.max(token.end, column) };
    marked = [editor.markText(at, end, { className: "wrong-sign", title: message })];
    editor.addLineClass(at.line, "background", "wrong");
    marked.push({ clear: () => editor.eachLine((each) => { editor.removeLineClass(each, "background", "wrong"); }) });
    editor.setGutterMarker(at.line, "gutterErrorBar", el("span", { class: "wrong-mark", title: message, role: "img", "aria-label": message }, "!"));
    editor.setCursor(at);
    editor.focus();
  }

  editor.on("change", () => {
    box.value = editor.getValue();
    marked.forEach((each) => each.clear());
    marked = [];
    changed(box.value);
  });
  return { set: (text) => editor.setValue(text), mark, unmark, focus: () => editor.focus(), refresh: () => editor.refresh() };
}
