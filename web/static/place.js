/* Places for things that arrive without a position: the nearest free spots around their neighbour. */

const ROOM = { x: 86, y: 50 };

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

/** Returns copies of `nodes` with x and y, none on top of `taken` (or of each other). */
export function placed(nodes, center, taken) {
  const used = [...taken];
  const free = (spot) => used.every((p) => Math.abs(p.x - spot.x) > ROOM.x || Math.abs(p.y - spot.y) > ROOM.y);
  const candidates = spots(center);
  const next = () => {
    let step = candidates.next();
    while (!step.done && !free(step.value)) step = candidates.next();
    return step.value ?? center;
  };
  return nodes.map((node) => {
    const spot = Number.isFinite(node.x) && Number.isFinite(node.y) ? { x: node.x, y: node.y } : next();
    used.push(spot);
    return { ...node, ...spot };
  });
}
