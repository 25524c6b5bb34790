"""Who gets the editor at `/sparql`, and who the answer."""

from __future__ import annotations

import html

import httpx2
import pytest

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "given", [{}, {"query": "ASK {}"}, {"query": "no SPARQL"}, {"query": "ASK {}", "timeout": "5"}]
)
def test_browsers_get_the_editor(client: httpx2.Client, given: dict[str, str]) -> None:
    answer = client.get("/sparql", params=given, headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, HTML)
    if given:
        assert f">\n{given['query']}</textarea>" in answer.text
    assert client.head("/sparql", params=given, headers=BROWSER).headers["content-type"] == HTML
    again = client.get("/sparql", params=given, headers={**BROWSER, "if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "accept", ["*/*", "", "application/json", "application/json, text/html", "application/sparql-results+xml", "text/*"]
)
def test_programs_get_the_answer(client: httpx2.Client, accept: str) -> None:
    answer = client.get("/sparql", params={"query": "SELECT * {}"}, headers={"accept": accept})
    assert answer.status_code == 200
    assert "html" not in answer.headers["content-type"]


def test_a_format_is_an_answer_and_html_the_editor(client: httpx2.Client) -> None:
    query = {"query": "ASK {}"}
    assert client.get("/sparql", params={**query, "format": "json"}, headers=BROWSER).json()["boolean"] is True
    assert client.get("/sparql", params={**query, "format": "html"}).headers["content-type"] == HTML


def test_a_hostile_query_stays_text(client: httpx2.Client) -> None:
    query = '</textarea><script>alert("&")</script>'
    text = client.get("/sparql", params={"query": query}, headers=BROWSER).text
    assert html.escape(query, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in text
    assert query not in text


def test_examples_have_their_values(client: httpx2.Client) -> None:
    text = client.get("/sparql", params={"example": "positions-of-an-actor", "lang": "de"}, headers=BROWSER).text
    assert "# Positionen eines Akteurs" in text
    assert "id/actor/paritaet-sachsen&gt; }" in text
    assert client.get("/sparql", params={"example": "none"}, headers=BROWSER).status_code == 404


def test_the_data_set_of_the_protocol_is_kept(client: httpx2.Client) -> None:
    given = {"query": "ASK {}", "default-graph-uri": "http://example.org/g", "inferred": "false"}
    text = client.get("/sparql", params=given, headers=BROWSER).text
    assert '<input type="hidden" name="default-graph-uri" value="http://example.org/g">' in text
    assert 'name="inferred" value="false" checked' in text
