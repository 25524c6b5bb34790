"""What is new: by edition, as far as editions are kept, by the days that the data name, and by edit over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http import web
from graph_service.http.api.comparing import ACTOR, FILTERS
from graph_service.http.web import addresses
from graph_service.pages.choices import choices_of
from graph_service.pages.comparison.comparing import common_facts
from graph_service.pages.dataset.edits import edited_files, edits_of
from graph_service.pages.dataset.news import NewEdition, Sentence, Sentences, editions_of, found_in
from graph_service.pages.dataset.recorded import Days, recorded
from graph_service.pages.page_routes import Answer
from graph_service.pages.parts import PAGE, part_of
from graph_service.pages.visit import PageContent, Visit
from graph_service.views.changes.news import NewsLine

PATH = addresses.CHANGES
BY = Parameter(type=Type.ENUM, values=("edition", "day", "edit"))
FILE = Parameter(type=Type.STRING, repeatable=True, example="documents/li-pa.ttl")
PARAMS_OF_OTHERS: Mapping[str, Parameter] = {"by": BY, "file": FILE, "page": PAGE}
FILTER: Mapping[str, Parameter] = {"actor": ACTOR, "issue": FILTERS["issue"]}
PARAMS = {**FILTER, **PARAMS_OF_OTHERS}
# Sentences at a time.
_FEW = 40


@dataclass(frozen=True)
class Section:
    """An edition or a day with some of its sentences.

    Attributes:
        of: the edition, or the first and the last possible day.
        sentences: what is new.
    """

    of: NewEdition | Days
    sentences: Sequence[Sentence]


def wanted_in(visit: Visit) -> dict[str, set[str]]:
    """The IRIs that the filter of a visit names, by field."""
    return {name: {visit.show.names.expand(one) for one in visit.arguments.get(name, ())} for name in FILTER}


def changes(*, of_model: bool) -> Answer:
    """The page; data of another model have no actors and issues to choose from."""

    async def page(visit: Visit) -> PageContent:
        if visit.one("by") == "edit":
            return await _by_edit(visit)
        found = found_in(visit)
        editions, wanted = editions_of(visit, found), wanted_in(visit)
        by = visit.one("by") or ("edition" if any(one.before for one in editions) else "day")
        entries: Sequence[tuple[NewEdition | Days, NewsLine | None]] = (
            [*lines_of(editions, wanted)] if by == "edition" else await recorded(visit, wanted, of_model=of_model)
        )
        if not entries and not visit.one("by") and not any(wanted.values()):
            # Data that name no days open on the editions, which say so if there is none.
            by, entries = "edition", [*lines_of(editions, wanted)]
        part = part_of(visit, entries, _FEW)
        lines = [line for _, line in part.entries if line is not None]
        await visit.label({iri for line in lines for iri in line.iris})
        facts = {
            "by": by,
            "part": part,
            "sections": [*_sections(visit, part.entries)],
            "choices": await choices_of(visit) if of_model else None,
            "editions": visit.request.scope.get("editions", ""),
            **await _ways(visit),
        }
        return PageContent("changes", common_facts(visit) | facts)

    return page


async def _by_edit(visit: Visit) -> PageContent:
    part = part_of(visit, await edits_of(visit, visit.arguments.get("file", ())), _FEW)
    files = await edited_files(visit, part.entries)
    others = {iri for edit in part.entries for iri in (edit.undoes, edit.undone_by) if iri}
    await visit.label(others | {iri for some in files.values() for file in some for iri in file.documents})
    facts = {
        "by": "edit",
        "part": part,
        "days": [(day, [*edits]) for day, edits in groupby(part.entries, key=attrgetter("day"))],
        "files": files,
        "choices": None,
        "asked": {"file": visit.arguments.get("file", [])},
        **await _ways(visit),
    }
    return PageContent("changes", common_facts(visit) | facts)


async def _ways(visit: Visit) -> Mapping[str, object]:
    """What the page offers above its list: the ways in which changes are told, and the filter that all of them keep."""
    has_editions = found_in(visit) is not None
    ways = BY.values if await edits_of(visit) else BY.values[:2] if has_editions else ()
    return {
        "has_editions": has_editions,
        "ways": ways,
        "filter": {name: visit.arguments[name] for name in FILTER if visit.arguments.get(name)},
    }


def lines_of(
    editions: Iterable[NewEdition], wanted: Mapping[str, set[str]]
) -> Iterator[tuple[NewEdition, NewsLine | None]]:
    """Each line of each edition; an edition without any comes once, unless only some lines are wanted."""
    for edition in editions:
        lines = edition.news.lines(wanted) if edition.news else []
        yield from ((edition, line) for line in lines)
        if not lines and not any(wanted.values()):
            yield edition, None


def _sections(visit: Visit, entries: Sequence[tuple[NewEdition | Days, NewsLine | None]]) -> Iterator[Section]:
    words, kept = web.words(visit.language), visit.request.scope.get("editions", "")
    for of, group in groupby(entries, key=itemgetter(0)):
        edition = of if isinstance(of, NewEdition) else None
        sentences = Sentences(visit.show, words, kept, edition)
        yield Section(of, [sentences.of(line) for _, line in group if line is not None])
