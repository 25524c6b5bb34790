"""Asks the service for everything that can be a file, and puts the files into place when all are there."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from graph_service.catalogue.queries import Catalogue
from graph_service.errors import SettingsError
from graph_service.http import web
from graph_service.http.linked_data.crawlers import MOST_ADDRESSES, robots_of_files, sitemap_xml
from graph_service.http.web import site
from graph_service.pages.page_routes import standing_pages
from graph_service.rdf.namespaces import OWL
from graph_service.rdf.terms import iri_value
from graph_service.serving.app import create_app
from graph_service.serving.press import Press, held
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.routes import routers
from graph_service.serving.static_site import forwarding, hosting
from graph_service.serving.static_site.places import SitePlaces
from graph_service.serving.static_site.target import SiteTarget
from graph_service.serving.static_site.writing import SiteWriter
from graph_service.settings import ServeSettings
from graph_service.snapshots.publication import Publication, read_resources
from graph_service.snapshots.snapshot import Snapshot

# Told by a directory that may be replaced.
_VERSION = f"<{OWL}versionIRI>"
_MARK = "dump/index.json"
# Pages that are nothing but a form, and those of programs.
_NEED_A_SERVER = ("/search", "/compare", "/sparql", "/docs", "/network")

Progress = Callable[[str], object]


def export_site(
    snapshot: Snapshot,
    catalogue: Catalogue,
    target: SiteTarget,
    *,
    settings: ServeSettings | None = None,
    progress: Progress = lambda _: None,
) -> int:
    """Write the site; the number of files that are there then.

    Args:
        snapshot: what is published.
        catalogue: the queries.
        target: where to.
        settings: for the notices of the publisher and the limits of queries.
        progress: called with each step in a few words.

    Raises:
        ExportError: a page cannot be had; nothing was put into place.
        SettingsError: the directory is something else.
    """
    _refuse(target.directory)
    target.directory.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.directory.name}-", dir=target.directory.parent))
    try:
        draft.chmod(0o755)
        asyncio.run(_fill(draft, snapshot, catalogue, target, settings or ServeSettings(), progress))
        count = sum(path.is_file() for path in draft.rglob("*"))
        _replace(target.directory, draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return count


def _refuse(directory: Path) -> None:
    """Raise for a directory that holds anything but an earlier export."""
    if not directory.exists() or (directory / _MARK).is_file():
        return
    if not directory.is_dir() or any(directory.iterdir()):
        raise SettingsError(f"{directory} is no exported site; it stays as it is.", hint="Name another directory.")


def _replace(directory: Path, draft: Path) -> None:
    if not directory.exists():
        draft.rename(directory)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    directory.rename(old / "old")
    draft.rename(directory)
    shutil.rmtree(old, ignore_errors=True)


async def _fill(
    draft: Path,
    snapshot: Snapshot,
    catalogue: Catalogue,
    target: SiteTarget,
    settings: ServeSettings,
    progress: Progress,
) -> None:
    site.use(site.of(settings, of_model=catalogue.files.of_model))
    settings = replace(settings, root_path=target.root)
    publication = Publication(snapshot)
    routes = RouteSettings(settings, catalogue.files, explains=False, queried=False)
    press = Press(routes, publication=publication)
    hold = held(snapshot)
    opened = await press.open(snapshot)
    service = create_app(settings, lambda common: press.compose(common, opened, snapshot, hold))
    pages = [page for router in routers(routes) for page in standing_pages(router) if page not in _NEED_A_SERVER]
    try:
        described = read_resources(await publication.directory())
        with_document = {*described, *_documents(described, snapshot), *_only_used(described, snapshot)}
        places = SitePlaces(
            snapshot.manifest.names, with_document, snapshot.manifest.graphs, pages, _versions(snapshot, described)
        )
        files = await SiteWriter(service, draft, target, places, progress).everything()
        await _copy(draft, publication)
        _tell(draft, files, snapshot, target, places)
    finally:
        await service.close()


def _documents(described: Iterable[str], snapshot: Snapshot) -> Iterator[str]:
    """The documents of resources whose IRIs have a fragment; the ontology has one anyway."""
    names = snapshot.manifest.names
    for iri in described:
        document, sharp, _ = iri.partition("#")
        if sharp and names.owns(document) and document != f"{names.base}ontology":
            yield document


def _versions(snapshot: Snapshot, described: Collection[str]) -> dict[str, str]:
    """The ontology of each version that has only a name."""
    found = {iri_value(q.object): iri_value(q.subject) for q in snapshot.quads() if q.predicate == _VERSION}
    return {version: ontology for version, ontology in found.items() if version not in described}


def _only_used(described: Iterable[str], snapshot: Snapshot) -> set[str]:
    """What lies below the base or a namespace and is only a property or a value, with the documents of fragments."""
    names = snapshot.manifest.names
    elsewhere = (f"{names.base}ontology", f"{names.base}.well-known/", f"{names.base}graph/")
    # The name of a version leads to its ontology.
    quads = (quad for quad in snapshot.quads() if quad.predicate != _VERSION)
    terms = {term for quad in quads for term in (quad.predicate, quad.object) if term.startswith("<")}
    found = {iri_value(term) for term in terms}.difference(described)
    used = {iri for iri in found if names.owns(iri) and not iri.startswith(elsewhere)}
    return used | {*_documents(used, snapshot)}


async def _copy(draft: Path, publication: Publication) -> None:
    """What lies on disk as it is published: style sheet, scripts, dumps."""
    shutil.copytree(web.STATIC, draft / "static")
    for name, (content, _) in site.in_force().files.items():
        (draft / "static" / name).write_bytes(content)
    for dump in (await publication.figures()).dumps:
        with (draft / "dump" / dump.name).open("wb") as copy:
            async for piece in publication.pieces(dump):
                copy.write(piece)


def _tell(draft: Path, files: Iterable[str], snapshot: Snapshot, target: SiteTarget, site_places: SitePlaces) -> None:
    """What hosts, crawlers and readers look for."""
    shutil.copy(draft / f"index.{web.LANGUAGES[0]}.html", draft / "index.html")
    shutil.copy(draft / ".well-known" / "void.ttl", draft / ".well-known" / "void")
    places = [f"{target.url}/{quote(file)}" for file in sorted(files) if file.endswith(".html")]
    parts = [places[start : start + MOST_ADDRESSES] for start in range(0, len(places), MOST_ADDRESSES)]
    for number, part in enumerate(parts, 1):
        (draft / f"sitemap-{number}.xml").write_bytes(sitemap_xml("urlset", "url", part))
    maps = (f"{target.url}/sitemap-{number}.xml" for number in range(1, len(parts) + 1))
    (draft / "sitemap.xml").write_bytes(sitemap_xml("sitemapindex", "sitemap", maps))
    elsewhere = list(site_places.odd_names())
    hosted = hosting.files(web.words("en")["title"], snapshot.digest, target.root, elsewhere)
    forwarded = forwarding.files(target.root, elsewhere, site_places.graph_names())
    (draft / "forward").mkdir()
    for name, text in (("robots.txt", robots_of_files(target.url)), *hosted, *forwarded):
        (draft / name).write_text(text, encoding="utf-8", newline="\n")
