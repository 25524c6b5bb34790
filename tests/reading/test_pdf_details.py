"""What pages do to a text: hyphens, ligatures, marks, footnotes, pages that tear blocks, unusual places of type."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from graph_service.reading.paper import BlockKind
from tests.reading import making
from tests.reading.making import Item, Layout
from tests.reading.test_pdf import OPENING, SECOND, blocks, read, removed

BODY = [Item("p", OPENING), Item("p", SECOND)]


def lines(path: Path, *texts: str, size: float = 11, left: float = 60, width: float = 0) -> Path:
    """A page with these lines as they are, the last one of each text full stop or not."""
    making.register_fonts()
    canvas = Canvas(str(path), invariant=True)
    canvas.setFont("Vera", size)
    for number, text in enumerate(texts):
        canvas.drawString(left, 780 - 1.3 * size * number, text)
    canvas.save()
    return path


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("Wir fördern die Inte-", "gration aller.", "Wir fördern die Integration aller."),
        ("Eine Bund-Länder-", "Gruppe berät.", "Eine Bund-Länder-Gruppe berät."),
        ("Wir zahlen Beratungs-", "und Sprachkurse.", "Wir zahlen Beratungs- und Sprachkurse."),
        ("Wir zahlen Beratungs-", "und/oder Kursgeld.", "Wir zahlen Beratungs- und/oder Kursgeld."),
        ("Wir zahlen Schul-,", "Kurs- und Fahrgeld.", "Wir zahlen Schul-, Kurs- und Fahrgeld."),
        ("Das gilt für alle EU-", "weit tätigen Träger.", "Das gilt für alle EU-weit tätigen Träger."),
        ("Das gilt nach SGB-", "II und danach.", "Das gilt nach SGB-II und danach."),
        ("Das gilt 2024-", "2027 für jedes Land.", "Das gilt 2024-2027 für jedes Land."),
        (
            "Deutsch-polnische Paare und die deutsch-",
            "polnische Grenze.",
            "Deutsch-polnische Paare und die deutsch-polnische Grenze.",
        ),
        ("Alle Migrant*in-", "nen sind gemeint.", "Alle Migrant*innen sind gemeint."),
        ("Das ist – und bleibt –", "unser Ziel.", "Das ist – und bleibt – unser Ziel."),
        ("Das ist unser Ziel –", "und bleibt es.", "Das ist unser Ziel – und bleibt es."),
        ("Ein Weich\u00adtren-", "ner steht im Wort.", "Ein Weichtrenner steht im Wort."),
        ("Das ist of\ufb01ziell und", "\ufb02ächig geregelt.", "Das ist offiziell und flächig geregelt."),
    ],
)
def test_a_word_is_whole_again(tmp_path: Path, first: str, second: str, joined: str) -> None:
    paper = read(lines(tmp_path / "a.pdf", first, second))
    assert paper.text == joined
    is_gone = first.endswith("-") and first[:-1].replace("\u00ad", "") + second == joined
    assert bool(removed(paper, "line-end-hyphen")) == is_gone


@pytest.mark.parametrize("columns", [1, 3])
def test_hyphens_at_line_ends_are_gone_and_listed(tmp_path: Path, columns: int) -> None:
    """Soft hyphens, where the program that sets the page may divide a word."""
    words = [
        ("Auf\u00adent\u00adhalts\u00adrecht", "Sprach\u00admitt\u00adlung"),
        ("Bund-Länder-Gruppe", "Teil\u00adhabe\u00adge\u00adsetz"),
    ]
    texts = [f"Wir wollen {one} und {other} in jedem Landkreis {n}." for n in range(30) for one, other in words]
    items = [Item("p", " ".join(texts[start : start + 6])) for start in range(0, 60, 6)]
    paper = read(making.pdf(tmp_path / "a.pdf", items, Layout(columns=columns, size=9, justified=True)))
    assert blocks(paper, BlockKind.PARAGRAPH) == [item.text.replace("\u00ad", "") for item in items]
    hyphens = removed(paper, "line-end-hyphen")
    assert hyphens
    assert all("-|" in hyphen and not hyphen.startswith("Bund") for hyphen in hyphens)


def test_footnotes_stand_behind_the_text_of_their_page_and_their_marks_are_gone(tmp_path: Path) -> None:
    marked = OPENING.replace("Beratung,", "Beratung,<super>1</super>").replace(
        "ausstatten.", "ausstatten.<super>2</super>"
    )
    notes = {
        1: [
            ("1", "Siehe den Bericht des Vereins vom März, dort vor allem\nden zweiten Teil."),
            ("2", "Zahlen von 2023."),
        ]
    }
    items = [
        Item("p", marked),
        Item("p", "Ein Quadratmeter ist 1 m<super>2</super> groß, H<super>3</super> gibt es nicht."),
        *BODY,
    ]
    paper = read(making.pdf(tmp_path / "a.pdf", items, Layout(notes=notes)))
    assert blocks(paper, BlockKind.FOOTNOTE) == [
        "Siehe den Bericht des Vereins vom März, dort vor allem den zweiten Teil.", "Zahlen von 2023.",
    ]  # fmt: skip
    assert blocks(paper, BlockKind.PARAGRAPH)[0] == OPENING
    assert "H3 gibt es nicht" in paper.text, "no footnote has this number"
    assert "1 Siehe den Bericht" in paper.text
    assert removed(paper, "footnote-mark")[:2] == ["1", "2"]


def test_a_footnote_stays_on_its_page_where_a_paragraph_goes_on_behind_it(tmp_path: Path) -> None:
    long = " ".join(
        f"Satz {number} ist ein langer Satz, der nichts sagt, und das mit vielen Worten." for number in range(60)
    )
    paper = read(making.pdf(tmp_path / "a.pdf", [Item("p", long)], Layout(notes={1: [("1", "Eine Anmerkung.")]})))
    assert len(paper.pages) > 1
    assert blocks(paper, BlockKind.PARAGRAPH) == [long]
    (note,) = (block for block in paper.blocks if block.kind is BlockKind.FOOTNOTE)
    assert paper.page_of(note.start) == 1
    torn = next(block for block in paper.blocks if block.kind is BlockKind.PARAGRAPH)
    assert (paper.page_of(torn.start), paper.page_of(torn.end - 1)) == (1, len(paper.pages))


def test_an_item_torn_by_a_page_is_one_item(tmp_path: Path) -> None:
    items = [Item("li", f"Punkt {number}: {SECOND}") for number in range(40)]
    layout = Layout(header="Beschluss", footer="Seite {}", justified=True)
    paper = read(making.pdf(tmp_path / "a.pdf", items, layout))
    assert len(paper.pages) > 2
    assert blocks(paper, BlockKind.LIST_ITEM) == [item.text for item in items]
    assert any(paper.page_of(b.start) != paper.page_of(b.end - 1) for b in paper.blocks)


def test_numbered_items_are_told_by_their_numbers(tmp_path: Path) -> None:
    items = [Item("li", SECOND, f"{number}.") for number in range(1, 13)]
    paper = read(making.pdf(tmp_path / "a.pdf", [Item("p", OPENING), *items]))
    assert blocks(paper, BlockKind.LIST_ITEM) == [SECOND] * 12
    assert "\n12. Ehrenamtliche" in paper.text


def test_a_number_at_the_beginning_of_a_line_is_no_item(tmp_path: Path) -> None:
    paper = read(
        lines(tmp_path / "a.pdf", "Wir treffen uns in diesem Jahr zum ersten Mal am", "1. Mai in der Stadt.", size=10)
    )
    assert [block.kind for block in paper.blocks] == [BlockKind.PARAGRAPH]


def test_rows_of_a_table_have_their_cells(tmp_path: Path) -> None:
    making.register_fonts()
    canvas = Canvas(str(tmp_path / "a.pdf"), invariant=True)
    canvas.setFont("Vera", 10)
    for number, row in enumerate([("Land", "Stellen", "Kosten"), ("Sachsen", "12", "400"), ("Bayern", "30", "900")]):
        for column, cell in enumerate(row):
            canvas.drawString(60 + 150 * column, 700 - 14 * number, cell)
    canvas.save()
    paper = read(tmp_path / "a.pdf")
    assert blocks(paper, BlockKind.TABLE_ROW) == ["Land\tStellen\tKosten", "Sachsen\t12\t400", "Bayern\t30\t900"]


def test_columns_are_read_one_after_another_though_the_file_has_them_row_by_row(tmp_path: Path) -> None:
    making.register_fonts()
    canvas = Canvas(str(tmp_path / "a.pdf"), invariant=True)
    canvas.setFont("Vera", 14)
    canvas.drawString(60, 780, "Ein Titel, der über beide Spalten der Seite reicht")
    canvas.setFont("Vera", 9)
    left = [f"Linke Zeile {n} hat viele Worte und geht" for n in range(12)]
    right = [f"rechte Zeile {n} hat auch Worte und geht" for n in range(12)]
    for number in range(12):
        canvas.drawString(60, 750 - 12 * number, left[number])
        canvas.drawString(320, 750 - 12 * number, right[number])
    canvas.save()
    paper = read(tmp_path / "a.pdf")
    assert paper.text.startswith("Ein Titel, der über beide Spalten der Seite reicht\n\nLinke Zeile 0")
    assert paper.text.replace("\n\n", " ").endswith(" ".join(left + right))


def test_a_turned_page_is_read_as_it_is_shown(tmp_path: Path) -> None:
    making.register_fonts()
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842), invariant=True)
    canvas.setPageRotation(90)
    canvas.saveState()
    canvas.rotate(90)
    canvas.setFont("Vera", 11)
    for number, text in enumerate(
        ["Die erste Zeile der Seite ist so lang wie keine andere", "Zeile, und die zweite endet hier."]
    ):
        canvas.drawString(60, -80 - 14 * number, text)
    canvas.restoreState()
    canvas.save()
    assert read(tmp_path / "a.pdf").text == (
        "Die erste Zeile der Seite ist so lang wie keine andere Zeile, und die zweite endet hier."
    )


def test_bold_words_in_a_paragraph_make_no_heading(tmp_path: Path) -> None:
    item = Item("p", f"<b>Wichtig:</b> {OPENING} <b>Das ist dringend.</b>")
    paper = read(making.pdf(tmp_path / "a.pdf", [item, *BODY]))
    assert blocks(paper, BlockKind.HEADING) == []
    assert blocks(paper, BlockKind.PARAGRAPH)[0] == f"Wichtig: {OPENING} Das ist dringend."


def test_a_bold_line_of_the_same_size_is_a_heading(tmp_path: Path) -> None:
    paper = read(
        making.pdf(tmp_path / "a.pdf", [Item("p", "<b>Was wir vorschlagen</b>"), *BODY, Item("h1", "Groß"), *BODY])
    )
    headings = [(paper.text[b.start : b.end], b.level) for b in paper.blocks if b.kind is BlockKind.HEADING]
    assert headings == [("Was wir vorschlagen", 2), ("Groß", 1)]


@pytest.mark.parametrize(
    ("in_file", "title"),
    [
        ("Titel der Datei", "Titel der Datei"),
        ("Anonymous asylum seekers", "Anonymous asylum seekers"),
        ("Microsoft Word - entwurf.docx", "Überschrift"),
        ("(anonymous)", "Überschrift"),
        ("", "Überschrift"),
    ],
)
def test_the_title_is_that_of_the_file_or_else_the_first_heading(in_file: str, title: str, tmp_path: Path) -> None:
    items = [Item("h1", "Überschrift"), *BODY]
    assert read(making.pdf(tmp_path / "a.pdf", items, title=in_file)).title == title


def test_a_bullet_may_be_drawn(tmp_path: Path) -> None:
    making.register_fonts()
    canvas = Canvas(str(tmp_path / "a.pdf"), invariant=True)
    canvas.setFont("Vera", 11)
    for number, text in enumerate(["Fachgruppe Wohnen", "runder Tisch der Vereine", "Beirat"]):
        canvas.circle(64, 704 - 15 * number, 2, stroke=0, fill=1)
        canvas.drawString(75, 700 - 15 * number, text)
    canvas.rect(60, 500, 8, 8)
    canvas.drawString(300, 500, "Ein Kästchen weit weg ist kein Punkt.")
    canvas.save()
    paper = read(tmp_path / "a.pdf")
    assert blocks(paper, BlockKind.LIST_ITEM) == ["Fachgruppe Wohnen", "runder Tisch der Vereine", "Beirat"]
    assert paper.text.startswith("• Fachgruppe")
    assert blocks(paper, BlockKind.PARAGRAPH) == ["Ein Kästchen weit weg ist kein Punkt."]


def test_a_footer_that_counts_pages_of_pages_is_one(tmp_path: Path) -> None:
    items = [Item("p", f"{number}: {SECOND}") for number in range(30)]
    paper = read(making.pdf(tmp_path / "a.pdf", items, Layout(footer="Entwurf 2024 · {} / 3")))
    assert len(paper.pages) == 3
    assert removed(paper, "page-footer") == [f"Entwurf 2024 · {page} / 3" for page in (1, 2, 3)]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_whose_text_is_turned_is_read_as_its_reader_turns_it(tmp_path: Path, turn: int) -> None:
    making.register_fonts()
    canvas = Canvas(str(tmp_path / "a.pdf"), invariant=True)
    canvas.translate(300, 400)
    canvas.rotate(turn)
    canvas.setFont("Vera", 11)
    for number, text in enumerate(
        ["Die erste Zeile der Seite ist so lang wie keine", "andere, und die zweite endet hier."]
    ):
        canvas.drawString(-150, -14 * number, text)
    canvas.save()
    assert read(tmp_path / "a.pdf").text == (
        "Die erste Zeile der Seite ist so lang wie keine andere, und die zweite endet hier."
    )


def test_a_stamp_across_the_page_is_no_text(tmp_path: Path) -> None:
    making.register_fonts()
    canvas = Canvas(str(tmp_path / "a.pdf"), invariant=True)
    canvas.setFont("Vera", 11)
    canvas.drawString(60, 700, "Ein Satz, der gelesen wird.")
    canvas.translate(200, 600)
    canvas.rotate(45)
    canvas.drawString(0, 0, "ENTWURF")
    canvas.save()
    paper = read(tmp_path / "a.pdf")
    assert paper.text == "Ein Satz, der gelesen wird."
    assert removed(paper, "turned-text") == ["ENTWURF"]
