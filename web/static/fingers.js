/* How many fingers touch the page, wherever they lie: a tap and a long press are made by one finger alone. A picture
   sees only the fingers on itself, so that of a pinch with one finger on the panel it sees a long press. */

const REST = 350;
const down = new Set();
let several = false;
let gestures = 0;
let over = -REST;

addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "touch") return;
  if (event.isPrimary) {
    down.clear();
    several = false;
    gestures += 1;
  }
  down.add(event.pointerId);
  several ||= down.size > 1;
}, { capture: true, passive: true });

for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, (event) => {
    if (!down.delete(event.pointerId) || down.size) return;
    if (several) over = performance.now();
  }, { capture: true, passive: true });
}

/** True while several fingers touch the page, until the last of them has been away for a moment. */
export const manyFingers = () => (down.size ? several : false) || performance.now() - over < REST;

/** Number of the present or last gesture: it begins with the first finger and ends with the last. */
export const gestureNumber = () => gestures;
