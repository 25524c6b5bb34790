"""Evidence: whether every passage still has the text that was coded.

The texts themselves are other people's works and are not kept here; who has them can have every passage
(`reading.passages`) cut and compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from graph_service.errors import SettingsError
from graph_service.reading.passages import Ranges, cut, digest, source_text


class PassageCheck(StrEnum):
    """What became of a passage."""

    MATCHES = "matches"
    MOVED = "moved"
    DIFFERS = "differs"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class CitedPassage:
    """A place in a document, and the positions that rest on it.

    Attributes:
        iri: name of the passage.
        file: plain name of the source file, empty where the document has none.
        ranges: half-open ranges of code points, in the order in which they are read.
        sha256: digest of the passage, lowercase hexadecimal.
        first_words: its first words, empty where none are kept.
        supports: IRIs of the positions and relations that point to it.
    """

    iri: str
    file: str
    ranges: Ranges
    sha256: str
    first_words: str = ""
    supports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """The outcome for one passage; `ranges` are where it stands now if it has moved."""

    passage: CitedPassage
    outcome: PassageCheck
    ranges: Ranges = ()

    @property
    def is_wrong(self) -> bool:
        """Whether the passage has to be mended."""
        return self.outcome in (PassageCheck.MOVED, PassageCheck.DIFFERS)

    def __str__(self) -> str:
        resting = f" (rests on it: {', '.join(self.passage.supports)})" if self.passage.supports else ""
        where = f"{self.passage.iri} in {self.passage.file or 'a document without source file'}{resting}"
        if self.outcome is PassageCheck.MOVED:
            places = ", ".join(f"{start}-{end}" for start, end in self.ranges)
            return f"{where}: the passage has moved to {places}. Set oa:start and oa:end anew."
        if self.outcome is PassageCheck.DIFFERS:
            return f"{where}: the text at its place is another. Compare with the source and code it anew."
        return f"{where}: {self.outcome}."


def require(directory: Path | None) -> None:
    """See that the directory of source files exists, if one is named: before anything long is done.

    Raises:
        SettingsError: it does not.
    """
    if directory is not None and not directory.is_dir():
        raise SettingsError(f"{directory} is not a directory.", hint="Name the one that holds the source texts.")


def is_below(file: str) -> bool:
    """Whether the name of a source file stays below the directory of sources: `programmes/spd-2025.txt` does."""
    path = PurePosixPath(file)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in file


def check(passages: Iterable[CitedPassage], directory: Path | None) -> list[Finding]:
    """Compare passages with their source texts.

    Args:
        passages: what is to be checked.
        directory: where the source files lie; None checks nothing and says so.

    Raises:
        SettingsError: the directory does not exist.
        SourceError: a source file is not UTF-8.
    """
    require(directory)
    texts: dict[str, str | None] = {}
    findings = []
    for passage in passages:
        if passage.file not in texts:
            texts[passage.file] = text_below(directory, passage.file)
        findings.append(_compare(passage, texts[passage.file]))
    return findings


def summary(findings: Sequence[Finding], directory: Path | None) -> str:
    """One line: how many passages had which outcome; of data without passages, that they are valid."""
    if not findings:
        return "valid"
    if directory is None:
        return f"valid; the digests of {len(findings)} passages were not checked (--sources DIR checks them)"
    counts = Counter(finding.outcome for finding in findings)
    return f"valid; {len(findings)} passages: " + ", ".join(f"{n} {outcome}" for outcome, n in sorted(counts.items()))


def text_below(directory: Path | None, file: str) -> str | None:
    """The normalised text of a source file below the directory, None if it is not there.

    Raises:
        SourceError: it is not UTF-8, or cannot be read.
    """
    if directory is None or not is_below(file) or not (directory / file).is_file():
        return None
    if not (directory / file).resolve().is_relative_to(directory.resolve()):
        return None  # a link that leads out
    return source_text(directory / file)


def _compare(passage: CitedPassage, text: str | None) -> Finding:
    if text is None:
        return Finding(passage, PassageCheck.NOT_CHECKED)
    if digest(cut(text, passage.ranges)) == passage.sha256:
        return Finding(passage, PassageCheck.MATCHES)
    for ranges in _elsewhere(passage, text):
        if digest(cut(text, ranges)) == passage.sha256:
            return Finding(passage, PassageCheck.MOVED, ranges)
    return Finding(passage, PassageCheck.DIFFERS)


def _elsewhere(passage: CitedPassage, text: str) -> Iterator[Ranges]:
    """Where else the passage may stand: shifted as a whole, or torn apart at one of its gaps."""
    first = passage.ranges[0][0]
    starts = list(_starts(text, passage.first_words))
    for start in starts:
        yield _shift(passage.ranges, start - first)
    for gap in range(1, len(passage.ranges)):
        for start in starts:
            head = _shift(passage.ranges[:gap], start - first)
            for place in range(head[-1][1], len(text)):
                yield head + _shift(passage.ranges[gap:], place - passage.ranges[gap][0])


def _starts(text: str, first_words: str) -> Iterable[int]:
    if not first_words:
        return range(len(text))
    places = []
    place = text.find(first_words)
    while place >= 0:
        places.append(place)
        place = text.find(first_words, place + 1)
    return places


def _shift(ranges: Ranges, offset: int) -> Ranges:
    return tuple((start + offset, end + offset) for start, end in ranges)


def passages(rows: Iterable[Mapping[str, str]]) -> list[CitedPassage]:
    """Gather passages from the rows of `queries/evidence/passages.rq`, one row a range and supporting node.

    Each row has `passage`, `file`, `start`, `end`, `sha256`, `firstWords` and `support` as plain values, empty where
    unbound.
    """
    ranges: dict[str, set[tuple[int, int]]] = {}
    supports: dict[str, set[str]] = {}
    known: dict[str, Mapping[str, str]] = {}
    for row in rows:
        name = row["passage"]
        known[name] = row
        ranges.setdefault(name, set()).add((int(row["start"]), int(row["end"])))
        supports.setdefault(name, set()).update({row["support"]} - {""})
    return [
        CitedPassage(
            name,
            row["file"],
            tuple(sorted(ranges[name])),
            row["sha256"],
            row["firstWords"],
            tuple(sorted(supports[name])),
        )
        for name, row in sorted(known.items())
    ]
