"""The requests that OpenRefine 3.8 sends, in their order and form, over HTTP.

After its source: `recon-manager.js` (manifest), `GuessTypesOfColumnCommand` and `StandardReconConfig` (batches of ten,
`type_strict` always `should`), `suggest-4_3a.js` (type-ahead by `prefix`), `extend-data-preview-dialog.js` and
`ReconciledDataExtensionJob` (properties, extension).
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import httpx2

from tests.conftest import ROOT
from tests.http.reconciling.conftest import ID, Check

FORM = {"content-type": "application/x-www-form-urlencoded", "user-agent": "OpenRefine 3.8.7 [TRUNK]"}
COLUMN = (
    "Diakonisches Werk", "Caritas", "AWO Bundesverband e.V.", "Dt. Rotes Kreuz", "SPD", "Buendnis 90/Die Gruenen",
    "Pro Asyl", "BMI", "Sächs. Flüchtlingsrat", "EU-Kommission", "Der Paritätische", "Verband der Automobilindustrie",
)  # fmt: skip


def post(client: httpx2.Client, address: str, name: str, message: Any) -> Any:
    body = f"{name}={quote(json.dumps(message, ensure_ascii=False, separators=(',', ':')), safe='')}"
    answer = client.post(address, content=body.encode(), headers=FORM)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_column_is_reconciled_and_extended(client: httpx2.Client, check: Check) -> None:
    # "Add standard service": from the page of OpenRefine, which has another origin.
    answer = client.get("/reconcile/de", headers={"origin": "http://127.0.0.1:3333", "accept": "application/json"})
    assert answer.headers["access-control-allow-origin"] == "*"
    manifest = answer.json()
    check("manifest", manifest)
    service = f"{client.base_url}/reconcile/de".replace("//reconcile", "/reconcile")

    # "Start reconciling": ten cells, to guess the type of the column.
    guess = {f"q{n}": {"query": cell, "limit": 3} for n, cell in enumerate(COLUMN[:10])}
    guessed = post(client, service, "queries", guess)
    check("results", guessed)
    types = [kind["id"] for found in guessed.values() for one in found["result"] for kind in one["type"]]
    assert max(set(types), key=types.count) == "actors"

    # The cells in batches of ten, with another column as a property.
    judged: dict[str, dict[str, Any]] = {}
    for start in range(0, len(COLUMN), 10):
        cells = COLUMN[start : start + 10]
        batch = {
            f"q{n}": {
                "query": cell,
                "type": "actors",
                "type_strict": "should",
                "properties": [{"pid": "level", "v": "Bund"}] if cell == "SPD" else [],
            }
            for n, cell in enumerate(cells)
        }
        results = post(client, service, "queries", batch)
        check("results", results)
        assert list(results) == list(batch)
        for cell, found in zip(cells, results.values(), strict=True):
            scores = [one["score"] for one in found["result"]]
            assert scores == sorted(scores, reverse=True)
            if matched := [one for one in found["result"] if one["match"]]:
                (judged[cell],) = matched
    assert set(COLUMN) - set(judged) == {"BMI", "Verband der Automobilindustrie"}
    assert judged["Der Paritätische"]["id"] == f"{ID}/actor/paritaet-gesamtverband"

    # "Search for match", as letters are typed; then the preview in a frame.
    entity = manifest["suggest"]["entity"]
    for prefix in ("S", "Sä", "Sächsischer Fl"):
        answer = client.get(
            entity["service_url"] + entity["service_path"],
            params={"prefix": prefix, "spell": "always", "exact": "false", "prefixed": "true"},
        )
        check("suggestions", answer.json())
    assert [one["id"] for one in answer.json()["result"]][:1] == [f"{ID}/actor/saechsischer-fluechtlingsrat"]
    chosen = judged["Caritas"]["id"]
    frame = client.get(manifest["preview"]["url"].replace("{{id}}", quote(chosen, safe="")))
    assert frame.headers["content-type"].startswith("text/html")
    assert "frame-ancestors *" in frame.headers["content-security-policy"]
    assert "Deutscher Caritasverband" in frame.text
    page = client.get(manifest["view"]["url"].replace("{{id}}", quote(chosen, safe="")))
    assert page.status_code == 200
    assert "Deutscher Caritasverband" in page.text

    # "Add columns from reconciled values".
    proposed = manifest["extend"]["propose_properties"]
    answer = client.get(f"{proposed['service_url']}{proposed['service_path']}?type=actors")
    check("proposal", answer.json())
    properties = [one["id"] for one in answer.json()["properties"]]
    ids = [one["id"] for one in judged.values()]
    extension = {"ids": ids, "properties": [{"id": one} for one in properties]}
    rows = post(client, service, "extend", extension)
    check("extension", rows)
    assert list(rows["rows"]) == ids
    assert rows["rows"][chosen]["kind"] == [{"id": f"{ID}/actor-kind/welfare-association", "name": "Wohlfahrtsverband"}]


def test_types_and_properties_are_suggested(client: httpx2.Client, check: Check) -> None:
    manifest = client.get("/reconcile/en").json()
    for kind, prefix, wanted in (("type", "prop", "propositions"), ("property", "memb", "member_of")):
        service = manifest["suggest"][kind]
        answer = client.get(service["service_url"] + service["service_path"], params={"prefix": prefix})
        check("suggestions", answer.json())
        assert wanted in [one["id"] for one in answer.json()["result"]]


def test_the_examples_of_the_docs_run(client: httpx2.Client, check: Check) -> None:
    text = (ROOT / "docs" / "reconciliation.md").read_text(encoding="utf-8")
    examples = dict(re.findall(r"'(queries|extend)=(\{.*?\n\})'", text, re.DOTALL))
    results = post(client, "/reconcile/en", "queries", json.loads(examples["queries"]))
    check("results", results)
    assert all(found["result"][0]["match"] for found in results.values())
    shown = re.search(r'\{"id": "[^"]*diakonie".*?\}\]\}', text, re.DOTALL)
    assert shown is not None
    assert results["q0"]["result"][0] == json.loads(shown[0])
    rows = post(client, "/reconcile/en", "extend", json.loads(examples["extend"]))
    check("extension", rows)
    assert all(rows["rows"][f"{ID}/actor/diakonie"].values())
