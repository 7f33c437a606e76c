/* An ARIA menu at a point of the window. One is open at a time; the keyboard goes back where it was. */

import { el } from "./dom.js";

const EDGE = 8;
let close = () => {};

/**
 * `items` = [{text, run, href, off}, ...], null for a rule between groups; `spot` = {x, y} in the window.
 * `run` is called after the menu has gone and the keyboard is back.
 */
export function openMenu(label, items, spot) {
  close();
  const opener = document.activeElement;
  let pressed = false;
  const rows = items.map((item) => {
    if (!item) return el("li", { role: "separator" });
    const row = item.href
      ? el("a", { role: "menuitem", tabindex: "-1", href: item.href }, item.text)
      : el("button", { type: "button", role: "menuitem", tabindex: "-1", "aria-disabled": item.off ? "true" : null }, item.text);
    row.addEventListener("click", (event) => {
      const lifted = event.detail > 0 && !pressed;
      if (lifted) event.preventDefault();
      if (lifted || item.off) return;
      close();
      item.run?.();
    });
    return el("li", { role: "none" }, row);
  });
  const menu = el("ul", { class: "context", role: "menu", "aria-label": label }, ...rows);
  const choices = [...menu.querySelectorAll("[role=menuitem]")];
  const end = new AbortController();

  close = () => {
    close = () => {};
    end.abort();
    const held = menu.contains(document.activeElement);
    menu.remove();
    if (held) opener?.focus({ preventScroll: true });
  };

  const move = (to) => choices[(to + choices.length) % choices.length].focus();
  menu.addEventListener("keydown", (event) => {
    const at = choices.indexOf(document.activeElement);
    const steps = {
      ArrowDown: () => move(at + 1), ArrowUp: () => move(at - 1), Home: () => move(0), End: () => move(-1),
      Escape: close, Tab: close,
    };
    const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey;
    const next = letter && [...choices.slice(at + 1), ...choices].find(
      (choice) => choice.textContent.toLowerCase().startsWith(event.key.toLowerCase()));
    if (next) next.focus();
    else if (steps[event.key]) steps[event.key]();
    else if (!letter) return;
    event.preventDefault();
    event.stopPropagation();
  });
  // A finger that lifts after the long press that opened the menu chooses nothing.
  menu.addEventListener("pointerdown", () => { pressed = true; });
  menu.addEventListener("contextmenu", (event) => event.preventDefault());
  const outside = { capture: true, signal: end.signal };
  document.addEventListener("pointerdown", (event) => { if (!menu.contains(event.target)) close(); }, outside);
  addEventListener("blur", () => close(), { signal: end.signal });
  addEventListener("resize", () => close(), { signal: end.signal });

  document.body.append(menu);
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(EDGE, Math.min(spot.x, innerWidth - width - EDGE))}px`;
  menu.style.top = `${Math.max(EDGE, Math.min(spot.y, innerHeight - height - EDGE))}px`;
  choices[0]?.focus({ preventScroll: true });
}
