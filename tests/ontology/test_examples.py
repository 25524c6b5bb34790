"""Valid and invalid examples: each mistake is found by the check that is meant to find it, and by no other.

An example stands next to its expected findings. Examples of one kind are checked together, so the whole set of findings
is compared: what an example causes beyond its own finding would show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from graph_service.building import sources
from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.building.sources import Role
from graph_service.building.validation import Violation, check_queries, check_shapes
from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import InconsistencyError
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Quad, iri_value
from graph_service.settings import BuildSettings
from graph_service.store.embedded import EmbeddedStore

from .conftest import QUERIES, ROOT

EXAMPLES = Path(__file__).parent / "examples"
FAULTS = {
    "missing": ("minCount", "qualifiedMinCount"),
    "repeated": ("maxCount", "qualifiedMaxCount", "uniqueLang"),
    "wrong": ("class", "datatype", "in", "nodeKind", "or", "pattern"),
}
BASE_EXAMPLE = EXAMPLES / "base.ttl"


@dataclass(frozen=True)
class Expected:
    """One finding that an invalid example must cause."""

    example: str
    check: str
    subject: str
    en: tuple[str, ...]
    de: tuple[str, ...]


def _expected(found_by: str) -> list[Expected]:
    found = []
    for path in sorted(EXAMPLES.glob("invalid.*.expected.yaml")):
        report = yaml.safe_load(path.read_text(encoding="utf-8"))
        if report["found_by"] == found_by:
            for one in report["findings"]:
                name = path.name.removesuffix(".expected.yaml")
                found.append(Expected(name, one["check"], one["subject"], tuple(one["en"]), tuple(one["de"])))
    return found


def _files(found_by: str) -> tuple[Path, ...]:
    """Shipped data, what the examples stand on, and the examples themselves."""
    names = sorted({one.example for one in _expected(found_by)})
    return (ROOT / "data", BASE_EXAMPLE, *(EXAMPLES / f"{name}.ttl" for name in names))


def _inputs(data: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> BuildSettings:
    return BuildSettings(data=data, snapshots=tmp_path_factory.mktemp("examples"), validation=False)


@pytest.fixture(scope="module")
def by_shapes(names: Names) -> list[Violation]:
    files = sources.discover([ROOT / "ontology"], _files("shapes"), names)
    stated: set[Quad] = {quad for f in files if f.role is not Role.SHAPES for quad in sources.read(f, names)}
    return check_shapes(stated, [f.content() for f in files if f.role is Role.SHAPES], names)


@pytest.fixture(scope="module")
def by_queries(names: Names, tmp_path_factory: pytest.TempPathFactory) -> list[Violation]:
    snapshot = build(find_inputs(_inputs(_files("query"), tmp_path_factory)))
    return check_queries(EmbeddedStore.open(snapshot.path), Catalogue(QueryFiles((QUERIES / "violations",))), names)


@pytest.fixture(scope="module")
def by_reasoner(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    with pytest.raises(InconsistencyError) as caught:
        build(find_inputs(_inputs(_files("reasoner"), tmp_path_factory)))
    return caught.value.findings


def _keys(violations: Iterable[Violation], names: Names) -> list[tuple[str, str]]:
    return sorted((v.check.rpartition("#")[2], iri_value(v.subject).removeprefix(names.base)) for v in violations)


def _matching(violations: Iterable[Violation], wanted: Expected, names: Names) -> Violation:
    for violation in violations:
        if _keys([violation], names) == [(wanted.check, wanted.subject)]:
            return violation
    pytest.fail(f"{wanted.example}: {wanted.check} did not find {wanted.subject}")


@pytest.mark.parametrize("wanted", _expected("shapes"), ids=lambda one: one.example)
def test_shape_finds_the_mistake_and_says_how_to_mend_it(
    wanted: Expected, by_shapes: list[Violation], names: Names
) -> None:
    message = _matching(by_shapes, wanted, names).message
    assert all(part in message["en"] for part in wanted.en), message["en"]
    assert all(part in message["de"] for part in wanted.de), message["de"]


@pytest.mark.parametrize("wanted", _expected("query"), ids=lambda one: f"{one.example}-{one.subject}")
def test_violation_query_finds_the_mistake_and_says_how_to_mend_it(
    wanted: Expected, by_queries: list[Violation], names: Names
) -> None:
    message = _matching(by_queries, wanted, names).message
    assert all(part in message["en"] for part in wanted.en), message["en"]
    assert all(part in message["de"] for part in wanted.de), message["de"]


@pytest.mark.parametrize("wanted", _expected("reasoner"), ids=lambda one: one.example)
def test_contradiction_stops_the_build_and_names_its_rule(wanted: Expected, by_reasoner: tuple[str, ...]) -> None:
    assert any(wanted.check in finding and wanted.subject in finding for finding in by_reasoner), by_reasoner


def test_shapes_find_nothing_else(by_shapes: list[Violation], names: Names) -> None:
    assert _keys(by_shapes, names) == sorted((one.check, one.subject) for one in _expected("shapes"))


def test_violation_queries_find_nothing_else(by_queries: list[Violation], names: Names) -> None:
    assert _keys(by_queries, names) == sorted((one.check, one.subject) for one in _expected("query"))


def test_every_violation_query_has_an_example() -> None:
    assert {query.name for query in Catalogue(QueryFiles((QUERIES / "violations",)))} == {
        one.check for one in _expected("query")
    }


def test_valid_examples_pass_every_check(tmp_path_factory: pytest.TempPathFactory) -> None:
    valid = tuple(sorted(EXAMPLES.glob("valid.*.ttl")))
    settings = BuildSettings(data=(ROOT / "data", BASE_EXAMPLE, *valid), snapshots=tmp_path_factory.mktemp("valid"))
    assert len(valid) >= 8
    assert build(find_inputs(settings)).manifest.inferred > 0


def test_every_invalid_example_says_what_is_expected() -> None:
    examples = {path.stem for path in EXAMPLES.glob("invalid.*.ttl")}
    described = {one.example for kind in ("shapes", "query", "reasoner") for one in _expected(kind)}
    assert examples == described


def test_each_shape_of_a_property_looks_for_one_fault(names: Names) -> None:
    """What is missing, what is given too often, and what is of the wrong kind are told by shapes of their own."""
    prefix = "<http://www.w3.org/ns/shacl#"
    constraints = {f"{prefix}{name}>": fault for fault, parts in FAULTS.items() for name in parts}
    (file,) = (f for f in sources.discover([ROOT / "ontology"], [ROOT / "data"], names) if f.role is Role.SHAPES)
    faults: dict[str, set[str]] = {}
    for quad in sources.read(file, names):
        if quad.subject.startswith(f"<{names.base}shapes#") and quad.predicate in constraints:
            faults.setdefault(quad.subject, set()).add(constraints[quad.predicate])
    several = {shape.rpartition("#")[2][:-1] for shape, found in faults.items() if len(found) > 1}
    assert len(faults) > 200
    # One fault in two constraints: the class is prov:Entity, and nothing else.
    assert several == {"TombstoneKind"}
