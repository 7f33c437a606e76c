/* What is drawn over the marks: their names, the pin of one that stays where it is, the frame of what is selected. */

const SMALL = { font: 11 };

/** The name of a mark at (x, y), the number inside it and the line below; a box holds its name, a mark has it below. */
export function writeName(ctx, node, at, { central, halo, color, marks, labels }) {
  const type = marks.typeOf(node, central);
  const ink = { color: color(type.text) };
  const sub = (x, y, align) => {
    if (node.sub) labels.write(ctx, node.sub.split("\n"), x, y, SMALL, { color: color("ink-2"), align, halo });
  };
  if (marks.isBox(node)) {
    const { width, height } = marks.extent(node, central);
    const fit = labels.fitted(node.label, type, width - 5);
    labels.write(ctx, [fit.text], at.x, at.y + 0.35 * fit.type.font, fit.type, { ...ink, align: "center" });
    sub(at.x, at.y + height / 2 + 11, "center");
    return;
  }
  const inner = type.inside ?? (node.mark === "group" && node.number ? `+${node.number}` : node.number);
  if (inner && type.shape === "dot") {
    labels.write(ctx, [String(inner)], at.x, at.y + 4, { font: 11, weight: 600 },
      { color: color(type.inside ? type.text : "ink"), align: "center" });
  }
  const side = marks.sideOf(node);
  const size = node.size ?? type.size;
  const rows = labels.lines(node.label, type, side ? null : type.wrap);
  const align = side < 0 ? "right" : side > 0 ? "left" : "center";
  const x = at.x + side * (size + 8);
  const y = side ? at.y + 0.35 * type.font : at.y + size + type.font + 4;
  sub(x, labels.write(ctx, rows, x, y, type, { ...ink, align, halo }) + 1, align);
}

/** A pin at the upper right of a mark. */
export function drawPin(ctx, { right, top }, color) {
  ctx.strokeStyle = color("accent");
  ctx.fillStyle = color("accent");
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(right + 2, top - 3);
  ctx.lineTo(right - 3, top + 3);
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(right + 3, top - 4, 3.2, 0, 2 * Math.PI);
  ctx.fill();
}

export function drawOutline(ctx, { left, top, right, bottom }, color) {
  ctx.strokeStyle = color("accent");
  ctx.lineWidth = 2;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.roundRect(left, top, right - left, bottom - top, 4);
  ctx.stroke();
}
