"""Things of a class or a concept scheme by the names that readers know them by, for fields of forms."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from graph_service.catalogue.parameters import nearest
from graph_service.http import web
from graph_service.pages.visit import Visit
from graph_service.rdf.alphabet import sort_key
from graph_service.rdf.namespaces import Names
from graph_service.views.labels import Labels

# Names that a field offers while somebody types; the field takes all others, too.
_OFFERED = 1000


class NamedThings:
    """The things of one class or scheme, found by label in either language, short name, CURIE or IRI.

    Args:
        iris: all of them.
        labels: with all their labels.
        names: for CURIEs and the base.
        language: of the names that are offered.
    """

    def __init__(self, iris: Iterable[str], labels: Labels, names: Names, language: str) -> None:
        self._names = names
        self._iris = set(iris)
        self._found: dict[str, set[str]] = {}
        own = {iri: labels.text(iri, language) for iri in self._iris}
        for iri in self._iris:
            written = {labels.text(iri, one) for one in web.LANGUAGES} | {iri.rpartition("/")[2]}
            for text in written:
                self._found.setdefault(text.casefold(), set()).add(iri)
        offered = sorted(own.values(), key=sort_key)[:_OFFERED]
        self.options = Markup("\n").join(Markup('<option value="%s"></option>') % text for text in offered)

    def find(self, text: str) -> list[str]:
        """The things of a name; several where it is that of several."""
        written = self._names.expand(text)
        return [written] if written in self._iris else sorted(self._found.get(text.strip().casefold(), ()))

    def near(self, text: str) -> list[str]:
        """Names that are spelled like this."""
        return nearest(text, self._found)


class _Memory:
    """What is kept for a data set: its things by class or scheme and language."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], NamedThings] = {}


async def things_named(visit: Visit, of: str) -> NamedThings:
    """The things of a class or scheme of the edition that is visited.

    Raises:
        QueryError: the store did not answer.
    """
    known = visit.edition.remembered("named-things", _Memory).known
    key = (of, visit.language)
    if key not in known:
        file = visit.questions.file("known-names")
        rows = await visit.questions.rows(file.bind({"of": [of]}, visit.show.names), visit.client)
        iris = [row["item"]["value"] for row in rows if row["item"]["type"] == "uri"]
        await visit.label(iris)
        known[key] = NamedThings(iris, visit.show.labels, visit.show.names, visit.language)
    return known[key]
