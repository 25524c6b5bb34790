"""Inputs of a build that are graphs of rdflib instead of files.

Each graph becomes a source file in memory, in N-Quads, which the snapshot keeps like any other source. So shapes,
reasoning, proofs and errors work as they do for files; a place such as `data.nq:17` is a line of that copy.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graph_service.building.inputs import Inputs, find_inputs
from graph_service.building.sources import Role, SourceFile
from graph_service.errors import Location, SourceError
from graph_service.rdf import rdflib_nodes
from graph_service.rdf.namespaces import Names
from graph_service.settings import BuildSettings

if TYPE_CHECKING:
    import rdflib


def inputs_of(
    *,
    ontology: rdflib.Graph | None = None,
    shapes: rdflib.Graph | None = None,
    data: rdflib.Graph | None = None,
    settings: BuildSettings | None = None,
) -> Inputs:
    """Inputs from graphs or data sets of rdflib; what is not given comes from the settings.

    The graphs are read at once: what is added to them later is not part of the inputs. Named graphs keep their names.
    A default graph, and a graph that no IRI names, becomes the graph `graph/ontology` or `graph/data` below the base.
    Blank nodes are numbered in the order of their labels. rdflib invents new labels whenever it parses a file, so a
    graph with blank nodes that was parsed anew has another digest; give the file to `find_inputs` to avoid that.

    Args:
        ontology: replaces the ontology and the shapes of the settings.
        shapes: W3C SHACL; replaces the shapes of the settings.
        data: replaces the data of the settings.
        settings: all else; default: `BuildSettings()`.

    Raises:
        SourceError: a graph holds what is no RDF 1.1, or a path of the settings cannot be read.
        SettingsError: a namespace of the settings cannot be published.
    """
    found = find_inputs(settings or BuildSettings())
    given = {Role.ONTOLOGY: ontology, Role.SHAPES: shapes, Role.DATA: data}
    made = [_source(role, graph, found.names) for role, graph in given.items() if graph is not None]
    replaced = {source.role for source in made} | ({Role.SHAPES} if ontology is not None else set())
    kept = (file for file in found.files if file.role not in replaced)
    return Inputs(found.settings, found.names, (*kept, *made))


def _source(role: Role, graph: rdflib.Graph, names: Names) -> SourceFile:
    """The source file of a graph, called after its role."""
    path = Path(f"{role}.nq")
    try:
        content = rdflib_nodes.nquads(graph)
    except ValueError as error:
        hint = "Write IRIs in full, and no formulas or variables of N3."
        raise SourceError(f"{error}.", where=Location(path), hint=hint) from error
    graph_name = names.graph("data") if role is Role.DATA else names.ontology_graph
    return SourceFile(path, path.name, role, graph_name, memory=content)
