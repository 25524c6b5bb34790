"""Reads a collection in the form of DebateNet: one coded passage a line, as JSON.

DebateNet (G. Lapesa et al., DEbateNet-mig15, LREC 2020) has claims in newspaper articles. Of each line these fields
are read: `quote` (the words), `doc_id`, `begin` and `end` (the place in the article), `claimvalues` (numbers of codes;
multiples of 100 are the chapters of the codebook and are left out). The rest is passed over. Lines on one place are
one passage with all their codes.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError

from graph_service.drafting.corpus import CodedText
from graph_service.errors import Location, SourceError

_CHAPTER = 100


class _Line(BaseModel):
    quote: str
    doc_id: int | str
    begin: int
    end: int
    claimvalues: tuple[int, ...]


def read(path: Path) -> list[CodedText]:
    """The coded passages of a collection, in the order of the file.

    Raises:
        SourceError: the file cannot be read, or a line is not of this form.
    """
    codes: dict[tuple[str, int, int], set[str]] = {}
    quotes: dict[tuple[str, int, int], str] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read ({error}).", where=Location(path)) from error
    for number, text in enumerate(lines, 1):
        try:
            line = _Line.model_validate_json(text)
        except ValidationError as error:
            problem = error.errors()[0]
            what = f"is no coded passage: {'.'.join(map(str, problem['loc'])) or 'the line'}: {problem['msg']}."
            hint = "Each line is a JSON object; docs/papers.md names its fields."
            raise SourceError(what, where=Location(path, number), hint=hint) from None
        place = (str(line.doc_id), line.begin, line.end)
        quotes[place] = line.quote
        codes.setdefault(place, set()).update(str(code) for code in line.claimvalues if code % _CHAPTER)
    return [
        CodedText(quotes[place], "de", {"proposition": tuple(sorted(found))}, f"{number}", place[0], is_quoted=True)
        for number, (place, found) in enumerate(codes.items(), 1)
        if found
    ]
