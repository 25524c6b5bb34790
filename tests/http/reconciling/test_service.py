"""The reconciliation service by its specification: types, languages, properties, errors, limits."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from jsonschema import ValidationError

from graph_service.http.api.reconciliation_messages import MOST_IDS, MOST_QUERIES
from graph_service.http.web.forms import MOST_BYTES
from graph_service.views.names.name_index import LONGEST
from tests.conftest import ROOT
from tests.http.reconciling.conftest import ID, Check, Reconcile

EVERY_KIND = {
    "actors": ("Federal Police", "actor/bundespolizei"),
    "documents": ("Alles lässt sich aendern", "document/programme-fdp-2025"),
    "instruments": ("SächsIntG", "instrument/saechsisches-integrationsgesetz-2024"),
    "issues": ("Rückfuehrung", "issue/return"),
    "propositions": ("Kirchenasyl soll weiter moeglich sein", "proposition/church-asylum"),
}


def test_types_are_the_resource_files_that_say_so(client: httpx2.Client) -> None:
    marked = {
        path.stem for path in (ROOT / "queries" / "resources").glob("*.rq") if "#+ reconciled:" in path.read_text()
    }
    assert {one["id"] for one in client.get("/reconcile").json()["defaultTypes"]} == marked == set(EVERY_KIND)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_type_is_reconciled(reconcile: Reconcile, kind: str) -> None:
    written, item = EVERY_KIND[kind]
    found = reconcile(
        {"typed": {"query": written, "type": kind}, "any": {"query": written}, "iri": {"query": f"{ID}/{item}"}}
    )
    for candidates in found.values():
        assert candidates[0]["id"] == f"{ID}/{item}"
        assert [one["id"] for one in candidates[0]["type"]] == [kind]
    assert found["iri"][0]["match"]


def test_a_type_is_a_hard_constraint(reconcile: Reconcile) -> None:
    found = reconcile({"a": {"query": "SPD", "type": ["issues", "propositions"], "type_strict": "any"}})
    assert all(one["type"][0]["id"] in ("issues", "propositions") for one in found["a"])


def test_names_of_one_spelling_are_told_apart(reconcile: Reconcile) -> None:
    """A party has the name of its group in a list of roll calls; the party is meant, and both are shown."""
    (party, group, *_) = reconcile({"a": {"query": "AfD", "type": "actors"}})["a"]
    assert (party["id"], party["match"]) == (f"{ID}/actor/afd", True)
    assert (group["id"], group["match"]) == (f"{ID}/actor/bundestag-afd", False)
    assert party["description"] != group["description"]


def test_what_two_things_may_mean_is_no_match(reconcile: Reconcile) -> None:
    """Fraktion and Gruppe of Die Linke have names that differ in a bracket only."""
    candidates = reconcile({"a": {"query": "Die Linke im Bundestag", "type": "actors"}})["a"]
    assert len(candidates) > 1
    assert not any(one["match"] for one in candidates)


def test_properties_raise_no_score_and_lower_it_where_they_differ(reconcile: Reconcile) -> None:
    alone = {"query": "Caritas", "type": "actors"}
    found = reconcile(
        {
            "alone": alone,
            "label": {**alone, "properties": [{"pid": "kind", "v": "welfare association"}]},
            "iri": {
                **alone,
                "properties": [{"pid": "kind", "v": {"id": f"{ID}/actor-kind/welfare-association", "name": "x"}}],
            },
            "one of": {**alone, "properties": [{"pid": "kind", "v": ["party", "Wohlfahrtsverband"]}]},
            "other": {**alone, "properties": [{"pid": "kind", "v": "party"}, {"pid": "level", "v": "Bund"}]},
        }
    )
    first = {key: candidates[0] for key, candidates in found.items()}
    assert {key for key, one in first.items() if one["match"]} == {"alone", "label", "iri", "one of"}
    assert [first[key]["score"] for key in ("alone", "one of", "other")] == [100, 100, 85]
    assert {"id": "property_kind", "value": False} in first["other"]["features"]
    assert {"id": "property_level", "value": True} in first["other"]["features"]


def test_properties_alone_find_things(reconcile: Reconcile) -> None:
    properties = [{"pid": "identifier", "v": "paritaet-sn"}]
    (first, *_) = reconcile({"a": {"properties": properties, "type": "actors"}})["a"]
    assert (first["id"], first["score"], first["match"]) == (f"{ID}/actor/paritaet-sachsen", 100.0, True)


def test_limit_and_blank_and_endless_names(reconcile: Reconcile) -> None:
    found = reconcile(
        {
            "limit": {"query": "Sachsen", "limit": 2},
            "blank": {"query": " \t "},
            "endless": {"query": "Sachsen " * LONGEST},
            "nothing": {"query": "zzzz"},
        }
    )
    assert {key: len(candidates) for key, candidates in found.items()} == {
        "limit": 2,
        "blank": 0,
        "endless": 0,
        "nothing": 0,
    }


def test_each_language_has_an_address(client: httpx2.Client) -> None:
    queries = json.dumps({"a": {"query": "Caritas", "type": "actors"}})
    by_path = {
        language: client.post(f"/reconcile/{language}", data={"queries": queries}).json()["a"]["result"][0]["name"]
        for language in ("de", "en")
    }
    assert by_path == {"de": "Deutscher Caritasverband", "en": "German Caritas Association"}
    asked = client.post("/reconcile", data={"queries": queries}, headers={"accept-language": "en"})
    assert asked.json()["a"]["result"][0]["name"] == by_path["en"]
    assert (
        client.get("/reconcile", headers={"accept-language": "en"}).json()["preview"]["url"].count("/reconcile/en/")
        == 1
    )


def test_get_and_post_give_the_same(client: httpx2.Client) -> None:
    queries = json.dumps({"a": {"query": "Bündnis 90 & Die Grünen+", "type": "actors"}})
    posted = client.post("/reconcile/de", data={"queries": queries})
    got = client.get("/reconcile/de", params={"queries": queries})
    assert posted.json() == got.json()
    assert client.head("/reconcile/de").status_code == 200
    tag = got.headers["etag"]
    assert client.get("/reconcile/de", params={"queries": queries}, headers={"if-none-match": tag}).status_code == 304
    # A posted form is never answered without a body.
    assert client.post("/reconcile/de", data={"queries": queries}, headers={"if-none-match": tag}).status_code == 200


def test_days_stay_as_they_are_given(client: httpx2.Client, check: Check) -> None:
    ids = [f"{ID}/document/programme-spd-2025", f"{ID}/actor/nobody"]
    extension = {"ids": ids, "properties": [{"id": "date"}, {"id": "title"}, {"id": "author"}]}
    rows = client.post("/reconcile/en", data={"extend": json.dumps(extension)}).json()
    check("extension", rows)
    assert rows["rows"][ids[0]]["date"] == [{"str": "2025-01-11"}]
    assert rows["rows"][ids[0]]["author"] == [{"id": f"{ID}/actor/spd", "name": "SPD"}]
    assert len(rows["rows"][ids[0]]["title"]) == 1
    assert rows["rows"][ids[1]] == {"date": [], "title": [], "author": []}


WRONG: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"queries": "x"}, 400, "queries"),
    ({"queries": "[]"}, 400, "queries"),
    ({"queries": '{"a": {}}'}, 400, "query"),
    ({"queries": '{"a": {"query": "x", "limit": 0}}'}, 400, "limit"),
    ({"queries": '{"a": {"query": "x", "qery": "x"}}'}, 400, "qery"),
    ({"queries": '{"a": {"query": "x", "type": "actor"}}'}, 422, "actors"),
    ({"queries": '{"a": {"query": "x", "properties": [{"pid": "kin", "v": "x"}]}}'}, 422, "kind"),
    ({"extend": '{"ids": []}'}, 400, "properties"),
    ({"extend": '{"ids": [], "properties": [{"id": "kin"}]}'}, 422, "kind"),
    ({"queries": "{}", "extend": "{}"}, 400, "one of them"),
    ({"queries": json.dumps({str(n): {"query": "x"} for n in range(MOST_QUERIES + 1)})}, 413, str(MOST_QUERIES)),
    ({"extend": json.dumps({"ids": ["x"] * (MOST_IDS + 1), "properties": []})}, 413, str(MOST_IDS)),
    ({"queries": json.dumps({"a": {"query": "x" * MOST_BYTES}})}, 413, str(MOST_BYTES)),
    ({"queries": "{}", "callback": "jQuery1"}, 422, "CORS"),
)


@pytest.mark.parametrize(("form", "status", "told"), WRONG)
def test_errors_say_what_is_wrong(client: httpx2.Client, form: dict[str, Any], status: int, told: str) -> None:
    answer = client.post("/reconcile", data=form)
    assert answer.status_code == status, answer.text
    assert told in answer.json()["detail"]
    assert answer.headers["access-control-allow-origin"] == "*"


def test_only_forms_are_posted(client: httpx2.Client) -> None:
    assert client.post("/reconcile", json={"queries": {}}).status_code == 415
    refused = client.put("/reconcile")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    asked = {"origin": "https://example.org", "access-control-request-method": "POST"}
    assert "POST" in client.options("/reconcile", headers=asked).headers["access-control-allow-methods"]


def test_suggestions_go_on_behind_a_cursor(client: httpx2.Client, check: Check) -> None:
    def suggested(**given: str) -> list[str]:
        answer = client.get("/reconcile/suggest/entity", params={"prefix": "Caritas", **given}).json()
        check("suggestions", answer)
        return [one["id"] for one in answer["result"]]

    assert len(suggested()) > 2
    assert suggested()[2:] == suggested(cursor="2")
    assert all("/actor/" in one for one in suggested(type="actors"))
    assert suggested(prefix="Caritsa") == suggested(prefix="Caritsa", type="actors") != []
    assert suggested(prefix=f"{ID}/actor/spd") == [f"{ID}/actor/spd"]


def test_an_unknown_preview_is_absent(client: httpx2.Client) -> None:
    assert client.get("/reconcile/preview", params={"id": f"{ID}/actor/nobody"}).status_code == 404


def test_the_schemas_refuse_what_is_wrong(check: Check) -> None:
    with pytest.raises(ValidationError, match="is a required property"):
        check("results", {"a": {"result": [{"id": f"{ID}/actor/spd"}]}})
