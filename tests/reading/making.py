"""Files of papers for tests: PDFs by reportlab, Word files by python-docx, pages of HTML, all of the same items."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

MARGIN, GUTTER, FOOT = 60, 24, 70

Make = Callable[..., Path]


@dataclass(frozen=True)
class Item:
    """A part of a paper: `kind` is h1, h2, p or li; `sign` stands in front of a list item."""

    kind: str
    text: str
    sign: str = "•"


@dataclass(frozen=True)
class Layout:
    """How a PDF looks.

    Attributes:
        columns: how many.
        size: of its type.
        justified: whether lines end at the same edge.
        header, footer: on each page; `{}` is the page's number.
        notes: footnotes by page, each with its mark.
    """

    columns: int = 1
    size: int = 11
    justified: bool = False
    header: str = ""
    footer: str = ""
    notes: Mapping[int, Sequence[tuple[str, str]]] | None = None


def register_fonts() -> None:
    """Make fonts known that come with reportlab and have umlauts and ligatures."""
    for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, file))
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="Vera", boldItalic="VeraBd")


def pdf(path: Path, items: Sequence[Item], layout: Layout = Layout(), title: str = "") -> Path:
    """A PDF of these items."""
    register_fonts()
    width = (A4[0] - 2 * MARGIN - (layout.columns - 1) * GUTTER) / layout.columns
    frames = [
        Frame(
            MARGIN + n * (width + GUTTER), MARGIN + FOOT, width, A4[1] - 2 * MARGIN - FOOT,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )
        for n in range(layout.columns)
    ]  # fmt: skip

    def margins(canvas: Canvas, document: BaseDocTemplate) -> None:
        _margins(canvas, document.page, layout)

    document = BaseDocTemplate(str(path), pagesize=A4, title=title, invariant=True)
    document.addPageTemplates([PageTemplate(frames=frames, onPage=margins)])
    document.build([_paragraph(item, layout) for item in items])
    return path


def _paragraph(item: Item, layout: Layout) -> Paragraph:
    size = {"h1": layout.size + 6, "h2": layout.size + 2}.get(item.kind, layout.size)
    is_heading = item.kind.startswith("h")
    style = ParagraphStyle(
        item.kind,
        fontName="VeraBd" if is_heading else "Vera",
        fontSize=size,
        leading=size * 1.3,
        spaceBefore=size if is_heading else 0,
        spaceAfter=2 if item.kind == "li" else size * 0.7,
        leftIndent=20 if item.kind == "li" else 0,
        bulletIndent=4,
        bulletFontName="Vera",
        bulletFontSize=size,
        alignment=TA_JUSTIFY if layout.justified and not is_heading else TA_LEFT,
        embeddedHyphenation=1,
        allowWidows=1,
        allowOrphans=1,
    )
    return Paragraph(item.text, style, bulletText=item.sign if item.kind == "li" else None)


def _margins(canvas: Canvas, page: int, layout: Layout) -> None:
    canvas.setFont("Vera", 8)
    if layout.header:
        canvas.drawString(MARGIN, A4[1] - 36, layout.header.format(page))
    if layout.footer:
        for number, line in enumerate(layout.footer.format(page).split("\n")):
            canvas.drawString(MARGIN, 40 - 10 * number, line)
    place = MARGIN + FOOT - 22
    for mark, note in (layout.notes or {}).get(page, ()):
        canvas.setFont("Vera", 5)
        canvas.drawString(MARGIN, place + 3, mark)
        canvas.setFont("Vera", 8)
        for line in note.split("\n"):
            canvas.drawString(MARGIN + 6, place, line)
            place -= 10


def long_pdf(path: Path, pages: int = 40) -> Path:
    """A justified PDF of about so many pages, with header, page numbers, headings and lists."""
    items: list[Item] = []
    for number in range(1, round(1.05 * pages) + 1):
        items.append(Item("h2", f"Abschnitt {number}"))
        items += [Item("p", " ".join(sentence(number, 10 * part + n) for n in range(6))) for part in range(3)]
        items += [Item("li", sentence(number, 40 + n)) for n in range(8)]
    return pdf(path, items, Layout(justified=True, header="Positionspapier", footer="Seite {}"))


def sentence(one: int, other: int) -> str:
    """A sentence for these two numbers that no other ones have."""
    who = ("Das Land", "Der Bund", "Jede Kommune", "Die Verwaltung", "Unser Verband", "Der Landtag", "Ein Träger")
    does = ("fördert", "stärkt", "öffnet", "prüft", "bezahlt", "vereinfacht", "begleitet", "erweitert")
    what = (
        "die Beratung",
        "den Familiennachzug",
        "die Anerkennung von Abschlüssen",
        "den Zugang zu Wohnungen",
        "Kurse",
    )
    whom = ("für Geflüchtete", "für alle, die neu in der Stadt sind", "für Kinder", "für Fachkräfte", "ohne Ausnahme")
    choice = 7919 * one + 104729 * other
    parts = [words[choice // (3**n) % len(words)] for n, words in enumerate((who, does, what, whom))]
    return f"{' '.join(parts)}, und das auf Dauer (Nummer {one}-{other})."


def word(path: Path, items: Sequence[Item], title: str = "") -> Path:
    """A Word file of these items, in Word's own styles."""
    document = docx.Document()
    document.core_properties.title = title
    styles = {"h1": "Heading 1", "h2": "Heading 2", "p": "Normal"}
    for item in items:
        listed = "List Number" if item.sign[0].isdigit() else "List Bullet"
        document.add_paragraph(item.text, style=styles.get(item.kind, listed))
    document.save(str(path))
    return path


def page(path: Path, items: Sequence[Item], title: str = "") -> Path:
    """A page of HTML with navigation around these items."""
    parts, is_open = [], False
    for item in items:
        if (item.kind == "li") is not is_open:
            parts.append("</ul>" if is_open else "<ul>")
            is_open = not is_open
        parts.append(f"<{item.kind}>{html.escape(item.text)}</{item.kind}>")
    main = "\n".join(parts) + ("</ul>" if is_open else "")
    menu = "".join(f'<li><a href="/{n}">{n}</a></li>' for n in ("Startseite", "Über uns", "Presse", "Kontakt"))
    path.write_text(
        f"""<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{html.escape(title)}</title>
<style>p {{ margin: 0 }}</style></head><body><header><nav><ul>{menu}</ul></nav></header>
<div class="breadcrumb"><a href="/">Startseite</a> &gt; <a href="/p">Positionen</a></div>
<div id="content"><article>{main}</article></div>
<aside><h2>Mehr zum Thema</h2><ul>{menu}</ul></aside>
<footer><p>© Verein e. V. · <a href="/impressum">Impressum</a> · <a href="/datenschutz">Datenschutz</a></p></footer>
<script>var a = "Skript";</script></body></html>""",
        encoding="utf-8",
    )
    return path
