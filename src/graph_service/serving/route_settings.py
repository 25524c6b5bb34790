"""What the routes are made with: told by the serving process, read in the keeper.

It stands apart from the routes, because the serving process answers none of them and imports nothing that they need:
this saves a third of the work of a start, and the memory of the libraries of networks.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from graph_service.building import shipped
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import SettingsError
from graph_service.rdf.terms import iri, iri_value
from graph_service.settings import BASE, ServeSettings

ROLES = "graph_service.serving.routes:roles"
_PATHS = ("notices", "pages", "logo", "templates", "edit_tokens")
# Of the shipped data.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class RouteSettings:
    """What routes are made with.

    Attributes:
        serve: limits of a query, and what the publisher says about himself.
        queries: the publisher's query files and the shipped ones.
        feed: whether there is a feed of changes, which pages then name.
        explains: whether statements are explained.
        queried: whether the description of the data set names a SPARQL endpoint.
        live: whether pages load again when there is another edition.
        snapshots: directory of the editions; None where one snapshot is served that no register knows.
    """

    serve: ServeSettings = field(default_factory=ServeSettings)
    queries: QueryFiles = field(default_factory=shipped.query_files)
    feed: bool = False
    explains: bool = True
    queried: bool = True
    live: bool = False
    snapshots: Path | None = None

    def encode(self) -> str:
        """As JSON, for the keeper."""
        return json.dumps(asdict(self), default=str)

    @property
    def edits(self) -> bool:
        """Whether there are operations that edit."""
        return self.serve.edit_tokens is not None

    @property
    def digest(self) -> str:
        """SHA-256 of what answers depend on beside data and request: query files, and what the publisher says."""
        shown = (
            self.feed,
            self.explains,
            self.queried,
            self.live,
            self.edits,
            self.serve.accent,
            self.serve.accent_dark,
        )
        said = (self.serve.licence, self.serve.publisher, self.serve.contact, *shown)
        notices = sorted(self.serve.notices.glob("*.md")) if self.serve.notices is not None else []
        templates = sorted(self.serve.templates.glob("*.html")) if self.serve.templates is not None else []
        files = [*notices, *templates, *(one for one in (self.serve.pages, self.serve.logo) if one is not None)]
        parts = [self.queries.digest, *map(str, said), *(hashlib.sha256(one.read_bytes()).hexdigest() for one in files)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def files(self) -> tuple[Path, ...]:
        """Files and directories beside the queries that answers depend on."""
        serve = self.serve
        return tuple(one for one in (serve.notices, serve.templates, serve.pages, serve.logo) if one is not None)

    @classmethod
    def decode(cls, text: str) -> RouteSettings:
        """What `encode` wrote."""
        content = json.loads(text)
        serve = content.pop("serve")
        serve |= {name: Path(serve[name]) for name in _PATHS if serve[name] is not None}
        serve |= {name: tuple(serve[name]) for name in ("trusted_proxies", "public_url")}
        queries = QueryFiles(*(tuple(map(Path, content["queries"][name])) for name in ("directories", "folders")))
        del content["queries"]
        snapshots = content.pop("snapshots")
        directory = Path(snapshots) if snapshots is not None else None
        return cls(ServeSettings(**serve), queries, snapshots=directory, **content)


def licence_of(settings: ServeSettings, base: str) -> str:
    """IRI of the licence of the data below a base: what the settings say, else what is known; empty for unknown.

    Raises:
        SettingsError: what the settings say is no absolute IRI.
    """
    if not settings.licence:
        return LICENCE if base == BASE else ""
    try:
        return iri_value(iri(settings.licence))
    except ValueError:
        hint = "For example: https://creativecommons.org/licenses/by/4.0/"
        raise SettingsError(f"The licence {settings.licence[:80]!r} is no IRI.", hint=hint) from None
