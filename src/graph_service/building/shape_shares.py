"""Documents in shares, so that shapes can run on each by itself, in memory that does not grow with the whole.

A share has all triples of its things, and what shapes may read besides: what its things lead to and what leads to them,
level by level as far as the shapes reach. So of its own things shapes find there what they find in the whole.
Documents lead to little but their own things. All shares lie on disk; what else is read is looked up in sorted files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple

from graph_service.building.shape_reach import Level, joined
from graph_service.building.sorted_lines import SortedLines
from graph_service.building.sorted_quads import SortedQuads
from graph_service.rdf.terms import Quad, Term, is_iri
from graph_service.reasoning import vocabulary as v

# Quads of a share: the engine takes some 100 MB for them and two seconds.
_SIZE = 100_000
# More files than this are not open at the same time: of more quads, shares are larger.
_MOST = 200


class Share(NamedTuple):
    """What shapes run on.

    Attributes:
        things: those of its own.
        triples: all that shapes may read of these things, as lines of N-Triples; some stand there twice.
    """

    things: set[Term]
    triples: list[str]


class Shares:
    """Shares of about the same size.

    Args:
        quads: all; none has a blank node.
        directory: an empty one on disk, for their files.
        reaches: how far shapes reach, of each file of shapes.
        named: things that shapes name as targets.
    """

    def __init__(
        self, quads: SortedQuads, directory: Path, reaches: Sequence[Sequence[Level]], named: Iterable[Term]
    ) -> None:
        depth = max(map(len, reaches), default=0)
        # What may be read of a thing that is so far away from one of the share's own, or further.
        self._levels = [joined(level for reach in reaches for level in reach[near:]) for near in range(depth)]
        self._first = joined(reach[0] for reach in reaches)
        self._named = frozenset(named)
        self._classes: list[str] = []
        self._directory = directory
        self._number = min(len(quads) // _SIZE + 1, _MOST)
        with SortedQuads(directory) as backwards:
            stated = self._split(quads.lines(), max(len(quads) // self._number, 1) * 5 // 4, backwards)
            self._of = SortedLines(directory / "stated", stated)
            self._to = SortedLines(directory / "backwards", backwards.lines())

    def __len__(self) -> int:
        return self._number

    def _file(self, share: int) -> Path:
        return self._directory / f"share-{share}"

    def _split(self, lines: Iterable[str], most: int, backwards: SortedQuads) -> Iterator[str]:
        """Put each thing into the share of the first document that says something of it; the lines, as they come.

        Args:
            lines: sorted, so that those of a thing are neighbours.
            most: lines of a share: a document that has more goes into several.
            backwards: takes in what is followed backwards, from its object.
        """
        turned = joined(self._levels).inverse | self._first.targets
        home: dict[str, int] = {}
        filled = [0] * self._number
        before, share = "", 0
        with ExitStack() as files:
            write = [files.enter_context(_opened(self._file(share))).write for share in range(self._number)]
            for line in lines:
                subject, predicate, rest = line.split(" ", 2)
                if subject != before:
                    before = subject
                    document = rest[rest.rindex(" ", 0, -3) :]
                    if document not in home or filled[home[document]] >= most:
                        home[document] = filled.index(min(filled))
                    share = home[document]
                filled[share] += 1
                write[share](line)
                if predicate in turned:
                    value, _, graph = rest[:-3].rpartition(" ")
                    backwards.add((Quad(value, predicate, subject, graph),))
                elif predicate == v.SUB_CLASS_OF:
                    self._classes.append("{} {} {} .\n".format(*_parts(line)))
                yield line

    def __getitem__(self, share: int) -> Share:
        """A share.

        Raises:
            OSError: it cannot be read.
        """
        own: set[Term] = set()
        ends: set[Term] = set()
        # Focus nodes by what the share says, or by name, belong to it if no document describes them.
        aims = set() if share else set(self._named)
        triples = list(self._classes)
        first, all_levels = self._first, self._levels[0]
        with self._file(share).open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                subject, predicate, value = _parts(line)
                own.add(subject)
                triples.append(f"{subject} {predicate} {value} .\n")
                if predicate in all_levels.forward and is_iri(value):
                    ends.add(value)
                if predicate in first.targets:
                    aims.add(value)
        aims = {aim for aim in aims - own if next(self._of.beginning(f"{aim} "), None) is None}
        for thing in sorted(own):
            ends |= self._backwards(thing, all_levels.inverse, first.targets, triples)
        for thing in sorted(aims):
            ends |= self._backwards(thing, all_levels.inverse, (), triples)
        own |= aims
        self._follow(ends, own, triples)
        return Share(own, triples)

    def _follow(self, ends: set[Term], known: Iterable[Term], triples: list[str]) -> None:
        """Add what shapes may read of things of other shares, and of what these lead to in turn."""
        known = set(known)
        for level in self._levels[1:]:
            ends -= known
            known |= ends
            reached: set[Term] = set()
            for thing in sorted(ends):
                for line in self._of.beginning(f"{thing} "):
                    _, predicate, value = _parts(line)
                    if level.is_closed or predicate in level.forward:
                        triples.append(f"{thing} {predicate} {value} .\n")
                        if is_iri(value) and predicate in level.forward:
                            reached.add(value)
                reached |= self._backwards(thing, level.inverse, (), triples)
            ends = reached

    def _backwards(self, thing: Term, inverse: set[Term], targets: Iterable[Term], triples: list[str]) -> set[Term]:
        """Add what leads to a thing, and of what only makes it a focus node one triple; what is followed backwards."""
        found: set[Term] = set()
        left = {*targets} - inverse
        for line in self._to.beginning(f"{thing} ") if inverse or left else ():
            # A literal may hold spaces.
            predicate, subject, _ = line[len(thing) + 1 :].split(" ", 2)
            if predicate in inverse or predicate in left:
                left.discard(predicate)
                triples.append(f"{subject} {predicate} {thing} .\n")
                if predicate in inverse:
                    found.add(subject)
        return found


def _opened(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8", newline="\n")


def _parts(line: str) -> tuple[Term, Term, Term]:
    """Subject, predicate and object of a quad's line."""
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest[: rest.rindex(" ", 0, -3)]
