/* The things of the picture as a CSV file made in the browser. */

import { plain } from "./dom.js";

/** Quoted always; a leading = + - @ gets an apostrophe so that no spreadsheet runs it. */
const cell = (value) => `"${String(value ?? "").replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;

export function downloadCsv(picture, name) {
  const rows = [["id", "kind", "label"]];
  for (const node of picture.nodes.values()) {
    if (picture.visible(node.id)) rows.push([node.id, node.kind, plain(node.label)]);
  }
  const text = `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
