/* Text on the canvas: measured, wrapped and written with the line height Vietnamese needs. */

const LEADING = 1.3;

export function createLabels(face) {
  const ruler = document.createElement("canvas").getContext("2d");
  const cache = new Map();

  const fontOf = ({ font, weight }) => `${weight ?? 400} ${font}px ${face}`;

  function width(text, type) {
    ruler.font = fontOf(type);
    return Math.max(...String(text).split("\n").map((line) => ruler.measureText(line).width));
  }

  /** Lines no wider than `room`, broken between words; given line breaks stay where every line fits. */
  function lines(text, type, room) {
    const key = `${fontOf(type)} ${room} ${text}`;
    if (!cache.has(key)) {
      cache.set(key, parts(String(text), type, room).flatMap((part) => {
        const rows = [];
        for (const word of part.split(" ")) {
          const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
          if (rows.length && room && width(longer, type) > room) rows.push(word);
          else rows.splice(-1, 1, longer);
        }
        return rows;
      }));
    }
    return cache.get(key);
  }

  const parts = (text, type, room) => (
    room && width(text, type) > room ? [text.replace(/\s*\n\s*/g, " ")] : text.split("\n"));

  /** A label that must stay in its box: a little smaller, then cut. The title tells the rest. */
  function fitted(text, type, room) {
    if (width(text, type) <= room) return { text, type };
    const small = { ...type, font: Math.min(type.font, 10.3) };
    if (width(text, small) <= room) return { text, type: small };
    let cut = String(text);
    while (cut.length > 3 && width(`${cut}…`, small) > room) cut = cut.slice(0, -1).trimEnd();
    return { text: `${cut}…`, type: small };
  }

  /** Writes lines from the baseline (x, y) downwards and returns the next baseline. */
  function write(ctx, rows, x, y, type, { color, align = "left", halo = null }) {
    ctx.font = fontOf(type);
    ctx.textAlign = align;
    ctx.textBaseline = "alphabetic";
    ctx.fillStyle = color;
    rows.forEach((row, i) => {
      const at = y + i * type.font * LEADING;
      if (halo) {
        ctx.lineJoin = "round";
        ctx.lineWidth = 4;
        ctx.strokeStyle = halo;
        ctx.strokeText(row, x, at);
      }
      ctx.fillText(row, x, at);
    });
    return y + rows.length * type.font * LEADING;
  }

  return { width, lines, fitted, write, leading: LEADING, forget: () => cache.clear() };
}
