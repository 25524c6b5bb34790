"""The command line: help, answers on standard output, errors of one line, exit status."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from graph_service.commands.cli import main
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.conftest import ROOT

PAPER = "id/document/paritaet-sachsen-migration-2019"


@pytest.fixture(scope="module")
def snapshots(shipped_snapshot: Snapshot) -> Path:
    return shipped_snapshot.path.parent


def run(snapshots: Path, *arguments: str, **variables: str) -> Result:
    environment = {"GRAPH_SERVICE_SNAPSHOTS": str(snapshots), **variables}
    return CliRunner().invoke(main, list(arguments), env=environment)


def commands() -> dict[str, click.Command]:
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def test_help_names_every_command_and_every_setting() -> None:
    wanted = {"agreement", "build", "check", "explain", "import", "network", "query", "serve"}
    assert wanted <= set(commands())
    assert all(name in CliRunner().invoke(main, ["--help"]).stdout for name in wanted)
    for name, command in commands().items():
        shown = CliRunner().invoke(main, [name, "--help"])
        assert shown.exit_code == 0
        assert command.help
        for option in command.params:
            if option.param_type_name == "option":
                assert option.opts[0] in shown.stdout
                assert getattr(option, "help", None), f"{name} {option.name} has no help"


def test_commands_are_listed_in_their_own_words_without_being_loaded() -> None:
    program = "import sys; from graph_service.commands.cli import main; main(['--help'], standalone_mode=False)"
    line = [sys.executable, "-c", f"{program}; print(*sys.modules)"]
    *shown, loaded = subprocess.run(line, capture_output=True, text=True, check=True).stdout.splitlines()
    context = click.Context(main, max_content_width=110)
    formatter = context.make_formatter()
    click.Group.format_commands(main, context, formatter)
    assert "\n".join(shown[-len(commands()) :]) == "\n".join(formatter.getvalue().splitlines()[-len(commands()) :])
    assert not {"numpy", "fastapi", "pyoxigraph", "graph_service.commands.query"} & {*loaded.split()}


def test_a_network_of_the_graph(snapshots: Path) -> None:
    made = run(snapshots, "network", "--measure", "congruence", "--duplicates", "range")
    assert made.exit_code == 0
    edges = list(csv.DictReader(io.StringIO(made.stdout)))
    assert edges
    assert {"source", "target", "weight"} <= set(edges[0])
    assert all(float(edge["weight"]) > 0 for edge in edges)


def test_a_setting_is_a_variable_too(tmp_path: Path) -> None:
    data = tmp_path / "x.ttl"
    data.write_text("")
    result = run(tmp_path / "snapshots", "build", GRAPH_SERVICE_DATA=str(data), GRAPH_SERVICE_REASONER="none")
    assert result.exit_code == 0
    manifest = json.loads((Path(result.stdout.strip()) / "manifest.json").read_text())
    assert manifest["reasoner"] == "none"
    assert [source["name"] for source in manifest["sources"] if source["role"] == "data"] == ["x.ttl"]


def test_the_catalogue_is_listed_in_both_languages(snapshots: Path) -> None:
    english, german = (run(snapshots, "query", "--language", language).stdout for language in ("en", "de"))
    names = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
    assert [line.split()[0] for line in english.splitlines()] == names
    assert english != german


def test_a_query_answers_by_name_and_by_file(snapshots: Path) -> None:
    by_name = run(snapshots, "query", "goals-of-a-document", "-p", f"document={PAPER}")
    by_file = run(snapshots, "query", str(ROOT / "queries/goals-of-a-document.rq"), "-p", f"document={PAPER}")
    assert by_name.exit_code == 0
    assert by_name.stdout == by_file.stdout
    assert len(list(csv.DictReader(io.StringIO(by_name.stdout)))) == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_needs_no_header(snapshots: Path, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "own.rq"
    path.write_text("ASK { ?s ?p ?o }", encoding=encoding)
    result = run(snapshots, "query", str(path))
    assert json.loads(result.stdout)["boolean"] is True


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "xml"])
def test_each_format_of_a_table(snapshots: Path, name: str) -> None:
    result = run(snapshots, "query", "goals-of-a-document", "-p", f"document={PAPER}", "-f", name)
    assert result.exit_code == 0
    assert result.stdout


def test_without_inferred_triples_a_question_may_stay_empty(snapshots: Path) -> None:
    call = ("query", "goals-of-a-document", "-p", f"document={PAPER}")
    assert len(run(snapshots, *call).stdout.splitlines()) > 1
    assert len(run(snapshots, *call, "--no-inferred").stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "nothing"], "there is no query named 'nothing'"),
        (["query", "goals-of-a-document"], "needs the parameter document"),
        (["query", "goals-of-a-document", "-p", "document"], "Write -p NAME=VALUE"),
        (["query", "goals-of-a-document", "-p", f"document={PAPER}", "-f", "turtle"], "has no format 'turtle'"),
        (["build", "--data", "absent"], "absent: does not exist"),
        (["build", "--reasoner", "magic"], "There is no reasoner 'magic'"),
        (["check", "--sources", "absent"], "absent is not a directory"),
    ],
)
def test_an_error_is_one_line_and_exit_status_1(snapshots: Path, arguments: list[str], message: str) -> None:
    result = run(snapshots, *arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    error = result.stderr.splitlines()[-1]
    assert error.startswith("error: ")
    assert message in error


def test_a_wrong_query_is_named_with_line_and_column(snapshots: Path, tmp_path: Path) -> None:
    path = tmp_path / "wrong.rq"
    path.write_text("SELECT *\nWHERE { ?s ?p }")
    result = run(snapshots, "query", str(path))
    assert result.exit_code == 1
    assert "line 2, column" in result.stderr


def test_check_says_what_was_not_checked(snapshots: Path) -> None:
    result = run(snapshots, "check")
    assert result.exit_code == 0
    assert "were not checked" in result.stdout


@pytest.mark.slow
def test_check_cuts_every_passage_from_its_source(snapshots: Path, shared: Path, tmp_path: Path) -> None:
    result = run(snapshots, "check", "--sources", str(shared / "sources"))
    assert result.exit_code == 0
    assert "matches" in result.stdout
    assert "differs" not in result.stdout

    # One character of the copy is changed. It stands in the second goal, and in the list of all goals.
    shutil.copytree(shared / "sources", tmp_path / "sources")
    copy = tmp_path / "sources" / "paritaet-sachsen-migration-2019.txt"
    copy.chmod(0o644)
    text = copy.read_text(encoding="utf-8")
    assert text.count("Qualitätsstandards an") == 1
    copy.write_text(text.replace("Qualitätsstandards an", "Qualitätsstandards_an"), encoding="utf-8")
    result = run(snapshots, "check", "--sources", str(tmp_path / "sources"))
    assert result.exit_code == 1
    findings = [line for line in result.stderr.splitlines() if "the text at its place is another" in line]
    assert [finding.split()[0].rpartition("-")[2] for finding in findings] == ["2", "goals"]


def test_check_leaves_no_snapshot_behind(tmp_path: Path) -> None:
    data = tmp_path / "x.ttl"
    data.write_text("")
    run(tmp_path / "snapshots", "check", GRAPH_SERVICE_DATA=str(data))
    assert list((tmp_path / "snapshots").iterdir()) == []
    assert BuildSettings().snapshots == Path("snapshots")


@pytest.mark.parametrize("arguments", [["--help"], ["agreement", "--help"], ["agreement", "a-paper"]])
def test_papers_without_their_libraries_say_what_to_install(arguments: list[str]) -> None:
    """The help of the group loads every step."""
    program = (
        "import sys; sys.modules['rapidfuzz'] = None\n"
        f"sys.argv = ['graph-service', 'paper', *{arguments}]\n"
        "from graph_service.commands.cli import main; main()"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr == (
        "error: Papers need libraries that are not installed (rapidfuzz). "
        "Install them: pip install 'graph-service[papers]'.\n"
    )
