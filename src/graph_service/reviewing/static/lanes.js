// Where passages overlap, each gets a line of its own under the text: a lane, as few as are needed.
const LANES = 4;

/** Ranges of all positions in order, each with its lane; what goes beyond the last lane shares it. */
export function lanesOf(positions) {
  const ranges = positions.flatMap(({ key, local }) =>
    local.ranges.map(([start, end], index) => ({ key, start, end, first: index === 0, status: local.status ?? "proposed" })),
  );
  ranges.sort((one, other) => one.start - other.start || other.end - one.end);
  const ends = [];
  for (const range of ranges) {
    const free = ends.findIndex((end) => end <= range.start);
    range.lane = free >= 0 ? free : Math.min(ends.length, LANES - 1);
    ends[range.lane] = Math.max(ends[range.lane] ?? 0, range.end);
  }
  return ranges;
}
