"""What a build reads: ontology, shapes, data and query files, those that settings name or else the shipped ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph_service.building import shipped, sources
from graph_service.building.sources import ChangedFiles, SourceFile
from graph_service.building.unread_files import unread_files
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import SettingsError
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Term
from graph_service.settings import BuildSettings
from graph_service.snapshots.provenance import Provenance, SourceText
from graph_service.version import __version__

if TYPE_CHECKING:
    from graph_service.catalogue.queries import Catalogue


@dataclass(frozen=True)
class Inputs:
    """All that a build reads, found but not yet read.

    Attributes:
        settings: what was asked for.
        names: the names that follow from the base.
        files: ontology, shapes and data.
        unread: what is told of files that may hold RDF and are not read.
    """

    settings: BuildSettings
    names: Names
    files: tuple[SourceFile, ...]
    unread: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that the snapshot depends on."""
        return self.fingerprint_with(sources.fingerprint(self.files))

    def fingerprint_with(self, files: str) -> str:
        """The fingerprint that these settings, queries and software would give files of another fingerprint."""
        chosen = self.settings
        parts = (
            __version__,
            " ".join((chosen.base, *chosen.namespace)),
            chosen.reasoner,
            str(chosen.validation),
            str(chosen.blank_nodes),
            files,
            *(path.read_text(encoding="utf-8") for path in self.violations),
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def provenance(self) -> Provenance:
        """Where the subjects stand in the files themselves, for the curator who builds."""
        files: dict[Term, list[SourceText]] = {}
        for file in self.files:
            files.setdefault(file.graph, []).append(SourceText(file.path, file.content))
        return Provenance(files, self.names)

    def violation_queries(self) -> Catalogue:
        """The queries that must return no row."""
        # Imported on demand: models of headers take 0.1 s to load.
        from graph_service.catalogue.queries import Catalogue

        return Catalogue(self.violations)

    @property
    def violations(self) -> QueryFiles:
        """The files of these queries."""
        return query_files(self.settings).below("violations")


def find_inputs(settings: BuildSettings, changed: ChangedFiles | None = None) -> Inputs:
    """Find what the settings name, changed files as they will be; what the settings leave open is the shipped one.

    Raises:
        SourceError: a path does not exist or holds no RDF.
        SettingsError: a namespace cannot be published.
    """
    names = Names(settings.base, _namespaces(settings))
    ontology = settings.ontology or (shipped.directory("ontology"),)
    # An ontology of one's own may come alone: the shipped data are no data of it.
    data = settings.data or ((shipped.directory("data"),) if _is_shipped(settings) else ())
    files = tuple(sources.discover(ontology, data, names, changed))
    return Inputs(settings, names, files, tuple(unread_files((*ontology, *data))))


def _namespaces(settings: BuildSettings) -> tuple[str, ...]:
    """The further namespaces: on the web, each with an address of its own here, which leaves out the scheme.

    Raises:
        SettingsError: one is not.
    """
    places: dict[str, str] = {}
    for namespace in settings.namespace:
        scheme, _, place = namespace.partition("://")
        if scheme not in ("http", "https") or not place.endswith(("/", "#")):
            hint = "Write one that begins with http:// or https:// and ends in / or #."
            raise SettingsError(f"{namespace!r} is not a namespace that can be published.", hint=hint)
        if places.setdefault(place, namespace) != namespace:
            raise SettingsError(f"{namespace} and {places[place]} have the same address.", hint="Leave one out.")
    return tuple(places.values())


def query_files(settings: BuildSettings) -> QueryFiles:
    """The query files: those that the settings name over the shipped ones.

    Raises:
        SettingsError: the directory does not exist.
    """
    return shipped.query_files(settings.queries, model=_is_shipped(settings))


def _is_shipped(settings: BuildSettings) -> bool:
    """Whether the shipped ontology is among those that the settings name."""
    ontology = shipped.directory("ontology").resolve()
    return not settings.ontology or any(ontology.is_relative_to(path.resolve()) for path in settings.ontology)
