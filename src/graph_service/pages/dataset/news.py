"""What the serving process has found out about the last editions, and the sentences in which pages and feed tell it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from graph_service.http.protocol.cache import Recent
from graph_service.http.web.forwarding import FOUND
from graph_service.pages.shown import DisplayValue, Show
from graph_service.pages.visit import Visit
from graph_service.views.changes import news
from graph_service.views.changes.news import EditionNews, NewsLine, NewsThing
from graph_service.views.changes.tombstones import Tombstone
from graph_service.views.labels import Label

# Comparisons that a worker keeps.
_KEPT = 20
# So many names stand in the sentence itself.
_INLINE = 3


@dataclass(frozen=True, eq=False)
class NewEdition:
    """One of the last editions.

    Attributes:
        digest: of its data set.
        since: when it was put into use, RFC 3339 in UTC.
        before: digest of the edition that it is compared with; empty where none is kept.
        is_pending: whether the two are still being compared.
        news: what is new in it; None where that is not known.
        gone: what was removed after it.
    """

    digest: str
    since: str
    before: str
    is_pending: bool
    news: EditionNews | None
    gone: frozenset[str]


class _Memory:
    """Comparisons by the name of their file."""

    def __init__(self) -> None:
        self.read: Recent[str, EditionNews] = Recent(_KEPT)


def found_in(visit: Visit) -> Mapping[str, Any] | None:
    """What the serving process has found; None where no editions are kept."""
    found = visit.request.scope.get(FOUND)
    return None if found is None else dict(json.loads(found))


def editions_of(visit: Visit, found: Mapping[str, Any] | None) -> list[NewEdition]:
    """The last editions, the latest first."""
    editions: list[NewEdition] = []
    gone: frozenset[str] = frozenset()
    for one in (found or {}).get("editions", ()):
        told = _read(visit, Path(found["directory"]), one["file"]) if found and one["file"] else None
        pending = one["before"] is not None and one["file"] is None
        editions.append(NewEdition(one["digest"], one["since"], one["before"] or "", pending, told, gone))
        gone |= {thing.iri for thing in told.things if thing.how == "went"} if told else set()
    return editions


def _read(visit: Visit, directory: Path, name: str) -> EditionNews | None:
    kept = visit.edition.remembered("news", _Memory).read
    told = kept.get(name)
    if told is None:
        try:
            told = news.read((directory / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            # Nobody asks for it any more: another edition has come into use meanwhile.
            return None
        kept.put(name, told)
    return told


@dataclass(frozen=True)
class Sentence:
    """A line of news as readers see it.

    Attributes:
        how: what happened.
        text: the sentence, with links, without a full stop.
        why: the reason that the data give for it; None where they give none.
        names: of things that are listed below it.
        more: how many are not named.
    """

    how: str
    text: Markup
    why: Label | None = None
    names: Sequence[Markup] = ()
    more: int = 0


class Sentences:
    """Writes sentences.

    Args:
        show: terms in the language of the page; it knows what the line of a day names.
        words: of the page.
        kept: the path below which editions are; empty where there are none.
        edition: whose news it is; None where a day is told of.
    """

    def __init__(self, show: Show, words: Mapping[str, str], kept: str, edition: NewEdition | None) -> None:
        self._show = show
        self._words = words
        # What an edition names it calls as it was called then.
        self._labels = edition.news.labels if edition and edition.news else {}
        self._kept = kept
        self._edition = edition

    def of(self, line: NewsLine) -> Sentence:
        """The sentence of a line."""
        what = Markup("{} {}").format(self._show.number(line.count), self._kind(line))
        if not line.kind.one:
            what = Markup("{}: {}").format(line.kind.many[self._show.language], self._show.number(line.count))
        text = self._put(f"news.{line.how}", what=what) if line.how else what
        days = self._show.days(line.since, line.until)
        if line.document and line.how:
            dated = days or self._words["undated"]
            text = self._put("news.from", rest=text, document=self._link(line.document), days=dated)
        elif line.document:
            text = self._put("news.in", rest=text, document=self._link(line.document))
        if line.actors:
            text = self._put("news.whose", who=Markup(", ").join(map(self._link, line.actors)), rest=text)
        names = [*self._names(line)]
        if names and not line.document and line.count <= _INLINE:
            text, names = self._put("news.named", rest=text, names=Markup(", ").join(names)), []
        return Sentence(line.how, text, self._why(line), names, line.count - len(names) if names else 0)

    def _names(self, line: NewsLine) -> Iterator[Markup]:
        for thing in line.named:
            name = self._named(thing)
            if thing.how == "changed":
                counts = {"added": self._show.number(thing.added), "removed": self._show.number(thing.removed)}
                name = self._put("news.statements.of", name=name, **counts)
            if thing.day:
                stone = Tombstone(thing.day, {}, tuple(thing.successors))
                instead = Markup(", ").join(map(self._link, stone.successors))
                name = self._put("news.instead", name=name, instead=instead) if instead else name
            yield name

    def _why(self, line: NewsLine) -> Label | None:
        reasons = line.things[0].reasons if line.things else {}
        reason = reasons.get(self._show.language)
        return reason if reason and reason.text else None

    def _kind(self, line: NewsLine) -> str:
        return (line.kind.one if line.count == 1 else line.kind.many).get(self._show.language, "")

    def _named(self, thing: NewsThing) -> Markup:
        label = thing.labels.get(self._show.language)
        if label is None:
            return self._link(thing.iri)
        return self._html(DisplayValue(*label), self._href(thing.iri, thing.how))

    def _link(self, iri: str) -> Markup:
        label = self._labels.get(iri, {}).get(self._show.language)
        if label is None:
            return self._html(self._show.iri(iri))
        return self._html(DisplayValue(*label), self._href(iri))

    def _html(self, name: DisplayValue, href: str = "") -> Markup:
        """A name within a sentence: the full stop of a proposition would end it."""
        return self._show.html(replace(name, text=name.text.removesuffix(".")), href)

    def _href(self, iri: str, how: str = "") -> str:
        """The page of a thing: in the edition in use, or in one that had it where that one has not."""
        href = self._show.href(iri)
        is_gone = how == "went" or (self._edition is not None and iri in self._edition.gone)
        if self._edition is None or not is_gone or not self._kept or not href.startswith(f"{self._show.root}/"):
            return href
        digest = self._edition.before if how == "went" else self._edition.digest
        return f"{self._kept}{digest[:12]}{href.removeprefix(self._show.root)}"

    def _put(self, key: str, **given: object) -> Markup:
        return escape(self._words[key]).format(**given)
