"""A project of one's own, and its file of settings: made by one command, served by another, no flag needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph_service.commands.cli import main
from graph_service.commands.settings_file import NAME

BASE = "https://houses.example/"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "houses"
    assert run("init", str(directory), "--base", BASE, "--title", "Houses & co").exit_code == 0
    monkeypatch.chdir(directory)
    return directory


def run(*arguments: str, environment: dict[str, str] | None = None) -> Result:
    return CliRunner(env=environment).invoke(main, list(arguments), catch_exceptions=False)


def answer(*arguments: str, environment: dict[str, str] | None = None) -> str:
    result = run(*arguments, environment=environment)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_new_project_is_checked_built_and_asked(project: Path) -> None:
    assert answer("check").startswith("valid")
    assert (project / answer("build").strip()).is_dir()
    assert [line.split()[0] for line in answer("query").splitlines()] == ["what-belongs-to-whom"]
    owned = f"owner,owned\r\n{BASE}id/organisation/town,{BASE}id/building/town-hall\r\n"
    assert answer("query", "what-belongs-to-whom", "-p", "owner=id/organisation/town") == owned.replace("\r\n", "\n")
    proof = answer("explain", f"{BASE}id/organisation/town", f"{BASE}def#owns", f"{BASE}id/building/town-hall")
    assert "data/example.ttl" in proof


def test_the_shapes_of_a_new_project_are_checked(project: Path) -> None:
    file = project / "data" / "example.ttl"
    file.write_text(file.read_text().replace('rdfs:label "Town hall"@en , "Rathaus"@de ;', ""))
    result = run("check")
    assert result.exit_code == 1
    assert "A building needs a name." in result.stderr


def test_what_is_not_read_and_what_shapes_warn_of_is_said(project: Path) -> None:
    for name in ("old.n3", "more.json", "all.ttl.gz", "notes.md"):
        (project / "data" / name).write_text("")
    shapes = project / "ontology" / "shapes.ttl"
    shapes.write_text(shapes.read_text().replace("sh:minCount 1", "sh:maxCount 1 ; sh:severity sh:Warning"))
    for command in ("check", "build"):
        told = [line for line in run(command).stderr.splitlines() if line.startswith("warning: ")]
        assert told[:3] == [
            "warning: data/all.ttl.gz is not read. Unpack it.",
            "warning: data/more.json is not read. Call it .jsonld if it is JSON-LD.",
            "warning: data/old.n3 is not read. Call it .ttl if it is Turtle.",
        ]
        assert len(told) == 4
        assert (told[3].startswith("warning: data/example.ttl:"), "A building needs a name." in told[3]) == (True, True)


def test_nothing_is_overwritten(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    result = run("init", str(project))
    assert (result.exit_code, "is not empty" in result.stderr) == (1, True)
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("option", "value"),
    [("--base", "houses"), ("--base", "https://houses.example"), ("--base", "https://a b/"), ("--title", 'a "b"')],
)
def test_what_cannot_stand_in_the_files_is_refused(option: str, value: str, tmp_path: Path) -> None:
    result = run("init", str(tmp_path / "new"), option, value)
    assert (result.exit_code, value in result.stderr) == (1, True)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("prt = 3", "prt is no setting. Did you mean port?"),
        ('port = "x"', "port cannot be 'x'. Write it so: port = 8000"),
        ("port = true", "port cannot be True. Write it so: port = 8000"),
        ("queries = 3", 'queries cannot be 3. Write it so: queries = "a/path"'),
        ("namespace = [1]", 'namespace cannot be [1]. Write it so: namespace = ["a text"]'),
        ('language = "fr"', "language cannot be 'fr'. Choose en or de."),
        ("[table]", "table is no setting."),
        ('accent = "#fc0"', "'#fc0' is no colour."),
        ('accent = "#ffcc00"', "#ffcc00 has a contrast of 1.4 : 1 with the light ground"),
        ('logo = "graph-service.toml"', "graph-service.toml is neither PNG nor SVG"),
    ],
)
def test_an_error_names_the_line(project: Path, line: str, error: str) -> None:
    (project / NAME).write_text(f"# Settings\n\n{line}\n")
    result = run("build")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {NAME}:3: {error}")


def test_what_is_no_toml_is_refused_with_its_line(project: Path) -> None:
    (project / NAME).write_text('base = "x"\nport = \n')
    assert "line 2" in run("build").stderr
    assert "does not exist" in run("--settings", "nowhere.toml", "build").stderr


def test_a_flag_goes_before_the_environment_and_that_before_the_file(project: Path) -> None:
    for name in ("flag", "environment"):
        assert run("init", name, "--base", f"https://{name}.example/").exit_code == 0
    environment = {"GRAPH_SERVICE_BASE": "https://environment.example/"}
    assert BASE in answer("export", "-f", "nquads")
    assert "https://environment.example/graph/" in answer("export", "-f", "nquads", environment=environment)
    flagged = answer("export", "-f", "nquads", "--base", "https://flag.example/", environment=environment)
    assert "https://flag.example/graph/" in flagged


def test_paths_count_from_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent)
    assert (project / "snapshots") in Path(answer("--settings", f"houses/{NAME}", "build").strip()).resolve().parents


def test_a_dash_and_an_underscore_are_one(project: Path) -> None:
    (project / NAME).write_text('blank-nodes = true\nreasoner = "none"\nbase = "https://a.example/"\n')
    assert "built without" not in answer("build", "--ontology", "ontology", "--data", "data")


def test_an_option_of_the_same_name_that_is_no_setting_keeps_its_default(project: Path) -> None:
    """`--language` of `paper read` is that of the text, the setting that of findings."""
    (project / "a.txt").write_text("Wir fordern mehr Beratung.")
    assert 'language = "en"' in (project / NAME).read_text()
    assert json.loads(answer("paper", "read", "a.txt", "--json"))["language"] != "en"
