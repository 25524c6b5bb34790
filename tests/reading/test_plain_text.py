"""Plain text is read as it stands; pages, blocks and items are found in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.reading import plain_text
from graph_service.reading.file_content import Content
from graph_service.reading.paper import BlockKind
from graph_service.reading.passages import source_text


def read(tmp_path: Path, text: str) -> Content:
    (tmp_path / "a.txt").write_bytes(text.encode())
    return plain_text.read(tmp_path / "a.txt")


def blocks(content: Content) -> list[tuple[str, str]]:
    return [(block.kind.value, content.text[block.start : block.end]) for block in content.blocks]


def test_the_text_is_that_of_the_check_of_evidence(tmp_path: Path) -> None:
    content = read(tmp_path, "\ufeffA\u0308pfel\r\n\r\n  und\u00a0Birnen \t\r- eins\u00ad\n\n\n")
    assert content.text == source_text(tmp_path / "a.txt") == "Äpfel\n\n  und\u00a0Birnen \t\n- eins\u00ad\n\n\n"


def test_blocks_are_found(tmp_path: Path) -> None:
    text = "Ankommen\n\nWir wollen drei Dinge:\n\n- 1. **Kurse für alle.**\n- 2. Räume\n\n3) Zeit\n\nEnde. Und aus.\n"
    assert blocks(read(tmp_path, text)) == [
        ("heading", "Ankommen"), ("paragraph", "Wir wollen drei Dinge:"), ("list-item", "Kurse für alle."),
        ("list-item", "Räume"), ("list-item", "Zeit"), ("paragraph", "Ende. Und aus."),
    ]  # fmt: skip


def test_a_number_before_a_line_of_its_own_may_be_that_of_a_heading(tmp_path: Path) -> None:
    text = (
        "1. Ausgangslage\n\nEs fehlt an Wohnungen.\n\n2. Forderungen\n\n1. Wir fordern Räume.\n2. Wir fordern Zeit.\n"
    )
    assert [kind for kind, _ in blocks(read(tmp_path, text))] == [
        "heading", "paragraph", "heading", "list-item", "list-item",
    ]  # fmt: skip


def test_short_lines_were_broken_by_a_program_and_long_ones_are_paragraphs(tmp_path: Path) -> None:
    long = (
        "Wir fordern Kurse für alle, die sie brauchen, und zwar sofort, überall, ohne Gebühren, auf Dauer und für alle."
    )
    broken = "Wir fordern Kurse für alle,\ndie sie brauchen.\n- Punkt, der\n  weitergeht\n- noch einer"
    assert blocks(read(tmp_path, f"{long}\n{long}\n\n{broken}")) == [
        ("paragraph", long), ("paragraph", long), ("paragraph", "Wir fordern Kurse für alle,\ndie sie brauchen."),
        ("list-item", "Punkt, der\n  weitergeht"), ("list-item", "noch einer"),
    ]  # fmt: skip


def test_long_lines_that_end_within_sentences_are_torn_apart_and_joined(tmp_path: Path) -> None:
    """As in text out of a PDF, where one line beyond the width of a program does not make each line a paragraph."""
    first = "Wir wollen " + "viel " * 25 + "und noch"
    lines = (first, "mehr für alle.", "Die Kurse sollen", "offen sein.", "Auch", "am", "Abend.")
    found = [words for _, words in blocks(read(tmp_path, "\n".join(lines)))]
    assert found == ["\n".join(lines[:2]), "\n".join(lines[2:4]), "\n".join(lines[4:])]


def test_a_form_feed_begins_a_page(tmp_path: Path) -> None:
    content = read(tmp_path, "Eins.\n\fZwei.\n\f")
    assert [(page.number, page.start, page.end) for page in content.pages] == [(1, 0, 7), (2, 7, 14)]
    assert blocks(content) == [("paragraph", "Eins."), ("paragraph", "Zwei.")]


@given(st.text(st.sampled_from("aÄ1.- \n\t\f*•:")))
def test_blocks_stand_in_order_and_hold_all_letters(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    content = read(tmp_path_factory.getbasetemp(), text)
    ends = [0, *(block.end for block in content.blocks)]
    assert all(end <= block.start < block.end for end, block in zip(ends, content.blocks, strict=False))
    held = "".join(content.text[block.start : block.end] for block in content.blocks)
    assert held.count("Ä") == content.text.count("Ä")
    assert all(block.kind is not BlockKind.HEADING or block.level for block in content.blocks)
