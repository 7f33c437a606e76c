/* The dialog with the address of what is seen, copied where the browser allows it. */

/** `dialog` comes from share_dialog.html, `texts` has `copied` and `copy_yourself`. Returns open(address). */
export function createShareDialog(dialog, texts) {
  const field = dialog.querySelector("input");
  const status = dialog.querySelector("[role=status]");

  async function copy() {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = texts.copied;
    } catch {
      status.textContent = texts.copy_yourself;
    }
  }

  dialog.querySelector("[data-copy]").addEventListener("click", copy);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  return (address) => {
    field.value = address;
    dialog.showModal();
    copy();
  };
}
