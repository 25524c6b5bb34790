"""What changed between two passages, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Operation = Literal["equal", "delete", "insert"]
# Words of a passage; longer ones are shown as a whole, since comparing takes time by the square.
_MOST_WORDS = 2000


@dataclass(frozen=True)
class Edit:
    """Words that are in both passages, only in the old or only in the new one."""

    operation: Operation
    words: tuple[str, ...]


def word_differences(old: str, new: str) -> tuple[Edit, ...]:
    """The steps from one passage to the other, in the order of the text; what is deleted comes before what is new."""
    before, after = old.split(), new.split()
    found: list[Edit] = []
    for i, j, k, m in _blocks(before, after):
        if before[i:j] == after[k:m]:
            found.append(Edit("equal", tuple(before[i:j])))
            continue
        found += [Edit("delete", tuple(before[i:j]))] if i < j else []
        found += [Edit("insert", tuple(after[k:m]))] if k < m else []
    return tuple(found)


def counterpart(before: Sequence[str], after: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Where a stretch of words stands in a changed text, half-open, with all that a change at its ends brought."""
    places = []
    for i, j, k, m in _blocks(before, after):
        if i < end and start < j:
            equal = before[i:j] == after[k:m]
            places.append((k + max(0, start - i), k + min(j, end) - i) if equal else (k, m))
    return (min(place[0] for place in places), max(place[1] for place in places)) if places else (0, 0)


def plain(edits: Sequence[Edit]) -> str:
    """The differences as a line: `[-old-] {+new+}`."""
    marks = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return " ".join(marks[edit.operation].format(" ".join(edit.words)) for edit in edits)


def _blocks(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, int, int]]:
    if max(len(before), len(after)) > _MOST_WORDS:
        return [(0, len(before), 0, len(after))]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [(i, j, k, m) for _, i, j, k, m in matcher.get_opcodes()]
