"""Papers read from real PDFs, made by reportlab."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from graph_service.reading import file_kinds
from graph_service.reading.paper import BlockKind, Paper
from tests.reading import making
from tests.reading.making import Item, Layout

OPENING = (
    "Menschen, die neu in unsere Städte kommen, brauchen von Anfang an gute Beratung, bezahlbare Wohnungen und einen "
    "schnellen Zugang zu Arbeit. Dafür müssen Bund und Länder die Kommunen dauerhaft mit Geld ausstatten."
)
SECOND = (
    "Ehrenamtliche leisten viel, doch sie können Fachkräfte nicht ersetzen. Wir schlagen deshalb vor, in jedem Kreis "
    "eine Stelle einzurichten, die Angebote zusammenführt, Lücken benennt und Gelder für neue Vorhaben vergibt."
)
DEMANDS = [
    "Das Land fördert Sprachkurse für alle, unabhängig von Herkunft, Aufenthaltstitel und Dauer des Aufenthalts.",
    "Abschlüsse aus anderen Staaten werden innerhalb von drei Monaten anerkannt, und zwar ohne Gebühren.",
    "Jede Gemeinde bekommt eine Fachstelle, die gegen Benachteiligung auf dem Wohnungsmarkt vorgeht.",
]
PAPER = [
    Item("h1", "Ankommen leicht machen"),
    Item("p", OPENING),
    Item("h2", "Unsere Forderungen"),
    *(Item("li", text) for text in DEMANDS),
    Item("p", SECOND),
]


def read(path: Path) -> Paper:
    return file_kinds.read(path, "paper")


def blocks(paper: Paper, kind: BlockKind) -> list[str]:
    return [paper.text[block.start : block.end] for block in paper.blocks if block.kind is kind]


def removed(paper: Paper, kind: str) -> list[str]:
    return [each.text for each in paper.removed if each.kind == kind]


@pytest.mark.parametrize(
    "layout",
    [
        Layout(),
        Layout(justified=True),
        Layout(columns=2, size=9),
        Layout(columns=2, size=9, justified=True),
        Layout(columns=3, size=7),
    ],
    ids=["one column", "justified", "two columns", "two justified columns", "three columns"],
)
@pytest.mark.parametrize("times", [1, 6], ids=["one page", "several pages"])
def test_every_block_is_read_whole_and_in_order(tmp_path: Path, layout: Layout, times: int) -> None:
    items = [Item(i.kind, f"{i.text[:-1]} {n}{i.text[-1]}", i.sign) for n in range(times) for i in PAPER]
    paper = read(making.pdf(tmp_path / "paper.pdf", items, layout))
    assert [paper.text[block.start : block.end] for block in paper.blocks] == [item.text for item in items]
    kinds = {"h1": BlockKind.HEADING, "h2": BlockKind.HEADING, "p": BlockKind.PARAGRAPH, "li": BlockKind.LIST_ITEM}
    assert [block.kind for block in paper.blocks] == [kinds[item.kind] for item in items]
    assert {block.level for block in paper.blocks if block.kind is BlockKind.HEADING} == {1, 2}


def some_paper(chance: random.Random, number: int) -> tuple[list[Item], Layout]:
    """Headings, paragraphs and lists in an order and a layout by chance."""
    items = []
    for part in range(chance.randint(30, 45)):
        kind = chance.choice(["h2", "p", "p", "list", "list"])
        sentences = [making.sentence(number, 10 * part + n) for n in range(chance.randint(1, 6))]
        if kind == "h2":
            items.append(Item("h2", f"Abschnitt {part} zu Fragen der Zeit"))
        elif kind == "p":
            items.append(Item("p", " ".join(sentences)))
        else:
            has_numbers = chance.random() < 0.5
            short = [f"Beirat für Fragen der Teilhabe {n}" for n in range(2)]
            items += [
                Item("li", text, f"{n}." if has_numbers else "•")
                for n, text in enumerate(chance.sample(sentences + short, len(sentences) + 1), 1)
            ]
    header, footer = chance.choice(["", "Kopf der Seite"]), chance.choice(["", "Seite {}", "{}"])
    columns, size = chance.choice([1, 1, 2, 2, 3]), chance.choice([8, 9, 10, 11])
    return items, Layout(columns, size, chance.random() < 0.5, header, footer)


@pytest.mark.parametrize("number", range(24))
def test_papers_by_chance_are_read(tmp_path: Path, number: int) -> None:
    items, layout = some_paper(random.Random(number), number)
    paper = read(making.pdf(tmp_path / "paper.pdf", items, layout))
    found = [paper.text[block.start : block.end] for block in paper.blocks]
    wanted = [item.text for item in items]
    assert " ".join(found) == " ".join(wanted)
    # Whether a sentence that ends a column ends its paragraph, too, nothing shows.
    assert len(set(wanted) - set(found)) <= 1


def test_headers_footers_and_page_numbers_are_taken_out_and_listed(tmp_path: Path) -> None:
    layout = Layout(header="Verein für gute Nachbarschaft", footer="Beschluss vom 3. Mai\nSeite {} von 9")
    items = [Item(i.kind, f"{n} {i.text}", i.sign) for n in range(9) for i in PAPER]
    paper = read(making.pdf(tmp_path / "paper.pdf", items, layout))
    assert len(paper.pages) > 2
    assert not [words for words in ("Nachbarschaft", "Beschluss", "von 9") if words in paper.text]
    assert removed(paper, "page-header") == ["Verein für gute Nachbarschaft"] * len(paper.pages)
    assert removed(paper, "page-footer") == ["Beschluss vom 3. Mai"] * len(paper.pages)
    assert removed(paper, "page-number") == [f"Seite {page.number} von 9" for page in paper.pages]


def test_the_same_file_gives_the_same_text(tmp_path: Path) -> None:
    path = making.pdf(tmp_path / "paper.pdf", PAPER, Layout(columns=2))
    assert read(path) == read(path)


def test_forty_pages_are_read(tmp_path: Path) -> None:
    paper = read(making.long_pdf(tmp_path / "long.pdf"))
    assert 40 <= len(paper.pages) <= 42
    sections = len(blocks(paper, BlockKind.HEADING))
    assert sections == 42
    assert len(blocks(paper, BlockKind.PARAGRAPH)) == sections * 3
    assert len(blocks(paper, BlockKind.LIST_ITEM)) == sections * 8
    assert set(removed(paper, "page-header")) == {"Positionspapier"}
    assert [page.start for page in paper.pages[1:]] == [page.end for page in paper.pages[:-1]]
