"""The search for readers: a question leads to the proposition that answers it."""

from __future__ import annotations

import re

import httpx2
import pytest

from tests.pages.conftest import page


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("who opposes independent asylum counselling", "en"),
        ("independent asylum counselling", "en"),
        ("Wer ist gegen unabhängige Asylverfahrensberatung?", "de"),
        ("unabhaengige Asylverfahrensberatung", "de"),
    ],
)
def test_a_question_leads_to_the_proposition_first(client: httpx2.Client, words: str, lang: str) -> None:
    """With who is for and against it."""
    html = page(client, "/search", q=words, lang=lang)
    first = re.findall(r"<li>(.*?)</li>", html[html.index('class="hits"') :], re.DOTALL)[0]
    assert "/page/proposition/avb" in first
    against = first[first.index('data-stance="against"') :]
    assert "/page/actor/afd" in against
    assert "<mark>" in first


def test_only_one_kind_is_shown_where_it_is_asked_for(client: httpx2.Client) -> None:
    """And more of it than among all."""
    html = page(client, "/search", q="Asyl", kind="positions")
    hits = set(re.findall(r"/page/(\w+)/[\w-]+[^\"]*\"[^>]*>[^<]*<mark>", html))
    assert hits == {"position"}
    answered = client.get("/api/search", params={"q": "Asyl", "kind": "positions", "lang": "en", "limit": "60"}).json()
    assert html.count("<li><p") == len(answered["hits"])


def test_what_is_not_there_leads_on(client: httpx2.Client) -> None:
    """And what was asked for is no markup."""
    html = page(client, "/search", q="<qqx>qqqxxxyy</qqx>")
    assert "&lt;qqx&gt;qqqxxxyy" in html
    assert "<qqx>qqq" not in html
    assert "No results." in html
    assert "No results." not in page(client, "/search")


def test_a_kind_without_hits_for_all_words_shows_what_has_some(client: httpx2.Client) -> None:
    """Who asks for SPD and a demand sees the demand itself, too."""
    html = page(client, "/search", q="SPD Seenotrettung")
    assert "These have only some of the words." in html
    assert "/page/proposition/sea-rescue-support" in html
    assert "only some of the words" not in page(client, "/search", q="Kirchenasyl")
