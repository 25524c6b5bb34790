"""A publisher's words and menu: over the shipped ones, checked, and known to every process that answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from pathlib import Path

import pytest

from graph_service.errors import SettingsError, SourceError
from graph_service.http.web import site, words
from graph_service.http.web.site import PLACES
from graph_service.serving.route_settings import RouteSettings
from graph_service.settings import ServeSettings
from tests.http.processes import Served, people, served, write_snapshot

TEXT = """\
menu = ["questions", "sparql"]

[en]
title = "Houses of Leipzig"
"footer.caution" = ""

[de]
"cite.text" = "{title} bei {site}"
"""


def _file(path: Path, text: str = TEXT) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_words_lie_over_the_shipped_ones(tmp_path: Path) -> None:
    own = site.read(_file(tmp_path / "pages.toml"))
    assert own.menu == ("questions", "sparql")
    assert own.texts["en"]["title"] == "Houses of Leipzig"
    assert own.texts["de"]["title"] == site.shipped().texts["de"]["title"]
    assert all(own.texts[language].keys() == site.shipped().texts[language].keys() for language in site.LANGUAGES)


def test_groups_of_the_menu_hold_at_least_two_pages() -> None:
    site_with = partial(site.Site, {})
    assert site_with(("sparql", "actors", "docs")).grouped == {
        "menu.data": ["sparql", "docs"],
        "nav.actors": ["actors"],
    }
    assert site_with(("sparql", "actors")).grouped == {"nav.sparql": ["sparql"], "nav.actors": ["actors"]}
    for names in site.shipped().texts.values():
        # The start page says of each what it is.
        said = {f"{kind}.{place}" for kind in ("nav", "start") for place in PLACES if place != "questions"}
        assert {*site_with(PLACES).grouped, *said} <= names.keys()


def test_a_site_is_in_force_where_it_was_put_into_use(tmp_path: Path) -> None:
    before = words("en")["title"]
    context = copy_context()
    context.run(site.use, site.read(_file(tmp_path / "pages.toml")))
    assert (context.run(words, "en")["title"], words("en")["title"]) == ("Houses of Leipzig", before)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('[fr]\ntitle = "x"', "fr is no language of the pages"),
        ('[en]\ntitel = "x"', "en: titel is no text of the pages. Did you mean title"),
        ("[en]\ntitle = 3", "en: title is no text."),
        ('[en]\ntitle = "{name}"', "en: title has no {name} to put in."),
        ('[en]\ntitle = "{"', "en: title: "),
        ('menu = ["sparkl"]', "menu: sparkl is no page for a menu. Did you mean sparql?"),
        ("menu = 3", "menu is no list."),
        ("menu = ", "cannot be read"),
    ],
)
def test_an_error_says_what_is_wrong(tmp_path: Path, text: str, error: str) -> None:
    with pytest.raises(SourceError) as raised:
        site.read(_file(tmp_path / "pages.toml", text))
    assert error in str(raised.value)


def test_a_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        site.read(tmp_path / "pages.toml")


@contextmanager
def _service(directory: Path, text: str) -> Iterator[Served]:
    with served(directory, pages=str(_file(directory / "pages.toml", text))) as service:
        yield service


def test_every_process_speaks_with_the_publishers_words(tmp_path: Path) -> None:
    """Pages come from workers, problem pages and the OpenAPI document from the serving process."""
    html = {"accept": "text/html", "accept-language": "en"}
    directory = write_snapshot(tmp_path, people(10))
    with _service(directory, TEXT) as service, service.client() as client:
        start, missing = client.get("/", headers=html), client.get("/nothing/here", headers=html)
        for page in (start, missing):
            assert "Houses of Leipzig" in page.text
            assert site.shipped().texts["en"]["title"] not in page.text
            assert f'<a href="/{PLACES[0]}">' not in page.text
            assert '<a href="/sparql">' in page.text
        assert client.get("/openapi.json").json()["info"]["title"] == "Houses of Leipzig"
        tag = start.headers["etag"]
        assert client.get("/", headers={**html, "if-none-match": tag}).status_code == 304
    with _service(directory, TEXT.replace("Leipzig", "Halle")) as service, service.client() as client:
        again = client.get("/", headers={**html, "if-none-match": tag, "host": start.request.url.netloc.decode()})
        assert (again.status_code, "Houses of Halle" in again.text) == (200, True)


def test_what_answers_are_made_with_has_a_digest(tmp_path: Path) -> None:
    notices = tmp_path / "notices"
    notices.mkdir()
    _file(notices / "imprint.en.md", "We.")
    path = _file(tmp_path / "pages.toml")
    settings = ServeSettings(pages=path, notices=notices)
    before = RouteSettings(settings).digest
    assert RouteSettings(ServeSettings(pages=path, notices=notices, port=1, workers=9)).digest == before
    assert RouteSettings(ServeSettings(pages=path, notices=notices, publisher="We")).digest != before
    _file(notices / "imprint.en.md", "They.")
    assert RouteSettings(settings).digest != before
    _file(path, TEXT + 'claim = "x"')
    assert RouteSettings(settings).digest != before
    assert RouteSettings.decode(RouteSettings(settings).encode()) == RouteSettings(settings)
