"""The start page: search first, then what is contested and what is new."""

from __future__ import annotations

import re

import httpx2

from graph_service.http import web
from tests.pages.conftest import names, page
from tests.pages.test_proposition_page import entries, rows

_COLUMNS = {"against": "against", "several": "differing", "mixed": "conditional", "for": "for"}


def part(text: str, word: str) -> list[str]:
    """The entries of the list below a heading."""
    section = text.partition(f"<h2>{web.words('en')[word]}</h2>")[2].partition("</section>")[0]
    return re.findall(r"<li>.*?</li>", section, flags=re.DOTALL)


def test_search_comes_first(client: httpx2.Client) -> None:
    content = page(client, "/").partition('<main id="content">')[2]
    assert content.index('role="search"') < content.index("<h2")


def test_what_is_contested_is_the_answer_to_the_question(client: httpx2.Client) -> None:
    asked = {"lang": "en", "format": "rows"}
    answer = client.get("/api/queries/contested-propositions", params=asked).json()["rows"]
    found = part(page(client, "/"), "start.contested")
    assert 3 <= len(found) <= 6 <= len(answer)
    for entry, row in zip(found, answer, strict=False):
        assert f"/page/proposition/{row['proposition'].rpartition('/')[2]}?" in entry
        numbers = dict(re.findall(r'data-stance="(\w+)".*?</span> (\d+)</span>', entry))
        assert numbers == {stance: str(row[name]) for stance, name in _COLUMNS.items() if row[name]}


def test_the_newest_documents_stand_with_day_source_and_caution(client: httpx2.Client) -> None:
    text = page(client, "/")
    found = part(text, "start.newest")
    listed = client.get("/api/documents", params={"limit": 1000, "lang": "en"}).json()["items"]
    days = sorted((item["date"] or "" for item in listed), reverse=True)
    assert len(found) == 6
    assert [re.findall(r"(?:datetime|title)=\"(\d{4}-\d\d(?:-\d\d)?)", entry)[-1][:7] for entry in found] == [
        day[:7] for day in days[:6]
    ]
    by_path = {item["id"].rpartition("/id/")[2]: item for item in listed}
    for entry in found:
        document = by_path[re.findall(r'href="/page/([^?"]+)', entry)[0]]
        assert all(names(entry, said, text) for said in (*document["source_kind"], *document["caution"]))


def test_two_clicks_lead_from_a_word_to_who_is_against_it(client: httpx2.Client) -> None:
    results = page(client, "/search", q="independent asylum counselling")
    (hit,) = re.findall(r"<li>(?:(?!</li>).)*?/page/proposition/avb\?.*?</li>", results, flags=re.DOTALL)[:1]
    # Who is against it comes first, even here.
    assert re.findall(r'data-stance="(\w+)"', hit) == ["against", "for"]
    assert list(entries(rows(page(client, "/page/proposition/avb"))[0])) == ["actor/afd"]
