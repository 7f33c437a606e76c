/* The tools around the picture: filters, dates, paths, sharing, files, keys. A new tool is started here; it works
   with `core` (see explorer.js): core.change(patch, words) is the one way to change what is seen, core.watch(fn) to
   follow it. */

import { createDateline } from "./dateline.js";
import { createFilters } from "./filters.js";
import { createKeys } from "./keys.js";
import { createPathDialog } from "./path.js";
import { download, openPage, saveFile, savePng } from "./save.js";
import { createShare } from "./share.js";
import { viewQuery } from "./state.js";
import { createTimeButton } from "./time.js";

const byId = (id) => document.getElementById(id);

function startFilters(core) {
  core.watch(createFilters(byId("filters"), {
    filters: () => core.doc().filters,
    query: (filters) => viewQuery({ ...core.doc(), base: {}, filters }),
    change: (filters) => core.change({ filters }, core.texts.did_filter),
  }).refresh);
}

function startTime(core) {
  const time = createTimeButton(byId("time"), {
    current: () => core.doc().when.as_of ?? "",
    async go(day, signal) {
      let trouble = null;
      await core.change((doc) => {
        const { as_of: _, ...when } = doc.when;
        return { when: day ? { ...when, as_of: day } : when };
      }, core.texts.did_date, { signal, failed: (error) => { trouble = error; } });
      if (trouble) {
        core.say();
        throw trouble;
      }
    },
  });
  core.watch(time.show);
}

function startExport(core, head) {
  byId("export").addEventListener("click", async (event) => {
    const kind = event.target.closest("[data-export]")?.dataset.export;
    if (!kind) return;
    event.preventDefault();
    byId("export").removeAttribute("open");
    try {
      if (kind === "share" || kind === "help") byId(kind === "share" ? "share" : "ask").click();
      else if (kind === "png") download(await savePng(core, head.words()), "vehec.png");
      else if (kind === "print") openPage(core, kind);
      else await saveFile(core, kind);
    } catch (error) {
      core.complain(error);
    }
  });
}

/** `parts` = {canvas(), menu(), stage, list, page, head}. */
export function startTools(core, parts) {
  createKeys(core, { ...parts, button: byId("ask"), panelTitle: () => byId("panel").querySelector(".title") }, byId("help"));
  startFilters(core);
  startTime(core);
  core.watch(createDateline(core, document.querySelector(".when")));
  core.path = createPathDialog(core, byId("path"), parts.page);
  createShare(core, byId("share"), byId("share-link"));
  startExport(core, parts.head);
}
