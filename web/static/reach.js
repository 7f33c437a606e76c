/* How much room a mark takes with its label: what the canvas must show and what a new mark must not cover. */

import { ANCHOR } from "./backdrop.js";

const SUB = { font: 11 };

/** Boxes are {left, right, top, bottom} in world pixels. */
export function createReach(marks, labels) {
  const tall = (rows, type) => rows.length * type.font * labels.leading;
  const widest = (rows, type) => Math.max(0, ...rows.map((row) => labels.width(row, type)));

  function ofNode(node, centre) {
    const type = marks.typeOf(node, centre);
    const subs = node.sub ? node.sub.split("\n") : [];
    const subWidth = widest(subs, SUB);
    if (marks.isBox(node)) {
      const { width, height } = marks.extent(node, centre);
      const half = Math.max(width, subWidth) / 2;
      const bottom = node.y + height / 2 + tall(subs, SUB);
      return { left: node.x - half, right: node.x + half, top: node.y - height / 2, bottom };
    }
    const size = node.size ?? type.size;
    const side = marks.sideOf(node);
    const rows = labels.lines(node.label, type, side ? null : type.wrap);
    const words = Math.max(widest(rows, type), subWidth);
    const height = tall(rows, type) + tall(subs, SUB);
    if (!side) {
      const half = Math.max(size, words / 2);
      return { left: node.x - half, right: node.x + half, top: node.y - size, bottom: node.y + size + 4 + height };
    }
    const far = size + 8 + words;
    return {
      left: node.x - (side < 0 ? far : size), right: node.x + (side > 0 ? far : size),
      top: node.y - Math.max(size, type.font), bottom: node.y + Math.max(size, height - 0.65 * type.font),
    };
  }

  /** Text from the baseline (x, y) downwards. */
  function ofText({ x, y, text, size = 11, weight, align }) {
    const type = { font: size, weight };
    const rows = text.split("\n");
    const width = widest(rows, type);
    const before = { left: 0, center: width / 2, right: width }[ANCHOR[align] ?? "left"];
    return { left: x - before, right: x - before + width, top: y - size, bottom: y - size + tall(rows, type) };
  }

  const ofBandName = (band) => ofText({
    x: band.x + 14, y: band.y + 25, text: [band.label, band.sub].filter(Boolean).join("\n"), size: 15.5, weight: 600 });

  return { ofNode, ofText, ofBandName };
}
