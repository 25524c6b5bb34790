"""The codebook: which codes each column of a draft may hold, with their labels and definitions.

Columns are those of a coding sheet. Which concepts, actors and propositions exist is read from ontology and data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph_service.building import sources
from graph_service.importing import ImportTarget
from graph_service.importing.known import slug
from graph_service.rdf.namespaces import PREFIXES, RDF, Names
from graph_service.rdf.terms import Term, iri_value, is_literal, text

# What a column names: a class of the ontology, or the controlled list that its concepts are in.
LISTS: Mapping[str, str] = {
    "proposition": "Proposition",
    "nearest_proposition": "Proposition",
    "issue": "issues",
    "agreement": "agreement",
    "fit": "fits",
    "stance": "verbs",
    "kind": "position-kinds",
    "strength": "strengths",
    "target_group": "target-groups",
    "actor": "Actor",
    "addressee": "Actor",
    "instrument": "Instrument",
    "source_kind": "source-kinds",
    "caution": "cautions",
}
_ACTORS = ("Actor", "Organisation", "Body", "ActorGroup")
_AGREEMENTS = {
    "1": {"de": "stimmt zu", "en": "agrees"},
    "0": {"de": "gemischt", "en": "mixed"},
    "-1": {"de": "lehnt ab", "en": "disagrees"},
}
_SKOS = PREFIXES["skos"]
_LABELS = {f"<{_SKOS}{name}>" for name in ("prefLabel", "altLabel", "hiddenLabel")}


@dataclass
class Code:
    """A code: its short name and its texts by language.

    Attributes:
        iri: of the concept, actor or proposition; empty for an agreement.
        names: all its labels.
    """

    name: str
    iri: str
    labels: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def label(self, language: str = "de") -> str:
        """The label in a language, else in any, else the short name."""
        return self.labels.get(language) or next(iter(self.labels.values()), self.name)


class Codebook:
    """All codes by column and short name."""

    def __init__(self, lists: Mapping[str, Iterable[Code]]) -> None:
        self._codes = {column: {code.name: code for code in lists.get(name, ())} for column, name in LISTS.items()}
        self._named: dict[str, dict[str, set[str]]] = {column: {} for column in LISTS}
        for column, codes in self._codes.items():
            for code in codes.values():
                for name in {code.name, *code.names}:
                    self._named[column].setdefault(name.strip().casefold(), set()).add(code.name)

    def codes(self, column: str) -> tuple[Code, ...]:
        """The codes of a column, by short name; none if it is not a column of codes."""
        return tuple(code for _, code in sorted(self._codes.get(column, {}).items()))

    def code(self, column: str, name: str) -> Code | None:
        """The code of a short name."""
        return self._codes.get(column, {}).get(name)

    def find(self, column: str, name: str) -> str:
        """The short name of the code that is called so, in any case; empty if there is none or more than one."""
        found = self._named.get(column, {}).get(name.strip().casefold(), set())
        return next(iter(found)) if len(found) == 1 else ""


def read(graph: ImportTarget) -> Codebook:
    """The codebook of a graph.

    Raises:
        SourceError: a file of ontology or data cannot be read.
    """
    names = Names(graph.base)
    own = f"{names.base}ontology#"
    classes = {f"<{own}{name}>": name for name in ("Proposition", "Instrument")}
    classes |= {f"<{own}{name}>": "Actor" for name in _ACTORS}
    codes: dict[Term, Code] = {}
    members: dict[str, dict[Term, Code]] = {}
    for file in sources.discover(graph.ontology, graph.data, names):
        for quad in sources.read(file, names):
            list_name = ""
            if quad.predicate == f"<{RDF}type>":
                list_name = classes.get(quad.object, "")
            elif quad.predicate == f"<{_SKOS}inScheme>":
                list_name = slug(quad.object)
            elif quad.predicate not in _LABELS and quad.predicate != f"<{_SKOS}definition>":
                continue
            code = codes.setdefault(quad.subject, Code(slug(quad.subject), iri_value(quad.subject)))
            if list_name:
                members.setdefault(list_name, {})[quad.subject] = code
            elif is_literal(quad.object):
                _add_text(code, quad.predicate, quad.object)
    agreements = [Code(value, "", labels, names=set(labels.values())) for value, labels in _AGREEMENTS.items()]
    return Codebook({name: found.values() for name, found in members.items()} | {"agreement": agreements})


def _add_text(code: Code, predicate: Term, value: Term) -> None:
    language, content = value.rpartition('"@')[2] if '"@' in value else "", text(value)
    if predicate == f"<{_SKOS}definition>":
        code.definitions[language] = content
        return
    code.names.add(content)
    if predicate == f"<{_SKOS}prefLabel>":
        code.labels[language] = content
