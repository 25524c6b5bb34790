"""What is new in an edition, in lines: how many things of a kind were added, changed or withdrawn, whose, from where.

A process of its own compares two editions and writes a file:
`python -m graph_service.views.changes.news OLD NEW FILE …`. Pages and feeds read it, so the same comparison serves
both languages and every filter.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from graph_service import processes
from graph_service.catalogue.query_files import QueryFiles
from graph_service.snapshots.snapshot import open_snapshot
from graph_service.views.changes import differences
from graph_service.views.changes.compared_edition import LANGUAGES, Kind, Words
from graph_service.views.changes.differences import ChangedThing, Differences
from graph_service.views.labels import Label

# Things of a comparison that are written with their names; what goes beyond is a number.
MOST = 2000
# Things that are named with a line.
_NAMED = 12


@dataclass(frozen=True)
class NewsThing:
    """A thing that came, went or changed.

    Attributes:
        iri: its name.
        labels: what it is called, by language.
        how: as of `ChangedThing`.
        kind: what things of its kind are called.
        added, removed: how many stated statements about it.
        context: values by field: `actor`, `issue`, `document`, `since`, `until`.
        day: since when it is withdrawn; empty if it is not.
        reasons: why, by language.
        successors: what has taken its place.
    """

    iri: str
    labels: Mapping[str, Label]
    how: str
    kind: Kind
    added: int
    removed: int
    context: Mapping[str, Sequence[str]]
    day: str = ""
    reasons: Mapping[str, Label] = field(default_factory=dict)
    successors: Sequence[str] = ()

    def concerns(self, wanted: Mapping[str, set[str]]) -> bool:
        """Whether it concerns one of the wanted things in each field that names some."""
        return all(values.intersection(self.context.get(name, ())) for name, values in wanted.items() if values)


@dataclass(frozen=True)
class NewsLine:
    """Things that are told of in one sentence.

    Attributes:
        how: what happened to all of them.
        kind: what they are called.
        actors: who holds them; empty where the kind has no holders.
        document: where they stand; empty where they stand in none.
        since, until: the days of that.
        count: how many things they are.
        things: themselves, as far as they are named.
    """

    how: str
    kind: Kind
    count: int
    actors: Sequence[str] = ()
    document: str = ""
    since: str = ""
    until: str = ""
    things: Sequence[NewsThing] = ()

    @property
    def named(self) -> Sequence[NewsThing]:
        """The first few of them."""
        return self.things[:_NAMED]

    @property
    def iris(self) -> set[str]:
        """All that a reader sees named."""
        below = {iri for one in self.named for iri in (one.iri, *one.successors)}
        return {*self.actors, *filter(None, [self.document])} | below


@dataclass(frozen=True)
class EditionNews:
    """What is new in an edition.

    Attributes:
        added, removed: how many stated statements.
        things: what they are about, at most `MOST`, by kind.
        totals: the word for several things of a kind, and by `how` the number of all of them, not only of `things`.
        labels: of actors and documents, by IRI and language.
        before, after: how many things of each kind the two editions hold; empty where nothing differs.
    """

    added: int
    removed: int
    things: Sequence[NewsThing]
    totals: Sequence[tuple[Words, Mapping[str, int]]]
    labels: Mapping[str, Mapping[str, Label]]
    before: Mapping[str, int]
    after: Mapping[str, int]

    @property
    def left_out(self) -> int:
        """How many things changed beside `things`."""
        return sum(sum(ways.values()) for _, ways in self.totals) - len(self.things)

    def lines(self, wanted: Mapping[str, set[str]]) -> list[NewsLine]:
        """What concerns what is wanted.

        Args:
            wanted: IRIs by field, `actor` or `issue`; an empty set stands for all.
        """
        return lines(one for one in self.things if one.concerns(wanted))


def lines(things: Iterable[NewsThing]) -> list[NewsLine]:
    """Things as lines: those of one sentence together, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[NewsThing]] = {}
    for one in things:
        whose, document = (tuple(one.context.get(name, ())) for name in ("actor", "document"))
        held = (whose, document) if document else ((), ())
        groups.setdefault((one.kind.many["en"], one.how, *held, one.day, one.reasons.get("en")), []).append(one)
    return [_line(group) for group in groups.values()]


def _line(things: Sequence[NewsThing]) -> NewsLine:
    first = things[0]
    document = next(iter(first.context.get("document", ())), "")
    since, until = (next(iter(first.context.get(name, ())), "") for name in ("since", "until"))
    actors = first.context.get("actor", ()) if document else ()
    return NewsLine(first.how, first.kind, len(things), actors, document, since, until, things)


def news_of(found: Differences) -> EditionNews:
    """What is new by a comparison."""
    things = tuple(map(_thing, found.things[:MOST]))
    concerned = {iri for one in things for name in ("actor", "document") for iri in one.context.get(name, ())}
    labels = {iri: texts for iri, texts in found.labels.items() if iri in concerned}
    totals: dict[str, tuple[Words, Counter[str]]] = {}
    for one in found.things:
        totals.setdefault(one.kind.many["en"], (one.kind.many, Counter()))[1][one.how] += 1
    counted = [(words, dict(ways)) for words, ways in totals.values()]
    return EditionNews(len(found.added), len(found.removed), things, counted, labels, *found.counts)


def _thing(one: ChangedThing) -> NewsThing:
    stone = one.tombstone
    if stone is None:
        return NewsThing(one.iri, one.labels, one.how, one.kind, *one.statements, one.context)
    reasons = {language: stone.reason(language) for language in LANGUAGES}
    return NewsThing(
        one.iri, one.labels, one.how, one.kind, *one.statements, one.context, stone.day, reasons, stone.successors
    )


def written(news: EditionNews) -> str:
    """As JSON, which `read` reads."""
    return json.dumps(asdict(news), ensure_ascii=False)


def read(text: str) -> EditionNews:
    """What `written` wrote."""
    content = json.loads(text)
    content["labels"] = {iri: _labels(texts) for iri, texts in content["labels"].items()}
    content["things"] = [_read_thing(one) for one in content["things"]]
    return EditionNews(**content)


def _read_thing(content: dict[str, Any]) -> NewsThing:
    named = {name: _labels(content.pop(name)) for name in ("labels", "reasons")}
    return NewsThing(**{**content, **named, "kind": Kind(**content["kind"])})


def _labels(texts: Mapping[str, Sequence[str]]) -> dict[str, Label]:
    return {language: Label(*label) for language, label in texts.items()}


def _compare(old: str, new: str, file: str, queries: str) -> None:
    directories, folders = (tuple(map(Path, paths)) for paths in json.loads(queries))
    before, after = (open_snapshot(Path(path)) for path in (old, new))
    found = differences.compare(before, after, QueryFiles(directories, folders))
    Path(file).write_text(written(news_of(found)), encoding="utf-8")


if __name__ == "__main__":
    processes.report(lambda: _compare(*sys.argv[1:]))
