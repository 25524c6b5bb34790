"""The answer of a tool as text: what holds for all of it first, then rows, as many as an assistant can read.

The text is compact JSON. Caveats and cuts come before the rows, since an assistant may stop reading. Whatever comes
from documents or from those who coded them stands below a key `quoted`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json

from graph_service.http.mcp.inquiry import Inquiry

# Bytes of one answer, about 3,500 tokens; of a row from which on its texts are cut; and characters that they keep.
MOST = 14_000
_LARGE = 4_000
_LONGEST = 800
# The sentence on what was cut is added after the rows are counted.
_RESERVE = 400


@dataclass(frozen=True)
class Answer:
    """What a tool found.

    Attributes:
        permalink: the same answer of the API, in this edition; empty if nobody serves it.
        rows: what was found, the most important first.
        called: the key that the rows stand under.
        total: how many there are; None if nobody counted.
        is_cut: whether there are more than `rows`, where nobody counted.
        more: how to get the others.
        start: how many rows stand before these, where one goes on by `offset`; None where that is done otherwise.
        caveats: what holds for the rows, before they are read.
        facts: what else is said of the answer as a whole.
    """

    permalink: str
    rows: Sequence[Any]
    called: str = "rows"
    total: int | None = None
    is_cut: bool = False
    more: str = ""
    start: int | None = None
    caveats: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def write(answer: Answer, inquiry: Inquiry) -> str:
    """The answer as an assistant gets it; rows that do not fit are left out, and counted."""
    words = inquiry.words
    head: dict[str, Any] = {"edition": inquiry.edition.digest}
    head |= {"permalink": answer.permalink} if answer.permalink else {}
    unserved = [] if inquiry.site else [words["mcp.unserved"]]
    head["caveats"] = [*filter(None, answer.caveats), *unserved, words["mcp.quoted"]]
    head |= answer.facts
    kept = fitting(answer.rows, MOST - len(to_json(head)) - _RESERVE)
    end = (answer.start or 0) + len(kept)
    total = max(answer.total or 0, (answer.start or 0) + len(answer.rows))
    if answer.is_cut or total > end:
        sentence = words["mcp.cut-open" if answer.is_cut else "mcp.cut"].format(shown=len(kept), total=total)
        head["cut"] = f"{sentence} {answer.more}".strip()
        head |= {} if answer.start is None else {"next_offset": end}
    head[answer.called] = kept
    return to_json(head).decode()


def fitting(rows: Sequence[Any], most: int = MOST - 2000) -> list[Any]:
    """The first rows, as many as fit into so many bytes of JSON; long texts in a large row are cut."""
    kept = []
    for row in rows:
        size = len(to_json(row))
        if size > _LARGE:
            row = shortened(row)
            size = len(to_json(row))
        most -= size + 1
        if most < 0:
            break
        kept.append(row)
    return kept


def shortened(value: Any) -> Any:
    """A value whose long texts are cut, and say so."""
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]}… [{len(value) - _LONGEST} more characters]"
    if isinstance(value, Mapping):
        return {name: shortened(one) for name, one in value.items()}
    return [shortened(one) for one in value] if isinstance(value, list) else value
