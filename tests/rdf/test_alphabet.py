"""The order of DIN 5007-1, the same in Python and in SPARQL."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.rdf.alphabet import sort_key, sort_pattern

LETTERS = "aAäÄàbcçzZžoOöÖuUüÜsSßeéÉnñlł -0"


@pytest.mark.parametrize(
    "words",
    [
        ["Afghanistan", "Ägypten", "Albanien", "Österreich", "Polen", "Übersicht", "Ungarn"],
        ["Müller", "Mut zur Lücke", "mutig"],
        ["Masse", "Maßen", "Mast"],
    ],
)
def test_letters_with_marks_stand_with_those_without(words: list[str]) -> None:
    assert [word for _, word in sorted((sort_key(word), word) for word in words)] == words


@given(st.text(LETTERS))
def test_sparql_has_the_same_key(text: str) -> None:
    found = ox.Store().query(f"SELECT ?key WHERE {{ {sort_pattern(str(ox.Literal(text)), 'key')} }}")
    assert isinstance(found, ox.QuerySolutions)
    assert next(found)["key"] == ox.Literal(sort_key(text))
