"""What a brief says, in which order, and what it leaves out so that it fits on two pages.

A brief is put together from cells (`comparison`) alone, so it counts as every page does: each actor once on each
proposition, by its latest comparable position.

The order is one of what there is to decide. On an issue, the propositions come first whose smaller side has most
actors; of an actor, those on which most others take the other side; of a comparison, differences, common ground and
what is conditional in turn, the latest texts first. On a proposition both sides have their turn, the latest texts
first; then come the conditional.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest

from graph_service.views.comparing.coded_positions import Position, newest_first
from graph_service.views.comparing.comparison import Cell, ComparisonOutcome, Status

# Actors of a comparison: a brief shows all of them on a proposition, or none.
MOST_ACTORS = 4
# Who is of one of these says something.
SPEAKING = (Status.AGREES, Status.DISAGREES, Status.NEUTRAL, Status.SEVERAL)
SILENT = (Status.NONE_FOUND, Status.NOT_COMPARABLE, Status.NOT_CODED)
_OPPOSITE = {Status.AGREES: Status.DISAGREES, Status.DISAGREES: Status.AGREES}
_IN_TURN = (ComparisonOutcome.DIFFERENCE, ComparisonOutcome.COMMON, ComparisonOutcome.CONDITIONAL)
_GROUPS: Sequence[str] = ("", *SPEAKING, *_IN_TURN)
# Sentences that are looked at, that two pages surely hold, and that each of many propositions has at most.
_MOST_SENTENCES, _PAGES_HOLD, _FEWEST_EACH = 30, 20, 4


@dataclass(frozen=True)
class Sentence:
    """Where actors stand on a proposition, by one of their latest comparable positions.

    Attributes:
        actors: who holds the position; several where it is one and the same.
        status: how they stand.
        position: whose paraphrase the sentence is.
        since: the earliest position from which on they stood so throughout.
        number: from 1 in the order of the brief; 0 while that is open.
    """

    actors: tuple[str, ...]
    status: Status
    position: Position
    since: Position
    number: int = 0


@dataclass(frozen=True)
class Topic:
    """A proposition in a brief.

    Attributes:
        proposition: IRI.
        sentences: those that are shown, in their order.
        further: of the same proposition, not shown.
        group: what it stands under: the status of the actor or the outcome of the comparison; empty for neither.
        counts: how many actors stand how.
        silent: actors by their kind of silence.
    """

    proposition: str
    sentences: tuple[Sentence, ...]
    further: tuple[Sentence, ...] = ()
    group: str = ""
    counts: Mapping[Status, int] = field(default_factory=dict)
    silent: Mapping[Status, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Brief:
    """A brief.

    Attributes:
        topics: those that are shown, in their order; their sentences are numbered.
        every: all topics that there is a sentence on, by proposition, as they were before the choice.
        silences: what is not known, for briefs on actors: actor, kind of silence, propositions.
        each: sentences on a proposition at most; 0 where each has as many as there are.
    """

    topics: Sequence[Topic]
    every: Sequence[Topic]
    silences: Sequence[tuple[str, Status, Sequence[str]]] = ()
    each: int = 0

    @property
    def sentences(self) -> list[Sentence]:
        """All that are shown, by number."""
        return sorted((one for topic in self.topics for one in topic.sentences), key=lambda one: one.number)

    @property
    def count(self) -> int:
        """How many sentences there would be without the limit of two pages."""
        return sum(len(topic.sentences) for topic in self.every)


def on_propositions(cells: Iterable[Cell]) -> Brief:
    """A brief on one proposition or on all of an issue, not yet chosen: of many, few sentences on each.

    Args:
        cells: of all actors on these propositions.
    """
    by_proposition: dict[str, list[Cell]] = {}
    for cell in cells:
        by_proposition.setdefault(cell.proposition, []).append(cell)
    topics = [_topic(proposition, found) for proposition, found in by_proposition.items()]
    topics = sorted((topic for topic in topics if topic.sentences), key=_contested)
    each = max(_FEWEST_EACH, _PAGES_HOLD // len(topics)) if len(topics) > 1 else _MOST_SENTENCES
    return Brief([_shortened(topic, each) for topic in topics], topics, each=each)


def on_actor(actor: str, propositions: Iterable[str], cells: Sequence[Cell]) -> Brief:
    """A brief on an actor, not yet chosen.

    Args:
        actor: IRI.
        propositions: all that are looked at.
        cells: of all actors on these.
    """
    numbers: dict[str, Counter[Status]] = {one: Counter() for one in propositions}
    for cell in cells:
        numbers[cell.proposition][cell.status] += 1
    own = [cell for cell in cells if cell.actor == actor]
    ranked = sorted((cell for cell in own if cell.status in SPEAKING), key=lambda cell: _opposed(cell, numbers))
    topics = [
        Topic(cell.proposition, tuple(_sentences([cell])), group=cell.status, counts=numbers[cell.proposition])
        for cell in ranked
    ]
    coded = {cell.proposition for cell in own if cell.status is not Status.NOT_CODED}
    unknown = [(cell.status, cell.proposition) for cell in own if cell.proposition in coded]
    unknown += [(Status.NOT_CODED, one) for one in numbers if one not in coded]
    return Brief(topics, topics, _silences(actor, unknown, lambda one: -sum(numbers[one][side] for side in SPEAKING)))


def on_comparison(compared: Iterable[tuple[str, ComparisonOutcome, list[Cell]]]) -> Brief:
    """A brief on a comparison, not yet chosen: what at least two speak on, and who is silent on what."""
    groups: dict[ComparisonOutcome, list[Topic]] = {outcome: [] for outcome in _IN_TURN}
    unknown: dict[str, list[tuple[Status, str]]] = {}
    uncovered: set[str] = set()
    for proposition, outcome, cells in compared:
        if outcome in groups:
            counts = Counter(cell.status for cell in cells)
            groups[outcome].append(Topic(proposition, tuple(_sentences(cells)), group=outcome, counts=counts))
        if outcome is ComparisonOutcome.UNCOVERED:
            uncovered.add(proposition)
        for cell in cells:
            unknown.setdefault(cell.actor, []).append((cell.status, proposition))
    ranked = [sorted(found, key=lambda topic: min(map(_latest, topic.sentences))) for found in groups.values()]
    topics = [topic for turn in zip_longest(*ranked) for topic in turn if topic is not None]
    # Silence is told first where another of them speaks.
    silences = chain.from_iterable(_silences(actor, found, uncovered.__contains__) for actor, found in unknown.items())
    return Brief(topics, topics, [*silences])


def candidates(brief: Brief) -> Brief:
    """The same with no more topics than could be shown, whatever their length."""
    shown: list[Topic] = []
    number = 0
    for topic in brief.topics:
        number += len(topic.sentences)
        if number > _MOST_SENTENCES and shown:
            break
        shown.append(replace(topic, sentences=topic.sentences[:_MOST_SENTENCES]))
    return replace(brief, topics=shown)


def fitted(
    brief: Brief, most: float, of_sentence: Callable[[Sentence], float], of_topic: Callable[[Topic], float]
) -> Brief:
    """As much of a brief as fits, topic by topic, with the sentences numbered.

    Of a topic every side is shown, or nothing. The first that does not fit ends the brief, so that what is left out
    comes after what is shown.

    Args:
        brief: not yet chosen.
        most: height that there is, in lines.
        of_sentence: how high a sentence is.
        of_topic: how high a topic is without its sentences.
    """
    shown: list[Topic] = []
    for topic in brief.topics:
        left = most - of_topic(topic)
        taken: list[Sentence] = []
        for sentence in topic.sentences:
            left -= of_sentence(sentence)
            if left < 0:
                break
            taken.append(sentence)
        if len(taken) < _fewest(topic):
            break
        most = left if left >= 0 else 0
        rest = topic.sentences[len(taken) :]
        shown.append(replace(topic, sentences=tuple(taken), further=(*rest, *topic.further)))
    return replace(brief, topics=_numbered(shown))


def _numbered(topics: Sequence[Topic]) -> list[Topic]:
    """By groups, with the sentences numbered in that order."""
    numbers = iter(range(1, _MOST_SENTENCES * 2))
    return [
        replace(topic, sentences=tuple(replace(one, number=next(numbers)) for one in topic.sentences))
        for topic in sorted(topics, key=lambda topic: _GROUPS.index(topic.group))
    ]


def _topic(proposition: str, cells: Sequence[Cell]) -> Topic:
    silent = {kind: sorted(cell.actor for cell in cells if cell.status is kind) for kind in SILENT}
    counts = Counter(cell.status for cell in cells)
    return Topic(proposition, tuple(_sentences(cells)), counts=counts, silent=silent)


def _sentences(cells: Sequence[Cell]) -> list[Sentence]:
    """A sentence for each position that counts: of both sides in turn, then the others; the latest texts first."""
    found: dict[str, Sentence] = {}
    for cell in cells:
        # Of several that say the same, one is enough.
        by_side = {one.agreement: one for one in cell.positions} if cell.status in SPEAKING else {}
        for one in by_side.values():
            earlier = found.get(one.iri)
            since = one if cell.status is Status.SEVERAL else cell.earliest
            actors = (*earlier.actors, cell.actor) if earlier else (cell.actor,)
            found[one.iri] = Sentence(actors, cell.status, one, since)
    ranked = sorted(found.values(), key=_latest)
    sides = [[one for one in ranked if one.status is side] for side in _OPPOSITE]
    in_turn = [one for turn in zip_longest(*sides) for one in turn if one is not None]
    return in_turn + [one for side in SPEAKING if side not in _OPPOSITE for one in ranked if one.status is side]


def _latest(sentence: Sentence) -> tuple[tuple[bool, int, bool, int], str]:
    return newest_first(sentence.position.since, sentence.position.until), sentence.position.iri


def _fewest(topic: Topic) -> int:
    """How many sentences a topic has at least: of an actor or a comparison all, else one of each of both sides."""
    return len(topic.sentences) if topic.group else len({one.status for one in topic.sentences} & _OPPOSITE.keys()) or 1


def _shortened(topic: Topic, each: int) -> Topic:
    return replace(topic, sentences=topic.sentences[:each], further=topic.sentences[each:])


def _contested(topic: Topic) -> tuple[int, int, str]:
    sides = topic.counts[Status.AGREES], topic.counts[Status.DISAGREES]
    return (-min(sides), -sum(sides), topic.proposition)


def _opposed(cell: Cell, numbers: Mapping[str, Counter[Status]]) -> tuple[int, tuple[bool, int, bool, int], str]:
    opposite = _OPPOSITE.get(cell.status)
    against = numbers[cell.proposition][opposite] if opposite else 0
    last = cell.positions[-1]
    return -against, newest_first(last.since, last.until), cell.proposition


def _silences(
    actor: str, unknown: Iterable[tuple[Status, str]], rank: Callable[[str], int]
) -> list[tuple[str, Status, Sequence[str]]]:
    found: dict[Status, list[str]] = {}
    for status, proposition in unknown:
        found.setdefault(status, []).append(proposition)
    return [(actor, kind, sorted(found[kind], key=lambda one: (rank(one), one))) for kind in SILENT if kind in found]
