/* The only place where marks and line styles become vis-network options. The table is graph/marks.json.
   vis-network gets shapes and lines; labels.js writes every label, because vis has no line height and no weights. */

/** Reads colours from the CSS custom properties, each once, so a change of scheme needs only a new palette. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name.replace(/^--/, "")}`).trim();
  const known = new Map();
  return (name) => {
    if (!known.has(name)) known.set(name, read(name) || read("ink"));
    return known.get(name);
  };
}

export function createMarks(table, labels) {
  const markOf = (node) => table.marks[node.mark] ?? table.marks.document;
  const isBox = (node) => ["box", "text"].includes(markOf(node).shape);

  /** Where the label stands: -1 left of the mark, 1 right, 0 below. */
  const sideOf = (node) => ({ left: -1, right: 1 })[node.align] ?? 0;

  /** How a label is written: {font, weight, text (colour token)}; the centre of a focus view is larger. */
  const typeOf = (node, centre) => (centre && isBox(node) ? { ...markOf(node), ...table.centre } : markOf(node));

  /** Width and height of a box; a text is a box without edge, as wide as its words. */
  function extent(node, centre) {
    const mark = typeOf(node, centre);
    if (mark.shape === "text") return { width: labels.width(node.label, mark) + 8, height: mark.font * 1.5 };
    const width = Math.max(node.size ?? 0, mark.width);
    return centre
      ? { width: Math.max(width, labels.width(node.label, mark) + 28), height: mark.height }
      : { width: node.size ?? mark.width, height: node.height ?? mark.height };
  }

  /** Contract node -> vis node. `ground` is the colour behind it: a text hides the line that ends under it. */
  function visNode(node, color, ground, centre) {
    const mark = markOf(node);
    const box = isBox(node) ? extent(node, centre) : null;
    return {
      id: node.id, x: node.x, y: node.y, title: node.title || undefined,
      // vis gives a box its size through its label only, so a box has one that cannot be seen.
      label: box ? "." : undefined, font: { size: 1, color: "rgba(0,0,0,0)" },
      shape: mark.shape === "text" ? "box" : mark.shape,
      size: box ? undefined : node.size ?? mark.size,
      borderWidth: node.border ?? mark.border ?? 0,
      color: mark.fill
        ? { background: color(mark.fill), border: color(mark.line) }
        : { background: ground, border: ground },
      shapeProperties: { borderDashes: mark.dashes ?? false, borderRadius: mark.radius ?? 0 },
      margin: { top: 0, right: 0, bottom: 0, left: 0 },
      widthConstraint: box ? box.width : false,
      heightConstraint: box ? box.height : false,
      physics: false, chosen: false,
    };
  }

  /** Contract edge -> vis edge. Curves leave sideways; in the overview and on twigs beside the focus, vertically. */
  function visEdge(edge, color, { mode, focus }) {
    const style = table.styles[edge.style] ?? table.styles.weak;
    const vertical = mode === "overview" || (edge.style === "twig" && edge.from !== focus && edge.to !== focus);
    const arrow = edge.relation === "supplies" && style.arrow;
    return {
      id: edge.id, from: edge.from, to: edge.to, title: edge.title || undefined, label: edge.label || undefined,
      color: { color: color(style.color), inherit: false },
      width: edge.width ?? style.width, dashes: style.dashes,
      arrows: arrow ? { to: { enabled: true, type: arrow, scaleFactor: 0.6 } } : "",
      smooth: edge.smooth === "cubic"
        ? { enabled: true, type: "cubicBezier", forceDirection: vertical ? "vertical" : "horizontal", roundness: 0.5 }
        : false,
      font: {
        color: color("ink-3"), size: 10.5, face: table.face, strokeWidth: 4, strokeColor: color("paper"),
        align: "horizontal", vadjust: -9,
      },
      chosen: false, physics: false,
    };
  }

  return { visNode, visEdge, markOf, isBox, sideOf, typeOf, extent, world: table.world, symbols: table.symbols };
}
