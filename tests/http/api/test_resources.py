"""Lists and items: paging, filters, facets, languages, statements told apart as stated or inferred."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest

from graph_service.catalogue.resources import ListPage, Resource
from graph_service.errors import QueryFileError
from graph_service.rdf.alphabet import sort_key
from graph_service.rdf.formats import RESULTS
from graph_service.rdf.terms import Term
from graph_service.store.embedded import EmbeddedStore
from graph_service.views import resource_items
from tests.snapshot_servers import QUERIES

FILES = sorted((QUERIES / "resources").glob("*.rq"))
NAMES = [path.stem for path in FILES]
SORTS = [
    (path.stem, f"{sign}{name}")
    for path in FILES
    for name, about in Resource(path).header.fields.items()
    if about.sort
    for sign in ("", "-")
]


def walk(client: httpx2.Client, address: str) -> list[str]:
    found: list[str] = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [item["id"] for item in page["items"]]
        linked = [part for part in answer.headers["link"].split(", ") if 'rel="next"' in part]
        assert [part.split(">")[0][1:] for part in linked] == ([page["next"]] if page["next"] else [])
        address = urljoin(str(client.base_url), page["next"]) if page["next"] else ""
    return found


def by_pattern(name: str, embedded: EmbeddedStore) -> set[str]:
    """The things of a resource by its required pattern alone."""
    resource = Resource(QUERIES / "resources" / f"{name}.rq")
    text = resource.count_query({}).replace("(COUNT(DISTINCT ?item) AS ?count)", "DISTINCT ?item")
    return {row["item"] for row in embedded.rows(text)}


@pytest.mark.parametrize(("name", "sort"), SORTS)
def test_paging_walks_everything_once(client: httpx2.Client, embedded: EmbeddedStore, name: str, sort: str) -> None:
    length = 7 if name in ("bodies", "issues") else 41
    found = walk(client, f"/api/{name}?limit={length}&sort={sort}&lang=de")
    assert len(found) == len(set(found))
    assert set(found) == by_pattern(name, embedded)


def test_a_page_does_not_depend_on_the_length_of_pages(client: httpx2.Client) -> None:
    assert walk(client, "/api/actors?limit=13") == walk(client, "/api/actors?limit=40")


def test_sorted_by_text_in_the_language_of_the_list(client: httpx2.Client) -> None:
    for lang in ("de", "en"):
        labels = [item["label"] for item in client.get(f"/api/issues?lang={lang}&limit=100").json()["items"]]
        assert labels == sorted(labels, key=str.lower)
        backwards = [item["label"] for item in client.get(f"/api/issues?lang={lang}&sort=-label").json()["items"]]
        assert backwards == labels[::-1]


def test_filters_narrow(client: httpx2.Client) -> None:
    def ids(query: str) -> set[str]:
        return set(walk(client, f"/api/positions?limit=500&{query}"))

    spd, afd = ids("holder=id/actor/spd"), ids("holder=id/actor/afd")
    assert spd
    assert not spd & afd
    assert ids("holder=id/actor/spd&holder=id/actor/afd") == spd | afd
    against = ids("holder=id/actor/spd&agreement=-1")
    assert against
    assert against < spd
    assert ids("holder=id/actor/spd&comparable=mp:ComparablePosition") <= spd
    assert ids("holder=id/actor/spd&since=2025-02-01") == set()
    assert ids("holder=id/actor/spd&since=2013-01-01&until=2025-12-31") == spd
    assert set() < ids("holder=id/actor/spd&since=2025-01-01&until=2025-12-31") < spd
    assert ids("source_kind=id/source-kind/press-report")
    assert ids("holder=saechsischer-landtag") == set()


@pytest.mark.parametrize("name", ["documents", "positions"])
@pytest.mark.parametrize("sort", ["date", "-date"])
def test_what_has_only_a_year_comes_last_in_it_and_what_has_none_last_of_all(
    client: httpx2.Client, name: str, sort: str
) -> None:
    """Across pages, too."""
    days: list[tuple[str, str]] = []
    address = f"/api/{name}?sort={sort}&limit=150"
    while address:
        answer = client.get(address).json()
        days += [(item["date"] or "", item["latest"] or "") for item in answer["items"]]
        address = answer["next"]
    years = list(dict.fromkeys(first[:4] for first, _ in days))
    assert years == [*sorted(filter(None, years), reverse=sort.startswith("-")), ""]
    for year in years[:-1]:
        of_year = [(first, last) == (f"{year}-01-01", f"{year}-12-31") for first, last in days if first[:4] == year]
        assert of_year == sorted(of_year), year
    exact = [first for first, last in days if first and (first[5:], last[5:]) != ("01-01", "12-31")]
    assert exact == sorted(exact, reverse=sort.startswith("-"))
    assert len(exact) < len(days)


@pytest.mark.parametrize("limit", [7, 200])
@pytest.mark.parametrize("sort", ["label", "-label"])
def test_texts_sort_by_din_5007(client: httpx2.Client, sort: str, limit: int) -> None:
    """Across pages, too: Ä stands with A, not behind Z."""
    listed: list[str] = []
    address = f"/api/actors?lang=de&sort={sort}&limit={limit}"
    while address:
        answer = client.get(address).json()
        listed += [item["label"] for item in answer["items"] if "label" not in item.get("other_languages", {})]
        address = answer["next"]
    keys = [sort_key(label) for label in listed]
    assert keys == sorted(keys, reverse=sort.startswith("-"))
    by_code_point = sorted((label.lower() for label in listed), reverse=sort.startswith("-"))
    assert [label.lower() for label in listed] != by_code_point


def test_what_is_shown_is_what_was_filtered_by(client: httpx2.Client) -> None:
    for item in client.get("/api/positions?issue=id/issue/asylum&limit=300").json()["items"]:
        assert any(issue["id"].endswith("/issue/asylum") for issue in item["issue"])
    for item in client.get("/api/documents?source_kind=id/source-kind/primary").json()["items"]:
        assert [kind["id"].rpartition("/")[2] for kind in item["source_kind"]] == ["primary"]


@pytest.mark.parametrize("name", NAMES)
def test_counts_agree_with_lists(client: httpx2.Client, name: str) -> None:
    resource = Resource(QUERIES / "resources" / f"{name}.rq")
    facets = [field for field, about in resource.header.fields.items() if about.facet]
    told = client.get(f"/api/{name}", params={"count": "true", "facets": facets, "limit": 1}).json()
    assert told["total"] == len(walk(client, f"/api/{name}?limit=61"))
    assert set(told.get("facets", {})) == set(facets)
    for field in facets:
        for value in told["facets"][field][:3]:
            assert value["count"] <= told["total"]
            narrowed = client.get(f"/api/{name}", params={field: value["value"], "count": "true", "limit": 1}).json()
            assert narrowed["total"] == value["count"], (field, value)


def test_a_facet_ignores_its_own_filter(client: httpx2.Client) -> None:
    params = {"facets": ["form", "level"], "form": "mp:Body"}
    told = client.get("/api/actors", params=params).json()["facets"]
    assert len(told["form"]) == 3
    assert sum(value["count"] for value in told["level"]) < 60


@pytest.mark.parametrize("name", NAMES)
def test_every_item_of_a_page_can_be_asked_for(client: httpx2.Client, name: str) -> None:
    for item in client.get(f"/api/{name}?limit=5&lang=de").json()["items"]:
        one = client.get(f"/api/{name}/{item['slug']}?lang=de").json()
        assert {key: one[key] for key in item} == item


def test_an_item_by_slug_curie_and_iri(client: httpx2.Client) -> None:
    base = "https://w3id.org/migration-policy/"
    names = ("spd", f"{base}id/actor/spd", f"<{base}id/actor/spd>")
    assert len({client.get(f"/api/actors/{name}").json()["id"] for name in names}) == 1


def test_statements_tell_stated_from_inferred(client: httpx2.Client) -> None:
    told = client.get("/api/actors/paritaet-sachsen?lang=en").json()
    statements = told["statements"]
    stated = [one for one in statements if not one["inferred"]]
    inferred = [one for one in statements if one["inferred"]]
    assert stated
    assert inferred
    assert all(graph.endswith("/graph/inferred") for one in inferred for graph in one["graphs"])
    assert not any(graph.endswith("/graph/inferred") for one in stated for graph in one["graphs"])
    member = next(one for one in inferred if one["predicate"]["id"].endswith("/ontology#memberOf"))
    assert member["predicate"]["label"] == "is member of"
    for one in (member, stated[0], next(one for one in stated if "language" in one)):
        proof = client.get(one["explain"])
        assert proof.status_code == 200, one["explain"]
        assert proof.json()["proof"]


def test_labels_fall_back(client: httpx2.Client) -> None:
    """Titles of documents stand in their own language only; who gets another is told so."""
    german = client.get("/api/documents?lang=de&limit=200").json()["items"]
    english = client.get("/api/documents?lang=en&limit=200").json()["items"]
    assert any(item.get("other_languages", {}).get("title") == "de" for item in english)
    assert all(item["title"] for item in german)
    unknown = client.get("/api/actors/spd?lang=sw").json()
    assert unknown["label"]
    assert unknown["language"] == "en"


def test_full_text_narrows_a_list(client: httpx2.Client) -> None:
    found = client.get("/api/propositions?q=Asylberatung&lang=de&count=true").json()
    assert 0 < found["total"] < 30
    assert any("Asylverfahrensberatung" in item["label"] for item in found["items"])
    assert client.get("/api/propositions?q=xyzzyplugh").json()["items"] == []


def test_rows_of_a_list_match_its_items(client: httpx2.Client) -> None:
    items = client.get("/api/documents?limit=20&lang=de").json()["items"]
    lines = client.get("/api/documents?limit=20&lang=de&format=ndjson")
    rows = [httpx2.Response(200, content=line).json() for line in lines.text.splitlines()]
    assert [row["id"] for row in rows] == [item["id"] for item in items]
    assert [row["title"] for row in rows] == [item["title"] for item in items]
    assert all("author_label" in row for row in rows)
    assert 'rel="next"' in lines.headers["link"]


# The module by itself


def test_a_field_without_block_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "things.rq"
    fields = "fields: {label: {type: text, title: {en: L}}}"
    head = f"#+ {{title: {{en: T}}, description: {{en: D}}, path: id/, example: a, sort: label, {fields}}}\n"
    path.write_text(f"{head}SELECT * WHERE {{ ?item a <urn:x> }}")
    with pytest.raises(QueryFileError, match="label has 0 OPTIONAL"):
        Resource(path)


def test_every_file_as_it_stands_is_a_query(embedded: EmbeddedStore) -> None:
    for path in FILES:
        if path.stem in ("actors", "bodies", "issues", "relations"):
            assert embedded.query(path.read_text(encoding="utf-8"))


def test_filters_become_terms_and_never_syntax(embedded: EmbeddedStore) -> None:
    resource = Resource(QUERIES / "resources" / "actors.rq")
    evil: Term = '"} } SELECT * WHERE { ?s ?p ?o } #"'
    text = resource.list_query({"identifier": [evil]}, ListPage(10, "label", ('"} #', '\\"')), '") || true')
    assert resource_items.read(embedded.query(text, RESULTS[3])) == []
