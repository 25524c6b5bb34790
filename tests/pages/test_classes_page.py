"""Pages for data of any ontology: the classes, and the things of each."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.http.processes import E, served, write_snapshot

PERSON, CITY = f"<{E}Person>", f"<{E}City>"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def _lines(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"<{E}p{number:05}> {_TYPE} {PERSON} <{E}graph/a> ."
    yield f"<{E}c> {_TYPE} {CITY} <{E}graph/a> ."
    yield f'<{E}c> <http://www.w3.org/2000/01/rdf-schema#label> "Leipzig <b>"@de <{E}graph/a> .'
    yield f"{PERSON} {_TYPE} <http://www.w3.org/2002/07/owl#Class> <{E}graph/a> ."


@contextmanager
def _client(directory: Path, count: int) -> Iterator[httpx2.Client]:
    with served(write_snapshot(directory, _lines(count))) as service, service.client() as client:
        client.headers.update({"accept": "text/html", "accept-language": "en"})
        yield client


def test_classes_lead_to_their_things(tmp_path: Path) -> None:
    with _client(tmp_path, 250) as client:
        for address in ("/", "/things"):
            text = client.get(address).text
            (link,) = re.findall(r'href="(/things\?class=[^"]*)">250</a>', text)
            assert "owl#Class" not in text
        first = client.get(html.unescape(link)).text
        assert ("p00000" in first, "p00099" in first, "p00100" in first) == (True, True, False)
        last = client.get("/things", params={"class": f"{E}Person", "page": "3"}).text
        assert ("p00249" in last, 'rel="next"' in last) == (True, False)
        assert "Leipzig &lt;b&gt;" in client.get("/things", params={"class": f"{E}City"}).text


def test_a_class_that_is_too_large_to_list_says_so(tmp_path: Path) -> None:
    with _client(tmp_path, 10_001) as client:
        text = client.get("/things", params={"class": f"{E}Person", "page": "100"}).text
        assert "These are the first 10,000" in text
        assert "p09999" in text


@pytest.mark.parametrize("name", ["nothing", f"{E}Nobody"])
def test_a_class_without_things_is_not_found(client: httpx2.Client, name: str) -> None:
    answer = client.get("/things", params={"class": name}, headers={"accept": "text/html"})
    assert answer.status_code == 404


def test_the_shipped_graph_has_its_own_start_page(client: httpx2.Client) -> None:
    assert "/things?class=" not in client.get("/", headers={"accept": "text/html"}).text
