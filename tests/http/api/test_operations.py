"""Every operation is called with its example, in every format; the manners that all answers share."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pyoxigraph as ox
import pytest
import zstandard
from click.testing import CliRunner
from fastapi import FastAPI

from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.commands.cli import main
from graph_service.http.api import queries
from graph_service.http.api.operations import router
from graph_service.http.web.media import ARROW, CSV, JSON, NDJSON, PARQUET, ROWS, SPARQL, TEXT
from graph_service.http.web.openapi import complete
from graph_service.pages import docs
from graph_service.pages.docs import DocumentedOperation
from graph_service.rdf.formats import EXCEL_NETWORKS, GRAPHS, NETWORKS, RESULTS, Form, by_name
from graph_service.rdf.guard import inspect
from graph_service.rdf.namespaces import Names
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.routes import framework
from graph_service.settings import BASE
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from tests.http.servers import Running
from tests.snapshot_servers import QUERIES

NAMES = [path.stem for path in sorted(QUERIES.glob("*.rq"))]
RESOURCES = [path.stem for path in sorted((QUERIES / "resources").glob("*.rq"))]


TYPES = {
    one.name: one.content_type
    for one in (*RESULTS, *GRAPHS, *NETWORKS, *EXCEL_NETWORKS, JSON, ROWS, CSV, NDJSON, PARQUET, ARROW, SPARQL, TEXT)
}


@cache
def operations() -> tuple[DocumentedOperation, ...]:
    """All operations as the page of the API tells them; making them takes a second."""
    return tuple(docs.operations(framework(RouteSettings()).openapi()))


def types(operation: DocumentedOperation) -> dict[str, str]:
    """Content types by name of format; what `json` is depends on the operation."""
    results = operation.tag == "queries" and operation.path != "/api/queries"
    return {**TYPES, "json": RESULTS[0].content_type if results else JSON.content_type}


def with_format(address: str, name: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}format={name}"


@pytest.mark.slow
def test_every_operation_answers_its_example_in_every_format(client: httpx2.Client) -> None:
    tried = 0
    for operation in operations():
        for format_ in operation.formats:
            answer = client.get(with_format(operation.example, format_))
            assert answer.status_code == 200, (operation.example, format_, answer.text[:300])
            assert answer.headers["content-type"] == types(operation)[format_]
            # Nobody has edited the shipped data: an empty list has no lines.
            assert answer.content or (operation.path, format_) == ("/api/edits", "ndjson"), operation.example
            if types(operation)[format_].endswith("json") and format_ != "ndjson":
                json.loads(answer.content)
            tried += 1
    assert tried > 400


def test_every_answer_names_data_set_licence_and_query(client: httpx2.Client) -> None:
    digest = client.get("/health").json()["digest"]
    for operation in operations():
        answer = client.get(operation.example)
        assert answer.headers["x-dataset-digest"] == digest
        assert answer.headers["x-request-id"]
        assert answer.headers["etag"]
        assert answer.headers["access-control-allow-origin"] == "*"
        links = answer.headers["link"]
        assert 'rel="license"' in links
        if "sparql" in operation.formats:
            assert 'rel="describedby"; type="application/sparql-query"' in links
            address = next(part for part in links.split(", ") if "describedby" in part).split(">")[0][1:]
            text = client.get(address).text
            assert inspect(text).form in tuple(Form)


def test_a_version_that_the_client_has_is_not_sent_again(client: httpx2.Client) -> None:
    for operation in operations():
        first = client.get(operation.example)
        again = client.get(operation.example, headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["x-dataset-digest"] == first.headers["x-dataset-digest"]


def test_whatever_answers_a_request_counts_with_its_route(client: httpx2.Client) -> None:
    """From the cache, unmodified or HEAD: none of these reaches a route."""

    def counted(route: str) -> float:
        found = re.findall(rf'requests_total{{route="{route}",[^}}]*}} (\d+)', client.get("/metrics").text)
        return sum(map(float, found))

    path = "/api/queries/actors-by-kind?lang=de&format=csv"
    tag = client.get(path).headers["etag"]
    known, other = counted("/api/queries/actors-by-kind"), counted("other")
    assert known
    for fields in ({"x-unknown": "1"}, {"x-unknown": "1"}, {"if-none-match": tag}, {}):
        client.get(path, headers=fields)
    client.head(path)
    assert (counted("/api/queries/actors-by-kind"), counted("other")) == (known + 5, other)


def test_head_is_get_without_body(client: httpx2.Client) -> None:
    for operation in operations():
        whole, head = client.get(operation.example), client.head(operation.example)
        assert head.content == b""
        assert head.status_code == 200
        for name in ("etag", "content-type", "content-length", "link"):
            assert head.headers.get(name) == whole.headers.get(name)


def test_tags_tell_everything_apart(client: httpx2.Client) -> None:
    addresses = [
        "/api/actors",
        "/api/actors?limit=3",
        "/api/actors?lang=en",
        "/api/actors?format=csv",
        "/api/actors?sort=-label",
        "/api/bodies",
        "/api/actors/spd",
        "/api/actors/afd",
    ]
    tags = [client.get(address).headers["etag"] for address in addresses]
    tags.append(client.get("/api/actors", headers={"accept-encoding": "gzip"}).headers["etag"])
    tags.append(client.get("/api/actors", headers={"accept-language": "en"}).headers["etag"])
    # An empty value names neither format nor language.
    for empty in ("format", "lang"):
        fields = ({"accept": "text/csv"}, {"accept-language": "en"})
        tags += [client.get(f"/api/actors?{empty}=", headers=field).headers["etag"] for field in fields]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("named", ["lang=en", "format=csv&lang=de"])
def test_a_named_language_makes_the_preference_void(client: httpx2.Client, named: str) -> None:
    """The same body has the same tag, so it is kept once."""
    answers = [client.get(f"/api/actors?{named}", headers={"accept-language": one}) for one in ("de", "en", "fr")]
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["etag"] for answer in answers}) == 1


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_answers_are_coded_on_request(client: httpx2.Client, coding: str) -> None:
    plain = client.get("/api/positions")
    with client.stream("GET", "/api/positions", headers={"accept-encoding": coding}) as answer:
        raw = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == coding
    decoded = gzip.decompress(raw) if coding == "gzip" else zstandard.ZstdDecompressor().decompressobj().decompress(raw)
    assert decoded == plain.content
    assert len(raw) < len(decoded) / 4


def test_the_same_request_gives_the_same_bytes(server: Running, client: httpx2.Client) -> None:
    for operation in operations():
        answers = []
        for _ in range(2):
            answers.append(client.get(operation.example).content)
            server.app.common.cache._entries.clear()
        assert answers[0] == answers[1], operation.path


def test_methods(client: httpx2.Client) -> None:
    assert client.post("/api/actors").status_code == 405
    assert client.post("/api/actors").headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.options("/api/actors").status_code == 204


# One question, many surfaces


def csv_rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("name", NAMES)
def test_the_same_question_gives_the_same_rows_everywhere(
    name: str, client: httpx2.Client, catalogue: Catalogue, embedded: EmbeddedStore
) -> None:
    query = catalogue[name]
    arguments = query.examples
    text = query.bind(arguments, Names(BASE))
    form = inspect(text).form
    assert form is Form.SELECT
    library = embedded.query(text, by_name(form, "json"))
    by_sparql = client.get("/sparql", params={"query": text, "format": "json"})
    by_api = client.get(f"/api/queries/{name}", params=arguments)
    assert by_api.headers["content-type"] == "application/sparql-results+json"
    assert by_api.content == by_sparql.content == library
    # What is made of rows has the same ones, in the same order.
    rows = client.get(f"/api/queries/{name}", params={**arguments, "format": "rows"}).json()
    variables = json.loads(library)["head"]["vars"]
    bindings = json.loads(library)["results"]["bindings"]
    assert [column for column in rows["columns"] if column in variables] == variables
    assert len(rows["rows"]) == len(bindings)
    # Not the engine's own CSV: it does not quote an IRI with a comma in it.
    plain = [variables, *([row.get(name, {}).get("value", "") for name in variables] for row in bindings)]
    lines = csv_rows(client.get(f"/api/queries/{name}", params={**arguments, "format": "csv"}).text)
    kept = [lines[0].index(variable) for variable in variables]
    made = [[line[number].removeprefix("'") for number in kept] for line in lines]
    assert made == plain


@pytest.mark.parametrize("name", ["positions-of-an-actor", "goals-of-a-document", "contested-propositions"])
def test_the_command_line_gives_the_same_bytes(
    name: str, client: httpx2.Client, catalogue: Catalogue, shipped_snapshot: Snapshot
) -> None:
    arguments = [f"-p{key}={value}" for key, values in catalogue[name].examples.items() for value in values]
    snapshots = ["--snapshots", str(shipped_snapshot.path.parent)]
    answer = CliRunner().invoke(main, ["query", name, *arguments, "-f", "json", *snapshots])
    assert answer.exit_code == 0, answer.stderr
    assert answer.stdout_bytes == client.get(f"/api/queries/{name}", params=catalogue[name].examples).content


# Catalogue


def test_the_list_tells_of_every_query(client: httpx2.Client) -> None:
    listed = client.get("/api/queries").json()["queries"]
    assert [query["name"] for query in listed] == NAMES
    for query in listed:
        assert query["title"]
        assert query["columns"]
        assert client.get(query["href"]).status_code in (200, 422)


def test_the_list_speaks_both_languages(client: httpx2.Client) -> None:
    german, english = (client.get("/api/queries", params={"lang": lang}).json() for lang in ("de", "en"))
    assert german["queries"][0]["title"] != english["queries"][0]["title"]


def test_the_catalogue_as_linked_data_can_be_run(client: httpx2.Client) -> None:
    graph = ox.Store()
    graph.bulk_load(client.get("/api/queries?format=turtle").content, ox.RdfFormat.TURTLE)
    found = graph.query(
        """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?query ?text ?label WHERE { ?query a sh:SPARQLExecutable ; sh:select ?text ; rdfs:label ?label
        FILTER(LANG(?label) = "de") FILTER EXISTS { ?query sh:prefixes/sh:declare/sh:namespace ?n } }"""
    )
    assert isinstance(found, ox.QuerySolutions)
    rows = list(found)
    prefixes = graph.query(
        """PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT DISTINCT ?prefix ?namespace WHERE {
        ?d sh:prefix ?prefix ; sh:namespace ?namespace }"""
    )
    assert isinstance(prefixes, ox.QuerySolutions)
    assert len(rows) == len(NAMES)
    head = "".join(f"PREFIX {row[0].value}: <{row[1].value}>\n" for row in prefixes)
    for row in rows:
        text = head + row["text"].value
        assert client.get("/sparql", params={"query": text}).status_code == 200
        assert client.get(urlsplit(row["query"].value).path).status_code in (200, 422)


def test_the_catalogue_names_the_host_that_was_asked(client: httpx2.Client) -> None:
    for host in ("one.example", "two.example:8000", "one.example"):
        text = client.get("/api/queries?format=ntriples", headers={"host": host}).text
        assert f"<http://{host}/api/queries/" in text
        assert f"<http://{host}/sparql>" in text


def test_a_new_file_is_a_new_operation(tmp_path: Any) -> None:
    (tmp_path / "how-many-actors.rq").write_text(
        """#+ title: {en: How many, de: Wie viele}
#+ description: {en: Counts., de: Zählt.}
#+ params:
#+   kind: {type: enum, values: [a, b], default: a, title: {en: Kind, de: Art}}
SELECT (COUNT(*) AS ?number) WHERE { VALUES ?kind { UNDEF } ?s ?p ?o }
"""
    )
    routes = router()
    queries.add_routes(routes, Catalogue(QueryFiles((tmp_path,))))
    app = FastAPI()
    app.routes.extend(routes.routes)
    (_, made) = docs.operations(complete(app.openapi()))
    assert made.path == "/api/queries/how-many-actors"
    assert next(one for one in made.params if one.name == "kind").values == ["a", "b"]
    assert "number" in made.description["en"]
