/* What lies behind the picture: sea, bands, spine, texts. Drawn on the canvas, so none of it is a node. */

export const ANCHOR = { start: "left", left: "left", middle: "center", center: "center", end: "right", right: "right" };
const FAR = 4000;

function coast(ctx, color) {
  const shore = new Path2D(
    `M1326 ${-FAR} V0 C1312 90 1344 150 1324 240 S1340 380 1322 470 S1342 600 1326 680 S1332 740 1324 752 V${FAR}`);
  const sea = new Path2D(shore);
  sea.lineTo(FAR, FAR);
  sea.lineTo(FAR, -FAR);
  sea.closePath();
  ctx.fillStyle = color("sea");
  ctx.fill(sea);
  ctx.strokeStyle = color("c-infra");
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = 1.5;
  ctx.stroke(shore);
  ctx.globalAlpha = 1;
}

/** `named` holds the band ids that are nodes too: those write their own name. */
export function drawBackdrop(ctx, view, color, labels, named) {
  ctx.save();
  ctx.setLineDash([]);
  if (view.coast) coast(ctx, color);
  for (const band of view.bands ?? []) {
    ctx.fillStyle = color("wash");
    ctx.beginPath();
    ctx.roundRect(band.x, band.y, band.width, band.height, 6);
    ctx.fill();
    if (!named.has(band.id)) {
      labels.write(ctx, [band.label], band.x + 14, band.y + 25, { font: 15.5, weight: 600 }, { color: color("ink") });
    }
    if (band.sub) labels.write(ctx, [band.sub], band.x + 14, band.y + 42, { font: 11 }, { color: color("ink-2") });
  }
  if (view.spine) {
    ctx.strokeStyle = color("accent");
    ctx.lineWidth = 7;
    ctx.lineCap = "round";
    ctx.beginPath();
    ctx.moveTo(view.spine.x1, view.spine.y);
    ctx.lineTo(view.spine.x2, view.spine.y);
    ctx.stroke();
  }
  for (const text of view.texts ?? []) {
    labels.write(ctx, text.text.split("\n"), text.x, text.y, { font: text.size ?? 11, weight: text.weight },
      { color: color(text.color_token ?? "ink-2"), align: ANCHOR[text.align] ?? "left" });
  }
  ctx.restore();
}
