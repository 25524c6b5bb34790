"""Migration Policy Graph: position papers in, verifiable linked data out.

The library has the steps of the command line, typed and without HTTP:

>>> import graph_service
>>> inputs = graph_service.find_inputs(graph_service.BuildSettings())
>>> snapshot = graph_service.build(inputs)
>>> graph_service.EmbeddedStore.open(snapshot.path).query("ASK {}")
b'{"head":{},"boolean":true}'

Each name is loaded when it is first used (PEP 562): who only asks a snapshot need not wait for a SHACL engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from graph_service.version import __version__ as __version__

if TYPE_CHECKING:
    from graph_service.building.evidence import check as check_evidence
    from graph_service.building.inputs import find_inputs
    from graph_service.building.pipeline import build, current_or_build, draft
    from graph_service.building.rdflib_inputs import inputs_of
    from graph_service.building.sources import discover, read
    from graph_service.building.validation import check_queries, check_shapes
    from graph_service.catalogue.queries import Catalogue, QueryFile
    from graph_service.explaining.explanation import Explainer
    from graph_service.reasoning import select as select_reasoner
    from graph_service.settings import BuildSettings, ServeSettings
    from graph_service.snapshots.snapshot import Snapshot, current, open_snapshot
    from graph_service.store.embedded import EmbeddedStore

__all__ = [
    "BuildSettings",
    "Catalogue",
    "EmbeddedStore",
    "Explainer",
    "QueryFile",
    "ServeSettings",
    "Snapshot",
    "build",
    "check_evidence",
    "check_queries",
    "check_shapes",
    "current",
    "current_or_build",
    "discover",
    "draft",
    "find_inputs",
    "inputs_of",
    "open_snapshot",
    "read",
    "select_reasoner",
]

_RENAMED = {"check_evidence": ("building.evidence", "check"), "select_reasoner": ("reasoning", "select")}
_HOMES = {
    "building.inputs": ("find_inputs",),
    "building.pipeline": ("build", "current_or_build", "draft"),
    "building.rdflib_inputs": ("inputs_of",),
    "building.sources": ("discover", "read"),
    "building.validation": ("check_queries", "check_shapes"),
    "catalogue.queries": ("Catalogue", "QueryFile"),
    "explaining.explanation": ("Explainer",),
    "settings": ("BuildSettings", "ServeSettings"),
    "snapshots.snapshot": ("Snapshot", "current", "open_snapshot"),
    "store.embedded": ("EmbeddedStore",),
}


def __getattr__(name: str) -> Any:
    """Load a name of the library at its first use."""
    home, original = _RENAMED.get(name, ("", name))
    home = home or next((module for module, names in _HOMES.items() if name in names), "")
    if not home:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), original)
