/* Share: an address that leads back to exactly this picture. */

import { postJson } from "./net.js";
import { createShareDialog } from "./share_dialog.js";
import { toAddress } from "./state.js";

/** The address of what is seen; asks the server for a short one when it would be too long. Rejects with Trouble. */
async function addressOf(core) {
  const { query, v, fits } = toAddress(core.doc(), core.camera(), location.search, location.origin + location.pathname);
  if (fits) {
    if (v) query.set("v", v);
    return `${location.origin}${location.pathname}${query.size ? `?${query}` : ""}`;
  }
  const state = { ...core.doc(), camera: core.camera() };
  const kept = await postJson("/api/links", {}, { path: "/", query: query.toString(), state });
  return new URL(kept.href, location.href).href;
}

/** The button that opens `dialog` (share_dialog.html) with the address of what is seen. */
export function createShare(core, button, dialog) {
  const open = createShareDialog(dialog, core.texts);
  button.addEventListener("click", async () => {
    try {
      open(await addressOf(core));
    } catch (error) {
      core.complain(error);
    }
  });
}
