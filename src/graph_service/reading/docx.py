"""Word files: paragraphs, headings, lists with their numbers, tables, footnotes.

What is read is WordprocessingML (ECMA-376, part 1): insertions of tracked changes are read, deletions are not.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from graph_service.errors import Location, SourceError
from graph_service.reading.characters import clean
from graph_service.reading.docx_lists import Numbering, number
from graph_service.reading.file_content import BlockText, Content, Removals, compose
from graph_service.reading.paper import BlockKind

NORMALISER = "graph-service-docx 1"
MAX_UNPACKED = 256 << 20
# What zipfile, lxml and python-docx raise where parts are torn, absent, encrypted or not what their names say.
_BROKEN = (
    PackageNotFoundError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError,
    AttributeError, EOFError, KeyError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
_SIGNS = {"tab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
_SKIPPED = frozenset(qn(f"w:{name}") for name in ("del", "moveFrom", "pPr", "rPr", "txbxContent"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read(path: Path) -> Content:
    """The content of a Word file.

    Raises:
        SourceError: it is broken, encrypted, or unfolds to too much.
    """
    _check_package(path)
    try:
        document = docx.Document(str(path))
        return _Reader(document).content()
    except _BROKEN:
        raise SourceError("is a broken Word file.", where=Location(path), hint="Save it again in Word.") from None


def _check_package(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except zipfile.BadZipFile:
        raise SourceError("is a broken Word file.", where=Location(path), hint="Save it again in Word.") from None
    if unpacked > MAX_UNPACKED:
        message = f"unfolds to {unpacked >> 20} MB; at most {MAX_UNPACKED >> 20} MB are read."
        raise SourceError(message, where=Location(path), hint="Save it as text, or divide it.")


@dataclass
class _Reader:
    document: Document

    def content(self) -> Content:
        self.removals = Removals()
        self.numbering = Numbering(self.document)
        self.notes = {kind: self._notes(kind) for kind in ("footnote", "endnote")}
        self.note_counts: Counter[str] = Counter()
        self._note_margins()
        blocks = list(self._blocks(self.document.element.body))
        text, placed, _ = compose(blocks)
        properties = self.document.core_properties
        return Content(text, placed, (), self.removals.all(), (properties.title or "").strip())

    def _blocks(self, parent: Any) -> Iterator[BlockText]:
        for element in _within(parent, "p", "tbl"):
            if element.tag == qn("w:tbl"):
                for row in _within(element, "tr"):
                    cells = [self._cell(cell) for cell in _within(row, "tc")]
                    yield BlockText(BlockKind.TABLE_ROW, "\t".join(cells).strip("\t"))
                yield from self._notes_of(element)
            else:
                yield from self._paragraph(element)

    def _paragraph(self, paragraph: Any) -> Iterator[BlockText]:
        text = clean(_text(paragraph), self.removals)
        style = self.numbering.style_of(paragraph)
        if level := style.heading:
            yield BlockText(BlockKind.HEADING, text, level)
        elif text and style.list_id:
            marker, level = self.numbering.marker(style.list_id, style.list_level)
            yield BlockText(BlockKind.LIST_ITEM, text, level, marker)
        else:
            yield BlockText(BlockKind.PARAGRAPH, text)
        yield from self._notes_of(paragraph)
        for box in paragraph.iter(qn("w:txbxContent")):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self._blocks(box)

    def _cell(self, cell: Any) -> str:
        return " ".join(filter(None, (clean(_text(p), self.removals) for p in cell.iter(qn("w:p")))))

    def _notes_of(self, element: Any) -> Iterator[BlockText]:
        for kind, notes in self.notes.items():
            for reference in element.iter(qn(f"w:{kind}Reference")):
                if text := notes.pop(reference.get(qn("w:id"), ""), ""):
                    self.note_counts[kind] += 1
                    mark = number(self.note_counts[kind], "decimal" if kind == "footnote" else "lowerRoman")
                    self.removals.add("footnote-mark", mark)
                    yield BlockText(BlockKind.FOOTNOTE, text, marker=mark)

    def _notes(self, kind: str) -> dict[str, str]:
        """The text of each footnote or endnote by its id, without the lines that divide them from the text."""
        part = next((r.target_part for r in self.document.part.rels.values() if r.reltype.endswith(f"/{kind}s")), None)
        if part is None:
            return {}
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False))
        return {
            note.get(qn("w:id")): " ".join(clean(_text(p), self.removals) for p in note.iter(qn("w:p"))).strip()
            for note in root
            if note.get(qn("w:type")) in (None, "normal")
        }

    def _note_margins(self) -> None:
        for section in self.document.sections:
            for kind, margins in (
                ("page-header", (section.header, section.first_page_header, section.even_page_header)),
                ("page-footer", (section.footer, section.first_page_footer, section.even_page_footer)),
            ):
                for margin in margins:
                    text = "" if margin.is_linked_to_previous else " ".join(p.text for p in margin.paragraphs)
                    if text.strip():
                        self.removals.add(kind, text)


def _within(parent: Any, *names: str) -> Iterator[Any]:
    """The outermost elements of these names, also within content controls and insertions."""
    wanted = {qn(f"w:{name}") for name in names}
    for child in parent:
        if child.tag in wanted:
            yield child
        elif child.tag not in _SKIPPED and child.tag != _FALLBACK:
            yield from _within(child, *names)


def _text(element: Any) -> str:
    parts = []
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if child.tag in _SKIPPED or child.tag == _FALLBACK:
            continue
        if name == "t":
            parts.append(child.text or "")
        else:
            parts.append(_SIGNS.get(name, "") or _text(child))
    return "".join(parts)
