"""Links out are those of the research files: each identifier with its source, and nothing claimed to be the same."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from graph_service.settings import BASE
from graph_service.store.embedded import EmbeddedStore

from .conftest import ROOT

TO_FIND = ROOT / "data" / "decisions" / "links-to-find.csv"
PREFIXES = f"""
    PREFIX mp: <{BASE}ontology#>
    PREFIX adms: <http://www.w3.org/ns/adms#>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX owl: <http://www.w3.org/2002/07/owl#>
"""
IDENTIFIERS = """?actor adms:identifier ?node .
    ?node dcterms:type ?scheme ; skos:notation ?id ; dcterms:source ?source ; mp:matchConfidence ?confidence"""


def ask(store: EmbeddedStore, pattern: str, *names: str) -> set[tuple[str, ...]]:
    """Distinct rows, IRIs by their last part."""
    what = " ".join(f"?{name}" for name in names)
    rows = store.rows(f"{PREFIXES} SELECT DISTINCT {what} WHERE {{ {pattern} }}")
    return {tuple(row[n].rpartition("/")[2] if row[n].startswith("http") else row[n] for n in names) for row in rows}


@pytest.fixture(scope="module")
def links(shared: Path) -> list[dict[str, str]]:
    with (shared / "research" / "actor_links.csv").open(encoding="utf-8", newline="") as lines:
        read = list(csv.DictReader(lines))
    for row in read:
        row["scheme"] = row["scheme"].replace("lobbyregister-bundestag", "lobbyregister")
    return read


def test_every_identifier_is_stated_with_its_source_unless_it_is_not_to_be(
    links: list[dict[str, str]], shipped: EmbeddedStore
) -> None:
    names = ("actor", "scheme", "id", "source", "confidence")
    found = ask(shipped, IDENTIFIERS, *names)
    wanted = {tuple(row[n] for n in names) for row in links if row["relation"] != "do not state"}
    assert (len(links), len(wanted)) == (69, 66)
    assert wanted <= found
    # Those of Party Facts stood in the data before, and in the table of parties.
    assert {row[1] for row in found - wanted} == {"partyfacts"}
    assert not {row["id"] for row in links if row["relation"] == "do not state"} & {row[2] for row in found}


def test_identifiers_of_party_facts_are_those_of_the_table(shared: Path, shipped: EmbeddedStore) -> None:
    with (shared / "research" / "parties_identifiers.csv").open(encoding="utf-8", newline="") as lines:
        wanted = {row["partyfacts_id"] for row in csv.DictReader(lines) if row["partyfacts_id"]}
    found = {row[0] for row in ask(shipped, f"{IDENTIFIERS} FILTER(STRENDS(STR(?scheme), 'partyfacts'))", "id")}
    assert found - {"211"} <= wanted  # 211 is CDU/CSU, which only the list of links has
    assert wanted - found == {"1287", "6126"}  # Piraten and Die PARTEI hold no position here


def test_wikidata_matches_exactly_only_where_it_is_sure(links: list[dict[str, str]], shipped: EmbeddedStore) -> None:
    for relation in ("exactMatch", "closeMatch"):
        wanted = {(row["actor"], row["id"]) for row in links if row["relation"] == relation}
        assert ask(shipped, f"?actor a mp:Actor ; skos:{relation} ?item", "actor", "item") == wanted
    sure = {row["id"] for row in links if row["relation"] == "exactMatch"}
    assert {row["confidence"] for row in links if row["id"] in sure} == {"high"}


def test_nothing_is_the_same_as_anything(shipped: EmbeddedStore) -> None:
    assert not ask(shipped, "?one owl:sameAs ?other FILTER(?one != ?other)", "one", "other")


def test_eurovoc_concepts_are_those_of_the_list(shared: Path, shipped: EmbeddedStore) -> None:
    with (shared / "research" / "eurovoc.csv").open(encoding="utf-8", newline="") as lines:
        known = {row["id"] for row in csv.DictReader(lines)}
    pattern = "?concept a skos:Concept ; skos:exactMatch|skos:closeMatch ?eurovoc"
    found = {row[0] for row in ask(shipped, pattern, "eurovoc")}
    assert len(found) > 20
    assert found - known - {"4004"} == set()


def test_what_is_to_be_found_is_not_known_yet(shipped: EmbeddedStore) -> None:
    with TO_FIND.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    actors = {row[0] for row in ask(shipped, "?actor a mp:Actor", "actor")}
    schemes = {row[0] for row in ask(shipped, f"?scheme skos:inScheme <{BASE}id/scheme/identifier-schemes>", "scheme")}
    stated = ask(shipped, IDENTIFIERS, "actor", "scheme")
    assert {row["actor"] for row in rows} <= actors
    assert {row["scheme"] for row in rows} <= schemes
    # Two numbers are known and in doubt.
    assert {(row["actor"], row["scheme"]) for row in rows} & stated == {
        ("diakonie", "lobbyregister"),
        ("proasyl", "lobbyregister"),
    }
