/* Elements from plain text only: nothing in this application assigns markup. */

const SVG = "http://www.w3.org/2000/svg";

/** el("a", {class: "src", href: "/x"}, "text", child, null): children are nodes or text. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A use of one symbol of the page's sprite. */
export function pictogram(symbol) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "ic");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#m-${symbol}`);
  svg.append(use);
  return svg;
}

/** The value of a JSON block of the page, or null when the block is absent. */
export function block(id) {
  const script = document.getElementById(id);
  return script ? JSON.parse(script.textContent) : null;
}

/** fill("Next {n}", {n: 25}) -> "Next 25" */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** Only http(s) and same-site addresses may become links. */
export function safeHref(href) {
  if (!href) return null;
  const url = new URL(href, location.href);
  return url.protocol === "http:" || url.protocol === "https:" ? href : null;
}

export const plain = (label) => label.replace(/\s*\n\s*/g, " ");

/** As the language writes numbers. Small ones are alike in all, and the first use of a locale costs 20 ms. */
export function numeral(value) {
  const number = Number(value);
  const small = Number.isInteger(number) && Math.abs(number) < 1000;
  return small ? String(number) : number.toLocaleString(document.documentElement.lang);
}

/** Menus are <details>: close on Escape and on a press outside. */
export function closeOutside(menus) {
  document.addEventListener("pointerdown", (event) => {
    menus.filter((menu) => !menu.contains(event.target)).forEach((menu) => menu.removeAttribute("open"));
  });
  for (const menu of menus) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
      event.stopPropagation();
    });
  }
}
