"""The goals of a graph's size, and which of them the rows of `scale.py` miss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# From so many triples on a row is one of ten million: copies of documents do not meet the number exactly.
MANY = 9_000_000
MILLION = range(900_000, 1_200_000)
RATIO = 2.5
# Peak MB at ten million: of a build, of proofs, and of figures and dumps, which are to need the same at any size.
BUILD_MB, PROOFS_MB, DUMPS_MB = 3000, 100, 200
# Cells of a peak by what it is the peak of.
BUILDING = {"build": (3, BUILD_MB), "figures and dumps": (7, DUMPS_MB), "proofs": (10, PROOFS_MB)}
VALIDATING = {"build with validation": (2, BUILD_MB), "explain": (7, PROOFS_MB)}


def missed(rows: Sequence[str], peaks: dict[str, tuple[int, int]], each: int) -> Iterator[str]:
    """One sentence for each goal that is missed.

    Args:
        rows: of one table, in Markdown.
        peaks: the cell of each peak, and the MB that it may have at ten million.
        each: the cell with the µs a triple.
    """
    costs: dict[bool, float] = {}
    for row in rows:
        cells = [cell.strip().replace(",", "") for cell in row.strip("| ").split("|")]
        triples = int(cells[0])
        yield from (f"{triples:,}: a command failed" for cell in cells if cell == "failed")
        if triples in MILLION or triples >= MANY:
            costs[triples >= MANY] = float(cells[each])
        if triples >= MANY:
            for name, (number, limit) in peaks.items():
                if cells[number] != "–" and float(cells[number]) > limit:
                    yield f"{triples:,}: peak of {name} is {cells[number]} MB, the goal {limit}"
    if len(costs) == 2 and costs[True] > RATIO * costs[False]:
        ratio = costs[True] / costs[False]
        yield f"a triple of ten million costs {ratio:.2f} times one of a million, the goal is {RATIO}"


def met(triples: Sequence[int]) -> str:
    """The sentence where no goal is missed: all of them are about ten million."""
    if max(triples, default=0) < MANY:
        return "Goals are about ten million, which is not measured here."
    return "No goal is missed of those that are measured."
