/* The shelf under the editor: the last runs and the saved queries, both kept by this browser only. */

import { el, fill, numeral } from "./dom.js";
import { asFile, drop, isQuery, runs, save, saved, titleOf } from "./workbench_kept.js";
import { download } from "./save.js";

const LONGEST = 100_000;
const firstLine = (query) => titleOf(query) || query.replace(/^\s*(?:PREFIX|BASE)\b.*$/gim, "").trim().slice(0, 100);
const fileName = (name) => `${name.normalize("NFD").replace(/[đĐ]/g, "d").replace(/[^\w -]/g, "").trim().replace(/\s+/g, "-").toLowerCase() || "query"}.rq`;

/** `open(query)` shows a query in the editor; `current()` gives its text. */
export function createShelf(texts, { open, current }) {
  const history = el("ul");
  const kept = el("ul");
  const said = el("p", { role: "status" });
  const say = (text) => { said.textContent = text; };
  const name = el("input", { type: "text", "aria-label": texts.name, placeholder: texts.name, maxlength: "120" });
  const files = el("input", { type: "file", accept: ".rq,.sparql,.txt", multiple: true, "aria-label": texts.import, class: "vh", tabindex: "-1" });

  const button = (text, act, attributes = {}) => {
    const made = el("button", { type: "button", class: "btn", ...attributes }, text);
    made.addEventListener("click", act);
    return made;
  };
  const opener = (query, ...words) => {
    const made = el("button", { type: "button" }, ...words);
    made.addEventListener("click", () => open(query));
    return made;
  };
  /** A question goes back to its form with what was chosen in it, a query to the editor. */
  const again = (run, ...words) => (String(run.form).startsWith("?") ? el("a", { href: run.form }, ...words) : opener(run.query, ...words));

  function show() {
    const lang = document.documentElement.lang;
    const when = (time) => new Date(time).toLocaleString(lang, { dateStyle: "short", timeStyle: "short" });
    history.replaceChildren(...runs().map((run) => el("li", {}, again(run, [firstLine(run.query), run.chosen].filter(Boolean).join(" · "),
      el("small", {}, fill(texts.run, { ...run, when: when(run.when), seconds: numeral(run.seconds.toFixed(3)) }))))));
    if (!history.children.length) history.append(el("li", {}, texts.no_history));
    kept.replaceChildren(...saved().map((one) => el("li", {}, opener(one.query, one.name),
      button(".rq", () => download(new Blob([asFile(one)], { type: "application/sparql-query" }), fileName(one.name)),
        { "aria-label": fill(texts.export, one) }),
      button("×", () => { drop(one.name); show(); }, { "aria-label": fill(texts.delete, one) }))));
    if (!kept.children.length) kept.append(el("li", {}, texts.no_saved));
  }

  function keep() {
    const title = name.value.trim() || titleOf(current()) || texts.untitled;
    say(save(title, current()) ? "" : texts.full);
    name.value = "";
    show();
  }

  files.addEventListener("change", async () => {
    const odd = [];
    say("");
    for (const file of files.files) {
      const query = file.size <= LONGEST ? await file.text() : "";
      if (!isQuery(query)) odd.push(file.name);
      else if (!save(titleOf(query) || file.name.replace(/\.\w+$/, ""), query)) say(texts.full);
    }
    files.value = "";
    show();
    if (odd.length) say(fill(texts.no_query, { names: odd.join(", ") }));
  });

  const element = el("div", { class: "shelf" },
    el("details", { "data-shelf": "history" }, el("summary", {}, texts.history), history),
    el("details", { "data-shelf": "saved" }, el("summary", {}, texts.saved), el("div", { class: "row" }, name,
      button(texts.save, keep), button(texts.import, () => files.click()), files), said, kept));
  show();
  return { element, show };
}
