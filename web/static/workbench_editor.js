/* The editor: Yasqe over the plain box, with names from our own data and nothing asked of other hosts. */

import { el } from "./dom.js";
import { offerNames } from "./workbench_names.js";

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

/** Replaces `box` by an editor. `known` are prefixes that need no declaration. Rejects without the package. */
export async function createEditor(box, { texts, known, changed, say }) {
  const { Yasqe } = await import("./vendor/yasqe/yasqe.esm.js");
  const holder = el("div");
  const exit = el("span", { tabindex: "-1" });
  box.after(holder, exit);
  box.hidden = true;
  const editor = new Yasqe(holder, {
    value: box.value, autocompleters: [], persistenceId: null, consumeShareLink: null, showQueryButton: false,
    resizeable: false, editorHeight: "auto", prefixCcApi: null, lineWrapping: true, createShareableLink: () => "",
    screenReaderLabel: texts.label, viewportMargin: Infinity,
    extraKeys: { "Ctrl-S": false, Esc: () => exit.focus() },
  });

  function indent() {
    const cursor = editor.getCursor();
    editor.setValue(indented(editor.getValue()));
    editor.setCursor(cursor);
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
  return {
    mark, unmark, indent,
    set: (text) => editor.setValue(text),
    complete: () => offerNames(editor, known, texts, say),
    comment: () => editor.commentLines(),
    focus: () => editor.focus(),
    refresh: () => editor.refresh(),
  };
}
