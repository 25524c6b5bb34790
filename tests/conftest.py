"""What tests share: where things lie, the shipped graph built once, and a server that publishes it."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import hypothesis
import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import current_or_build
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from tests import order, remainder, w3c_suites
from tests.http.processes import PUBLIC, Served, served
from tests.http.servers import Running
from tests.snapshot_servers import EMBEDDED, Stores
from tests.turns import Turns, locked

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("whatever-the-load", deadline=None)
hypothesis.settings.load_profile("whatever-the-load")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

Result = TypeVar("Result")
_TURNS = pytest.StashKey[Turns]()


def pytest_addoption(parser: pytest.Parser) -> None:
    remainder.add_option(parser)
    told = "how often a test of kills kills each command; `make kills` asks for thirty"
    parser.addoption("--kills", type=int, default=6, help=told)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    remainder.select(config, items)
    w3c_suites.deselect(config, items)
    if hasattr(config, "workerinput"):
        order.arrange(items)


def pytest_collection_finish() -> None:
    """What the modules of all tests hold stays: the collector need not look at it again while they run."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """Workers of pytest-xdist take turns with each other; a process that runs all tests need not."""
    w3c_suites.configure(config)
    if hasattr(config, "workerinput"):
        config.stash[_TURNS] = Turns(Path(config.option.basetemp).parent)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over what a worker of pytest-xdist has left out."""
    w3c_suites.take_over(node.config, node.workeroutput)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in one line which cases of the W3C were not run."""
    if line := w3c_suites.summary(config):
        terminalreporter.write_line(line, yellow=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Result, Result]:
    """Run a test in its turn."""
    turns = item.config.stash.get(_TURNS, None)
    if turns is None:
        return (yield)
    with turns.take(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Result, Result]:
    """Limit the time of a test over a store of others: such a store may take it all."""
    if item.config.option.store == EMBEDDED:
        return (yield)
    return (yield from remainder.limited())


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of source texts and research files beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is absent")
    return SHARED


@pytest.fixture(scope="session")
def kills(pytestconfig: pytest.Config) -> int:
    """How often a command is killed."""
    return int(pytestconfig.option.kills)


@pytest.fixture(scope="session")
def shipped_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The shipped ontology and data, built once for all workers. Tests leave its directory as it is."""
    base = tmp_path_factory.getbasetemp()
    directory = (base.parent if base.name.startswith("popen-gw") else base) / "shipped"
    directory.mkdir(exist_ok=True)
    with locked(directory / "build.lock"):
        return current_or_build(find_inputs(BuildSettings(snapshots=directory / "snapshots")))


@pytest.fixture(scope="session")
def stores(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Where servers have their snapshots: here, or where `--store` says."""
    made = Stores(pytestconfig.option.store, tmp_path_factory.mktemp)
    yield made
    made.close()


@pytest.fixture(scope="session")
def server(stores: Stores, shipped_snapshot: Snapshot) -> Iterator[Running]:
    """The shipped graph with all that is published of it: linked data, pages, API, SPARQL."""
    with stores.served(shipped_snapshot) as running_server:
        yield running_server


@pytest.fixture(scope="session")
def service(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shipped graph with its editions as users have it, in processes of its own, and as `PUBLIC` behind a proxy."""
    log = tmp_path_factory.mktemp("service") / "log"
    with served(shipped_snapshot.path, log=log, follow=True, public_url=[PUBLIC]) as running_service:
        yield running_service


@pytest.fixture
def client(server: Running) -> Iterator[httpx2.Client]:
    """Somebody who visits `server`."""
    with server.client() as client:
        yield client
