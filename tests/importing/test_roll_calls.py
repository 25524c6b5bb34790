"""Roll calls: the importer refuses what cannot be, and the shipped votes are those of the official record.

The shipped data are counted against the research files beside the project (`../shared`); where those are absent, these
tests are skipped.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service import importing
from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.commands.cli import main
from graph_service.importing import ImportRefused, roll_calls
from graph_service.rdf.namespaces import Names
from graph_service.settings import BASE
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore

from ..conftest import ROOT

GRAPH = importing.ImportTarget([ROOT / "ontology"], [ROOT / "data"])
FILES = {"rollcalls_verified": 22, "rollcalls_additional": 20}
NAMES = {
    "AfD": "afd", "CDU/CSU": "cdu-csu", "SPD": "spd", "FDP": "fdp", "BÜNDNIS 90/DIE GRÜNEN": "gruene",
    "DIE LINKE (Fraktion)": "linke", "Die Linke (Gruppe)": "linke-gruppe", "BSW (Gruppe)": "bsw",
    "fraktionslos": "unattached",
}  # fmt: skip
SHARED = {
    "parliament": "bundestag", "poll_id": "t1", "poll_date": "2023-05-11", "legislature": "20",
    "official_title": "Titel", "question_put": "A yes adopts it.", "question_put_de": "Ein Ja nimmt es an.",
    "issue": "asylum", "bt_drucksache": "20/1; 20/2 (neu)", "source_url": "https://dserver.example/1.pdf",
    "total_yes": "30", "total_no": "12", "total_abstain": "3", "total_not_cast": "", "status": "official",
}  # fmt: skip
SPD = {"group": "SPD", "yes": "20", "no": "2", "abstain": "0"}
LINKE = {"group": "DIE LINKE (Fraktion)", "yes": "10", "no": "9", "abstain": "3"}
NONE = {"group": "fraktionslos", "yes": "0", "no": "1", "abstain": "0"}


def sheet(path: Path, *rows: dict[str, str], **shared: str) -> Path:
    """A table of one roll call, as `SHARED` describes it unless told otherwise."""
    full = [{**SHARED, **shared, **row} for row in rows]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(dict.fromkeys(column for row in full for column in row)))
        writer.writeheader()
        writer.writerows(full)
    return path


def bring_in(file: Path, into: Path) -> str:
    importing.run("roll-calls", file, into, GRAPH)
    return (into / "votes" / f"{file.stem}.ttl").read_text(encoding="utf-8")


def test_rows_become_totals_and_the_official_result(tmp_path: Path) -> None:
    text = bring_in(sheet(tmp_path / "polls.csv", SPD, LINKE, NONE), tmp_path / "data")
    assert 'mp:votesOnPaper "20/1" ,\n        "20/2 (neu)"' in text
    assert re.search(r"vote-total:bundestag-t1-linke a mp:GroupTotal ;[^.]*castBy actor:bundestag-linke ;", text)
    assert re.search(r"vote-total:bundestag-t1-unattached a mp:UnattachedTotal ;[^.]*noVotes 1 ;", text)
    assert re.search(r"vote-total:bundestag-t1-overall a mp:OverallTotal ;[^.]*yesVotes 30 ;", text)
    assert "mp:absences" not in text  # no source has them


def test_second_import_changes_nothing(tmp_path: Path) -> None:
    file = sheet(tmp_path / "polls.csv", SPD, LINKE, NONE)
    first = importing.run("roll-calls", file, tmp_path / "data", GRAPH)
    second = importing.run("roll-calls", file, tmp_path / "data", GRAPH)
    assert (first.written, first.unchanged) == (("votes/polls.ttl",), ())
    assert (second.written, second.unchanged) == ((), ("votes/polls.ttl",))
    assert next(second.lines()) == "1 roll calls, 3 rows"


@pytest.mark.parametrize(
    ("rows", "shared", "found"),
    [
        ((SPD, LINKE, NONE), {"poll_date": "2025-01-29"}, "“DIE LINKE (Fraktion)” is no group on the day of the vote"),
        ((SPD, LINKE, NONE), {"poll_date": "2024-01-19"}, "It sits there 2017 to 2023-12-06"),
        (({**SPD, "group": "Die Linke (Gruppe)"},), {}, "is no group on the day of the vote. It sits there 2024-02-02"),
        (({**SPD, "group": "(unresolved)"},), {}, "“(unresolved)” is no group of the parliament that is known"),
        (({**SPD, "group": ""},), {}, "column group: is missing"),
        ((SPD, LINKE), {}, "“12” is not the sum of the groups. The rows of this roll call add up to 11"),
        ((SPD, SPD, LINKE, NONE), {}, "row 3, column group: “SPD” occurs twice. Row 2 has it"),
        ((SPD, {**LINKE, "official_title": "Anders"}, NONE), {}, "row 3, column official_title: “Anders” differs"),
        (({**SPD, "yes": "98.7 %"}, LINKE, NONE), {}, "“98.7 %” is not a number of votes"),
        (({**SPD, "yes": "-1"}, LINKE, NONE), {}, "“-1” is not a number of votes"),
        (({**SPD, "yes": "²"}, LINKE, NONE), {}, "“²” is not a number of votes"),
        (({**SPD, "yes": "9" * 5000}, LINKE, NONE), {}, "is not a number of votes"),
        (({**SPD, "no": ""}, LINKE, NONE), {}, "column no: is missing"),
        ((SPD, LINKE, NONE), {"total_no": ""}, "column total_no: is missing"),
        ((SPD, LINKE, NONE), {"status": "announced"}, "“announced” is not “official”"),
        ((SPD, LINKE, NONE), {"question_put_de": ""}, "column question_put_de: is missing"),
        ((SPD, LINKE, NONE), {"poll_date": "11 May"}, "“11 May” is not a date"),
        ((SPD, LINKE, NONE), {"parliament": "Ostfriesland"}, "column parliament: “Ostfriesland”"),
        ((SPD, LINKE, NONE), {"issue": "weather"}, "column issue: “weather”"),
        ((SPD, LINKE, NONE), {"bt_drucksache": "20/1 (with 20/2; 20/3)"}, "is not a list of numbers of printed papers"),
        ((SPD, LINKE, NONE), {"source_url": "protocol"}, "“protocol” is not a web address"),
        ((SPD, LINKE, NONE), {"members": "736"}, "column members: “736” is in an unknown column"),
        ((SPD, LINKE, NONE), {"poll_id": ""}, "column poll_id: is missing"),
    ],
)  # fmt: skip
def test_refuses(rows: tuple[dict[str, str], ...], shared: dict[str, str], found: str, tmp_path: Path) -> None:
    file = sheet(tmp_path / "polls.csv", *rows, **shared)
    with pytest.raises(ImportRefused) as caught:
        bring_in(file, tmp_path / "data")
    assert any(found in finding for finding in caught.value.findings), caught.value.findings
    assert not any((tmp_path / "data").rglob("*.ttl"))


def test_votes_not_cast_are_added_up_where_every_row_has_them(tmp_path: Path) -> None:
    rows = [{**row, "not_cast": "4"} for row in (SPD, LINKE, NONE)]
    assert "mp:absences 12" in bring_in(sheet(tmp_path / "all.csv", *rows, total_not_cast="12"), tmp_path / "data")
    with pytest.raises(ImportRefused, match="not imported") as caught:
        bring_in(sheet(tmp_path / "wrong.csv", *rows, total_not_cast="13"), tmp_path / "data")
    assert "total_not_cast" in caught.value.findings[0]
    rows[0]["not_cast"] = ""
    assert "mp:absences 13" in bring_in(sheet(tmp_path / "some.csv", *rows, total_not_cast="13"), tmp_path / "data")


def test_file_kept_by_hand_stays(tmp_path: Path) -> None:
    kept = tmp_path / "data" / "votes" / "polls.ttl"
    kept.parent.mkdir(parents=True)
    kept.write_text("# by hand\n", encoding="utf-8")
    with pytest.raises(ImportRefused) as caught:
        bring_in(sheet(tmp_path / "polls.csv", SPD, LINKE, NONE), tmp_path / "data")
    assert "is kept by hand" in caught.value.findings[0]
    assert kept.read_text(encoding="utf-8") == "# by hand\n"


def test_command_says_what_it_did(tmp_path: Path) -> None:
    file = sheet(tmp_path / "polls.csv", SPD, LINKE, NONE)
    given = ["--into", str(tmp_path / "out"), "--ontology", str(ROOT / "ontology"), "--data", str(ROOT / "data")]
    result = CliRunner().invoke(main, ["import", "roll-calls", str(file), *given])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "1 roll calls, 3 rows",
        "wrote votes/polls.ttl",
        "1 files written, 0 unchanged",
    ]


def test_page_explains_every_column() -> None:
    page = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    section = page.split("\n## Roll calls", 1)[1].split("\n## ", 1)[0]
    assert roll_calls.COLUMNS - {"id"} - set(re.findall(r"`(\w+)`", section)) == set()


# The shipped votes, counted against the research files.


@pytest.fixture(scope="module")
def store(shipped_snapshot: Snapshot) -> EmbeddedStore:
    return EmbeddedStore.open(shipped_snapshot.path)


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, str]]:
    read: list[dict[str, str]] = []
    for name in FILES:
        with (shared / "research" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            read += csv.DictReader(lines)
    return read


def ask(store: EmbeddedStore, pattern: str, what: str) -> Iterator[dict[str, str]]:
    prefixes = f"PREFIX mp: <{BASE}ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>"
    yield from store.rows(f"{prefixes} SELECT DISTINCT {what} WHERE {{ {pattern} }}")


def rows_of(name: str, store: EmbeddedStore, **given: str) -> list[dict[str, str]]:
    query = Catalogue(QueryFiles((ROOT / "queries",)))[name]
    arguments = {**query.examples, **{key: [value] for key, value in given.items()}}
    return store.rows(query.bind(arguments, Names(BASE)))


def test_every_vote_is_that_of_the_files(rows: list[dict[str, str]], store: EmbeddedStore) -> None:
    votes = ("yes", "no", "abstain", "not_cast")
    wanted = {(row["poll_id"], NAMES[row["group"]]): tuple(row[name] for name in votes) for row in rows}
    wanted |= {(row["poll_id"], "overall"): tuple(row[f"total_{name}"] for name in votes) for row in rows}
    pattern = """?total mp:inRollCall ?poll ; mp:yesVotes ?yes ; mp:noVotes ?no ; mp:abstentions ?abstain .
        ?poll dcterms:identifier ?id OPTIONAL { ?total mp:absences ?not_cast }"""
    found = {
        (row["id"], row["total"].rpartition(f"/bundestag-{row['id']}-")[2]): tuple(row.get(n) or "" for n in votes)
        for row in ask(store, pattern, "?total ?id ?yes ?no ?abstain ?not_cast")
    }
    assert len(wanted) == len(rows) + 42
    assert found == wanted


def test_titles_days_and_papers_are_those_of_the_files(rows: list[dict[str, str]], store: EmbeddedStore) -> None:
    wanted = {
        (row["poll_id"], row["poll_date"], row["official_title"], paper)
        for row in rows
        for paper in re.findall(r"\d+/\d+(?: \(neu\))?", row["bt_drucksache"])
    }
    pattern = "?p dcterms:identifier ?id ; dcterms:date ?day ; dcterms:title ?title ; mp:votesOnPaper ?paper"
    found = {tuple(row.values()) for row in ask(store, pattern, "?id ?day ?title ?paper")}
    assert found == wanted


@pytest.mark.parametrize("name", FILES)
def test_shipped_file_is_what_the_importer_makes(name: str, shared: Path, tmp_path: Path) -> None:
    stem = name.replace("_", "-")
    options = importing.ImportOptions(decisions=ROOT / "data" / "decisions" / f"{stem}.csv")
    report = importing.run("roll-calls", shared / "research" / f"{name}.csv", tmp_path, GRAPH, options)
    assert report.counts["roll calls"] == FILES[name]
    shipped = ROOT / "data" / "votes" / f"{stem}.ttl"
    assert (tmp_path / "votes" / f"{stem}.ttl").read_bytes() == shipped.read_bytes()


def test_no_line_contradicts_the_list_of_changes(shared: Path, store: EmbeddedStore) -> None:
    page = (shared / "research" / "rollcalls_changes.md").read_text(encoding="utf-8")
    wanted = {}
    for section in page.split("\n### ")[1:]:
        for group, line in re.findall(r"^\| ([^|]+) \|(?:[^|]*\|){3} ([^|]+) \|$", section, re.MULTILINE):
            if group in NAMES and (told := re.fullmatch(r"(\w+) ([\d.]+) %( split)?", line)):
                wanted[section.split(" ")[0], NAMES[group]] = (told[1], float(told[2]), bool(told[3]))
    found = {
        (row["roll_call"].rpartition("/bundestag-")[2], row["group"].rpartition("/bundestag-")[2]): (
            row["line"], float(row["share"]), row["split"] == "true")
        for row in rows_of("group-lines", store)
    }  # fmt: skip
    assert len(wanted) > 120
    assert {key: found.get(key) for key in wanted} == wanted


def test_groups_are_those_of_the_day(store: EmbeddedStore) -> None:
    def groups(day: str) -> set[str]:
        return {row["name"] for row in rows_of("groups-of-a-parliament", store, day=day)}

    every_time = {"AfD", "CDU/CSU", "SPD", "BÜNDNIS 90/DIE GRÜNEN"}
    assert groups("2023-12-06") == every_time | {"FDP", "DIE LINKE (Fraktion)"}
    assert groups("2024-01-19") == every_time | {"FDP"}
    assert groups("2025-01-31") == every_time | {"FDP", "Die Linke (Gruppe)", "BSW (Gruppe)"}
    assert groups("2025-06-27") == every_time | {"DIE LINKE (Fraktion)"}


def test_every_roll_call_is_linked_or_says_why_not(store: EmbeddedStore) -> None:
    linked = {row["poll"] for row in ask(store, "?bearing mp:bearingOf ?poll", "?poll")}
    unlinked = {row["poll"] for row in ask(store, "?poll mp:notLinkedBecause ?why", "?poll")}
    assert linked.isdisjoint(unlinked)
    assert len(linked | unlinked) == 42
    assert {row["roll_call"] for row in rows_of("results-of-roll-calls", store)} == linked | unlinked


@pytest.mark.parametrize("poll", ["1282", "3558", "3936", "5032"])
def test_yes_to_a_recommendation_is_against_the_motion(poll: str, store: EmbeddedStore) -> None:
    pattern = f"?b mp:bearingOf <{BASE}id/roll-call/bundestag-{poll}> ; mp:yesMeans ?means"
    assert [row["means"] for row in ask(store, pattern, "?means")] == ["-1"]
