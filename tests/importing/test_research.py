"""The research collection is in the graph, or in the list of what was left out and why: counted against its files.

Answers of the questions that compare actors are worked out a second time here, from the files and without the graph.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from graph_service.importing import decisions, table_files
from graph_service.importing.findings import SheetRow
from graph_service.store.embedded import EmbeddedStore
from tests.conftest import ROOT
from tests.importing.research_files import Claims, ask, identifiers, latest, parts, rows_of

DECISIONS = ROOT / "data" / "decisions" / "positions.csv"


@pytest.fixture(scope="module")
def research(shared: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((shared / "research" / "positions.json").read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def split(shared: Path) -> dict[str, Any]:
    """How positions on propositions that joined two things divide, by their id."""
    read = json.loads((shared / "research" / "positions_split.json").read_text(encoding="utf-8"))
    return {"propositions": read["splits"], "claims": {one["id"]: one["halves"] for one in read["positions"]}}


@pytest.fixture(scope="module")
def left_out() -> set[tuple[str, str]]:
    found = set()
    for table, made in decisions.read(DECISIONS).by_table.items():
        for decision in made:
            if not decision.field:
                found |= {(table, identifier) for identifier in decision.patterns}
    return found


@pytest.fixture(scope="module")
def claims(research: dict[str, Any], split: dict[str, Any]) -> Claims:
    """Claims as decided and divided: holder, document, proposition and agreement may be others than in the file."""
    fields = ("id", "actor", "document", "proposition", "nearest_proposition", "agreement", "fit", "stance")
    rows = []
    for number, claim in enumerate(research["claims"], 1):
        cells = {name: str(claim[name]) for name in fields if claim.get(name) is not None}
        rows.append(SheetRow("positions.json", "claims", number, {**cells, "status": claim["verification"]["status"]}))
    made = decisions.read(DECISIONS)
    decided = [dict(row.cells) for row in made.apply(rows) if row.sheet == "claims"]
    return [part for claim in decided for part in parts(claim, split["claims"])]


@pytest.fixture(scope="module")
def every(claims: Claims, shared: Path) -> Claims:
    """The claims of the collection, and those of election programmes and coalition agreements."""
    rows = table_files.read(shared / "research" / "programmes.json", "claims", ("claims",))
    made = decisions.read(ROOT / "data" / "decisions" / "programmes.csv")
    others = [
        {**row.cells, "status": row.get("verification_status")} for row in made.apply(rows) if row.sheet == "claims"
    ]
    return [*claims, *others]


def successors(
    table: str, research: dict[str, Any], split: dict[str, Any], left_out: set[tuple[str, str]]
) -> dict[str, set[str]]:
    """The names of the halves of everything in a table of the collection that was divided in two and not left out."""
    published = {entry["id"] for entry in research[table]} - {name for of, name in left_out if of == table}
    return {
        identifier: {half["id"] if table == "propositions" else f"{identifier}-{half}" for half in halves}
        for identifier, halves in split.get(table, {}).items()
        if identifier in published and len(halves) > 1
    }


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("actors", "mp:Actor"),
        ("documents", "mp:Document"),
        ("propositions", "mp:Proposition"),
        ("claims", "mp:Position"),
    ],
)
def test_everything_is_in_the_graph_or_in_the_list(
    table: str, kind: str, research: dict[str, Any], split: dict[str, Any], store: EmbeddedStore,
    left_out: set[tuple[str, str]],
) -> None:  # fmt: skip
    divided = successors(table, research, split, left_out)
    wanted = {entry["id"] for entry in research[table]} - divided.keys()
    absent = wanted.union(*divided.values()) - identifiers(store, kind)
    assert wanted
    assert {(table, identifier) for identifier in absent} <= left_out


@pytest.mark.parametrize(("table", "kind"), [("propositions", "proposition"), ("claims", "position")])
def test_what_was_divided_leaves_a_tombstone_that_names_both_halves(
    table: str, kind: str, research: dict[str, Any], split: dict[str, Any], store: EmbeddedStore,
    left_out: set[tuple[str, str]],
) -> None:  # fmt: skip
    found = defaultdict(set)
    for row in ask(store, "?stone prov:invalidatedAtTime ?day ; dcterms:isReplacedBy ?half", "?stone ?half"):
        place, _, name = row["stone"].rpartition("/")
        if place.endswith(f"/id/{kind}"):
            found[name].add(row["half"].rpartition("/")[2])
    expected = successors(table, research, split, left_out)
    assert expected
    assert {name: found[name] for name in expected} == expected
    assert not expected.keys() & {row["id"] for row in ask(store, "?thing dcterms:identifier ?id")}


def test_all_propositions_that_the_programmes_use_are_in_the_graph(shared: Path, store: EmbeddedStore) -> None:
    used = json.loads((shared / "research" / "programmes.json").read_text(encoding="utf-8"))["propositions"]
    rows = ask(
        store,
        """?p a mp:Proposition ; dcterms:identifier ?id ; mp:underIssue ?issue ; skos:prefLabel ?de , ?en .
        FILTER(LANG(?de) = "de" && LANG(?en) = "en")""",
        "?id ?issue ?de ?en",
    )
    found = {(row["id"], row["issue"].rpartition("/")[2], row["de"], row["en"]) for row in rows}
    assert {(one["id"], one["issue"], one["text_de"], one["text_en"]) for one in used} <= found


def test_one_claim_is_not_published_until_its_passage_is_found(store: EmbeddedStore) -> None:
    assert "paritaet-sn-10" not in identifiers(store, "mp:Position")
    assert "par-du" not in identifiers(store, "mp:Document")


def test_claims_carry_what_was_coded(store: EmbeddedStore, claims: Claims) -> None:
    rows = ask(
        store,
        """?p a mp:Position ; dcterms:identifier ?id ; mp:usesVerb ?verb ; mp:verification ?status ; mp:heldBy ?h .
        ?h dcterms:identifier ?holder .
        OPTIONAL { ?p mp:onProposition ?proposition ; mp:agreement ?agreement ; mp:fit ?fit }""",
        "?id ?holder ?verb ?status ?proposition ?agreement ?fit",
    )
    found = {row["id"]: {name: value.rpartition("/")[2] for name, value in row.items() if value} for row in rows}
    assert {claim["id"] for claim in claims} <= found.keys()
    for claim in claims:
        expected: dict[str, str] = {
            "id": claim["id"], "holder": claim["actor"], "verb": claim["stance"], "status": claim["status"],
            **{name: claim[name] for name in ("proposition", "agreement", "fit") if name in claim},
        }  # fmt: skip
        if "proposition" not in claim:
            expected.pop("agreement", None)
        assert found[claim["id"]] == expected


def test_claims_without_a_proposition_stay_without(store: EmbeddedStore, claims: Claims) -> None:
    rows = ask(store, "?p a mp:Position ; dcterms:identifier ?id ; mp:underIssue ?issue . "
                      "FILTER NOT EXISTS { ?p mp:onProposition ?any }")  # fmt: skip
    assert {claim["id"] for claim in claims if "proposition" not in claim} == {row["id"] for row in rows}
    near = ask(store, "?p mp:nearestProposition ?n ; dcterms:identifier ?id . ?n dcterms:identifier ?near", "?id ?near")
    assert {(row["id"], row["near"]) for row in near} == {
        (claim["id"], name)
        for claim in claims if "nearest_proposition" in claim
        for name in claim["nearest_proposition"].split("; ")
    }  # fmt: skip


def test_both_codings_stand_side_by_side(
    research: dict[str, Any], split: dict[str, Any], store: EmbeddedStore, claims: Claims
) -> None:
    """Of a divided position the two who divided it, of all others the two who coded the collection."""
    rows = ask(
        store,
        "?c mp:codingOf ?p ; mp:codingBy ?coder ; mp:codedAgreement ?code . ?p dcterms:identifier ?id",
        "?id ?coder ?code",
    )
    found = {(row["id"], row["coder"].rpartition("/")[2], row["code"]) for row in rows}
    given = {claim["id"]: claim["codes"] for claim in research["claims"]}
    expected = set()
    for claim in claims:
        whole = next(
            name for name in (claim["id"], claim["id"].removesuffix(f"-{claim.get('proposition')}")) if name in given
        )
        halves = split["claims"].get(whole)
        if halves is None or (halves and "proposition" not in claim):
            expected |= {(claim["id"], coder, str(code)) for coder, code in given[whole].items()}
        elif halves:
            codes = halves[claim["proposition"]]["codes"]
            expected |= {(claim["id"], f"halves-{number}", str(code)) for number, code in enumerate(codes, 1)}
    assert {code for code in found if code[1] not in ("coder-3", "coder-4")} == expected


def test_addressees_and_groups_are_concepts_of_their_own(store: EmbeddedStore) -> None:
    addressees = ask(store, '?p dcterms:identifier "liga-sn-07" ; mp:codedAddressee ?id')
    assert [row["id"].rpartition("/")[2] for row in addressees] == ["bund", "freistaat-sachsen"]
    groups = ask(store, '?p dcterms:identifier "afd-2025-work-access" ; mp:codedGroup ?id')
    assert [row["id"].rpartition("/")[2] for row in groups] == ["asylum-seekers", "rejected-asylum-seekers"]


def test_joint_paper_is_one_document_with_several_holders(store: EmbeddedStore) -> None:
    pattern = '?p dcterms:identifier ?id ; mp:statedIn ?d . ?d dcterms:identifier "bag-spr"'
    assert [row["id"] for row in ask(store, pattern)] == ["bagfw-03", "drk-02", "paritaet-gv-01"]
    holders = ask(store, '?d dcterms:identifier "bag-spr" ; mp:jointlyIssuedBy/dcterms:identifier ?id')
    assert [row["id"] for row in holders] == ["bagfw", "drk", "paritaet-gv"]


def test_undated_documents_say_so_and_have_no_days(research: dict[str, Any], store: EmbeddedStore) -> None:
    undated = {d["id"] for d in research["documents"] if d["date_interval"] is None} & identifiers(store, "mp:Document")
    assert {r["id"] for r in ask(store, '?d mp:dateAsGiven "undated" ; dcterms:identifier ?id')} == undated
    assert not ask(store, '?d mp:dateAsGiven "undated" ; mp:datedFrom ?id')


def test_dates_are_the_intervals_of_the_research(research: dict[str, Any], store: EmbeddedStore) -> None:
    rows = ask(
        store, "?d a mp:Document ; dcterms:identifier ?id ; mp:datedFrom ?from ; mp:datedTo ?to", "?id ?from ?to"
    )
    found = {row["id"]: [row["from"], row["to"]] for row in rows}
    for document in research["documents"]:
        if document["date_interval"] and document["id"] in found:
            assert found[document["id"]] == document["date_interval"]


def test_every_document_says_how_far_it_was_gone_through(
    research: dict[str, Any], store: EmbeddedStore, left_out: set[tuple[str, str]]
) -> None:
    assert not ask(store, "?id a mp:Document . FILTER NOT EXISTS { ?id mp:coverage ?coverage }")
    pattern = "?d mp:coverage <https://w3id.org/migration-policy/id/coverage/coded-places> ; dcterms:identifier ?id"
    coded_places = {row["id"] for row in ask(store, pattern)}
    imported = {document["id"] for document in research["documents"]} - {name for _, name in left_out}
    assert imported <= coded_places


# The questions, worked out a second time.


@pytest.mark.parametrize("actor", ["gruene", "afd", "dlt", "proasyl", "cducsu"])
def test_agreement_with_others_is_what_the_files_give(actor: str, every: Claims, store: EmbeddedStore) -> None:
    held: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for holder, proposition, agreement, _ in latest(every, store):
        held[holder][proposition].add(agreement)
    identifier = {
        row["actor"]: row["id"] for row in ask(store, "?actor a mp:Actor ; dcterms:identifier ?id", "?actor ?id")
    }
    found = {
        identifier[row["other"]]: [int(row[n]) for n in ("together", "apart", "conditional")]
        for row in rows_of("who-agrees-with-whom", store, actor=f"id/actor/{actor}")
    }
    expected: dict[str, list[int]] = {}
    for other, positions in held.items():
        # Both agree, disagree, or one is conditional or at odds with itself.
        met = [
            {a * b for a in held[actor][proposition] for b in agreements}
            for proposition, agreements in positions.items() if other != actor and proposition in held[actor]
        ]  # fmt: skip
        if met:
            together, apart = met.count({1}), met.count({-1})
            expected[other] = [together, apart, len(met) - together - apart]
    # The paper of 2019 is coded by hand beyond these claims; its holder is compared elsewhere.
    found.pop("paritaet-sn", None)
    expected.pop("paritaet-sn", None)
    assert found == expected


def test_contested_propositions_count_each_actor_once(every: Claims, store: EmbeddedStore) -> None:
    """An actor whose latest positions differ is on no side."""
    said: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for holder, proposition, agreement, _ in latest(every, store):
        said[proposition][holder].add(agreement)
    counted = {
        proposition: [sum(one == {side} for one in of.values()) for side in (1, -1, 0)]
        + [sum(len(one) > 1 for one in of.values())]
        for proposition, of in said.items()
    }
    expected = {proposition: numbers for proposition, numbers in counted.items() if numbers[0] and numbers[1]}
    found = {
        row["proposition"].rpartition("/")[2]: [int(row[n]) for n in ("for", "against", "conditional", "differing")]
        for row in rows_of("contested-propositions", store)
    }
    assert any(numbers[3] for numbers in expected.values())
    assert found == expected


def test_silence_has_three_names(store: EmbeddedStore) -> None:
    stands = {row["actor"].rpartition("/")[2]: row["status"] for row in rows_of("who-stands-where", store)}
    assert stands["gruene"] == "agrees"
    assert stands["afd"] == "disagrees"
    assert stands["paritaet-sachsen"] == "no position found"
    assert stands["spd"] == "no position found"
    assert stands["awo"] == "not coded"
    ceas = rows_of("who-stands-where", store, proposition="id/proposition/ceas-2024")
    told = {row["actor"].rpartition("/")[2]: row["status"] for row in ceas}
    assert told["gruene"] == "agrees"
    assert told["proasyl"] == "coded, but not comparable"
