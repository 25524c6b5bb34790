"""Agreement of the coders of one paper: on where positions stand, and on each code of those that match.

A position counts once its coder has accepted it. Agreement and fit are compared where all are on the same proposition;
they say nothing of each other otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from graph_service.coding.coders import same_positions as matching
from graph_service.coding.coders import unitizing
from graph_service.coding.coders.same_positions import Match
from graph_service.coding.coders.unitizing import Unit
from graph_service.coding.paper_draft import CODES, SEVERAL, DraftPosition, PaperDraft, Status
from graph_service.importing.coder_agreement import Agreement, Code, Metric, measure
from graph_service.reading.paper import Paper

# What a coder writes in own words, or takes over from an older edition, is not compared.
NOT_COMPARED = ("paraphrase_de", "paraphrase_en", "note", "replaces")
COMPARED = tuple(column for column in CODES if column not in NOT_COMPARED)
_OF_PROPOSITION = ("agreement", "fit")
# What an empty cell of a coding sheet means (docs/importing.md).
_DEFAULTS = {"kind": "stance", "fit": "full"}


@dataclass(frozen=True)
class VariableAgreement:
    """Agreement on one column.

    Attributes:
        column: of the coding sheet.
        metric: how far apart two codes are.
        codes: over matched positions.
        unitized: u-alpha, place and codes together; None for what depends on the proposition.
        coded: cu-alpha, codes where passages of two coders intersect.
    """

    column: str
    metric: Metric
    codes: Agreement | None
    unitized: float | None
    coded: float | None


@dataclass(frozen=True)
class Difference:
    """What coders have otherwise at one position.

    Attributes:
        page: where, 0 if there are no pages.
        start: of the passage.
        text: the passage.
        column: of the coding sheet; `passage` for its place, `position` where a coder has none.
        values: by coder; empty for none.
    """

    page: int
    start: int
    text: str
    column: str
    values: dict[str, str]


@dataclass(frozen=True)
class IntercoderAgreement:
    """Agreement of the coders of a paper.

    Attributes:
        coders: who coded.
        positions: number of accepted positions by coder.
        unfinished: number of positions that are still proposed, by coder.
        matched: number of positions that at least two coders have.
        f1: of matched passages, the mean over pairs of coders.
        identified: |u-alpha, which characters belong to a position.
        variables: agreement by column, for columns that a coder has used.
        differences: in the order of the text.
    """

    coders: tuple[str, ...]
    positions: dict[str, int]
    unfinished: dict[str, int]
    matched: int
    f1: float | None
    identified: float | None
    variables: tuple[VariableAgreement, ...]
    differences: tuple[Difference, ...]


def compare(paper: Paper, drafts: Sequence[PaperDraft]) -> IntercoderAgreement:
    """Measure the agreement of at least two coders."""
    coders = tuple(draft.coder for draft in drafts)
    found = matching.matches(drafts)
    used = [column for column in COMPARED if any(one.codes.get(column) for m in found for one in m.values())]
    scores = [f1 for pair in combinations(drafts, 2) if (f1 := matching.f1_of_passages(*pair)) is not None]
    marks = unitizing.measure([list(_units(matching.coded(draft))) for draft in drafts], len(paper.text))
    return IntercoderAgreement(
        coders=coders,
        positions={draft.coder: len(matching.coded(draft)) for draft in drafts},
        unfinished={draft.coder: sum(p.status is Status.PROPOSED for p in draft.positions) for draft in drafts},
        matched=sum(len(match) > 1 for match in found),
        f1=sum(scores) / len(scores) if scores else None,
        identified=marks.identified,
        variables=tuple(_variable(column, found, paper, drafts) for column in used),
        differences=tuple(one for match in found for one in _differences(paper, match, coders, used)),
    )


def values(position: DraftPosition, column: str) -> tuple[str, ...]:
    """The codes of a column, sorted, with what an empty cell means."""
    default = _DEFAULTS.get(column, "") if column != "fit" or position.code("proposition") else ""
    return tuple(sorted(set(position.codes.get(column, ())))) or ((default,) if default else ())


def comparable(match: Match, column: str) -> bool:
    """Whether the codes of a column mean the same of all positions of a match."""
    return column not in _OF_PROPOSITION or len({one.code("proposition") for one in match.values()}) == 1


def differ(match: Match, column: str) -> bool:
    """Whether coders have different codes in a column, all of the same meaning."""
    return comparable(match, column) and len({values(one, column) for one in match.values()}) > 1


def same_passage(paper: Paper, match: Match) -> bool:
    """Whether all have the same passage, marks of punctuation and blanks at its ends aside."""
    return len({_trimmed(paper.cut(one.ranges)) for one in match.values()}) == 1


def _trimmed(text: str) -> str:
    letters = [place for place, character in enumerate(text) if character.isalnum()]
    return text[letters[0] : letters[-1] + 1] if letters else text


def _variable(column: str, found: Sequence[Match], paper: Paper, drafts: Sequence[PaperDraft]) -> VariableAgreement:
    metric = Metric.MASI if column in SEVERAL else Metric.ORDINAL if column == "agreement" else Metric.NOMINAL
    codes = {
        str(number): {coder: _code(one, column, metric) for coder, one in match.items()}
        for number, match in enumerate(found)
        if len(match) > 1 and comparable(match, column)
    }
    if column in _OF_PROPOSITION:
        codes = {unit: by_coder for unit, by_coder in codes.items() if "" not in by_coder.values()}
        return VariableAgreement(column, metric, measure(codes, metric) if codes else None, None, None)
    marks = unitizing.measure([list(_units(matching.coded(one), column)) for one in drafts], len(paper.text))
    return VariableAgreement(column, metric, measure(codes, metric) if codes else None, marks.unitized, marks.coded)


def _code(position: DraftPosition, column: str, metric: Metric) -> Code:
    found = values(position, column)
    if metric is Metric.MASI:
        return frozenset(found)
    text = next(iter(found), "")
    return float(text) if metric is Metric.ORDINAL and text else text


def _units(positions: Sequence[DraftPosition], column: str = "") -> list[Unit]:
    """What a coder marked, cut where passages begin, end or overlap; the value is all codes that a stretch has."""
    ends = sorted(
        (place, step, number)
        for number, position in enumerate(positions)
        for start, end in position.ranges
        for place, step in ((start, 1), (end, -1))
    )
    found: list[Unit] = []
    standing: Counter[int] = Counter()
    before = 0
    for place, step, number in ends:
        if before < place and (numbers := +standing):
            found.append(Unit(before, place, _value(positions, numbers, column)))
        before = place
        standing[number] += step
    return found


def _value(positions: Sequence[DraftPosition], numbers: Iterable[int], column: str) -> Hashable:
    return frozenset(value for number in numbers for value in values(positions[number], column)) if column else True


def _differences(paper: Paper, match: Match, coders: Sequence[str], used: Sequence[str]) -> list[Difference]:
    first = next(iter(match.values()))
    start = first.ranges[0][0]
    place = (paper.page_of(start), start, paper.cut(first.ranges))
    found = []
    if len(match) < len(coders):
        by_coder = {coder: " · ".join(v for c in used for v in values(one, c)) for coder, one in match.items()}
        found.append(Difference(*place, "position", {coder: by_coder.get(coder, "") for coder in coders}))
    if not same_passage(paper, match):
        ranges = {c: ", ".join(f"{a}–{b}" for a, b in one.ranges) for c, one in match.items()}
        found.append(Difference(*place, "passage", ranges))
    return found + [
        Difference(*place, column, {coder: "; ".join(values(one, column)) for coder, one in match.items()})
        for column in used
        if differ(match, column)
    ]
