"""Problems as people meet them: a page in the frame, in their language, made of the request alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service import errors
from graph_service.errors import QuerySyntaxError, SnapshotError
from graph_service.http import web
from graph_service.http.protocol.problems import KINDS, Problem, RequestError, problem
from graph_service.http.protocol.request import Request
from graph_service.http.web.problem_page import page, render
from graph_service.settings import ServeSettings
from tests.conftest import ROOT
from tests.http.servers import Running, running
from tests.http.small import make_app
from tests.http.stores import Pieces, ScriptedStore

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MARKUP = "\"><script>alert(1)</script><img src=x onerror='x'>{{ 7 * 7 }}"


def request(path: str = "/", query: bytes = b"", accept: str = BROWSER, language: str = "", root: str = "") -> Request:
    fields = [(b"accept", accept.encode()), (b"accept-language", language.encode())]
    scope = {"type": "http", "path": path, "query_string": query, "headers": fields, "root_path": root}
    return Request(scope, lambda: None)  # type: ignore[arg-type, return-value]


class Read(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(body.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "

    @property
    def links(self) -> list[str]:
        return [value or "" for _, attrs in self.elements for name, value in attrs.items() if name in ("href", "src")]


@pytest.fixture(scope="module")
def failing() -> Iterator[Running]:
    """A service whose store is broken."""

    def script(_: object) -> Pieces:
        raise SnapshotError("/secret/path is gone.")

    with running(make_app(ScriptedStore(script), settings=ServeSettings(root_path="/graph"))) as server:
        yield server


@pytest.fixture(scope="module")
def visitor(failing: Running) -> Iterator[httpx2.Client]:
    with failing.client() as client:
        yield client


REQUESTS = {
    400: ("GET", "/graph/sparql?query=ASK%7B%7D&query=ASK%7B%7D&format=json"),
    403: ("GET", "/graph/sparql?query=ASK%7BSERVICE%3Chttp://x%3E%7B%7D%7D&format=json"),
    404: ("GET", "/graph/nowhere"),
    405: ("DELETE", "/graph/sparql"),
    406: ("GET", "/graph/sparql?query=ASK%7B%7D&format=pdf"),
    415: ("POST", "/graph/sparql"),
    503: ("GET", "/graph/sparql?query=ASK%7B%7D&format=json"),
}
HEADINGS = {
    "de": {400: "nicht lesbar", 404: "nicht gefunden", 503: "gerade nicht verfügbar"},
    "en": {400: "cannot be read", 404: "not found", 503: "not available at the moment"},
}


@pytest.mark.parametrize("status", REQUESTS)
@pytest.mark.parametrize("language", ["", "de", "en", "fr, en;q=0.5, de;q=0.1"])
@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "text/csv", "text/html", BROWSER])
def test_each_asker_gets_what_he_can_read(visitor: httpx2.Client, status: int, language: str, accept: str) -> None:
    method, path = REQUESTS[status]
    answer = visitor.request(method, path, headers={"accept": accept, "accept-language": language})
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["vary"] == "Accept, Accept-Language"
    assert "secret" not in answer.text
    if "html" not in accept:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        return
    spoken = "en" if "en" in language else "de"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert f'<html lang="{spoken}">' in answer.text
    read = Read(answer.content)
    assert HEADINGS[spoken].get(status, "") in read.text
    assert answer.headers["x-request-id"] in read.text
    assert str(status) in read.text
    assert ("form", "/graph/search") in {(tag, attrs.get("action")) for tag, attrs in read.elements}
    assert all(link.startswith(("/graph/", "?", "#")) for link in read.links)


def test_the_address_may_name_the_language(visitor: httpx2.Client) -> None:
    asked = {"accept": BROWSER, "accept-language": "de"}
    answer = visitor.get("/graph/nowhere?lang=en", headers=asked)
    assert '<html lang="en">' in answer.text
    assert 'href="/graph/actors?lang=en"' in answer.text
    assert '<html lang="de">' in visitor.get("/graph/nowhere?lang=xx", headers=asked).text


def test_head_has_the_fields_of_the_page(visitor: httpx2.Client) -> None:
    full, head = (visitor.request(method, "/graph/nowhere", headers={"accept": BROWSER}) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (404, b"")
    # Both name their request, whose number has the same length.
    assert head.headers["content-length"] == full.headers["content-length"]


def test_a_query_error_names_its_place() -> None:
    told = problem(QuerySyntaxError("No.", where=errors.Location(line=3, column=7)), "id-1234567")
    text = " ".join(Read(page(told, request(language="de"))).text.split())
    assert "Zeile 3" in text
    assert "Spalte 7" in text
    assert "Anfrage id-1234567" in text


def test_what_was_looked_for_can_be_searched_for_at_once() -> None:
    told = problem(RequestError(404, "No."))
    fields = [a for tag, a in Read(page(told, request("/page/actor/paritaet-sachsen.html"))).elements if tag == "input"]
    assert {one["value"] for one in fields if one["name"] == "q"} == {"paritaet sachsen"}


@pytest.mark.parametrize("language", web.LANGUAGES)
def test_every_problem_has_a_title_in_each_language(language: str) -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    statuses = set(re.findall(r"RequestError\(\s*(\d{3})", source))
    assert len(statuses) > 8
    names = statuses | {kind.name for kind in KINDS.values()}
    assert {f"problem.{name}" for name in names} <= set(web.words(language))
    if language == "en":
        # What programs read and what people read says the same.
        told = Problem(418, "about:blank", "I'm a Teapot", "No.")
        assert b'<h1 lang="en">I&#39;m a Teapot</h1>' in page(told, request())


@given(st.text(max_size=200), st.binary(max_size=200), st.text(max_size=200), st.sampled_from(["", "/graph"]))
def test_whatever_is_asked_for_nothing_runs(path: str, query: bytes, detail: str, root: str) -> None:
    asked = request(f"{root}/{path}{MARKUP}", query + MARKUP.encode(), root=root)
    told = problem(RequestError(404, f"{detail}{MARKUP}", latest=f"/{MARKUP}", offered=[MARKUP]), MARKUP)
    fields, body = render(told, asked)
    assert dict(fields)[b"content-length"] == str(len(body)).encode()
    read = Read(body)
    assert "img" not in {tag for tag, _ in read.elements}
    # That of suggestions is ours.
    assert [attrs["src"] for tag, attrs in read.elements if tag == "script"] == [f"{root}/static/suggest.js"]
    assert all(link.startswith(("/", "?", "#")) and not link.startswith("//") for link in read.links)
    assert "{{ 7 * 7 }}" in read.text
