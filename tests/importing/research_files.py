"""The research files read as tables, and the shipped graph asked for the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.rdf.namespaces import Names
from graph_service.store.embedded import EmbeddedStore
from tests.conftest import ROOT

Claims = list[dict[str, str]]
Table = dict[str, Mapping[str, str]]

PREFIXES = """
    PREFIX mp: <https://w3id.org/migration-policy/ontology#>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX oa: <http://www.w3.org/ns/oa#>
    PREFIX prov: <http://www.w3.org/ns/prov#>
    PREFIX schema: <https://schema.org/>
"""


def parts(claim: dict[str, str], halves_of: dict[str, Any]) -> Claims:
    """The claim itself, or what it becomes where its proposition was divided."""
    halves = halves_of.get(claim["id"])
    if halves is None or "proposition" not in claim:
        return [claim]
    if not halves:
        return [{name: text for name, text in claim.items() if name not in ("proposition", "agreement", "fit")}]
    return [
        {**claim, "id": claim["id"] if len(halves) == 1 else f"{claim['id']}-{half}", "proposition": half,
         "agreement": str(coded["agreement"]), "fit": coded["fit"]}
        for half, coded in halves.items()
    ]  # fmt: skip


def ask(store: EmbeddedStore, pattern: str, what: str = "?id") -> list[dict[str, str]]:
    return store.rows(f"{PREFIXES} SELECT DISTINCT {what} WHERE {{ {pattern} }} ORDER BY {what}")


def identifiers(store: EmbeddedStore, kind: str) -> set[str]:
    return {row["id"] for row in ask(store, f"?thing a {kind} ; dcterms:identifier ?id")}


def comparable(claims: Claims) -> Iterator[tuple[str, str, int, str]]:
    """Holder, proposition, agreement and document of the claims that take part in comparisons."""
    for claim in claims:
        if "proposition" in claim and claim.get("fit") == "full" and claim["status"] in ("verified", "corrected"):
            yield claim["actor"], claim["proposition"], int(claim["agreement"]), claim["document"]


def latest(claims: Claims, store: EmbeddedStore) -> list[tuple[str, str, int, str]]:
    """The comparable claims after which none of the same actor on the same proposition is surely later.

    The interval in which a document was written comes from the graph; an undated one is neither later nor earlier.
    """
    rows = ask(
        store, "?d a mp:Document ; dcterms:identifier ?id ; mp:datedFrom ?from ; mp:datedTo ?to", "?id ?from ?to"
    )
    written = {row["id"]: (row["from"], row["to"]) for row in rows}
    newest: dict[tuple[str, str], str] = defaultdict(str)
    for holder, proposition, _, document in comparable(claims):
        begun, _ = written.get(document, ("", ""))
        newest[holder, proposition] = max(newest[holder, proposition], begun)
    return [one for one in comparable(claims) if one[3] not in written or written[one[3]][1] >= newest[one[0], one[1]]]


def rows_of(name: str, store: EmbeddedStore, **given: str) -> list[dict[str, str]]:
    query = Catalogue(QueryFiles((ROOT / "queries",)))[name]
    arguments = {**query.examples, **{key: [value] for key, value in given.items()}}
    return store.rows(query.bind(arguments, Names("https://w3id.org/migration-policy/")))
