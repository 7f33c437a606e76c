/* Share: an address that leads back to exactly this picture, copied where the browser allows it. */

import { postJson } from "./net.js";
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

/** `dialog` holds an input, [data-copy], [data-close] and a [role=status]. */
export function createShare(core, button, dialog) {
  const field = dialog.querySelector("input");
  const status = dialog.querySelector("[role=status]");

  async function copy() {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = core.texts.copied;
    } catch {
      status.textContent = core.texts.copy_yourself;
    }
  }

  button.addEventListener("click", async () => {
    try {
      field.value = await addressOf(core);
    } catch (error) {
      core.complain(error);
      return;
    }
    dialog.showModal();
    copy();
  });
  dialog.querySelector("[data-copy]").addEventListener("click", copy);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
}
