"""Every competency question answers what was read in the sources, and enough of them need reasoning.

The expected answers stand in tests/golden/, one a question, taken with the examples of its parameters; each was read
against the paper by hand. To take a changed answer over after reading it:

    .venv/bin/graph-service query NAME [-p PARAMETER=EXAMPLE] > tests/golden/NAME.csv
"""

from __future__ import annotations

import re

import pytest

from graph_service.catalogue.parameters import Type
from graph_service.catalogue.queries import Catalogue
from graph_service.rdf.formats import Form, by_name
from graph_service.rdf.namespaces import Names
from graph_service.store.embedded import EmbeddedStore

from .conftest import QUERIES, ROOT

GOLDEN = ROOT / "tests" / "golden"
ALL = sorted(path.stem for path in QUERIES.glob("*.rq"))


def ask(name: str, catalogue: Catalogue, store: EmbeddedStore, names: Names, **given: str) -> list[str]:
    """Rows of a question as CSV lines without the head, asked with its examples and what is given."""
    query = catalogue[name]
    arguments = {**query.examples, **{parameter: [value] for parameter, value in given.items()}}
    return csv(query.bind(arguments, names), store)[1:]


def csv(text: str, store: EmbeddedStore, *, inferred: bool = True) -> list[str]:
    return store.query(text, by_name(Form.SELECT, "csv"), inferred=inferred).decode().splitlines()


def test_there_are_enough_questions() -> None:
    assert len(ALL) >= 25
    assert {path.stem for path in GOLDEN.glob("*.csv")} == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_answer_is_the_one_that_was_read(name: str, catalogue: Catalogue, shipped: EmbeddedStore, names: Names) -> None:
    query = catalogue[name]
    answer = csv(query.bind(query.examples, names), shipped)
    assert answer == (GOLDEN / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert len(answer) > 1, "a question without an answer proves nothing"


@pytest.mark.parametrize("name", ALL)
def test_question_introduces_itself_in_both_languages(name: str, catalogue: Catalogue) -> None:
    header = catalogue[name].header
    for texts in (header.title, header.description, *(param.title for param in header.params.values())):
        assert texts.keys() == {"de", "en"}
        assert all(text.strip() for text in texts.values())
    assert header.tags
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", name)


@pytest.mark.parametrize("name", ALL)
def test_file_as_it_stands_is_a_query(name: str, catalogue: Catalogue, shipped: EmbeddedStore) -> None:
    """Sent without binding anything, as by curl, it answers at least what its example answers."""
    query = catalogue[name]
    unbound = csv(query.text, shipped)
    bound = (GOLDEN / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert len(unbound) >= len(bound)


@pytest.mark.parametrize("name", ALL)
def test_each_column_is_bound_somewhere(name: str, catalogue: Catalogue) -> None:
    query = re.sub(r"(?m)(^|\s)#.*$", "", catalogue[name].text)
    columns, _, pattern = query.partition("SELECT")[2].partition("WHERE")
    assert pattern
    for column in set(re.findall(r"\?(\w+)", columns)):
        assert re.search(rf"\?{column}\b", pattern) or re.search(rf"\bAS \?{column}\b", columns), column


@pytest.mark.parametrize("name", ALL)
def test_answer_has_an_order_of_its_own(name: str, catalogue: Catalogue, shipped: EmbeddedStore, names: Names) -> None:
    assert re.search(r"^ORDER BY", catalogue[name].text, re.MULTILINE)


def test_german_labels_come_on_request(catalogue: Catalogue, shipped: EmbeddedStore, names: Names) -> None:
    for name in ALL:
        if "lang" in catalogue[name].header.params:
            german = ask(name, catalogue, shipped, names, lang="de")
            english = (GOLDEN / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1:]
            assert len(german) == len(english), name
            assert german != english, name


def test_optional_parameters_narrow_the_answer(catalogue: Catalogue, shipped: EmbeddedStore, names: Names) -> None:
    """An unbound parameter does not multiply the rows, a bound one leaves some of them."""
    tried = 0
    for query in catalogue:
        everything = set(ask(query.name, catalogue, shipped, names))
        for parameter, about in query.header.params.items():
            if about.required or not about.example or about.type is Type.LANGUAGE:
                continue
            some = set(ask(query.name, catalogue, shipped, names, **{parameter: about.example}))
            assert some, (query.name, parameter)
            assert some <= everything, (query.name, parameter)
            tried += 1
    assert tried >= 8


def test_optional_parameters_with_nothing_to_find_find_nothing(
    catalogue: Catalogue, shipped: EmbeddedStore, names: Names
) -> None:
    for query in catalogue:
        for parameter, about in query.header.params.items():
            if about.type is Type.IRI:
                assert not ask(query.name, catalogue, shipped, names, **{parameter: "id/nothing/at-all"}), query.name


def test_dates_bound_the_answer(catalogue: Catalogue, shipped: EmbeddedStore, names: Names) -> None:
    assert ask("positions-of-an-actor", catalogue, shipped, names, since="2019-06-28", until="2019-06-28")
    later = ask("positions-of-an-actor", catalogue, shipped, names, since="2019-06-29")
    assert [row.split(",")[0].rpartition("/")[2] for row in later] == ["paritaet-sn-09"]
    assert not ask("positions-of-an-actor", catalogue, shipped, names, since="2026-01-01")
    assert not ask("positions-of-an-actor", catalogue, shipped, names, until="2019-06-27")


def test_model_page_names_questions_and_terms_that_exist() -> None:
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+(?:-[a-z0-9]+)+)`", page)) - {"graph-service"}
    assert len(named) >= 10
    assert named - set(ALL) == set()
    terms = set(re.findall(r"mp:(\w+)", page))
    declared = (ROOT / "ontology" / "migration-policy.ttl").read_text(encoding="utf-8")
    assert {term for term in terms if f"\nmp:{term} a owl:" not in declared} == set()


@pytest.fixture(scope="module")
def empty_without_reasoning(catalogue: Catalogue, shipped: EmbeddedStore, names: Names) -> set[str]:
    """Questions that are answered, but not when the inferred triples are left out."""
    return {
        query.name
        for query in catalogue
        if len(csv(query.bind(query.examples, names), shipped)) > 1
        and len(csv(query.bind(query.examples, names), shipped, inferred=False)) == 1
    }


@pytest.mark.parametrize(
    ("feature", "question"),
    [
        ("class by hasValue", "goals-of-a-document"),
        ("class by hasValue of kind or verb", "diagnoses-of-a-document"),
        ("chain over a goal set", "activities-and-the-goals-they-serve"),
        ("chain from part to whole", "who-has-a-place-in"),
        ("chain over a relation node", "bodies-of-an-actor"),
        ("inverse property", "seats-held-for-others"),
        ("inverse of on behalf of", "who-is-represented-where"),
        ("symmetric property", "who-calls-an-actor-partner"),
        ("transitive part-of", "parts-of-an-organisation"),
        ("hierarchy of groups", "demands-on-a-target-group"),
        ("hierarchy of issues", "demands-on-an-issue"),
        ("transitive hierarchy", "issues-below-an-issue"),
        ("sub-property", "who-is-asked-to-act"),
        ("chain from holder to issue", "issues-an-actor-engages-with"),
        ("subclasses and alignments", "in-w3c-terms"),
        ("class by hasValue of another vocabulary", "acts-in-eli-terms"),
        ("domain and subclass", "actors-by-kind"),
        ("succession", "who-succeeded-whom"),
    ],
)
def test_feature_of_owl_earns_its_place(feature: str, question: str, empty_without_reasoning: set[str]) -> None:
    assert question in empty_without_reasoning, feature


def test_enough_questions_need_reasoning(empty_without_reasoning: set[str]) -> None:
    assert len(empty_without_reasoning) >= 6


# What the paper says, counted by reading it.


def test_five_goals_in_order(catalogue: Catalogue, shipped: EmbeddedStore, names: Names) -> None:
    rows = ask("goals-of-a-document", catalogue, shipped, names)
    assert [row.split(",")[0] for row in rows] == ["1", "2", "3", "4", "5"]


def test_nine_activities_serve_the_five_goals_jointly(
    catalogue: Catalogue, shipped: EmbeddedStore, names: Names
) -> None:
    rows = ask("activities-and-the-goals-they-serve", catalogue, shipped, names)
    assert len(rows) == 9 * 5
    assert all(",jointly," in row for row in rows)


def test_eleven_bodies_of_which_one_for_the_liga(catalogue: Catalogue, shipped: EmbeddedStore, names: Names) -> None:
    rows = ask("bodies-of-an-actor", catalogue, shipped, names)
    # The coalition of 55 organisations is not of the paper of 2019.
    assert sum(",directly," in row and "/sn-zivil-55," not in row for row in rows) == 10
    (seat,) = [row for row in rows if ",as delegate," in row]
    assert seat.startswith(f"{names.base}id/actor/wos-beirat,")


def test_seat_of_the_liga_is_no_seat_of_its_members(catalogue: Catalogue, shipped: EmbeddedStore, names: Names) -> None:
    members = {row.split(",")[0] for row in ask("members-of-an-organisation", catalogue, shipped, names)}
    seated = {row.split(",")[0] for row in ask("who-has-a-place-in", catalogue, shipped, names)}
    assert len(members) == 7
    assert seated == {f"{names.base}id/actor/liga-sachsen", f"{names.base}id/actor/paritaet-sachsen"}


def test_place_in_a_committee_is_one_in_the_whole_and_not_the_other_way(
    catalogue: Catalogue, shipped: EmbeddedStore, names: Names
) -> None:
    whole = ask("who-has-a-place-in", catalogue, shipped, names, body="id/actor/paritaet-gesamtverband")
    assert [row.split(",")[0] for row in whole] == [f"{names.base}id/actor/paritaet-sachsen"]
    # Taking part in talks at the ministry gives no place in it.
    assert ask("who-has-a-place-in", catalogue, shipped, names, body="id/actor/verbaendegespraech-sms")
    assert not ask("who-has-a-place-in", catalogue, shipped, names, body="id/actor/sms")
    # The Liga takes part in nothing by what its members do.
    rows = ask("bodies-of-an-actor", catalogue, shipped, names, actor="id/actor/liga-sachsen")
    assert [row.split(",")[2] for row in rows] == ["represented"]


def test_members_inherit_no_positions(catalogue: Catalogue, shipped: EmbeddedStore, names: Names) -> None:
    def held(actor: str) -> set[str]:
        rows = ask("positions-of-an-actor", catalogue, shipped, names, actor=f"id/actor/{actor}")
        return {row.split(",")[0] for row in rows}

    umbrella, members = held("liga-sachsen"), ("paritaet-sachsen", "diakonie-sachsen", "awo-sachsen")
    assert len(umbrella) == 8
    assert all(held(member) and held(member).isdisjoint(umbrella) for member in members)
    assert held("paritaet-sachsen").isdisjoint(held("paritaet-gesamtverband"))
    assert not held("caritas-goerlitz")


def test_empty_review_stays_absent(shipped: EmbeddedStore) -> None:
    text = "PREFIX mp: <https://w3id.org/migration-policy/ontology#> SELECT ?d WHERE { ?d mp:reviewedOn ?day }"
    assert csv(text, shipped) == ["d"]


def test_no_person_is_a_node(shipped: EmbeddedStore) -> None:
    text = """PREFIX mp: <https://w3id.org/migration-policy/ontology#>
    SELECT ?s ?p WHERE { ?s ?p ?o FILTER(CONTAINS(STR(?o), "Kreuzberg") || CONTAINS(STR(?s), "kreuzberg")) }"""
    rows = csv(text, shipped)[1:]
    assert len(rows) == 1
    assert rows[0].endswith("ontology#responsibleAsPrinted")
