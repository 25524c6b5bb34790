"""A brief as a Word file (WordprocessingML, ECMA-376, part 1): A4, real headings and links, its language and title.

The same brief gives the same bytes: what would name the time of writing names the day of the edition.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run as WordRun

from graph_service.http import web
from graph_service.http.web.language_tags import attributes
from graph_service.pages.briefs.brief import BriefContent
from graph_service.pages.briefs.brief_text import Block, Kind, Run
from graph_service.pages.visit import Visit
from graph_service.rdf.xml_documents import legal

_WIDTH, _HEIGHT, _MARGIN = Mm(210), Mm(297), Mm(15)
_FONT, _SIZE, _SMALL = "Calibri", Pt(9.5), Pt(8)
_HEADINGS = {"Title": Pt(18), "Heading 1": Pt(12), "Heading 2": Pt(10.5)}
_STYLES = {Kind.SECTION: "Heading 1", Kind.TOPIC: "Heading 2"}
_LARGE = (Kind.SENTENCE, Kind.TEXT)
_INDENT = Mm(6)
_INK, _LINK = RGBColor(0x0B, 0x3D, 0x6E), RGBColor(0x0B, 0x57, 0xA4)
_LANGUAGES = {"de": "de-DE", "en": "en-GB"}
# Of an edition that was never registered, and the first day that a zip can hold.
_NO_TIME = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)


def written(content: BriefContent, visit: Visit, site: str, address: Callable[[Run], str]) -> bytes:
    """The file.

    Args:
        content: the brief.
        visit: for the edition and the language.
        site: who publishes it, as what.
        address: where a run leads.
    """
    document = docx.Document()
    words = web.words(visit.language)
    since = visit.edition.since
    day = datetime.datetime.fromisoformat(since) if since else _NO_TIME
    _set_up(document, _LANGUAGES[visit.language])
    properties = document.core_properties
    properties.title = legal(words["brief.title.of"].format(name=content.title))
    properties.author = properties.last_modified_by = legal(visit.edition.publisher or words["title"])
    properties.language = _LANGUAGES[visit.language]
    properties.created = properties.modified = day
    properties.comments = words["brief.edition"].format(digest=visit.edition.digest)
    document.add_paragraph(legal(content.title), style="Title")
    document.add_paragraph(legal(f"{words['brief.title']} · {content.kind} · {site}"))
    for block in content.blocks:
        _add(document, block, address)
    return _same_each_time(document)


def _set_up(document: Document, language: str) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = _WIDTH, _HEIGHT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    styles = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = _FONT, _SIZE
    normal.paragraph_format.space_before, normal.paragraph_format.space_after = Pt(0), Pt(2)
    for name, size in _HEADINGS.items():
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FONT, size, _INK
        # The template names fonts of its theme, which would win.
        fonts = style.element.rPr.rFonts
        for place in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{place}"), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(6), Pt(2)
    for element in styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), language)


def _add(document: Document, block: Block, address: Callable[[Run], str]) -> None:
    paragraph = document.add_paragraph(style=_STYLES.get(block.kind))
    paragraph.paragraph_format.keep_with_next = block.kind in (Kind.SECTION, Kind.TOPIC, Kind.COUNTS, Kind.SENTENCE)
    if block.kind in (Kind.SENTENCE, Kind.SOURCE):
        paragraph.paragraph_format.left_indent = _INDENT
    if block.number:
        paragraph.paragraph_format.first_line_indent = -_INDENT
        paragraph.paragraph_format.tab_stops.add_tab_stop(_INDENT)
        paragraph.add_run(f"{block.number}\t")
    size = None if block.kind in (*_STYLES, *_LARGE) else _SMALL
    for run in block.runs:
        _write(paragraph, run, address(run) if run.path or run.iri else "", size)


def _write(paragraph: Paragraph, run: Run, target: str, size: Pt | None) -> None:
    word = paragraph.add_run(legal(run.text))
    word.bold = run.strong or None
    if size is not None:
        word.font.size = size
    if run.language:
        _language(word, attributes(run.language)["lang"])
    if target:
        word.font.underline = True
        word.font.color.rgb = _LINK
        link: Any = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(word._r)
        paragraph._p.append(link)


def _language(word: WordRun, tag: str) -> None:
    element: Any = OxmlElement("w:lang")
    element.set(qn("w:val"), tag)
    word._r.get_or_add_rPr().append(element)


def _same_each_time(document: Document) -> bytes:
    """The package with one time for all of its parts."""
    saved, out = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in read.namelist():
            package.writestr(zipfile.ZipInfo(name, _NO_TIME.timetuple()[:6]), read.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
