/* The dialog that asks for paths between two things and shows them as sentences to follow. */

import { createCombobox } from "./combobox.js";
import { block, el, fill, numeral } from "./dom.js";
import { carried } from "./net.js";

const MOST = 3;

/** `core` as in explorer.js: ask(), name(id), addPath(from, to, ids), select(id). Returns `open(from)`. */
export function createPathDialog(core, dialog, page) {
  const texts = { ...core.texts, ...block("panel-texts") };
  const form = dialog.querySelector("form");
  const out = dialog.querySelector(".out");
  const ends = { from: null, to: null };
  let asking = null;

  for (const end of ["from", "to"]) {
    const input = form.elements[end];
    createCombobox(input, input.closest(".combo"), texts.find, {
      choose: (result) => {
        ends[end] = { id: result.id, label: result.label };
        input.value = result.label;
        ask();
      },
      query: { type: dialog.dataset.kinds },
    });
    input.addEventListener("input", () => { ends[end] = null; });
  }

  const chosen = () => [...form.querySelectorAll("[name=relation]:checked")].map((box) => box.value);

  const tell = (...parts) => out.replaceChildren(...parts.filter(Boolean));
  const note = (text, role = "status") => (text ? el("p", { class: "muted small", role }, text) : null);

  async function ask() {
    asking?.abort();
    if (!ends.from || !ends.to) return tell(note(texts.path_choose));
    if (ends.from.id === ends.to.id) return tell(note(texts.path_same));
    if (!chosen().length) return tell(note(texts.path_no_relation));
    asking = new AbortController();
    const { signal } = asking;
    tell(note(texts.loading));
    try {
      const found = await core.ask("/api/path", {
        from: ends.from.id, to: ends.to.id, limit: MOST, relation: chosen().join(",") }, signal);
      if (!signal.aborted) show(found);
    } catch (error) {
      if (error.name === "AbortError") return undefined;
      const again = el("button", { type: "button", class: "btn" }, texts.retry);
      again.addEventListener("click", ask);
      tell(note(texts[error.text] ?? texts.failed, "alert"), again);
    }
    return undefined;
  }

  function show(found) {
    const names = new Map(found.nodes.map((node) => [node.id, node.title.split("\n")[0] || node.label]));
    const lines = new Map(found.edges.map((edge) => [edge.id, edge]));
    tell(
      found.paths.length ? el("ol", { class: "found" }, ...found.paths.map((path) => row(path, names, lines))) : null,
      note(found.message),
    );
    out.scrollIntoView({ block: "nearest" });
  }

  function row(path, names, lines) {
    const parts = [thing(path.ids[0], names)];
    path.steps.forEach((step, n) => parts.push(" ", between(step, path.ids[n], lines), " ", thing(path.ids[n + 1], names)));
    const add = el("button", { type: "button", class: "btn" }, texts.path_show);
    add.addEventListener("click", () => {
      dialog.close();
      core.addPath(path.ids[0], path.ids.at(-1), path.ids);
    });
    return el("li", {}, el("p", {}, ...parts),
      el("p", { class: "row" }, el("span", { class: "muted small" }, fill(texts.path_steps, { n: numeral(path.length) })), add));
  }

  function thing(id, names) {
    const link = el("a", { href: carried(page + encodeURIComponent(id)) }, names.get(id) ?? id);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      dialog.close();
      core.select(id);
    });
    return link;
  }

  /** The relation between two neighbours, with an arrow the way it is recorded. */
  function between(step, from, lines) {
    const edge = lines.get(step[0]);
    const text = edge.from === from ? `→ ${edge.name} →` : `← ${edge.name} ←`;
    return el("span", { class: edge.relation === "missing" ? "rel missing" : "rel" }, text);
  }

  form.addEventListener("change", (event) => {
    if (event.target.name === "relation") ask();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => asking?.abort());

  return function open(id) {
    ends.from = id && !id.startsWith("group:") ? { id, label: core.name(id) } : null;
    ends.to = null;
    form.elements.from.value = ends.from?.label ?? "";
    form.elements.to.value = "";
    tell(note(texts.path_choose));
    dialog.showModal();
    form.elements[ends.from ? "to" : "from"].focus();
  };
}
