"""An edit is done as a whole or not at all, and files and edition always agree."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.building import watching
from graph_service.editing import editor as editing
from graph_service.editing.edit_request import Deed, EditRequest
from graph_service.editing.editor import Editor
from graph_service.editing.record import read
from graph_service.importing.placing import WORKPLACE
from graph_service.rdf.namespaces import Names
from graph_service.settings import BuildSettings
from tests.editing.small import FIRST, ask, check, directory, files, tag, written

BODIES = (
    FIRST,
    ":a a :Part ; :size 1 .",
    ":c :partOf :d .",
    "",
    # Two sizes; two classes that exclude each other; no Turtle.
    ":a a :Part ; :size 1 , 2 .",
    ":a a :Part , :Person .",
    ":a :b",
)
NAMES = ("documents/a.ttl", "documents/b.ttl", "c.ttl")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "put", "delete", "undo", "undo"]),
        st.sampled_from(NAMES),
        st.sampled_from(BODIES),
        st.sampled_from(["right", "right", "right", "stale", "dry"]),
        st.integers(0, 5),
    ),
    min_size=5,
    max_size=9,
)


@pytest.fixture
def place(tmp_path: Path) -> BuildSettings:
    return directory(tmp_path)


@settings(max_examples=6, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_sequence_of_edits(steps: list[tuple[str, str, str, str, int]], tmp_path_factory: Any) -> None:
    root = tmp_path_factory.mktemp("edits")
    place = directory(root)
    editor = Editor(place)
    editor.prepare()
    expected, done = files(place), list[tuple[str, dict[str, bytes]]]()
    for verb, name, body, how, number in steps:
        before = dict(expected)
        if verb == "undo":
            if not done:
                continue
            id_, without = done[number % len(done)]
            answer = ask(editor, Deed.UNDO, id_, dry_run=how == "dry")
        else:
            present = expected.get(name)
            condition = {"if_match": tag(present)} if present is not None else {"if_none_match": "*"}
            condition = {"if_match": tag(b"something else")} if how == "stale" else condition
            content = written(body) if verb == "put" else b""
            answer = ask(editor, Deed(verb), name, content, dry_run=how == "dry", **condition)
            without = before
        assert "refused" not in answer or 400 <= answer["refused"]["status"] < 500, answer
        if how == "stale" and verb != "undo":
            assert answer["refused"]["status"] == 412
        if answer.get("edit"):
            for change in answer["files"]:
                if verb == "undo" and change["name"] in without:
                    expected[change["name"]] = without[change["name"]]
                elif verb == "put":
                    expected[change["name"]] = content
                else:
                    del expected[change["name"]]
            done.append((answer["edit"], before))
        assert files(place) == expected
    check(place, root / "full")
    shutil.rmtree(root)


def test_a_record_says_who_did_what(place: BuildSettings, tmp_path: Path) -> None:
    editor = Editor(place)
    editor.prepare()
    new = written(":a a :Part ; :size 7 .")
    reason = 'Wörtlich "so" \\ und\nnicht anders'
    answer = ask(editor, Deed.PUT, "documents/a.ttl", new, if_match=tag(written(FIRST)), reason=reason)
    record = read(place.data[0], answer["edit"], Names(place.base))
    assert record is not None
    assert (record.editor, record.reason) == ("editor-1", reason)
    (change,) = record.changes
    assert [f'"{digest}"' for digest in (change.before, change.after)] == [tag(written(FIRST)), tag(new)]
    undone = ask(editor, Deed.UNDO, answer["edit"])
    assert files(place)["documents/a.ttl"] == written(FIRST)
    text = (place.data[0] / "edits" / undone["edit"][:4] / f"{undone['edit']}.ttl").read_text()
    assert f"prov:wasInformedBy edit:{answer['edit']}" in text
    assert ask(editor, Deed.UNDO, answer["edit"])["refused"]["status"] == 409
    again = ask(editor, Deed.UNDO, undone["edit"])
    assert files(place)["documents/a.ttl"] == new
    assert again["edit"]
    check(place, tmp_path / "full")


def test_findings_have_parts(place: BuildSettings) -> None:
    editor = Editor(place)
    answer = ask(editor, Deed.PUT, "documents/a.ttl", written(BODIES[4]), if_match=tag(written(FIRST)))
    (finding,) = answer["refused"]["members"]["findings"]
    assert finding["file"] == "documents/a.ttl"
    assert finding["line"] == len(written("").splitlines())
    assert finding["message"] == "It has two sizes."
    assert finding["hint"] == "Give one."
    assert finding["shape"].endswith("SizeShape")
    assert finding["subject"].endswith("a")
    broken = ask(editor, Deed.PUT, "documents/a.ttl", written(BODIES[6]), if_match=tag(written(FIRST)))
    (finding,) = broken["refused"]["members"]["findings"]
    assert (finding["file"], finding["line"] > 0) == ("documents/a.ttl", True)
    assert str(place.data[0]) not in str(answer) + str(broken)


def test_a_dry_run_tells_the_difference(place: BuildSettings, tmp_path: Path) -> None:
    editor = Editor(place)
    editor.prepare()
    answer = ask(editor, Deed.DELETE, "documents/a.ttl", if_match=tag(written(FIRST)), dry_run=True)
    # It is the last file: without it there are no data.
    assert answer["refused"]["status"] == 422
    answer = ask(editor, Deed.PUT, "c.ttl", written(":c :partOf :d ."), if_none_match="*", dry_run=True)
    # One is stated; that :a and :b are parts of :d follows.
    assert (answer["difference"]["added"], answer["difference"]["removed"]) == (3, 0)
    assert list(files(place)) == ["documents/a.ttl"]
    assert not (place.data[0] / "edits").exists()
    check(place, tmp_path / "full")


def test_somebody_else_writes_meanwhile(place: BuildSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was built is published only if it is what lies there; else it is built again."""
    editor = Editor(place)
    editor.prepare()
    other = place.data[0] / "other.ttl"
    looks: list[object] = []

    def look(asked: BuildSettings) -> watching.Look:
        if len(looks) == 1:
            other.write_bytes(written(":d :partOf :e ."))
        looks.append(asked)
        return watching.look(asked)

    monkeypatch.setattr(editing, "look", look)
    answer = ask(editor, Deed.PUT, "c.ttl", written(":c :partOf :d ."), if_none_match="*")
    assert answer["edit"]
    assert len(looks) == 4
    assert other.exists()
    check(place, tmp_path / "full")


def test_what_cannot_be_put_into_use_is_put_back(place: BuildSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = Editor(place)
    editor.prepare()
    before = files(place)

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("graph_service.snapshots.draft.Draft.publish", full)
        answer = ask(editor, Deed.PUT, "documents/a.ttl", written(BODIES[1]), if_match=tag(written(FIRST)))
    assert answer["refused"]["status"] == 507
    assert files(place) == before
    assert not list((place.data[0]).glob("edits/*/*"))
    assert ask(editor, Deed.PUT, "documents/a.ttl", written(BODIES[1]), if_match=tag(written(FIRST)))["edit"]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("../ontology/model.ttl", 404),
        ("documents/../../ontology/model.ttl", 404),
        ("/etc/passwd.ttl", 404),
        ("documents/.a.ttl", 404),
        (".import-accepted/a.ttl", 404),
        ("documents/a.trig", 404),
        ("documents/a\n.ttl", 404),
        ("documents/a.ttl/b.ttl", 404),
        ("a" * 200 + ".ttl", 404),
        ("inferred.ttl", 403),
        ("edits/2026/x.ttl", 403),
        ("out/a.ttl", 403),
        ("link.ttl", 403),
    ],
)
def test_names_that_lead_elsewhere(name: str, status: int, place: BuildSettings, tmp_path: Path) -> None:
    (place.data[0] / "out").symlink_to(tmp_path)
    (place.data[0] / "link.ttl").symlink_to(tmp_path / "ontology" / "model.ttl")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    editor = Editor(place)
    for deed in (Deed.PUT, Deed.READ, Deed.DELETE):
        answer = ask(editor, deed, name, written(":x :partOf :y ."), if_none_match="*")
        assert answer["refused"]["status"] in {status, 412}, answer
    assert {path: path.read_bytes() for path in before} == before


def test_a_file_says_nothing_of_edits(place: BuildSettings) -> None:
    """Else an editor could publish that another one did something."""
    editor = Editor(place)
    editor.prepare()
    edit = f"<{place.base}id/ed\\u0069t/20260101t000000z-aaaaaa>"
    for body in (f"{edit} a :Part .", f":x owl:sameAs {edit} ."):
        answer = ask(editor, Deed.PUT, "c.ttl", written(body), if_none_match="*")
        assert answer["refused"]["status"] == 403, answer
    assert ask(editor, Deed.PUT, "c.ttl", written(f":x :about {edit} ."), if_none_match="*")["edit"]


def test_answers_are_bounded(place: BuildSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that serves reads an answer as one line, and nobody reads ten thousand warnings."""
    editor = Editor(place)
    editor.prepare()
    warning = (
        written("").decode()
        + """@prefix sh: <http://www.w3.org/ns/shacl#> .
        :S sh:targetClass :Person ; sh:severity sh:Warning ; sh:property [ sh:path :size ; sh:minCount 1 ;
            sh:severity sh:Warning ; sh:message "It has no size."@en ] ."""
    )
    (place.ontology[0] / "more.shapes.ttl").write_text(warning)
    people = written(" ".join(f":p{number} a :Person ." for number in range(300)))
    answer = ask(editor, Deed.PUT, "people.ttl", people, if_none_match="*")
    assert answer["edit"]
    assert (len(answer["warnings"]), answer["warnings"][-1]) == (101, "… and 200 more")
    long = written(f':l :note "{"ä" * 100_000}" .')
    answer = ask(editor, Deed.PUT, "long.ttl", long, if_none_match="*", dry_run=True)
    assert len(str(answer["difference"])) < 3000
    broken = written(f':l :size "{"ä" * 100_000}" , 2 .  :l a :Part .')
    assert len(str(ask(editor, Deed.PUT, "long.ttl", broken, if_none_match="*")["refused"])) < 20_000
    assert ask(editor, Deed.READ, "people.ttl", most_bytes=100)["refused"]["status"] == 413
    assert ask(editor, Deed.READ, "people.ttl")["text"] == people


def test_a_sheet_leaves_nothing_and_names_no_other_directory(
    place: BuildSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a process that is killed while it reads a sheet, the next edit sweeps the sheet."""
    editor = Editor(place)
    answer = ask(editor, Deed.SHEET, "x.xlsx", b"PK\3\4", if_none_match="*")
    assert answer["refused"]["members"]["findings"][0]["file"] == "x.xlsx"
    assert str(tmp_path) not in str(answer)
    assert "/" not in str(answer)
    read: list[Path] = []

    def killed(_: str, sheet: Path, *__: Any, **___: Any) -> None:
        read.append(sheet)
        raise KeyboardInterrupt

    monkeypatch.setattr("graph_service.importing.run", killed)
    with pytest.raises(KeyboardInterrupt):
        ask(editor, Deed.SHEET, "x.csv", b"id\n", if_none_match="*")
    # Below the directory that `workplace` sweeps.
    assert read[0].is_relative_to(place.data[0])
    assert read[0].relative_to(place.data[0]).parts[0].startswith(WORKPLACE)


def test_a_token_writes_what_it_may(place: BuildSettings) -> None:
    editor = Editor(place)
    editor.prepare()
    put = EditRequest(Deed.PUT, "c.ttl", "editor-2", ("documents/*",), "Grund", if_none_match="*")
    assert editor.answer(put, written(":c :partOf :d ."))["refused"]["status"] == 403
    done = ask(editor, Deed.PUT, "c.ttl", written(":c :partOf :d ."), if_none_match="*")
    undo = EditRequest(Deed.UNDO, done["edit"], "editor-2", ("documents/*",), "Grund")
    assert editor.answer(undo, b"")["refused"]["status"] == 403
    assert "c.ttl" in files(place)


def test_conditions(place: BuildSettings) -> None:
    editor = Editor(place)
    editor.prepare()
    body = written(BODIES[1])
    given: list[tuple[dict[str, str], int]] = [
        ({}, 428),
        ({"if_none_match": '"x"'}, 428),
        ({"if_none_match": "*"}, 412),
        ({"if_match": tag(body)}, 412),
        ({"if_match": f"W/{tag(written(FIRST))}"}, 412),
    ]
    for condition, status in given:
        assert ask(editor, Deed.PUT, "documents/a.ttl", body, **condition)["refused"]["status"] == status, condition
    assert ask(editor, Deed.PUT, "new.ttl", body, if_match="*")["refused"]["status"] == 412
    assert ask(editor, Deed.PUT, "documents/a.ttl", body, if_match=f'"x", {tag(written(FIRST))}')["edit"]
    nothing = ask(editor, Deed.PUT, "documents/a.ttl", body, if_match="*")
    assert (nothing["edit"], nothing["files"]) == ("", [])
