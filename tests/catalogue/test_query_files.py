"""A publisher's query files lie over the shipped ones: what has the same name replaces, everything else stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.building import shipped
from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.commands.cli import main
from graph_service.errors import SettingsError

_HEADER = "#+ title: {en: T, de: T}\n#+ description: {en: D., de: D.}\n"


def _query(path: Path, text: str = "ASK {}") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEADER + text)
    return path


@pytest.fixture
def layers(tmp_path: Path) -> QueryFiles:
    for name in ("a", "b", "pages/c", "pages/d"):
        _query(tmp_path / "below" / f"{name}.rq")
    for name in ("b", "e", "pages/d", "more/f"):
        _query(tmp_path / "above" / f"{name}.rq")
    return QueryFiles((tmp_path / "above", tmp_path / "below"))


def test_files_of_ones_own_replace_and_nothing_disappears(layers: QueryFiles, tmp_path: Path) -> None:
    above, below = layers.directories
    assert list(layers) == [below / "a.rq", above / "b.rq", above / "e.rq"]
    assert list(layers.below("pages")) == [below / "pages" / "c.rq", above / "pages" / "d.rq"]
    assert list(layers.below("more")) == [above / "more" / "f.rq"]
    assert layers.file("pages/c") == below / "pages" / "c.rq"
    assert layers.file("pages/d") == layers.below("pages").file("d") == above / "pages" / "d.rq"
    assert list(layers.all()) == ["a.rq", "b.rq", "e.rq", "more/f.rq", "pages/c.rq", "pages/d.rq"]
    assert {query.name for query in Catalogue(layers)} == {"a", "b", "e"}


def test_of_a_directory_behind_only_the_folders_count(layers: QueryFiles) -> None:
    above, below = layers.directories
    files = QueryFiles((above,), (below,))
    assert [path.name for path in files] == ["b.rq", "e.rq"]
    assert list(files.below("pages")) == [below / "pages" / "c.rq", above / "pages" / "d.rq"]
    assert files.file("pages/c") == below / "pages" / "c.rq"
    assert not files.file("a").is_file()
    assert list(files.all()) == ["b.rq", "e.rq", "more/f.rq", "pages/c.rq", "pages/d.rq"]


def test_a_file_that_is_nowhere_has_a_place(layers: QueryFiles) -> None:
    assert layers.file("x") == layers.directories[-1] / "x.rq"


def test_a_directory_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not a directory"):
        shipped.query_files(tmp_path / "nowhere")


def test_commands_need_no_query_of_ours(tmp_path: Path) -> None:
    """`check` and `diff` ask queries that a publisher of other data does not have."""
    data, queries, snapshots = tmp_path / "data", tmp_path / "queries", tmp_path / "snapshots"
    data.mkdir()
    _query(queries / "how-many.rq", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    settings = ["--ontology", str(data), "--data", str(data), "--queries", str(queries)]
    settings += ["--base", "https://houses.example/", "--snapshots", str(snapshots)]
    editions = []
    for text in ("<https://houses.example/1> a <https://houses.example/def#House> .", '<a:b> <a:c> "x" .'):
        (data / "houses.ttl").write_text(text)
        editions.append(_run("build", *settings).strip())
    assert _run("check", *settings).startswith("valid")
    assert "1 statement came, 1 went" in _run("diff", *editions, *settings)
    assert _run("query", "how-many", *settings).split() == ["n", "1"]
    assert [line.split()[0] for line in _run("query", *settings).splitlines()] == ["how-many"]
    assert "stated" in _run("explain", "a:b", "a:c", '"x"', *settings)


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout
