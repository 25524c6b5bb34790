"""A paraphrase that copies nine words in a row is named, one that copies eight is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.errors import SourceError
from graph_service.reading.wording import copies

SOURCE = "Eins zwei drei vier fünf\nsechs sieben acht, neun zehn."


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("Er sagt: eins zwei drei vier fünf sechs sieben acht NEUN und so.", True),
        ("Er sagt: eins zwei drei vier fünf sechs sieben acht und so.", False),
        ("Ganz andere Worte.", False),
    ],
)
def test_nine_words_in_a_row_are_a_copy(text: str, copied: bool, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_text(SOURCE, encoding="utf-8")
    found = copies([{"position": "id/position/p", "text": text}], tmp_path)
    assert bool(found) is copied
    if copied:
        assert found[0].startswith("id/position/p: copies more than 8 words of paper.txt: “eins zwei")


def test_texts_in_directories_below_are_compared_too(tmp_path: Path) -> None:
    (tmp_path / "programmes").mkdir()
    (tmp_path / "programmes" / "paper.txt").write_text(SOURCE, encoding="utf-8")
    (found,) = copies([{"position": "id/position/p", "text": SOURCE}], tmp_path)
    assert "more than 8 words of programmes/paper.txt" in found


def test_a_text_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_text(SOURCE, encoding="latin-1")
    with pytest.raises(SourceError, match=r"paper\.txt: is not UTF-8"):
        copies([{"position": "id/position/p", "text": "Ganz andere Worte."}], tmp_path)
