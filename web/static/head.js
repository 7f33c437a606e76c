/* The bar above the picture: what the page says about the present view and which of its buttons can be used. */

import { written } from "./dateline.js";
import { fill, numeral } from "./dom.js";
import { carried } from "./net.js";
import { PATH, viewQuery } from "./state.js";

export function createHead(main, core, actions) {
  const { texts, picture } = core;
  const byId = (id) => document.getElementById(id);
  const up = main.querySelector(".up");

  /** The date form leads back to what is shown now, not to what was shown when the page came. */
  function keepInForm(kept) {
    const form = document.querySelector(".when form");
    form.querySelectorAll("input[type=hidden]").forEach((field) => field.remove());
    for (const [name, value] of kept) {
      if (["as_of", "reading", "lang"].includes(name)) continue;
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
  }

  function links() {
    const kept = new URLSearchParams(location.search);
    if (history.state?.v) kept.set("v", history.state.v);
    keepInForm(kept);
    byId("to-map").href = `${byId("to-map").pathname}?${viewQuery({ ...core.doc(), base: {} }, core.doc().select ? { select: core.doc().select } : {})}`;
    for (const link of document.querySelectorAll(".lang a")) {
      kept.set("lang", link.lang);
      link.href = `?${kept}`;
    }
  }

  /** The words of a legend entry without its detail. */
  const short = (entry) => [...entry.querySelector("span").childNodes].find((node) => node.nodeType === 3).textContent;

  up.addEventListener("click", (event) => {
    event.preventDefault();
    core.visit({});
  });
  byId("undo").addEventListener("click", core.undo);
  byId("redo").addEventListener("click", core.redo);
  byId("show-all").addEventListener("click", actions.showAll);
  byId("leave-near").addEventListener("click", () => actions.near(null));

  return {
    links,
    /** Another view is shown. */
    view(view) {
      byId("view-title").textContent = view.title;
      byId("view-subtitle").textContent = view.subtitle ?? "";
      byId("canvas").setAttribute("aria-label", `${view.title}. ${texts.in_list}`);
      document.title = `${view.title} · VEHEC`;
      up.hidden = view.mode === "overview";
      const { gap } = core.doc().base;
      const story = byId("gap-link");
      story.hidden = !gap;
      if (gap) story.href = carried(main.dataset.gap + encodeURIComponent(gap));
    },
    /** No view could be had: the way back is offered. */
    lost() {
      if (!picture.nodes.size) up.hidden = false;
    },
    /** After every change. `paper` is the document module. */
    report(paper) {
      const { hidden, near } = paper.now;
      const gone = hidden.filter((id) => picture.nodes.has(id)).length;
      byId("undo").disabled = !paper.can(true);
      byId("redo").disabled = !paper.can(false);
      byId("show-all").hidden = !gone;
      byId("show-all").textContent = fill(texts.hidden_n, { n: numeral(gone) });
      byId("leave-near").hidden = near === null;
      byId("leave-near").textContent = near === PATH ? texts.leave_path : texts.leave_near;
      const words = picture.vocabulary();
      for (const entry of main.querySelectorAll(".key [data-on]")) {
        entry.hidden = !entry.dataset.on.split(" ").some((word) => words.has(word));
      }
      links();
    },
    /** What is written on a saved picture. */
    words() {
      const day = core.doc().when.as_of ?? main.dataset.today;
      return {
        title: byId("view-title").textContent,
        subtitle: byId("view-subtitle").textContent,
        legend: [...main.querySelectorAll(".key [data-on]:not([hidden])")].map(
          (entry) => [entry.dataset.on.split(" ")[0], short(entry)]),
        note: fill(texts.picture_note, { date: written(day), address: location.href }),
      };
    },
  };
}
