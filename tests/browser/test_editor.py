"""The editor of queries, used as people use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from graph_service.http import web
from tests.browser.chromium import PHONE, WIDE, Visitor
from tests.browser.page_types import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

EXAMPLE = "/sparql?example=positions-of-an-actor&lang={}"


@pytest.fixture
def editor(visitor: Visitor) -> Iterator[Visitor]:
    """A tab whose browser has nothing to say at the end, and asked nobody else."""
    if "yasgui.js" not in web.vendored():
        pytest.skip("the editor's script is absent: make setup fetches it")
    yield visitor
    assert not visitor.complaints
    assert not visitor.strangers


def answered(page: Page) -> str:
    """What the status line says once there is an answer."""
    page.wait_for_selector("[role=status]:has-text('ms'), [role=status].error")
    return page.inner_text("[role=status]")


def written(page: Page, text: str) -> None:
    """Put a text into the editor by its keyboard, the cursor at its end."""
    page.click(".CodeMirror-lines")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_runs_and_shows_labels(editor: Visitor, axe: str, language: str) -> None:
    page = editor.visit(EXAMPLE.format(language))
    assert answered(page).startswith({"de": "Zeilen: 33", "en": "Rows: 33"}[language])
    link = page.locator(".dataTable a[href*='/id/document/paritaet-sachsen-migration-2019']").first
    # Labels are asked for after the table is there, and drawn some rows at a time.
    link.filter(has_text="Migration").wait_for()
    assert page.locator(".dataTable tbody tr").count() == 33
    assert link.get_attribute("href", timeout=1000) == (
        f"{editor.root}/id/document/paritaet-sachsen-migration-2019?lang={language}"
    )
    assert not editor.axe(axe)
    page.emulate_media(color_scheme="dark")
    assert not editor.axe(axe, "color-contrast")
    page.emulate_media(color_scheme="light")
    page.fill(".tableFilter", "Asylsuchende")
    page.press(".tableFilter", "End")
    assert 0 < page.locator(".dataTable tbody tr").count() < 33


def test_classes_and_properties_are_completed(editor: Visitor) -> None:
    page = editor.visit("/sparql?lang=en")
    start = "PREFIX mp: <https://w3id.org/migration-policy/ontology#>\nSELECT * WHERE { ?position "
    for written_so_far, wanted in (("a mp:Pos", "mp:Position   position"), ("mp:onProp", "mp:onProposition")):
        written(page, start + written_so_far)
        page.keyboard.press("Control+Space")
        page.wait_for_selector(".CodeMirror-hint")
        assert any(hint.startswith(wanted) for hint in page.locator(".CodeMirror-hint").all_inner_texts())
        page.keyboard.press("Escape")


def test_an_error_is_told_with_its_place(editor: Visitor) -> None:
    page = editor.visit("/sparql?lang=en")
    written(page, "SELECT * WHERE {\n  ?s ?p }")
    page.keyboard.press("Control+Enter")
    told = answered(page)
    assert "not valid SPARQL" in told
    assert "line 2" in told
    assert page.locator("[role=status] code").inner_text() == "  ?s ?p }"
    assert page.locator(".CodeMirror .wrong").count() == 1
    # What is wrong and where it stands are in sight together.
    for part in (".CodeMirror .wrong", "[role=status]"):
        assert in_sight(page, part)
    assert page.locator("[role=status].error").is_visible()
    # Browsers report each answer that is no success; nothing else may be there.
    assert all("400" in complaint for complaint in editor.complaints)
    editor.complaints.clear()


def test_a_known_prefix_is_declared_by_a_click_and_the_answer_comes_into_sight(editor: Visitor) -> None:
    page = editor.visit("/sparql?lang=de")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    written(
        page, "# Wer\nSELECT ?actor ?very_long_name_of_a_column { ?actor skos:prefLabel ?very_long_name_of_a_column }"
    )
    page.click("#run")
    page.click("[role=status] button:has-text('PREFIX skos: <http://www.w3.org/2004/02/skos/core#>')")
    page.wait_for_selector(".dataTable td")
    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getLine(0)").startswith(
        "PREFIX skos: <http:"
    )
    for _ in range(600):
        if abs(page.evaluate("document.querySelector('.result').getBoundingClientRect().top")) < 5:
            break
        page.evaluate("() => new Promise(requestAnimationFrame)")
    else:
        pytest.fail("the answer does not come into sight")
    # Right below the query, no word broken, and only the table itself scrolls sideways.
    assert 0 <= below_query(page) < 40
    head = page.locator("th:has-text('very_long')").last.bounding_box()
    assert head
    assert head["height"] < 50
    assert editor.width_beyond() == 0
    assert all("400" in complaint for complaint in editor.complaints)
    page = editor.visit("/sparql?lang=de&query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.wait_for_selector(".booleanResult")
    assert 0 <= below_query(page) < 120


def below_query(page: Page) -> float:
    """Pixels between the form of the query and the answer."""
    query, result = (page.locator(part).bounding_box() for part in ("form.query", ".result"))
    assert query
    assert result
    return result["y"] - query["y"] - query["height"]


def in_sight(page: Page, selector: str) -> bool:
    """Whether an element stands within the window."""
    box = page.locator(selector).bounding_box()
    height = page.evaluate("innerHeight")
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height + 1


def test_a_yes_or_no(editor: Visitor) -> None:
    page = editor.visit("/sparql?lang=de&query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
    page.wait_for_selector(".booleanResult")
    assert page.inner_text(".booleanResult").strip() == "Ja"


def test_a_graph(editor: Visitor) -> None:
    query = "PREFIX mp: <https://w3id.org/migration-policy/ontology#> CONSTRUCT { ?a a mp:Actor } { ?a a mp:Body }"
    page = editor.visit(f"/sparql?lang=en&query={quote(query)}")
    page.wait_for_selector(".dataTable a:has-text('Actor')")
    assert page.locator(".dataTable tbody tr").count() > 5
    assert page.locator("optgroup").nth(0).is_disabled()
    assert page.input_value("#format") == "turtle"


def test_downloads_and_the_address_to_share(editor: Visitor) -> None:
    page = editor.visit("/sparql?lang=en")
    written(page, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 3")
    with page.expect_download() as caught:
        page.click("#fetch")
    assert caught.value.suggested_filename == "query.csv"
    assert len(caught.value.path().read_text().splitlines()) == 4
    page.check("[name=inferred]")
    shared = page.get_attribute("#share", "href") or ""
    assert (
        shared
        == f"{editor.root}/sparql?inferred=false&query="
        + quote("SELECT ?s WHERE { ?s ?p ?o } LIMIT 3", safe="").replace("%20", "+")
        or "query=SELECT" in shared
    )
    page = editor.visit(shared.removeprefix(editor.root))
    assert answered(page)
    assert page.is_checked("[name=inferred]")
    assert "LIMIT 3" in page.input_value("#query")


def test_a_query_too_long_for_an_address(editor: Visitor) -> None:
    page = editor.visit("/sparql?lang=en")
    written(page, f"SELECT ?s WHERE {{ ?s ?p ?o }} LIMIT 2 # {'x' * 9000}")
    shared = page.get_attribute("#share", "href") or ""
    assert shared.startswith(f"{editor.root}/sparql#")
    # The address differs behind the `#` alone, so the browser has to be made to load the page.
    editor.visit("/questions")
    page = editor.visit(shared.removeprefix(editor.root))
    assert answered(page).startswith("Rows: 2")


def test_a_form_without_scripts(plain: Visitor) -> None:
    page = plain.visit("/sparql?example=positions-of-an-actor&lang=en")
    assert "SELECT" in page.input_value("textarea")
    assert not page.locator("#run, #share, .result").locator("visible=true").count()
    page.select_option("[name=format]", "json")
    with page.expect_response(lambda response: "format=json" in response.url) as caught:
        page.click("#fetch")
    assert len(caught.value.json()["results"]["bindings"]) == 33
    page = plain.visit("/sparql?lang=en")
    page.click("details[open] a >> nth=0")
    assert "example=" in page.url
    assert "SELECT" in page.input_value("textarea")
