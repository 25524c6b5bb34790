"""A brief in words: blocks of runs, which page, Markdown and Word file all show, so that they say the same.

A height is counted in lines of the printed page, from the number of characters, and rather too much than too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from graph_service.http import web
from graph_service.pages.shown import Show
from graph_service.pages.stances.positions import STANCES, PositionEntry
from graph_service.pages.stances.standings import KEYS, SIGNS
from graph_service.rdf.alphabet import sort_key
from graph_service.views.comparing.briefing import SILENT, SPEAKING, Brief, Sentence, Topic
from graph_service.views.comparing.coded_positions import Position
from graph_service.views.comparing.comparison import Status
from graph_service.views.labels import Label

# Names in a list of those that are not shown otherwise.
MOST_NAMES = 8


class Kind(StrEnum):
    """What a block is; templates and style sheet go by it."""

    SECTION = "section"
    TOPIC = "topic"
    COUNTS = "counts"
    SENTENCE = "sentence"
    SOURCE = "source"
    NAMES = "names"
    TEXT = "text"


# Characters of a line in print, and the height of the block's lines and of the space around them.
_CHARACTERS = {Kind.SECTION: 60, Kind.TOPIC: 88, Kind.SENTENCE: 100, Kind.TEXT: 108}
_SMALL = 110
_LINE = {Kind.SECTION: 1.4, Kind.TOPIC: 1.1, Kind.SENTENCE: 1.0}
_SMALL_LINE = 0.88
_AROUND = {Kind.SECTION: 0.9, Kind.TOPIC: 0.5, Kind.SENTENCE: 0.15, Kind.TEXT: 0.2}


@dataclass(frozen=True)
class Run:
    """Some words.

    Attributes:
        text: the words.
        iri: what they lead to; empty for nothing.
        path: where else they lead, below the host; empty for nowhere.
        language: which they are in, where it is not that of the brief.
        strong: whether they stand out.
        stance: how templates name the stance that they say.
    """

    text: str
    iri: str = ""
    path: str = ""
    language: str = ""
    strong: bool = False
    stance: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph or heading; `number` is that of a sentence, 0 for all others."""

    kind: Kind
    runs: Sequence[Run]
    number: int = 0

    @property
    def text(self) -> str:
        """All its words."""
        return "".join(run.text for run in self.runs)

    @property
    def height(self) -> float:
        """In lines of the printed page."""
        lines = -(-len(self.text) // _CHARACTERS.get(self.kind, _SMALL))
        return lines * _LINE.get(self.kind, _SMALL_LINE) + _AROUND.get(self.kind, 0)


def height(blocks: Iterable[Block]) -> float:
    """How high blocks are together, in lines of the printed page."""
    return sum(block.height for block in blocks)


class Writer:
    """Writes the parts of a brief in one language.

    Args:
        show: with the labels of everything that is written.
        entries: the positions by IRI.
        of_actor: whether the brief is on one actor, so that its sentences begin with the proposition.
    """

    def __init__(self, show: Show, entries: Mapping[str, PositionEntry], *, of_actor: bool) -> None:
        self._show = show
        self._entries = entries
        self._of_actor = of_actor
        self.words = web.words(show.language)
        # Each is written once, however often it is measured.
        self._sentences: dict[tuple[str, ...], tuple[Block, ...]] = {}
        self._heights: dict[str, float] = {}

    def topics(self, brief: Brief) -> Iterator[Block]:
        """All topics with their sentences, by groups."""
        for group, topics in groupby(brief.topics, key=lambda topic: topic.group):
            if group:
                every = sum(topic.group == group for topic in brief.every)
                yield self.section(f"{self._group(group)} ({every})")
            for topic in topics:
                yield from self._head(topic)
                for sentence in topic.sentences:
                    said, source = self._blocks(sentence)
                    yield replace(said, number=sentence.number)
                    yield source
                yield from self._tail(topic)

    def sentence_height(self, sentence: Sentence) -> float:
        """How high a sentence is with its source."""
        return height(self._blocks(sentence))

    def topic_height(self, topic: Topic) -> float:
        """How high a topic is without its sentences, if all of these are shown."""
        if topic.proposition not in self._heights:
            self._heights[topic.proposition] = height([*self._head(topic), *self._tail(topic)])
        return self._heights[topic.proposition]

    def silences(self, brief: Brief) -> Iterator[Block]:
        """What is not known of actors: each kind of silence with the propositions."""
        most = MOST_NAMES // max(2, len({actor for actor, _, _ in brief.silences}))
        for actor, kind, propositions in brief.silences:
            runs = [*([self.named(actor, strong=True), Run(" ")] if not self._of_actor else ()), self.silence(kind)]
            names = self.names(propositions, most=most, sep="; ", sort=False)
            yield Block(Kind.NAMES, [*runs, Run(f" ({len(propositions)}): "), *names])

    def cautions(self, sentence: Sentence) -> list[str]:
        """The cautions on a position and its document."""
        return self._entries[sentence.position.iri].cautions

    def section(self, text: str) -> Block:
        """A heading of a section."""
        return Block(Kind.SECTION, [Run(text)])

    def text(self, text: str, *more: Run) -> Block:
        """A paragraph."""
        return Block(Kind.TEXT, [Run(text), *more])

    def named(self, iri: str, *, strong: bool = False) -> Run:
        """A thing by its label."""
        label = self._show.labels.label(iri, self._show.language)
        foreign = label.language if label.language != self._show.language else ""
        return Run(label.text, iri, language=foreign, strong=strong)

    def names(self, iris: Iterable[str], *, most: int = MOST_NAMES, sep: str = ", ", sort: bool = True) -> list[Run]:
        """Things by their labels, a few of them, and how many there are more."""
        listed = self.by_name(iris) if sort else [*iris]
        return self._listed([[self._without_stop(one)] for one in listed], most, sep)

    def _without_stop(self, iri: str, *, strong: bool = False) -> Run:
        """A thing within a sentence: some are called by a sentence of their own."""
        name = self.named(iri, strong=strong)
        return replace(name, text=name.text.removesuffix("."))

    def _listed(self, every: Sequence[Sequence[Run]], most: int, sep: str) -> list[Run]:
        # To leave out one name takes as much room as the name.
        shown = every if len(every) <= most + 1 else every[:most]
        runs = [run for place, one in enumerate(shown) for run in ([Run(sep)] if place else []) + [*one]]
        if len(shown) < len(every):
            runs.append(Run(f" {self.words['brief.more'].format(number=len(every) - len(shown))}"))
        return runs

    def by_name(self, iris: Iterable[str]) -> list[str]:
        """IRIs in the order of their labels."""
        return sorted(iris, key=lambda iri: (sort_key(self._show.labels.text(iri, self._show.language)), iri))

    def _group(self, group: str) -> str:
        return self.words[f"stance.{KEYS[Status(group)]}" if group in SPEAKING else f"outcome.{group}"]

    def _head(self, topic: Topic) -> Iterator[Block]:
        if self._of_actor:
            return
        yield Block(Kind.TOPIC, [self.named(topic.proposition)])
        if topic.group:
            return
        runs: list[Run] = []
        for status in SPEAKING:
            if topic.counts.get(status):
                key = KEYS[status]
                runs += [Run(" · ")] if runs else []
                runs += [self._sign(key), Run(f" {topic.counts[status]}")]
        yield Block(Kind.COUNTS, runs)

    def _blocks(self, one: Sentence) -> tuple[Block, ...]:
        """A sentence without its number, and its source."""
        key = (one.position.iri, *one.actors)
        if key not in self._sentences:
            self._sentences[key] = tuple(self._sentence(one))
        return self._sentences[key]

    def _sentence(self, one: Sentence) -> Iterator[Block]:
        entry = self._entries[one.position.iri]
        said = entry.text(self._show)
        sign = [self._sign(STANCES[str(one.position.agreement)]), Run(" ")]
        # The heading says how one actor stands.
        runs = [] if self._of_actor and one.status is not Status.SEVERAL else sign
        if self._of_actor:
            runs.append(self._without_stop(one.position.proposition, strong=True))
        else:
            runs += self._listed([[self.named(actor, strong=True)] for actor in one.actors], MOST_NAMES, ", ")
        if one.status is Status.SEVERAL:
            runs.append(Run(f" ({self.words['stance.several']})"))
        if days := self._days(one.since):
            runs.append(Run(f" ({self.words['brief.since']} {days})"))
        runs += [Run(": "), self.said(said) if said else self.named(one.position.iri)]
        if said and said.language != self._show.language and f"position.only.{said.language}" in self.words:
            runs.append(Run(f" ({self.words[f'position.only.{said.language}']})"))
        yield Block(Kind.SENTENCE, runs)
        yield Block(Kind.SOURCE, [*self._source(entry, joint=one.position.joint)])

    def _source(self, entry: PositionEntry, *, joint: bool) -> Iterator[Run]:
        """Document, place, day, kind of source, address."""
        show = self._show
        yield self.named(entry.document.iri)
        for passage, path in entry.places(show):
            label = self.named(passage)
            yield Run(", ")
            yield Run(label.text, path=path, language=label.language)
        days = _period(show, entry.since, entry.until) or self.words["undated"]
        yield Run(f" · {days} · ")
        if entry.source_kind:
            yield self.named(entry.source_kind)
            yield Run(" · ")
        if joint:
            yield Run(f"{self.words['position.joint']} · ")
        yield Run(entry.iri.partition("://")[2], entry.iri)

    def _tail(self, topic: Topic) -> Iterator[Block]:
        """Who else takes a stance, and who is silent how."""
        rest = sorted(topic.further, key=lambda one: SPEAKING.index(one.status))
        if rest:
            listed = [
                [self._sign(STANCES[str(one.position.agreement)], short=True), Run(" "), *self._since(one)]
                for one in rest
            ]
            runs = self._listed(listed, MOST_NAMES, ", ")
            yield Block(Kind.NAMES, [Run(f"{self.words['brief.further']} "), *runs])
        for kind in SILENT:
            if topic.silent.get(kind):
                yield Block(Kind.NAMES, [self.silence(kind), Run(": "), *self.names(topic.silent[kind])])

    def _since(self, one: Sentence) -> Iterator[Run]:
        """Who stands so since when; the days lead to the position."""
        yield from self._listed([[self.named(actor)] for actor in one.actors], MOST_NAMES, ", ")
        yield Run(" (")
        yield Run(self._days(one.since) or self.words["undated"], one.position.iri)
        yield Run(")")

    def silence(self, kind: Status) -> Run:
        """A kind of silence as sign and words."""
        return self._sign(KEYS[kind])

    def _sign(self, key: str, *, short: bool = False) -> Run:
        return Run(SIGNS[key] if short else f"{SIGNS[key]} {self.words[f'stance.{key}']}", stance=key)

    def said(self, label: Label) -> Run:
        """A text with its language, if that is not the one of the brief."""
        return Run(label.text, language=label.language if label.language != self._show.language else "")

    def _days(self, position: Position) -> str:
        """Since when, in short: the source has the days."""
        since, until = position.since, position.until
        shared = next((size for size in (10, 7, 4) if since[:size] == until[:size]), 0)
        return since[:shared] or _period(self._show, since, until)


def _period(show: Show, since: str, until: str) -> str:
    """A day, a month, a year or a span; empty if it is undated."""
    return show.period(since, until) or (f"{since} – {until}" if since or until else "")
