"""What a coder can choose from: actors, propositions, concepts and instruments of the graph, with their names.

Read from the files of ontology and data, so that the page needs no snapshot and knows what an import has just written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph_service.building import sources
from graph_service.building.sources import SourceFile
from graph_service.coding.paper_draft import PaperDraft
from graph_service.importing.known import slug
from graph_service.rdf.namespaces import PREFIXES, RDF, Names
from graph_service.rdf.terms import Term, is_literal, text

_SKOS, _SCHEMA = PREFIXES["skos"], PREFIXES["schema"]
_LABEL, _DEFINITION = f"<{_SKOS}prefLabel>", f"<{_SKOS}definition>"
_FURTHER = frozenset({f"<{_SKOS}altLabel>", f"<{_SKOS}hiddenLabel>", f"<{_SCHEMA}name>"})
_BROADER, _IN_SCHEME, _TYPE = f"<{_SKOS}broader>", f"<{_SKOS}inScheme>", f"<{RDF}type>"
# Classes of the ontology whose members are a list of their own.
_LISTS = {
    "Actor": "actors",
    "Organisation": "actors",
    "Body": "actors",
    "ActorGroup": "actors",
    "Proposition": "propositions",
    "Instrument": "instruments",
}
# Columns that name a row of a table which a draft brings along.
_NAMING = {"actors": ("name_de", "name_en"), "propositions": ("text_de", "text_en"), "terms": ("label_de", "label_en")}


@dataclass
class Choice:
    """Something that a code may name.

    Attributes:
        code: its short name.
        labels: by language.
        definitions: by language.
        names: what else it is called, in any language.
        under: short names of what it stands under: broader concepts, or the issues of a proposition.
        new: whether the draft brings it along.
    """

    code: str
    labels: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    under: list[str] = field(default_factory=list)
    new: bool = False


Choices = Mapping[str, tuple[Choice, ...]]


def read(files: Iterable[SourceFile], names: Names) -> Choices:
    """The lists of the graph by name, such as `actors` or `target-groups`, in the order in which they stand there.

    Raises:
        SourceError: a file cannot be read.
    """
    lists_of: dict[Term, set[str]] = {}
    choices: dict[Term, Choice] = {}
    own = f"{names.base}ontology#"
    classes = {f"<{own}{name}>": of for name, of in _LISTS.items()}
    under = {_BROADER, f"<{own}underIssue>"}
    for file in files:
        for quad in sources.read(file, names):
            choice = choices.setdefault(quad.subject, Choice(slug(quad.subject)))
            if quad.predicate == _TYPE and quad.object in classes:
                lists_of.setdefault(quad.subject, set()).add(classes[quad.object])
            elif quad.predicate == _IN_SCHEME:
                lists_of.setdefault(quad.subject, set()).add(slug(quad.object))
            elif quad.predicate in under:
                choice.under.append(slug(quad.object))
            elif is_literal(quad.object):
                _add_text(choice, quad.predicate, quad.object)
    found: dict[str, list[Choice]] = {}
    for term, lists in lists_of.items():
        for name in sorted(lists):
            found.setdefault(name, []).append(choices[term])
    return {name: tuple(members) for name, members in found.items()}


def brought(draft: PaperDraft) -> Choices:
    """The lists of what a draft brings along in its tables."""
    found: dict[str, list[Choice]] = {}
    for table, columns in _NAMING.items():
        for row in draft.tables.get(table, ()):
            labels = {column[-2:]: row[column] for column in columns if row.get(column)}
            definitions = {tag: row[f"definition_{tag}"] for tag in ("de", "en") if row.get(f"definition_{tag}")}
            above = [row[column] for column in ("issue", "broader") if row.get(column)]
            choice = Choice(row.get("id", ""), labels, definitions, under=above, new=True)
            found.setdefault(row.get("scheme", "") if table == "terms" else table, []).append(choice)
    return {name: tuple(members) for name, members in found.items()}


def together(graph: Choices, draft: PaperDraft) -> Choices:
    """The lists of the graph, and what a draft brings along behind them."""
    new = brought(draft)
    return {name: (*graph.get(name, ()), *new.get(name, ())) for name in {**graph, **new}}


def codes(lists: Choices) -> dict[str, frozenset[str]]:
    """The short names in each list."""
    return {name: frozenset(choice.code for choice in members) for name, members in lists.items()}


def _add_text(choice: Choice, predicate: Term, value: Term) -> None:
    language = value.rpartition("@")[2] if value[-1] not in '">' else ""
    if predicate == _LABEL:
        choice.labels[language] = text(value)
    elif predicate == _DEFINITION:
        choice.definitions[language] = text(value)
    elif predicate in _FURTHER:
        choice.names.append(text(value))
