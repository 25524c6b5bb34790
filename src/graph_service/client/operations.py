"""The methods of both clients, named after what is asked for. The types of answers and options come from OpenAPI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack
from urllib.parse import quote

from graph_service.client import tables
from graph_service.client.methods import ListingMethod, RequestMethod
from graph_service.client.requests import Arguments, BaseListing, BaseRequest, TableReader

if TYPE_CHECKING:
    from graph_service.client import models, options, things

# Bytes; a longer query goes by POST, since a proxy on the way may cut addresses.
_LONGEST_QUERY = 4000

NetworkKind = Literal["actors", "propositions", "affiliation"]


class Edition(TypedDict):
    """A data set that is or was in use; without an address it is gone or damaged."""

    digest: str
    state: Literal["in use", "kept", "gone", "damaged"]
    first: str | None
    since: str | None
    until: str | None
    triples: int
    url: str | None


class Editions(TypedDict):
    """All that are known, the newest first."""

    licence: str | None
    editions: list[Edition]


class Operations:
    """What the service can be asked. Nothing is sent before something is taken of a request."""

    @ListingMethod
    def actors(self, **filters: Unpack[options.ActorsOptions]) -> BaseListing[things.ActorList, things.Actor]:
        """Organisations, bodies and groups."""
        return self._listing("/api/actors", filters)

    @RequestMethod
    def actor(self, name: str, **chosen: Unpack[options.LanguageOptions]) -> BaseRequest[things.ActorDetails]:
        """An actor by short name or IRI, with every statement about it."""
        return self._request(f"/api/actors/{quote(name, safe='')}", chosen)

    @ListingMethod
    def bodies(self, **filters: Unpack[options.BodiesOptions]) -> BaseListing[things.BodyList, things.Body]:
        """Boards, committees, working groups, networks, talks."""
        return self._listing("/api/bodies", filters)

    @RequestMethod
    def body(self, name: str, **chosen: Unpack[options.LanguageOptions]) -> BaseRequest[things.BodyDetails]:
        """A body by short name or IRI, with every statement about it."""
        return self._request(f"/api/bodies/{quote(name, safe='')}", chosen)

    @ListingMethod
    def documents(
        self, **filters: Unpack[options.DocumentsOptions]
    ) -> BaseListing[things.DocumentList, things.Document]:
        """Texts in which actors state positions, or others attribute positions to them."""
        return self._listing("/api/documents", filters)

    @RequestMethod
    def document(self, name: str, **chosen: Unpack[options.LanguageOptions]) -> BaseRequest[things.DocumentDetails]:
        """A document by short name or IRI, with every statement about it."""
        return self._request(f"/api/documents/{quote(name, safe='')}", chosen)

    @ListingMethod
    def instruments(
        self, **filters: Unpack[options.InstrumentsOptions]
    ) -> BaseListing[things.InstrumentList, things.Instrument]:
        """Acts, plans for acts, standards, programmes and legal statuses that positions cite."""
        return self._listing("/api/instruments", filters)

    @RequestMethod
    def instrument(self, name: str, **chosen: Unpack[options.LanguageOptions]) -> BaseRequest[things.InstrumentDetails]:
        """An instrument by short name or IRI, with every statement about it."""
        return self._request(f"/api/instruments/{quote(name, safe='')}", chosen)

    @ListingMethod
    def issues(self, **filters: Unpack[options.IssuesOptions]) -> BaseListing[things.IssueList, things.Issue]:
        """Issues and their hierarchy."""
        return self._listing("/api/issues", filters)

    @RequestMethod
    def issue(self, name: str, **chosen: Unpack[options.LanguageOptions]) -> BaseRequest[things.IssueDetails]:
        """An issue by short name or IRI, with every statement about it."""
        return self._request(f"/api/issues/{quote(name, safe='')}", chosen)

    @ListingMethod
    def positions(
        self, **filters: Unpack[options.PositionsOptions]
    ) -> BaseListing[things.PositionList, things.Position]:
        """What actors say, and where."""
        return self._listing("/api/positions", filters)

    @RequestMethod
    def position(self, name: str, **chosen: Unpack[options.LanguageOptions]) -> BaseRequest[things.PositionDetails]:
        """A position by short name or IRI, with every statement about it."""
        return self._request(f"/api/positions/{quote(name, safe='')}", chosen)

    @ListingMethod
    def propositions(
        self, **filters: Unpack[options.PropositionsOptions]
    ) -> BaseListing[things.PropositionList, things.Proposition]:
        """Claims that one can agree or disagree with."""
        return self._listing("/api/propositions", filters)

    @RequestMethod
    def proposition(
        self, name: str, **chosen: Unpack[options.LanguageOptions]
    ) -> BaseRequest[things.PropositionDetails]:
        """A proposition by short name or IRI, with every statement about it."""
        return self._request(f"/api/propositions/{quote(name, safe='')}", chosen)

    @ListingMethod
    def relations(
        self, **filters: Unpack[options.RelationsOptions]
    ) -> BaseListing[things.RelationList, things.Relation]:
        """Stated relations between actors."""
        return self._listing("/api/relations", filters)

    @RequestMethod
    def relation(self, name: str, **chosen: Unpack[options.LanguageOptions]) -> BaseRequest[things.RelationDetails]:
        """A relation by short name or IRI, with every statement about it."""
        return self._request(f"/api/relations/{quote(name, safe='')}", chosen)

    @ListingMethod
    def votes(self, **filters: Unpack[options.VotesOptions]) -> BaseListing[things.VoteList, things.Vote]:
        """Totals of parliamentary groups in roll calls."""
        return self._listing("/api/votes", filters)

    @RequestMethod
    def vote(self, name: str, **chosen: Unpack[options.LanguageOptions]) -> BaseRequest[things.VoteDetails]:
        """A vote by short name or IRI, with every statement about it."""
        return self._request(f"/api/votes/{quote(name, safe='')}", chosen)

    @RequestMethod
    def comparison(
        self, actor: Sequence[str], **filters: Unpack[options.ComparisonOptions]
    ) -> BaseRequest[models.Comparison]:
        """What actors agree on, what divides them, and what only some of them speak of."""
        return self._request("/api/compare", {"actor": actor, **filters})

    @RequestMethod
    def matrix(self, **filters: Unpack[options.MatrixOptions]) -> BaseRequest[models.Matrix]:
        """Actors by propositions; a pair without a cell is not coded, which is not neutral."""
        return self._request("/api/matrix", filters)

    @RequestMethod
    def timeline(self, **filters: Unpack[options.MatrixOptions]) -> BaseRequest[models.Timeline]:
        """Positions in chronological order."""
        return self._request("/api/timeline", filters)

    @RequestMethod
    def coverage(self, **filters: Unpack[options.CoverageOptions]) -> BaseRequest[models.Coverage]:
        """Which document was searched for which issue."""
        return self._request("/api/coverage", filters)

    @RequestMethod
    def edits(self, **filters: Unpack[options.EditsOptions]) -> BaseRequest[models.Edits]:
        """Which files were changed over HTTP, by whom and why, the latest edit first."""
        return self._request("/api/edits", filters)

    @RequestMethod
    def network(
        self, kind: NetworkKind = "actors", **chosen: Unpack[options.NetworkOptions]
    ) -> BaseRequest[models.Network]:
        """A network as `networkx.node_link_graph(…, edges="edges")` reads it; with `window`, one for each window."""
        return self._request(f"/api/networks/{kind}", chosen, tables.of_network)

    @RequestMethod
    def reasons(
        self, kind: NetworkKind, source: str, target: str, **chosen: Unpack[options.ReasonsOptions]
    ) -> BaseRequest[models.EdgeReasons]:
        """The pairs of positions behind an edge, whose ends are named by short name or IRI."""
        ends = "/".join(quote(end.rpartition("/")[2], safe="") for end in (source, target))
        return self._request(f"/api/networks/{kind}/edges/{ends}", chosen)

    @RequestMethod
    def search(self, text: str, **chosen: Unpack[options.SearchOptions]) -> BaseRequest[models.SearchResult]:
        """Full text, the best hits first."""
        return self._request("/api/search", {"q": text, **chosen})

    @RequestMethod
    def explain(
        self, s: str, p: str, o: str, **chosen: Unpack[options.LanguageOptions]
    ) -> BaseRequest[models.Explanation]:
        """The proof of a statement: subject, predicate and object as names, CURIEs, IRIs or literals."""
        return self._request("/api/explain", {"s": s, "p": p, "o": o, **chosen})

    @RequestMethod
    def history(
        self, s: str, p: str, o: str, **chosen: Unpack[options.LanguageOptions]
    ) -> BaseRequest[models.StatementEditions]:
        """The first and the last edition that hold a statement."""
        return self._request("/api/editions-of-a-statement", {"s": s, "p": p, "o": o, **chosen})

    @RequestMethod
    def queries(self, **chosen: Unpack[options.LanguageOptions]) -> BaseRequest[models.QueryList]:
        """The named queries with their parameters and columns."""
        return self._request("/api/queries", chosen)

    @RequestMethod
    def query(self, name: str, /, **parameters: object) -> BaseRequest[models.SelectResults]:
        """The answer of a named query; `queries` says which there are, and what each takes."""
        return self._request(f"/api/queries/{quote(name, safe='')}", parameters, tables.of_query)

    @RequestMethod
    def sparql(self, text: str, *, inferred: bool = True) -> BaseRequest[models.SelectResults]:
        """The answer of a SPARQL query; of CONSTRUCT and DESCRIBE take `to_graph`."""
        chosen = {} if inferred else {"inferred": inferred}
        if len(text.encode()) > _LONGEST_QUERY:
            return self._request("/sparql", chosen, tables.of_results, text.encode())
        return self._request("/sparql", {"query": text, **chosen}, tables.of_results)

    @RequestMethod
    def editions(self) -> BaseRequest[Editions]:
        """All editions that were in use, the newest first; `edition` gives a client of one."""
        return self._unpinned()._request("/catalog.json", {})

    @RequestMethod
    def health(self) -> BaseRequest[models.Health]:
        """The version of the software, and the digest of the data set that answers."""
        return self._request("/health", {})

    @RequestMethod
    def ready(self) -> BaseRequest[models.Readiness]:
        """Whether queries are answered now."""
        return self._request("/ready", {})

    @RequestMethod
    def get(self, path: str, /, **parameters: object) -> BaseRequest[Any]:
        """Any other operation, such as one that a publisher has added."""
        return self._request(path, parameters)

    @ListingMethod
    def listing(self, path: str, /, **parameters: object) -> BaseListing[Any, Any]:
        """Any other list."""
        return self._listing(path, parameters)

    def _request(
        self, path: str, arguments: Arguments, table: TableReader = tables.of_records, body: bytes | None = None
    ) -> BaseRequest[Any]:
        """A request of this kind of client."""
        raise NotImplementedError

    def _unpinned(self) -> Operations:
        """The client of whatever edition is in use."""
        raise NotImplementedError

    def _listing(self, path: str, arguments: Arguments) -> BaseListing[Any, Any]:
        """A list of this kind of client."""
        raise NotImplementedError
