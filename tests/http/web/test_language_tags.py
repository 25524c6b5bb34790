"""Attributes of HTML for texts by their language, and for texts of which nobody says their language."""

from __future__ import annotations

import pytest

from graph_service.http.web.language_tags import written
from graph_service.pages.shown import DisplayValue, Show
from graph_service.rdf.namespaces import Names
from graph_service.views.labels import Labels


@pytest.mark.parametrize(
    ("text", "tag", "attributes"),
    [
        ("flat", "en-gb", {"lang": "en-GB"}),
        ("שלום", "he", {"lang": "he", "dir": "rtl"}),
        ("shalom", "he-latn", {"lang": "he-Latn"}),
        ("No. 7, שדרות", "", {"dir": "auto"}),
        ("Straße", "", {}),
        ("7", "", {}),
    ],
)
def test_a_text_says_its_language_and_direction(text: str, tag: str, attributes: dict[str, str]) -> None:
    assert written(text, tag) == attributes


def test_a_literal_without_language_runs_in_its_own_direction() -> None:
    names = Names("https://data.example/")
    show = Show(names, Labels(names), "en", "")
    assert show.html(DisplayValue("שלום")) == '<span dir="auto">שלום</span>'
    assert show.html(DisplayValue("flat")) == "<span>flat</span>"
