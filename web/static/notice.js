/* The status line: one sentence at a time, and after trouble what to do about it. */

import { el } from "./dom.js";

const PASSING = 6000;

/** `line` is a role=status element, `texts` the texts of the page. */
export function createNotice(line, texts) {
  let passing = 0;
  let back = null;

  function show(...parts) {
    clearTimeout(passing);
    if (back) removeEventListener("online", back);
    back = null;
    line.replaceChildren(...parts);
  }

  /** A sentence; a `brief` one goes away by itself, and "" leaves nothing. */
  function say(text = "", brief = false) {
    show(text);
    if (brief) passing = setTimeout(say, PASSING);
  }

  /** What went wrong. `again()`, if it can help, stands behind a button, and runs by itself when the network is back. */
  function complain(error, again = null) {
    if (error.name === "AbortError") return;
    if (!error.text) console.error(error);
    const words = error.detail || (texts[error.text] ?? texts.failed);
    if (!again || error.text === "missing" || error.detail) return void say(words);
    const button = el("button", { type: "button", class: "btn" }, texts.retry);
    const retry = () => {
      say(texts.loading);
      again();
    };
    button.addEventListener("click", retry);
    show(el("span", {}, words), button);
    if (error.text !== "offline") return;
    back = retry;
    addEventListener("online", back, { once: true });
  }

  return { say, complain };
}
