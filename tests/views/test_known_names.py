"""The names that a data set knows: short ones, doubtful ones, and classes that are too large to keep."""

from __future__ import annotations

import asyncio

import pyoxigraph as ox
import pytest

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.catalogue.queries import QueryFile
from graph_service.errors import ParameterError
from graph_service.rdf.answers import Row, solutions
from graph_service.rdf.namespaces import Names
from graph_service.views.names import known_names
from graph_service.views.names.known_names import KnownNames
from tests.snapshot_servers import QUERIES

NAMES = Names("https://example.org/")
FILE = QueryFile(QUERIES / "api" / "known-names.rq")
ACTOR = Parameter(type=Type.IRI, of="mp:Actor")
DATA = """
@prefix mp: <https://example.org/ontology#> .
@prefix id: <https://example.org/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
mp:Party rdfs:subClassOf mp:Actor .
<https://example.org/id/actor/one> a mp:Actor ; mp:code "1" .
<https://example.org/id/actor/two> a mp:Party ; mp:code "2" .
<https://example.org/id/actor/both> a mp:Actor .
<https://example.org/id/body/both> a mp:Actor .
"""


class Asked:
    """A small data set that remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._store = ox.Store()
        self._store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)

    async def __call__(self, text: str) -> list[Row]:
        self.texts.append(text)
        found = self._store.query(text)
        assert isinstance(found, ox.QuerySolutions)
        answer = found.serialize(format=ox.QueryResultsFormat.TSV)
        assert answer is not None
        return solutions(answer)[1]


def settle(known: KnownNames, ask: Asked, about: Parameter, *values: str) -> list[str]:
    return asyncio.run(known.settled({"x": about}, {"x": values}, FILE, NAMES, ask))["x"]


@pytest.fixture(params=[5000, 1], ids=["kept", "too many to keep"])
def known(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> KnownNames:
    monkeypatch.setattr(known_names, "MOST", request.param)
    return KnownNames()


def test_names_are_found_and_what_was_written_out_stays(known: KnownNames) -> None:
    written = ["id/actor/one", "https://example.org/id/actor/two", "<https://example.org/id/actor/one>"]
    assert settle(known, Asked(), ACTOR, *written) == written


def test_a_name_of_a_subclass_is_known_without_a_reasoner(known: KnownNames) -> None:
    assert settle(known, Asked(), ACTOR, "id/actor/two") == ["id/actor/two"]


@pytest.mark.parametrize("value", ["three", "id/actor/three", "mp:Actor", "not an IRI", "", "https://example.org/"])
def test_what_is_unknown_is_refused(known: KnownNames, value: str) -> None:
    with pytest.raises(ParameterError, match="is not known as mp:Actor"):
        settle(known, Asked(), ACTOR, "id/actor/one", value)


def test_names_are_asked_for_once() -> None:
    known, ask = KnownNames(), Asked()
    for _ in range(3):
        assert settle(known, ask, ACTOR, "one", "two") == ["id/actor/one", "id/actor/two"]
    assert len(ask.texts) == 1


def test_a_short_name_of_two_things_is_refused() -> None:
    with pytest.raises(ParameterError, match="may mean id/actor/both, id/body/both") as caught:
        settle(KnownNames(), Asked(), ACTOR, "both")
    assert "Write one of them out" in caught.value.hint


def test_texts_of_a_property() -> None:
    about = Parameter(type=Type.STRING, of="mp:code")
    assert settle(KnownNames(), Asked(), about, "1", "2") == ["1", "2"]
    with pytest.raises(ParameterError, match="x='3'"):
        settle(KnownNames(), Asked(), about, "3")


def test_values_that_a_header_lists_need_no_question() -> None:
    about, ask = Parameter(type=Type.IRI, values=("mp:Party", "mp:Body")), Asked()
    assert settle(KnownNames(), ask, about, "Party", "mp:Body") == ["mp:Party", "mp:Body"]
    with pytest.raises(ParameterError, match="one of mp:Party, mp:Body") as caught:
        settle(KnownNames(), ask, about, "partys")
    assert caught.value.hint == "Did you mean Party?"
    assert not ask.texts


def test_the_query_asks_for_one_name_more_than_is_kept() -> None:
    assert f"LIMIT {known_names.MOST + 1}" in FILE.text
