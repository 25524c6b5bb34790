"""Whether the data set knows the values of parameters: an unknown name must not read as silence.

A parameter says what its values are `of`: a class, a concept scheme, or a property whose texts they are. A short name
is the last part of an IRI, so `spd` among actors means `id/actor/spd`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph_service.catalogue.parameters import Parameter, Type, nearest, suggestion
from graph_service.catalogue.queries import QueryFile
from graph_service.errors import ParameterError
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import iri
from graph_service.views.descriptions import Ask

# Names of one class that are kept. Of a larger one, each call asks for the names that it is given.
MOST = 5000
_LONGEST = 80


class _NamesOfOne:
    """The names of one class, scheme or property, or the first of very many.

    Attributes:
        values: IRIs or texts.
        complete: whether there are no others.
    """

    def __init__(self, values: Iterable[str]) -> None:
        listed = list(values)
        self.values = set(listed[:MOST])
        self.complete = len(listed) <= MOST
        self.short: dict[str, list[str]] = {}
        for value in sorted(self.values):
            self.short.setdefault(_last_part(value), []).append(value)
        self._places = sorted({value.removesuffix(_last_part(value)) for value in self.values})

    def meant(self, value: str, names: Names) -> list[str]:
        """The IRIs that a value may mean; nothing says that they are known."""
        written = names.expand(value)
        if written in self.values or set(value) & set("/:#"):
            return [written]
        return [written, *(self.short.get(value) or [place + value for place in self._places])]


class KnownNames:
    """The names of a data set by what they are of, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[str, _NamesOfOne] = {}

    async def settled(
        self,
        params: Mapping[str, Parameter],
        arguments: Mapping[str, Sequence[str]],
        file: QueryFile,
        names: Names,
        ask: Ask,
    ) -> dict[str, list[str]]:
        """The arguments with short names written out.

        Args:
            params: what the arguments are for.
            arguments: values by parameter name, as a user writes them.
            file: the query file `known-names`.
            names: for CURIEs and relative IRIs.
            ask: asks the store.

        Raises:
            ParameterError: the data set knows no such value; the hint has the nearest ones.
            QueryError: the store did not answer.
        """
        settled = {name: list(values) for name, values in arguments.items()}
        for name, values in settled.items():
            about = params.get(name)
            if about is None or not (about.of or (about.values and about.type is Type.IRI)):
                continue
            for place, value in enumerate(values):
                values[place] = await self._settle(name, about, value, file, names, ask)
        return settled

    async def _settle(self, name: str, about: Parameter, value: str, file: QueryFile, names: Names, ask: Ask) -> str:
        known = await self._names(about, file, names, ask)
        if about.type is not Type.IRI:
            if value in known.values or not known.complete:
                return value
            raise _unknown(name, about, value, known)
        candidates = known.meant(value, names)
        found = [one for one in candidates if one in known.values]
        if not found and not known.complete and (possible := list(_valid(candidates))):
            bound = file.bind({"of": [about.of], "item": possible}, names)
            found = [row["item"]["value"] for row in await ask(bound)]
        if len(found) > 1:
            shown = ", ".join(names.shorten(one) for one in found)
            raise ParameterError(f"{name}={value[:_LONGEST]!r} may mean {shown}.", hint="Write one of them out.")
        if not found:
            raise _unknown(name, about, value, known)
        # What was written out stays as it was written.
        return value if names.expand(value) == found[0] else names.shorten(found[0])

    async def _names(self, about: Parameter, file: QueryFile, names: Names, ask: Ask) -> _NamesOfOne:
        if about.values:
            return _NamesOfOne(map(names.expand, about.values))
        if about.of not in self._known:
            rows = await ask(file.bind({"of": [about.of]}, names))
            self._known[about.of] = _NamesOfOne(row["item"]["value"] for row in rows)
        return self._known[about.of]


def _unknown(name: str, about: Parameter, value: str, known: _NamesOfOne) -> ParameterError:
    what = f"known as {about.of}" if about.of else f"one of {', '.join(about.values)}"
    near = nearest(_last_part(value), known.short)
    hint = suggestion(near)
    if not hint and about.example:
        hint = f"For example: {name}={about.example}"
    return ParameterError(f"{name}={value[:_LONGEST]!r} is not {what} in this data set.", hint=hint, nearest=near)


def _last_part(value: str) -> str:
    """What is behind the last slash or hash of an IRI."""
    return value[max(value.rfind("/"), value.rfind("#")) + 1 :]


def _valid(iris: Iterable[str]) -> Iterator[str]:
    for one in iris:
        try:
            yield iri(one)
        except ValueError:
            continue
