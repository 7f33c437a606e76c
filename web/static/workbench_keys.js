/* Keys of the editor. An input method may hide the letter ("Process") or keep a key to itself: so the place of
   the key on the keyboard counts where there is no letter, and what is often taken can be had by a second key. */

const CODES = { "/": "Slash", " ": "Space", f: "KeyF" };
const KEYS = [
  { act: "run", code: "Enter", mod: true },
  { act: "complete", code: "Space", ctrl: true },
  { act: "complete", code: "Slash", alt: true },
  { act: "comment", code: "Slash", mod: true },
  { act: "indent", code: "KeyF", mod: true, shift: true },
  { act: "indent", code: "KeyF", alt: true, shift: true },
];

/** The name of what a key press asks for, or undefined. Command counts as Ctrl where the system leaves it free. */
export function askedBy(event) {
  const signs = /^[ -~]$/.test(event.key);
  const code = (signs ? CODES[event.key.toLowerCase()] : event.code.replace("Numpad", "")) ?? "";
  return KEYS.find((key) => key.code === code && Boolean(key.alt) === event.altKey
    && (Boolean(key.shift) === event.shiftKey || event.key === "/")
    && (key.mod ? event.ctrlKey !== event.metaKey : event.ctrlKey === Boolean(key.ctrl) && !event.metaKey))?.act;
}

/** Calls `acts[name]()` before the editor sees the key; letters still being composed are put down first. */
export function listenToKeys(element, acts) {
  element.addEventListener("keydown", (event) => {
    const act = acts[askedBy(event)];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.isComposing) {
      event.target.blur();
      event.target.focus();
    }
    act();
  }, true);
}
