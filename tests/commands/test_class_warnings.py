"""A class of `pages.toml` that the data do not have is a warning of `build`, `check` and `serve`, no error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import current_or_build
from graph_service.commands.class_warnings import warn_of_classes
from graph_service.settings import BuildSettings
from tests.housing.project import command, make, served

RIGHT = '"def#House" = "house"'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("site") / "project")


def _misspelled(project: Path, name: str) -> tuple[Path, int]:
    pages = project / "pages.toml"
    text = pages.read_text()
    assert RIGHT in text
    changed = text.replace(RIGHT, f'{RIGHT}\n"{name}" = "house"')
    pages.write_text(changed)
    return pages, changed.splitlines().index(f'"{name}" = "house"') + 1


def test_a_class_that_is_missing_is_named_with_its_place(project: Path) -> None:
    before = (project / "pages.toml").read_text()
    pages, line = _misspelled(project, "def#Huose")
    try:
        for name in ("build", "check"):
            done = subprocess.run(
                [sys.executable, "-m", "graph_service", name], cwd=project, capture_output=True, text=True, check=True
            )
            warned = [one for one in done.stderr.splitlines() if "warning" in one]
            assert warned == [
                f"warning: {pages.name}:{line}: [classes]: the data have no thing of the class def#Huose. "
                "Did you mean def#House?"
            ]
        with served(project) as client:
            assert client.get("/health").status_code == 200
        assert "no thing of the class def#Huose" in (project / "log").read_text()
    finally:
        pages.write_text(before)


def test_nothing_is_said_of_classes_that_are_there(project: Path) -> None:
    assert "warning" not in command("build", project=project).stderr


@pytest.mark.parametrize(
    "name", ["def#House", "https://houses.example/def#House", "<https://houses.example/def#House>"]
)
def test_a_class_is_found_however_it_is_written(project: Path, tmp_path: Path, name: str) -> None:
    settings = BuildSettings(
        ontology=(project / "ontology",), data=(project / "data",), base="https://houses.example/", snapshots=tmp_path
    )
    snapshot = current_or_build(find_inputs(settings), lambda text: None)
    pages, said = tmp_path / "pages.toml", list[str]()
    pages.write_text(f'[classes]\n"{name}" = "house"\n"skos:Nothing" = "house"\n')
    warn_of_classes(pages, snapshot.path, snapshot.manifest.names, said.append)
    assert len(said) == 1
    assert said[0].startswith(f"warning: {pages}:3: [classes]: the data have no thing of the class skos:Nothing.")
