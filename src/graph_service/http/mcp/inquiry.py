"""One call of a tool: it asks the API in this process, as any client does, and knows where its answers stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from pydantic_core import from_json

from graph_service.catalogue.parameters import Parameter
from graph_service.errors import GraphServiceError, ParameterError
from graph_service.http.mcp.client_queries import RunQuery
from graph_service.http.protocol import certificates
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import problem
from graph_service.http.protocol.request import Scope
from graph_service.http.web import LANGUAGES, addresses, asking, words
from graph_service.http.web.edition import EDITION, Edition
from graph_service.http.web.routes import StrictRoute
from graph_service.rdf.answers import Row
from graph_service.views.labels import Labels
from graph_service.views.names.known_names import KnownNames

# Digits of a digest that name an edition in a link; the answer has them all.
_DIGITS = 16
_SAFE = "/:"

Arguments = Mapping[str, Sequence[str]]


class Refused(Exception):
    """The API answered with a problem (RFC 9457); `problem` is its object."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail", ""))
        self.problem = problem

    @classmethod
    def by(cls, error: GraphServiceError) -> Refused:
        """The problem that an error of ours becomes."""
        return cls(from_json(problem(error).json()))


@dataclass(frozen=True)
class Inquiry:
    """What a tool answers from.

    Attributes:
        app: has the API.
        edition: the data set.
        site: scheme and authority of the service, empty if nobody serves it.
        root: path of the service there.
        stays: path below which editions stay, empty where only one is served.
        client: address of who asks.
        language: of labels and sentences.
        run: runs queries of the client.
    """

    app: FastAPI
    edition: Edition
    site: str
    root: str
    stays: str
    client: str
    language: str
    run: RunQuery

    @classmethod
    def of(cls, app: FastAPI, scope: Scope, site: str, language: str, run: RunQuery) -> Inquiry:
        """The inquiry of a request.

        Args:
            app: has the API.
            scope: of the request; has the edition.
            site: scheme and authority of the service.
            language: in which to answer.
            run: runs queries of the client.
        """
        client = scope.get("client") or ("", 0)
        stays = scope.get("editions", "")
        return cls(app, scope[EDITION], site, scope.get("root_path", ""), stays, str(client[0]), language, run)

    @property
    def words(self) -> Mapping[str, str]:
        """Sentences in the language of the answer, as far as there are any."""
        return words(self.language if self.language in LANGUAGES else "en")

    async def get(self, path: str, arguments: Arguments) -> Any:
        """The JSON that the API answers with.

        Args:
            path: below the root.
            arguments: by name; `lang` is added.

        Raises:
            Refused: it answers with a problem.
            ParameterError: a certificate is asked for, which is no answer to read.
        """
        if certificates.PARAMETER in arguments:
            hint = "Add certificate=true to the permalink of the answer."
            raise ParameterError("Tools give no certificates.", hint=hint)
        url = f"{self.site or 'http://localhost'}{self.root}{self._call(path, arguments)}"
        more = {EDITION: self.edition, "root_path": self.root}
        answer = await asking.get(self.app, url, client=self.client, more=more)
        content = from_json(answer.body)
        if answer.status >= 400:
            raise Refused(content)
        return content

    def operations(self, path: str) -> list[StrictRoute]:
        """The operations of the API at a path and below it."""
        routes = [route for route in self.app.routes if isinstance(route, StrictRoute)]
        return [route for route in routes if route.path == path or route.path.startswith(f"{path}/")]

    async def rows(self, name: str, **values: Iterable[str]) -> list[Row]:
        """The rows of a query file of the API; values are IRIs."""
        questions = self.edition.questions
        bound = questions.file(name).bind(
            {key: [f"<{iri}>" for iri in iris] for key, iris in values.items()}, self.edition.names
        )
        return await questions.rows(bound, self.client)

    async def labels(self, iris: Iterable[str]) -> Labels:
        """Labels of these."""
        return await self.edition.questions.label([], self.client, also=iris)

    async def settled(
        self, name: str, about: Parameter, values: Sequence[str], known: str = "known-names"
    ) -> list[str]:
        """IRIs of names as a user writes them.

        Args:
            name: of the parameter, for the error.
            about: what its values are of.
            values: as they were written.
            known: the query file of the API that knows the names.

        Raises:
            ParameterError: the data set knows no such name; the hint has the nearest ones.
        """
        questions, names = self.edition.questions, self.edition.names
        remembered = self.edition.remembered(known, KnownNames)
        file, ask = questions.file(known), questions.asked_by(self.client)
        found = await remembered.settled({name: about}, {name: values}, file, names, ask)
        return [names.expand(value) for value in found[name]]

    def short(self, iri: str) -> str:
        """The shortest name that every tool takes back."""
        return self.edition.names.shorten(iri)

    def permalink(self, path: str, arguments: Arguments) -> str:
        """The address of a call of the API, in this edition; empty if nobody serves it."""
        return self._stays(self._call(path, arguments))

    def page(self, iri: str) -> str:
        """The address of the page about a thing, in this edition; empty if nobody serves it."""
        return self._stays(addresses.document(self.edition.names, iri, HTML))

    def _stays(self, below: str) -> str:
        if not self.site:
            return ""
        kept = f"{self.stays}{self.edition.digest[:_DIGITS]}" if self.stays else self.root
        return f"{self.site}{kept}{below}"

    def _call(self, path: str, arguments: Arguments) -> str:
        given = {**arguments, "lang": [self.language]}
        return f"{quote(path, safe=_SAFE)}?{urlencode(given, doseq=True, safe=_SAFE)}"
