/* Places for things that arrive without a position: the nearest spots around their neighbour where they fit. */

const GAP = 7;

function* spots(center) {
  for (let ring = 1; ring < 60; ring += 1) {
    const radius = 56 + ring * 24;
    const steps = 8 + ring * 4;
    for (let i = 0; i < steps; i += 1) {
      const angle = (2 * Math.PI * i) / steps + ring * 0.5;
      yield { x: center.x + 1.4 * radius * Math.cos(angle), y: center.y + radius * Math.sin(angle) };
    }
  }
}

const apart = (a, b) => (
  a.left > b.right + GAP || b.left > a.right + GAP || a.top > b.bottom + GAP || b.top > a.bottom + GAP);

/** Copies of `nodes` with x and y. `reach(node)` is the box of a mark with its label; `taken` holds such boxes. */
export function placed(nodes, center, taken, reach) {
  const used = [...taken];
  function next(node) {
    const own = reach({ ...node, x: 0, y: 0 });
    for (const { x, y } of spots(center)) {
      const box = { left: x + own.left, right: x + own.right, top: y + own.top, bottom: y + own.bottom };
      if (used.every((other) => apart(box, other))) return { x, y };
    }
    return center;
  }
  return nodes.map((node) => {
    const spot = Number.isFinite(node.x) && Number.isFinite(node.y) ? { x: node.x, y: node.y } : next(node);
    const found = { ...node, x: spot.x, y: spot.y };
    used.push(reach(found));
    return found;
  });
}
