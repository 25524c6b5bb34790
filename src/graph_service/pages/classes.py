"""The classes of a data set and their things, whatever the ontology is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.protocol.cache import Recent
from graph_service.http.protocol.problems import RequestError
from graph_service.pages.parts import PAGE, part_of
from graph_service.pages.visit import PageContent, Visit

PATH = "/things"
PARAMS: Mapping[str, Parameter] = {"class": Parameter(type=Type.IRI, example="mp:Actor"), "page": PAGE}
# Things at a time.
_FEW = 100
_KEPT = 16


class _Memory:
    """What is kept for a data set: the sizes of its classes, and the things of those that were looked at last."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] | None = None
        self.things: Recent[str, Sequence[str]] = Recent(_KEPT)


async def sizes(visit: Visit) -> Mapping[str, int]:
    """How many things each class has, by its IRI.

    Raises:
        QueryError: the store did not answer.
    """
    memory = visit.edition.remembered("classes", _Memory)
    if memory.sizes is None:
        memory.sizes = {row["class"]["value"]: int(row["count"]["value"]) for row in await visit.rows("classes")}
    return memory.sizes


async def things(visit: Visit) -> PageContent:
    """All classes with their sizes; or the things of one, a few at a time.

    Raises:
        RequestError: the data have no such class.
        QueryError: the store did not answer.
    """
    found, asked = await sizes(visit), visit.one("class")
    if not asked:
        await visit.label(found)
        return PageContent("classes", {"classes": [(one, found[one]) for one in visit.by_name(found)]})
    name = visit.show.names.expand(asked)
    if name not in found:
        raise RequestError(404, "The data have no thing of this class.", hint=f"{PATH} lists the classes.")
    kept = visit.edition.remembered("classes", _Memory).things
    items = kept.get(name)
    if items is None:
        items = [row["item"]["value"] for row in await visit.rows("things-of-a-class", **{"class": [f"<{name}>"]})]
        kept.put(name, items)
    part = part_of(visit, items, _FEW)
    facts = {"class_": name, "count": found[name], "part": part}
    return PageContent("things", facts, {name, *part.entries})
