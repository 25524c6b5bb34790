"""Papers read from pages of HTML, without what stands around them, and from Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.errors import SourceError
from graph_service.reading.html import MAX_BYTES
from graph_service.reading.paper import BlockKind, Paper
from tests.reading import making
from tests.reading.test_pdf import OPENING, PAPER, SECOND, blocks, read, removed


def of(tmp_path: Path, body: str, encoding: str = "utf-8", head: str = "") -> Paper:
    (tmp_path / "a.html").write_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding))
    return read(tmp_path / "a.html")


def test_the_text_is_read_and_navigation_is_listed(tmp_path: Path) -> None:
    paper = read(making.page(tmp_path / "a.html", PAPER, title="Titel"))
    assert [paper.text[block.start : block.end] for block in paper.blocks] == [item.text for item in PAPER]
    assert [block.level for block in paper.blocks if block.kind is BlockKind.HEADING] == [1, 2]
    assert len(blocks(paper, BlockKind.LIST_ITEM)) == 3
    assert (paper.title, paper.language) == ("Titel", "de")
    assert set(removed(paper, "navigation")) == {
        "Startseite", "Über uns", "Presse", "Kontakt", "Startseite > Positionen", "Mehr zum Thema",
        "© Verein e. V. · Impressum · Datenschutz",
    }  # fmt: skip
    assert "Skript" not in paper.text


def test_short_items_at_the_end_are_kept(tmp_path: Path) -> None:
    paper = of(
        tmp_path, f"<main><p>{OPENING}</p><p>{SECOND}</p><p>Partner:</p><ul><li>Rat</li><li>Liga</li></ul></main>"
    )
    assert paper.text.endswith("Partner:\n\n• Rat\n• Liga")


def test_a_page_without_landmarks_is_read(tmp_path: Path) -> None:
    menu = '<div><a href="/a">Aktuelles</a> <a href="/b">Archiv</a></div>'
    paper = of(tmp_path, f"{menu}<h1>Titel</h1><p>{OPENING}</p><p>{SECOND}</p>{menu}")
    assert paper.text == f"Titel\n\n{OPENING}\n\n{SECOND}"
    assert removed(paper, "navigation") == ["Aktuelles Archiv"]


def test_numbers_are_those_that_a_browser_shows(tmp_path: Path) -> None:
    items = '<ol start="3"><li>drei<ul><li>Punkt</li></ul></li><li value="7">sieben</li>'
    items += "<li><p>acht</p><p>mehr</p></li></ol>"
    paper = of(tmp_path, f"<p>{OPENING}</p>{items}")
    assert paper.text == f"{OPENING}\n\n3. drei\n• Punkt\n7. sieben\n8. acht\nmehr"
    assert [block.level for block in paper.blocks] == [0, 1, 2, 1, 1, 1]


def test_inline_elements_and_breaks_make_no_blocks(tmp_path: Path) -> None:
    body = "<p>Ein <b>fettes</b>&nbsp;Wort<br>und eine <a href='/x'>Stelle</a>.</p>"
    body += f"{OPENING}<br><br>{SECOND}<div hidden>Nein</div>"
    paper = of(tmp_path, body)
    assert paper.text == f"Ein fettes Wort und eine Stelle.\n\n{OPENING}\n\n{SECOND}"


def test_footnotes_and_their_marks(tmp_path: Path) -> None:
    mark = '<sup><a href="#n1">1</a></sup>'
    notes = '<section class="footnotes"><ol><li id="n1">Siehe den Bericht. <a href="#r1">↩</a></li></ol></section>'
    paper = of(tmp_path, f"<article><p>Das ist belegt{mark}. {OPENING}</p><p>{SECOND}</p>{notes}</article>")
    assert paper.text.startswith("Das ist belegt. ")
    assert blocks(paper, BlockKind.FOOTNOTE) == ["Siehe den Bericht."]
    assert removed(paper, "footnote-mark") == ["1", "↩"]


def test_rows_of_a_table_have_their_cells_and_tables_of_layout_have_none(tmp_path: Path) -> None:
    table = "<table><tr><th>Land</th><th>Stellen</th></tr><tr><td>Sachsen</td><td>12</td></tr></table>"
    paper = of(tmp_path, f"<table><tr><td><p>{OPENING}</p>{table}</td><td><p>{SECOND}</p></td></tr></table>")
    assert blocks(paper, BlockKind.TABLE_ROW) == ["Land\tStellen", "Sachsen\t12"]
    assert blocks(paper, BlockKind.PARAGRAPH) == [OPENING, SECOND]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", ""),
        ("iso-8859-2", '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">'),
    ],
)
def test_a_page_is_read_in_its_encoding(tmp_path: Path, encoding: str, head: str) -> None:
    assert of(tmp_path, f"<p>Grüße über Straßen. {SECOND}</p>", encoding, head).text == f"Grüße über Straßen. {SECOND}"


def test_a_large_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<html>" + b" " * MAX_BYTES)
    with pytest.raises(SourceError, match="at most 8 MB of HTML"):
        read(tmp_path / "a.html")


def test_a_page_that_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nested too deeply"):
        of(tmp_path, f"{'<div>' * 3000}{OPENING}{'</div>' * 3000}<p>{SECOND}</p>")


def test_a_page_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has no text"):
        of(tmp_path, "<script>alert()</script>")


def test_markdown_is_read_without_its_signs(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        f"# Ankommen\n\n{OPENING}\n\n## Was *wir* wollen\n\n- **Kurse** für\n  alle\n- [Räume](https://example.org)\n\n"
        f"1. erstens\n2. zweitens\n\n| Land | Zahl |\n|---|---|\n| Sachsen | 12 |\n",
        encoding="utf-8",
    )
    paper = read(tmp_path / "a.md")
    assert paper.text == (
        f"Ankommen\n\n{OPENING}\n\nWas wir wollen\n\n• Kurse für alle\n• Räume\n1. erstens\n2. zweitens\n\n"
        "Land\tZahl\nSachsen\t12"
    )
    assert [block.level for block in paper.blocks if block.kind is BlockKind.HEADING] == [1, 2]
