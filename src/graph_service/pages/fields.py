"""Fields of forms in which readers write names, not IRIs; what stands in them is looked up in the data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.pages.named_things import NamedThings, things_named
from graph_service.pages.visit import Visit


@dataclass(frozen=True)
class FormField:
    """A field of a form.

    Attributes:
        name: of the parameter.
        title: in the language of the page.
        type: of its values.
        text: what stands in it: a name where the value is a thing.
        required: whether there is no answer without it.
        choices: the things to choose from, for parameters that name one.
        problem: key of the words that say why there is no such thing; empty where all is well.
        near: names that are spelled like it.
    """

    name: str
    title: str
    type: Type
    text: str
    required: bool
    choices: NamedThings | None = None
    problem: str = ""
    near: Sequence[str] = ()


async def field_of(visit: Visit, name: str, about: Parameter, given: str) -> tuple[FormField, str]:
    """A field, and the value that a query takes for what stands in it; empty for none.

    Args:
        visit: asks.
        name: of the parameter.
        about: what the parameter takes.
        given: what readers wrote: a name in either language, a short name, a CURIE or an IRI.

    Raises:
        QueryError: the store did not answer.
    """
    title = about.title.get(visit.language, name)
    if about.type is not Type.IRI or not about.of:
        problem = "" if _is_valid(name, about, given, visit) else "question.invalid"
        return FormField(name, title, about.type, given, about.required, problem=problem), given
    things = await things_named(visit, about.of)
    found = things.find(given) if given else []
    if len(found) == 1:
        shown = visit.show.labels.text(found[0], visit.language)
        return FormField(name, title, about.type, shown, about.required, things), visit.show.short(found[0])
    problem = "" if not given else "question.several" if found else "question.unknown"
    near = [visit.show.short(iri) for iri in found] or (things.near(given) if given else [])
    return FormField(name, title, about.type, given, about.required, things, problem, near), ""


def _is_valid(name: str, about: Parameter, given: str, visit: Visit) -> bool:
    try:
        return not given or bool(about.term(name, given, visit.show.names))
    except ParameterError:
        return False


def as_text(about: Parameter) -> Parameter:
    """A parameter of the page: readers write names, which the page looks up itself."""
    return Parameter(type=Type.STRING, title=about.title)
