"""What stands before and after the sentences of a brief: what was chosen, what is not known, cautions, citation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph_service.pages.briefs.brief_text import MOST_NAMES, Block, Kind, Run, Writer
from graph_service.pages.citation import cite
from graph_service.pages.stances.standings import KEYS
from graph_service.pages.visit import Visit
from graph_service.views.comparing.briefing import SILENT, Brief
from graph_service.views.comparing.comparison import Status
from graph_service.views.labels import Label

_MOST_WITHOUT = 3
_NOTHING = {
    "issue": "issue.none",
    "proposition": "proposition.nobody",
    "actor": "actor.silent",
    "compare": "outcome.uncovered.about",
}


@dataclass(frozen=True)
class Subject:
    """What a brief is on.

    Attributes:
        issue: IRI, empty for none; it narrows a brief on actors.
        proposition: IRI, empty for none.
        actors: IRIs; two or more are compared.
    """

    issue: str = ""
    proposition: str = ""
    actors: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`actor`, `compare`, `issue` or `proposition`; empty where it is on nothing."""
        if self.actors:
            return "compare" if len(self.actors) > 1 else "actor"
        return "proposition" if self.proposition else "issue" if self.issue else ""

    @property
    def iris(self) -> list[str]:
        """All that it names."""
        return [one for one in (*self.actors, self.proposition, self.issue) if one]


@dataclass(frozen=True)
class Findings:
    """What a brief is written from.

    Attributes:
        subject: what it is on.
        whole: all that it could say.
        propositions: all that it looks at.
        definitions: of the cautions on what it may show.
        others: how many positions of the actor are on no proposition.
    """

    subject: Subject
    whole: Brief
    propositions: Sequence[str]
    definitions: Mapping[str, Label]
    others: int

    @property
    def without(self) -> list[str]:
        """The propositions that nobody has a comparable position on."""
        return sorted(set(self.propositions) - {topic.proposition for topic in self.whole.every})

    @property
    def named(self) -> set[str]:
        """What is named beside the sentences."""
        silent = {one for _, _, propositions in self.whole.silences for one in propositions[: MOST_NAMES + 1]}
        return {*self.subject.iris, *self.definitions, *self.without[: _MOST_WITHOUT + 1]} | silent


class Frame:
    """Writes what stands around the sentences.

    Args:
        visit: for edition and address.
        writer: has the labels of everything that is written.
        findings: what the brief is written from.
    """

    def __init__(self, visit: Visit, writer: Writer, findings: Findings) -> None:
        self._visit = visit
        self._writer = writer
        self._findings = findings
        self._words = writer.words
        subject = findings.subject
        names = [writer.named(iri).text for iri in (*subject.actors, subject.proposition) if iri]
        issue = [writer.named(subject.issue).text] if subject.issue else []
        self.title = ": ".join([" – ".join(names), *issue] if names else issue)

    def before(self, brief: Brief) -> Iterator[Block]:
        """How much there is, what of it is shown, and by which rule."""
        words, findings = self._words, self._findings
        kind = findings.subject.kind
        if not findings.whole.every:
            yield self._writer.text(words[_NOTHING[kind]])
            return
        if kind == "issue":
            actors = {actor for topic in brief.every for one in topic.sentences for actor in one.actors}
            numbers = {"actors": len(actors), "number": len(brief.every), "count": len(findings.propositions)}
            yield self._writer.text(words["brief.count.issue"].format(**numbers))
        if kind == "actor":
            actor = self._writer.named(findings.subject.actors[0]).text
            said = [words["brief.count.actor"].format(actor=actor, number=len(brief.every))]
            if findings.others:
                said.append(words["brief.no-proposition"].format(number=findings.others))
            yield self._writer.text(" ".join(said))
        yield from self._left_out(brief, kind)
        if kind in ("issue", "proposition"):
            yield self._writer.section(words["proposition.overview"])

    def _left_out(self, brief: Brief, kind: str) -> Iterator[Block]:
        words = self._words
        left_out = brief.count - len(brief.sentences)
        if left_out:
            told = words["brief.left-out"].format(number=left_out, count=brief.count)
            link = Run(words["brief.all"], path=self._whole_list())
            yield self._writer.text(f"{told} {words[f'brief.order.{kind}'].format(each=brief.each)} ", link, Run("."))
        else:
            yield self._writer.text(words["brief.every"])

    def after(self, brief: Brief) -> Iterator[Block]:
        """What is not known, the cautions, citation and method."""
        if unknown := [*self._unknown(brief)]:
            yield self._writer.section(self._words["brief.unknown"])
            yield from unknown
        yield self._writer.section(self._words["brief.cautions"])
        yield from self._cautions(brief)
        yield self._writer.section(self._words["brief.cite"])
        yield from self._citation()

    def _whole_list(self) -> str:
        show, subject = self._visit.show, self._findings.subject
        if subject.kind == "compare":
            return show.page(
                "/compare", actor=[show.short(one) for one in subject.actors], issue=show.short(subject.issue)
            )
        if subject.kind == "actor":
            return show.page("/positions", holder=show.short(subject.actors[0]), issue=show.short(subject.issue))
        return show.here(subject.proposition or subject.issue)

    def _unknown(self, brief: Brief) -> Iterator[Block]:
        writer, words = self._writer, self._words
        yield from writer.silences(brief)
        on_actors = bool(self._findings.subject.actors)
        without = self._findings.without
        if without and self._findings.subject.kind == "issue":
            told = Run(f"{words['brief.unknown.none'].format(number=len(without))} ")
            yield Block(Kind.NAMES, [told, *writer.names(without, most=_MOST_WITHOUT, sep="; ", sort=False)])
        kinds = {kind for _, kind, _ in brief.silences}
        kinds |= {kind for topic in brief.topics for kind, actors in topic.silent.items() if actors}
        for kind in SILENT:
            if kind in kinds and (on_actors or kind is not Status.NOT_CODED):
                yield Block(Kind.NAMES, [writer.silence(kind), Run(f": {words[f'meaning.{KEYS[kind]}']}")])
        if not on_actors:
            yield Block(Kind.NAMES, [writer.silence(Status.NOT_CODED), Run(f": {words['brief.unknown.all']}")])

    def _cautions(self, brief: Brief) -> Iterator[Block]:
        """Each caution on what is shown, with the numbers of the sentences that it holds for."""
        numbers: dict[str, list[int]] = {}
        for one in brief.sentences:
            for caution in self._writer.cautions(one):
                numbers.setdefault(caution, []).append(one.number)
        for caution in self._writer.by_name(numbers):
            runs = [self._writer.named(caution), Run(f" [{_ranges(numbers[caution])}]")]
            definition = self._findings.definitions.get(caution)
            if definition and definition.text:
                runs += [Run(": "), self._writer.said(definition)]
            yield Block(Kind.NAMES, runs)
        if not numbers:
            yield Block(Kind.NAMES, [Run(self._words["brief.cautions.none"])])

    def _citation(self) -> Iterator[Block]:
        visit, words, edition = self._visit, self._words, self._visit.edition
        subject = self._findings.subject
        name = subject.iris[0] if len(subject.iris) == 1 else ""
        title = words["brief.title.of"].format(name=self.title)
        cited = cite(visit.request, edition.digest, edition.publisher, visit.language, title, name)
        runs = [Run(cited.text)]
        if cited.address:
            runs += [Run(" "), Run(cited.address, cited.address if cited.is_link else "")]
        yield Block(Kind.NAMES, runs)
        told = words["brief.edition"].format(digest=edition.digest)
        if edition.since:
            told = f"{told}, {words['brief.edition.since'].format(day=edition.since[:10])}"
        runs = [Run(f"{told}. ")]
        if edition.licence:
            runs += [Run(f"{words['licence.data']} "), Run(edition.licence, edition.licence), Run(".")]
        yield Block(Kind.NAMES, runs)
        method = (words[key] for key in ("brief.method", "counted.about", "footer.caution"))
        yield Block(Kind.NAMES, [Run(" ".join(method))])


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers, with those in a row put together: 1–3, 5."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"{row[0]}–{row[-1]}" if len(row) > 1 else str(row[0]) for row in found)
