"""Styles and lists of Word files: which paragraphs are headings or items, and what number Word shows before an item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

_HEADING = re.compile(r"(?:heading|überschrift) ?(\d)|(title|titel)$", re.IGNORECASE)
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_BULLET = "•"


@dataclass(frozen=True)
class ParagraphStyle:
    """What Word says of a paragraph: level of the heading (0 for none), list and level in it (from 0)."""

    heading: int = 0
    list_id: str = ""
    list_level: int = 0


@dataclass(frozen=True)
class _Level:
    format: str
    text: str
    start: int


class Numbering:
    """Counts the items of the lists of a document, in the order of the text (ECMA-376, part 1, 17.9)."""

    def __init__(self, document: Document) -> None:
        self._styles = {style.style_id: style for style in document.styles}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        part = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        if part is not None:
            self._read(part.element)

    def style_of(self, paragraph: Any) -> ParagraphStyle:
        """The style of a paragraph, with what it inherits."""
        properties = [paragraph.pPr] if paragraph.pPr is not None else []
        name = paragraph.style
        heading = 0
        seen = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            if not heading and (found := _HEADING.match(style.name or "")):
                heading = int(found.group(1) or 1)
            if (inherited := style.element.find(qn("w:pPr"))) is not None:
                properties.append(inherited)
            name = style.base_style.style_id if style.base_style is not None else ""
        outline = _value(properties, "w:outlineLvl")
        if not heading and outline and int(outline) < 9:
            heading = int(outline) + 1
        list_id, level = _value(properties, "w:numPr/w:numId"), _value(properties, "w:numPr/w:ilvl")
        return ParagraphStyle(heading, "" if list_id == "0" else list_id, int(level or 0))

    def marker(self, list_id: str, level: int) -> tuple[str, int]:
        """The sign or number of the next item of a list, and its level from 1."""
        levels = self._levels.get(list_id, {})
        counts = self._counts.setdefault(list_id, {})
        shown = levels.get(level, _Level("bullet", "", 1))
        counts[level] = counts.get(level, shown.start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if shown.format in ("bullet", "none"):
            return _BULLET if shown.format == "bullet" else "", level + 1

        def shown_number(place: re.Match[str]) -> str:
            index = int(place.group(1)) - 1
            return number(counts.get(index, 1), levels[index].format if index in levels else "decimal")

        return re.sub(r"%(\d)", shown_number, shown.text).strip(), level + 1

    def _read(self, root: Any) -> None:
        abstract = {}
        for each in root.findall(qn("w:abstractNum")):
            abstract[each.get(qn("w:abstractNumId"))] = {
                int(level.get(qn("w:ilvl"))): _Level(
                    _value([level], "w:numFmt") or "decimal", _value([level], "w:lvlText"),
                    int(_value([level], "w:start") or 1),
                )
                for level in each.findall(qn("w:lvl"))
            }  # fmt: skip
        for each in root.findall(qn("w:num")):
            list_id = each.get(qn("w:numId"))
            self._levels[list_id] = abstract.get(_value([each], "w:abstractNumId"), {})


def _value(elements: list[Any], path: str) -> str:
    """The value of the first of these elements that has such a child."""
    parts = "/".join(qn(part) for part in path.split("/"))
    for element in elements:
        if (found := element.find(parts)) is not None:
            return str(found.get(qn("w:val"), ""))
    return ""


def number(count: int, form: str) -> str:
    """A number as Word shows it in a format (`w:numFmt`); decimal in formats that are not known."""
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman, rest = "", count
        for value, sign in _ROMAN:
            roman += sign * (rest // value)
            rest %= value
        return roman.upper() if form == "upperRoman" else roman
    return str(count)
