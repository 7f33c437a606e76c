/* Files of what is seen: the picture as PNG is made here, the others by the server from the document. */

import { createCanvas } from "./canvas.js";
import { palette } from "./marks.js";
import { fetched, withLang } from "./net.js";

const RATIO = 2;
const PAD = 24;
const HEAD = 64;
const FOOT = 64;

export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** One entry of the legend as a small drawing; returns how wide it is. */
function sample(ctx, table, color, word, x, y) {
  const line = word.startsWith("line-") ? table.styles[word.slice(5)] : null;
  const mark = table.marks[word];
  ctx.save();
  ctx.beginPath();
  if (line || word === "spine") {
    ctx.strokeStyle = color(line?.color ?? "accent");
    ctx.lineWidth = line?.width ?? 5;
    ctx.setLineDash(line?.dashes || []);
    ctx.moveTo(x, y);
    ctx.lineTo(x + 26, y);
    ctx.stroke();
    ctx.restore();
    return 26;
  }
  ctx.fillStyle = color(mark.fill ?? "paper");
  ctx.strokeStyle = color(mark.line ?? mark.text);
  ctx.lineWidth = Math.max(1, mark.border ?? 1);
  ctx.setLineDash(mark.dashes ?? []);
  const r = 6;
  const [cx, points] = [x + r, {
    diamond: [[0, -r], [r, 0], [0, r], [-r, 0]], triangle: [[0, -r], [r, r], [-r, r]],
    triangleDown: [[0, r], [r, -r], [-r, -r]], square: [[-r, -r], [r, -r], [r, r], [-r, r]],
    box: [[-r - 2, -r + 1], [r + 2, -r + 1], [r + 2, r - 1], [-r - 2, r - 1]],
  }[mark.shape]];
  if (points) points.forEach(([dx, dy]) => ctx.lineTo(cx + dx, y + dy));
  else ctx.arc(cx, y, r - 1, 0, 2 * Math.PI);
  ctx.closePath();
  ctx.fill();
  ctx.stroke();
  ctx.restore();
  return 2 * r;
}

/** The picture drawn again out of sight at twice its size; calls `use` with the canvas element. */
function redrawn(core, { width, height }, use) {
  const scale = RATIO / devicePixelRatio;
  const stage = document.createElement("div");
  stage.setAttribute("aria-hidden", "true");
  stage.style.cssText = `position:fixed;left:-99999px;top:0;width:${width * scale}px;height:${height * scale}px`;
  document.body.append(stage);
  const copy = createCanvas(stage, core.picture, core.marks, core.labels, { ratio: scale });
  const [x, y, zoom] = core.element.clientWidth && core.canvas() ? core.canvas().frame() : [];
  copy.show(zoom ? [x, y, zoom * scale] : null);
  try {
    use(stage.querySelector("canvas"));
  } finally {
    copy.destroy();
    stage.remove();
  }
}

/** What is seen as a PNG with title, legend, date and address, at two pixels for each of the screen. */
export function savePng(core, words) {
  const seen = core.element;
  const size = { width: seen.clientWidth || core.marks.world.width, height: seen.clientHeight || core.marks.world.height };
  const color = palette();
  const paper = document.createElement("canvas");
  paper.width = size.width * RATIO;
  paper.height = (size.height + HEAD + FOOT) * RATIO;
  const ctx = paper.getContext("2d");
  ctx.fillStyle = color("paper");
  ctx.fillRect(0, 0, paper.width, paper.height);
  redrawn(core, size, (drawing) => ctx.drawImage(drawing, 0, HEAD * RATIO, size.width * RATIO, size.height * RATIO));
  ctx.scale(RATIO, RATIO);
  ctx.fillStyle = color("paper");
  ctx.fillRect(0, 0, size.width, HEAD);
  ctx.fillRect(0, size.height + HEAD, size.width, FOOT);
  const write = (text, x, y, font, weight, ink) => core.labels.write(
    ctx, [core.labels.fitted(text, { font, weight }, size.width - 2 * PAD).text], x, y, { font, weight }, { color: color(ink) });
  write(words.title, PAD, 30, 18, 600, "ink");
  write(words.subtitle, PAD, 50, 12, 400, "ink-2");
  let x = PAD;
  const y = size.height + HEAD + 20;
  for (const [word, text] of words.legend) {
    const width = core.labels.width(text, { font: 11 });
    if (x + 40 + width > size.width - PAD) break;
    x += sample(ctx, core.table, color, word, x, y) + 6;
    core.labels.write(ctx, [text], x, y + 4, { font: 11 }, { color: color("ink-2") });
    x += width + 18;
  }
  write(words.note, PAD, size.height + HEAD + 48, 11, 400, "ink-3");
  return new Promise((done) => paper.toBlob((blob) => done(blob), "image/png"));
}

/** A file of the server for the present document; rejects when it cannot be had. */
export async function saveFile(core, kind) {
  const body = new URLSearchParams({ doc: JSON.stringify(core.doc()) });
  const path = withLang(`/export/view.${kind}`, new URLSearchParams());
  const answer = await fetched(path, { method: "POST", body });
  const named = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition") ?? "");
  download(await answer.blob(), named?.[1] ?? `vehec.${kind}`);
}

/** Opens a page of the server for the present document beside this one. */
export function openPage(core, kind) {
  const form = Object.assign(document.createElement("form"), {
    method: "post", action: withLang(`/export/view.${kind}`, new URLSearchParams()), target: "_blank" });
  form.append(Object.assign(document.createElement("input"), {
    type: "hidden", name: "doc", value: JSON.stringify(core.doc()) }));
  document.body.append(form);
  form.submit();
  form.remove();
}
