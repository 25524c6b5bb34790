"""Pages of named queries: a form without IRIs, the answer as a table, files, and the query behind a fold."""

from __future__ import annotations

import html
import re

import httpx2
import pytest

from graph_service.catalogue import executables
from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.http import web
from graph_service.pages.asking.questions import grouped
from tests.pages.conftest import page
from tests.snapshot_servers import QUERIES

TAG = re.compile("<[^>]+>")


def cells(text: str) -> list[list[str]]:
    """The rows of the answer, without markup."""
    table = text[text.index('<table class="stacked answer">') :]
    rows = re.findall(r"<tr>(.*?)</tr>", table[: table.index("</table>")], re.DOTALL)[1:]
    found = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[html.unescape(TAG.sub("", cell)).strip() for cell in row] for row in found]


def test_each_question_has_a_page_that_answers_its_example(client: httpx2.Client, catalogue: Catalogue) -> None:
    for query in catalogue:
        for language in ("de", "en"):
            text = page(client, f"/questions/{query.name}", lang=language)
            assert html.escape(query.header.title[language], quote=False).replace("'", "&#39;") in text, query.name
            assert 'class="stacked answer"' in text, query.name
            form = text[text.index("<main") : text.index("<h2>")]
            assert "https://w3id.org" not in html.unescape(form)
            assert "&lt;https" not in form


def test_a_name_in_either_language_is_understood(client: httpx2.Client) -> None:
    asked = {"actor": "Sächsischer Flüchtlingsrat"}
    english = page(client, "/questions/positions-of-an-actor", **asked)
    german = page(client, "/questions/positions-of-an-actor", lang="de", actor="saechsischer-fluechtlingsrat")
    answered = client.get("/api/queries/positions-of-an-actor?actor=saechsischer-fluechtlingsrat&format=rows").json()
    assert len(cells(english)) == len(cells(german)) == min(100, len(answered["rows"]))
    assert (
        "/api/queries/positions-of-an-actor?format=xlsx&actor=id/actor/saechsischer-fluechtlingsrat"
        in html.unescape(english)
    )


def test_an_unknown_name_is_said_and_hints_at_the_nearest(client: httpx2.Client) -> None:
    text = html.unescape(page(client, "/questions/positions-of-an-actor", actor="Diakonie Deutschlan"))
    assert "“Diakonie Deutschlan” is not in the data set. Similar: diakonie" in text
    assert "stacked answer" not in text
    assert 'aria-invalid="true"' in text


@pytest.mark.parametrize("value", ["2021-13-45", "yesterday"])
def test_an_impossible_day_is_said(client: httpx2.Client, value: str) -> None:
    text = page(client, "/questions/positions-of-an-actor", actor="spd", since=value)
    assert f"“{value}” is not possible here." in text


def test_names_are_offered_and_things_are_no_iris(client: httpx2.Client) -> None:
    text = page(client, "/questions/where-two-actors-part", actor="SPD", other="AfD")
    assert '<option value="Diakonie Saxony"></option>' in text
    assert ["+ for", "− against"] in [row[2:4] for row in cells(text)]


def test_no_value_is_english_on_a_german_page(client: httpx2.Client) -> None:
    text = page(client, "/questions/who-stands-where", lang="de", proposition="church-asylum")
    assert {row[0] for row in cells(text)} <= {
        "stimmt zu",
        "lehnt ab",
        "keine Position gefunden",
        "kodiert, aber nicht vergleichbar",
        "nicht kodiert",
    }
    assert "no position found" not in text[: text.index("<details")]


def test_what_is_asked_most_comes_first_and_no_command_is_shown(client: httpx2.Client, catalogue: Catalogue) -> None:
    text = page(client, "/questions")
    assert "graph-service" not in text
    order = re.findall(r'<li id="([^"]+)">', text)
    assert order[0] == "who-stands-where"
    assert sorted(order) == sorted(query.name for query in catalogue)
    groups = grouped(catalogue, "en")
    assert len({tag for tag, _ in groups}) == len(groups)


def test_every_column_has_a_name_in_both_languages(catalogue: Catalogue) -> None:
    for query in catalogue:
        for column in executables.columns(query):
            named = catalogue.words.columns.get(column, {})
            # A column of labels stands behind the thing of this name and is left out.
            assert named.keys() >= {"de", "en"}, f"{query.name}: {column} is not in queries/words.yaml"


def test_each_group_of_questions_has_a_name() -> None:
    groups = {next(iter(query.header.tags), "") for query in Catalogue(QueryFiles((QUERIES,)))}
    for language in web.LANGUAGES:
        assert {f"tag.{group}" for group in groups if group} <= web.words(language).keys()
