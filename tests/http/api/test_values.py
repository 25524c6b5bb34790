"""Values are checked like names: a short name is enough, and what the data set does not know is 422, never silence."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.catalogue.resources import Resource
from tests.snapshot_servers import QUERIES

CATALOGUE = Catalogue(QueryFiles((QUERIES,)))
RESOURCES = [Resource(path) for path in sorted((QUERIES / "resources").glob("*.rq"))]
UNKNOWN = "nobody-knows-this"


def filters() -> Iterator[tuple[str, str, Parameter]]:
    """Each parameter of each list and named query: path, name, what it is."""
    for resource in RESOURCES:
        for name, about in resource.filters.items():
            yield f"/api/{resource.name}", name, about
    for query in CATALOGUE:
        for name, about in query.header.params.items():
            yield f"/api/queries/{query.name}", name, about


NAMED = [(path, name, about) for path, name, about in filters() if about.type is Type.IRI]


def without_addresses(answer: httpx2.Response) -> dict[str, object]:
    return {name: value for name, value in answer.json().items() if name not in ("query", "next", "graph")}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/api/compare?actor=spdd&actor=spd", "Did you mean spd"),
        ("/api/compare?actor=id/actor/nope&actor=spd", "actor='id/actor/nope'"),
        ("/api/matrix?issue=asylumm", "Did you mean asylum"),
        ("/api/timeline?proposition=nope", "proposition='nope'"),
        ("/api/timeline?source_kind=primry", "Did you mean primary"),
        ("/api/coverage?document=id/document/nope", "document='id/document/nope'"),
        ("/api/coverage?issue=mp:Actor", "issue='mp:Actor'"),
        ("/api/networks/actors?actor_kind=partys", "Did you mean party"),
        ("/api/networks/affiliation?to=bodys", "Did you mean body"),
        ("/api/networks/propositions/edges/avb/church-asylum?document=nope", "document='nope'"),
        ("/api/positions?holder=id/actor/nope", "holder='id/actor/nope'"),
        ("/api/positions?holder=spd&holder=spdd", "holder='spdd'"),
        ("/api/positions?agreement=5", "1, 0, -1"),
        ("/api/positions?issue=nonsense", "issue='nonsense'"),
        ("/api/positions?group=refugee", "Did you mean refugees"),
        ("/api/positions?comparable=mp:Position", "mp:ComparablePosition"),
        ("/api/actors?form=Organization", "Did you mean Organisation"),
        ("/api/actors?identifier=nope", "identifier='nope'"),
        ("/api/votes?legislature=99", "legislature='99'"),
        ("/api/documents?text_language=fr", "text_language='fr'"),
        ("/api/search?q=asyl&kind=postions", "Did you mean positions"),
        ("/api/queries/positions-of-an-actor?actor=spdd", "Did you mean spd"),
        ("/compare?actor=spdd&actor=spd", "Did you mean spd"),
        ("/network?ego=nope", "ego='nope'"),
        ("/network/edge?a=spd&b=nope", "b='nope'"),
        ("/actors?kind=nope", "kind='nope'"),
        ("/documents?caution=nope", "caution='nope'"),
        ("/propositions?issue=nope", "issue='nope'"),
        ("/positions?by=mp:concernsGroup&of=id/target-group/nope", "of='id/target-group/nope'"),
    ],
)
def test_an_unknown_value_is_refused_with_the_nearest_ones(client: httpx2.Client, address: str, shown: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 422
    assert shown in answer.json()["detail"]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("/api/compare?actor=spd&actor=cducsu", "/api/compare?actor=id/actor/spd&actor=id/actor/cducsu"),
        ("/api/matrix?issue=asylum", "/api/matrix?issue=id/issue/asylum"),
        ("/api/positions?holder=spd&kind=demand", "/api/positions?holder=id/actor/spd&kind=id/position-kind/demand"),
        ("/api/actors?form=Body", "/api/actors?form=mp:Body"),
        ("/api/networks/actors?actor_kind=party", "/api/networks/actors?actor_kind=id/actor-kind/party"),
        (
            "/api/queries/where-two-actors-part?actor=spd&other=cducsu",
            "/api/queries/where-two-actors-part?actor=id/actor/spd&other=id/actor/cducsu",
        ),
    ],
)
def test_a_short_name_is_enough(client: httpx2.Client, short: str, long: str) -> None:
    first, second = (client.get(address) for address in (short, long))
    assert first.status_code == second.status_code == 200
    assert without_addresses(first) == without_addresses(second)


@pytest.mark.parametrize("path", ["/compare?actor={}spd&actor={}cducsu", "/network/edge?a={}spd&b={}gruene"])
def test_pages_take_short_names(client: httpx2.Client, path: str) -> None:
    short, long = (client.get(path.replace("{}", place)) for place in ("", "id/actor/"))
    assert short.status_code == long.status_code == 200
    assert short.text.count("<tr") == long.text.count("<tr")


@pytest.mark.parametrize(("path", "name", "about"), NAMED, ids=[f"{path} {name}" for path, name, _ in NAMED])
def test_every_name_in_a_header_says_what_it_is_of(
    client: httpx2.Client, path: str, name: str, about: Parameter
) -> None:
    """So that no shipped parameter answers an unknown name with an empty list, and that each example is known."""
    assert about.of or about.values
    query = path.rpartition("/")[2]
    required = dict(CATALOGUE[query].examples) if path.startswith("/api/queries/") else {}
    refused = client.get(path, params={**required, name: UNKNOWN})
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith(f"{name}='{UNKNOWN}'")
    if about.example:
        assert client.get(path, params={**required, name: about.example.rpartition("/")[2]}).status_code == 200


def test_every_reference_in_the_document_says_what_it_is_of(client: httpx2.Client) -> None:
    """Operations without a file of their own, too."""
    paths = client.get("/openapi.json").json()["paths"]
    told = {
        (path, parameter["name"]): "x-of" in parameter["schema"]
        for path, methods in paths.items()
        for parameter in methods["get"].get("parameters", ())
        if "iri-reference" in str(parameter["schema"])
    }
    listed = {(path, name) for path, name, about in NAMED if about.values}
    assert {place for place, of in told.items() if not of} == listed
    assert ("/api/compare", "actor") in told
    assert ("/api/networks/affiliation", "issue") in told


def test_the_language_of_an_answer_is_the_one_it_names(client: httpx2.Client) -> None:
    """The data set has no label in French, so an answer in French is none."""
    for asked, given in (("de-DE", "de"), ("de", "de"), ("en-GB", "en"), ("fr", "en")):
        answer = client.get("/api/actors", params={"lang": asked, "limit": "1"})
        assert answer.headers["content-language"] == answer.json()["language"] == given
    page = client.get("/actors?lang=fr", headers={"accept": "text/html"})
    assert page.headers["content-language"] in ("de", "en")
    assert 'role="status"' in page.text
    assert "“fr”" in page.text or "„fr“" in page.text
    assert 'role="status"' not in client.get("/actors?lang=de-DE", headers={"accept": "text/html"}).text


def test_an_issue_is_told_from_the_broader_ones(client: httpx2.Client) -> None:
    """Two facets at once; one of them counts each position once for each of its issues, the other with broader ones."""
    asked = {"facets": ["issue", "direct_issue"], "count": "true", "limit": "1"}
    answered = client.get("/api/positions", params=asked).json()
    broad, direct = (
        {one["value"].rpartition("/")[2]: one["count"] for one in answered["facets"][name]}
        for name in ("issue", "direct_issue")
    )
    assert direct.keys() < broad.keys() or direct.keys() == broad.keys()
    assert all(direct[one] <= broad[one] for one in direct)
    assert broad["migration-policy"] == answered["total"]
    assert direct.get("migration-policy", 0) < broad["migration-policy"]
    most = max(direct, key=lambda one: direct[one])
    narrowed = client.get("/api/positions", params={"direct_issue": most, "count": "true", "limit": "1"}).json()
    assert narrowed["total"] == direct[most]


def test_what_is_undated_comes_last_in_both_orders(client: httpx2.Client) -> None:
    for order in ("date", "-date"):
        listed = client.get("/api/documents", params={"sort": order, "limit": "1000"}).json()["items"]
        dated = [one["date"] is not None for one in listed]
        assert dated == sorted(dated, reverse=True)
        assert not all(dated)


def test_what_other_programs_add_is_no_mistake(client: httpx2.Client) -> None:
    """Social networks and mailings add parameters to pages; Grafana writes instants with milliseconds."""
    assert client.get("/actors?fbclid=1&utm_source=letter").status_code == 200
    assert client.get("/api/actors?fbclid=1").status_code == 422
    days = client.get("/api/positions?format=csv&since=2021-01-01&until=2021-12-31").text
    instants = "since=2021-01-01T00:00:00.000Z&until=2021-12-31T23:59:59Z"
    assert client.get(f"/api/positions?format=csv&{instants}").text == days
    assert len(days.splitlines()) > 2
