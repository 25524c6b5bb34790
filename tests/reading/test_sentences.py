"""Sentences of blocks, with German dates, ordinal numbers and abbreviations."""

from __future__ import annotations

import pytest

from graph_service.reading.paper import Block, BlockKind
from graph_service.reading.sentences import of_blocks


def sentences(text: str, language: str = "de") -> list[str]:
    block = Block(kind=BlockKind.PARAGRAPH, start=0, end=len(text))
    return [text[s.start : s.end] for s in of_blocks(text, [block], language)]


@pytest.mark.parametrize(
    "whole",
    [
        "Das gilt ab dem 1. Januar 2024 für alle.",
        "Bereits ab dem 1. Tag besteht ein Anspruch.",
        "Im 2. Halbjahr und in der 19. Wahlperiode kam nichts.",
        "Der 3. Sektor und die II. Kammer wurden gehört.",
        "Das gilt gem. § 5 Abs. 3 S. 2 AufenthG i. V. m. Art. 6 GG.",
        "Wir fordern u. a. Kurse, z. B. für Eltern, d. h. für alle.",
        "Das betrifft i. d. R. Familien bzw. Alleinstehende.",
        "Prof. Dr. Yilmaz und Frau Dr. Weiß haben das Gutachten geschrieben.",
        "Der Satz steht (vgl. Anm. 4) in Bd. 2, S. 17 ff. des Berichts.",
        "Die Nr. 5 der Liste gilt seit dem 31. Dezember.",
        "Es kostet ca. 3,5 Mio. Euro pro Jahr.",
        "Alle Bürger*innen und Migrant:innen sind eingeladen.",
    ],
)
def test_a_sentence_is_not_torn(whole: str) -> None:
    assert sentences(f"{whole} Danach kommt noch etwas.") == [whole, "Danach kommt noch etwas."]


def test_sentences_end_at_all_signs_and_before_quotation_marks() -> None:
    parts = ["Wollen wir das?", "Ja!", "„Wir schaffen das.“", "So war es."]
    assert sentences(" ".join(parts)) == parts


def test_a_line_end_within_a_block_ends_no_sentence() -> None:
    assert sentences("Wir fordern\nmehr Geld.\nUnd Zeit.") == ["Wir fordern\nmehr Geld.", "Und Zeit."]


def test_english_sentences_end_behind_numbers() -> None:
    assert sentences("We met in 2024. We met again.", "en") == ["We met in 2024.", "We met again."]


def test_each_sentence_stands_within_its_block_and_all_words_are_in_one() -> None:
    text = "Kopf\n\nErster Satz. Zweiter.\n• Punkt ohne Ende"
    blocks = [
        Block(kind=BlockKind.HEADING, start=0, end=4, level=1),
        Block(kind=BlockKind.PARAGRAPH, start=6, end=27),
        Block(kind=BlockKind.LIST_ITEM, start=30, end=len(text), level=1),
    ]
    found = of_blocks(text, blocks)
    assert [(text[s.start : s.end], s.block) for s in found] == [
        ("Kopf", 0), ("Erster Satz.", 1), ("Zweiter.", 1), ("Punkt ohne Ende", 2),
    ]  # fmt: skip
