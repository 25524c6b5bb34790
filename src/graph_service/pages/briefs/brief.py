"""A brief for a board on an issue, a proposition, an actor or a comparison: two printed pages at most.

Words that readers write are looked up as in the forms of the questions; `views/comparing/briefing.py` chooses,
`brief_text.py` writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http import web
from graph_service.http.protocol.cache import Recent
from graph_service.pages.briefs.brief_frame import Findings, Frame, Subject
from graph_service.pages.briefs.brief_text import Block, Writer, height
from graph_service.pages.comparison.comparing import looked_for
from graph_service.pages.fields import FormField, field_of
from graph_service.pages.stances.position_list import facets_of
from graph_service.pages.stances.positions import positions_among, shown_by
from graph_service.pages.stances.standings import standings
from graph_service.pages.things import RecordedThing
from graph_service.pages.visit import PageContent, Visit
from graph_service.views.changes.tombstones import Removal, tombstone
from graph_service.views.comparing import briefing
from graph_service.views.comparing.briefing import MOST_ACTORS, Brief
from graph_service.views.comparing.comparison import Stances
from graph_service.views.labels import Label

PATH = "/brief"
# Lines that two A4 pages hold; the height of a block says what a line is.
MOST_LINES = 130.0
_FURTHER = (12.0, 6.0, 0.0)
_KEPT = 64
_TITLES = {"actor": "brief.actor", "issue": "brief.issue", "proposition": "brief.proposition"}
_ABOUT = {
    "issue": Parameter(type=Type.IRI, of="id/scheme/issues", example="id/issue/asylum"),
    "proposition": Parameter(type=Type.IRI, of="mp:Proposition", example="id/proposition/avb"),
    "actor": Parameter(type=Type.IRI, of="mp:Actor", repeatable=True, example="id/actor/spd id/actor/cducsu"),
}
# Readers write names, which the page looks up itself.
PARAMS = {
    name: Parameter(type=Type.STRING, repeatable=about.repeatable, example=about.example)
    for name, about in _ABOUT.items()
}


# What a brief could say, as much of it as could fit, and the propositions that it looks at.
_Choice: TypeAlias = tuple[Brief, Brief, Sequence[str]]


class _Memory:
    """What is kept for a data set: the cautions, and what the last briefs could say in any language and format."""

    def __init__(self) -> None:
        self.choices: Recent[Subject, _Choice] = Recent(_KEPT)
        self.cautions: dict[str, RecordedThing] = {}


@dataclass(frozen=True)
class BriefContent:
    """A brief as it is shown.

    Attributes:
        title: what it is on.
        kind: what that is, in the language of the page.
        iris: the things that it is on.
        blocks: all of it, in order.
        brief: what was chosen.
    """

    title: str
    kind: str
    iris: Sequence[str]
    blocks: Sequence[Block]
    brief: Brief


@dataclass
class _Form:
    """What was asked for: fields as they are shown again, and the IRIs in them."""

    fields: list[FormField] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    problem: str = ""

    @property
    def subject(self) -> Subject:
        one = {name: (self.values.get(name) or [""])[0] for name in ("issue", "proposition")}
        return Subject(one["issue"], one["proposition"], tuple(self.values.get("actor", ())))


async def brief(visit: Visit) -> PageContent:
    """The page: a form, and the brief on what is in it.

    Raises:
        QueryError: the store did not answer.
    """
    form = await _asked(visit)
    subject = form.subject
    is_whole = subject.kind and not form.problem and not any(one.problem for one in form.fields)
    content = await _content(visit, subject) if is_whole else None
    same = {name: [visit.show.short(iri) for iri in iris] for name, iris in form.values.items()}
    facts = {"form": form, "content": content, "subject": subject, "same": same}
    return PageContent("brief", facts, subject.iris)


def content_of(page: PageContent) -> BriefContent:
    """The brief of a page, for its files.

    Raises:
        ParameterError: there is none, with what was asked for in vain and the nearest names.
    """
    content, form = page.facts["content"], page.facts["form"]
    if isinstance(content, BriefContent):
        return content
    for one in form.fields:
        if one.problem:
            near = ", ".join(one.near)
            problem = web.words("en")[one.problem].format(text=one.text)
            raise ParameterError(
                f"{one.name}: {problem}", hint=f"Did you mean {near}?" if near else "", nearest=one.near
            )
    words = web.words("en")
    raise ParameterError(form.problem or words["brief.needs"], hint=f"For example: issue={_ABOUT['issue'].example}")


async def _asked(visit: Visit) -> _Form:
    form = _Form()
    words = web.words(visit.language)
    for name, about in _ABOUT.items():
        given = list(dict.fromkeys(visit.arguments.get(name, ())))
        shown = [*given, "", ""][: max(2, len(given))] if about.repeatable else (given or [""])[:1]
        for place, text in enumerate(shown[: MOST_ACTORS + 1]):
            title = words["brief.compared" if place else _TITLES[name]]
            one, value = await field_of(visit, name, about.model_copy(update={"title": {visit.language: title}}), text)
            if one.problem == "question.unknown":
                one = await _withdrawn(visit, one)
            form.fields.append(one)
            iri = visit.show.names.expand(value) if value else ""
            if iri and iri not in form.values.setdefault(name, []):
                form.values[name].append(iri)
    if len(form.values.get("actor", ())) > MOST_ACTORS:
        form.problem = words["brief.too-many"].format(most=MOST_ACTORS)
    elif form.values.get("proposition") and len(form.values) > 1:
        form.problem = words["brief.one"]
    return form


async def _withdrawn(visit: Visit, one: FormField) -> FormField:
    """A field with the name of something that was withdrawn says so, and by what it is replaced."""
    names = visit.show.names
    iris = [iri for iri in (names.expand(one.text), names.expand(f"id/{one.name}/{one.text}")) if names.owns(iri)]
    if set(one.text) & set(' "<>\\^`{|}'):
        return one
    rows = await visit.questions.about("withdrawn", iris, visit.client)
    removals = [Removal(row["predicate"]["value"], row["object"]["value"]) for row in rows]
    found = tombstone(removals)
    if found is None:
        return one
    return replace(one, problem="brief.withdrawn", near=[visit.show.short(iri) for iri in found.successors])


async def _content(visit: Visit, subject: Subject) -> BriefContent:
    memory = visit.edition.remembered("briefs", _Memory).choices
    choice = memory.get(subject)
    if choice is None:
        choice = await _choice(visit, subject)
        memory.put(subject, choice)
    whole, candidates, propositions = choice
    entries = {one.iri: one for one in await positions_among(visit, _positions(candidates))}
    findings = Findings(subject, whole, propositions, await _definitions(visit), await _others(visit, subject))
    shown = shown_by([*entries.values()]) | findings.named
    await visit.label(shown | _actors(candidates))
    writer = Writer(visit.show, entries, of_actor=subject.kind == "actor")
    frame = Frame(visit, writer, findings)
    # What stands around the sentences is highest where all of them are shown, so mostly there is room for more.
    left = MOST_LINES - height([*frame.before(candidates), *frame.after(candidates)])
    for further in _FURTHER:
        fitted = briefing.fitted(candidates, left + further, writer.sentence_height, writer.topic_height)
        blocks = [*frame.before(fitted), *writer.topics(fitted), *frame.after(fitted)]
        if height(blocks) <= MOST_LINES:
            break
    kind = writer.words["nav.compare" if subject.kind == "compare" else f"brief.{subject.kind}"]
    return BriefContent(frame.title, kind, subject.iris, blocks, fitted)


async def _choice(visit: Visit, subject: Subject) -> _Choice:
    """What a brief could say, as much of it as could fit, and the propositions that it looks at."""
    asked = {"issue": subject.issue, "proposition": subject.proposition}
    searched = await looked_for(visit, {name: [iri] for name, iri in asked.items() if iri})
    positions = [one for one in (await standings(visit)).positions if one.proposition in searched]
    stances = Stances(positions, searched)
    if subject.kind == "compare":
        whole = briefing.on_comparison(stances.compare(subject.actors))
    elif subject.kind == "actor":
        cells = list(stances.matrix(stances.actors))
        whole = briefing.on_actor(subject.actors[0], stances.propositions, cells)
    else:
        whole = briefing.on_propositions(stances.matrix(stances.actors))
    return whole, briefing.candidates(whole), stances.propositions


async def _definitions(visit: Visit) -> dict[str, Label]:
    """The cautions of the model with their definitions."""
    memory = visit.edition.remembered("briefs", _Memory)
    if not memory.cautions:
        memory.cautions = await visit.things("concepts", scheme=["id/scheme/cautions"])
    texts = {iri: visit.show.text(one.texts("definition")) for iri, one in memory.cautions.items()}
    return {iri: text for iri, text in texts.items() if text}


async def _others(visit: Visit, subject: Subject) -> int:
    """How many positions an actor holds on no proposition; 0 for briefs on anything else."""
    if subject.kind != "actor":
        return 0
    facets = await facets_of(visit)
    chosen = {"holder": subject.actors} | ({"issue": [subject.issue]} if subject.issue else {})
    return len(facets.narrowed(chosen)) - sum(facets.counts("proposition", chosen).values())


def _positions(brief: Brief) -> list[str]:
    return sorted({one.position.iri for topic in brief.topics for one in topic.sentences})


def _actors(brief: Brief) -> set[str]:
    """Everybody whom a brief names."""
    sentences = [one for topic in brief.topics for one in (*topic.sentences, *topic.further)]
    named = {actor for one in sentences for actor in one.actors} | {actor for actor, _, _ in brief.silences}
    return named | {actor for topic in brief.topics for actors in topic.silent.values() for actor in actors}
