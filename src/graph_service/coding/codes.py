"""The codes that papers are coded with, in lists: actors, propositions, instruments, and the concepts of each scheme.

They are read from the files of ontology and data: nobody needs a snapshot, and what an import has just written is known
at once. What is new in a draft stands in the draft until it is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph_service.building import sources
from graph_service.coding.paper_draft import PaperDraft
from graph_service.importing import ImportTarget
from graph_service.importing.known import slug
from graph_service.rdf.namespaces import PREFIXES, RDF, Names
from graph_service.rdf.terms import Term, iri_value, is_literal, text

_SKOS, _SCHEMA = PREFIXES["skos"], PREFIXES["schema"]
_TYPE, _IN_SCHEME = f"<{RDF}type>", f"<{_SKOS}inScheme>"
_LABEL, _DEFINITION = f"<{_SKOS}prefLabel>", f"<{_SKOS}definition>"
_FURTHER = frozenset({f"<{_SKOS}altLabel>", f"<{_SKOS}hiddenLabel>", f"<{_SCHEMA}name>"})
# Classes of the ontology whose members are a list; concepts are in the list that their scheme is called.
_CLASSES = {
    "Actor": "actors",
    "Organisation": "actors",
    "Body": "actors",
    "ActorGroup": "actors",
    "Proposition": "propositions",
    "Instrument": "instruments",
}
# Degrees of agreement are numbers in the graph, and named here.
_AGREEMENTS = {
    "1": {"de": "stimmt zu", "en": "agrees"},
    "0": {"de": "gemischt", "en": "mixed"},
    "-1": {"de": "lehnt ab", "en": "disagrees"},
}
# Columns that name a row of a table which a draft brings along.
_NAMING = {"actors": ("name_de", "name_en"), "propositions": ("text_de", "text_en"), "terms": ("label_de", "label_en")}


@dataclass
class Code:
    """A code.

    Attributes:
        name: its short name.
        iri: of the concept, actor or proposition; empty for an agreement and for what a draft brings along.
        labels: by language.
        definitions: by language.
        further: what else it is called, in any language.
        new: whether a draft brings it along.
    """

    name: str
    iri: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    further: list[str] = field(default_factory=list)
    new: bool = False

    def label(self, language: str = "de") -> str:
        """The label in a language, else in any, else the short name."""
        return self.labels.get(language) or next(iter(self.labels.values()), self.name)


Lists = Mapping[str, tuple[Code, ...]]


def read(graph: ImportTarget) -> Lists:
    """The lists of a graph by name, such as `actors` or `target-groups`, each in the order of the files.

    Raises:
        SourceError: a file of ontology or data cannot be read.
    """
    names = Names(graph.base)
    classes = {f"<{names.base}ontology#{name}>": of for name, of in _CLASSES.items()}
    codes: dict[Term, Code] = {}
    lists: dict[str, dict[Term, Code]] = {}
    for file in sources.discover(graph.ontology, graph.data, names):
        for quad in sources.read(file, names):
            if quad.predicate not in (_TYPE, _IN_SCHEME, _LABEL, _DEFINITION, *_FURTHER):
                continue
            code = codes.setdefault(quad.subject, Code(slug(quad.subject), iri_value(quad.subject)))
            if quad.predicate == _IN_SCHEME:
                lists.setdefault(slug(quad.object), {})[quad.subject] = code
            elif quad.object in classes:
                lists.setdefault(classes[quad.object], {})[quad.subject] = code
            elif is_literal(quad.object):
                _add_text(code, quad.predicate, quad.object)
    agreements = tuple(Code(value, labels=labels) for value, labels in _AGREEMENTS.items())
    return {name: tuple(found.values()) for name, found in lists.items()} | {"agreements": agreements}


def together(graph: Lists, draft: PaperDraft) -> Lists:
    """The lists of a graph, and behind them what a draft brings along in its tables."""
    new: dict[str, list[Code]] = {}
    for table, columns in _NAMING.items():
        for row in draft.tables.get(table, ()):
            labels = {column[-2:]: row[column] for column in columns if row.get(column)}
            definitions = {tag: row[f"definition_{tag}"] for tag in ("de", "en") if row.get(f"definition_{tag}")}
            code = Code(row.get("id", ""), "", labels, definitions, new=True)
            new.setdefault(row.get("scheme", "") if table == "terms" else table, []).append(code)
    return {name: (*graph.get(name, ()), *new.get(name, ())) for name in {**graph, **new}}


def _add_text(code: Code, predicate: Term, value: Term) -> None:
    language = value.rpartition('"@')[2] if '"@' in value else ""
    if predicate == _LABEL:
        code.labels[language] = text(value)
    elif predicate == _DEFINITION:
        code.definitions[language] = text(value)
    else:
        code.further.append(text(value))
