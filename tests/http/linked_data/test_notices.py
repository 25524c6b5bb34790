"""Imprint, data protection, corrections: what the publisher wrote, safely; and where he wrote nothing, that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from graph_service.errors import SettingsError
from graph_service.http.web import markdown, words
from graph_service.pages.notices import Notices
from graph_service.settings import ServeSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.http.linked_data.conftest import OWN_BASE
from tests.snapshot_servers import Stores

IMPRINT = """# Verein

Musterweg 1, [Seite](https://example.org/x) <script>alert(1)</script>

[a](javascript:alert(1)) [b](data:text/html,x) ![c](https://web.example/c.png) <img src=x onerror=alert(1)>
"""


@pytest.fixture(scope="module")
def client(stores: Stores, own_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    notices = tmp_path_factory.mktemp("notices")
    # As an editor of Windows writes it, with a byte order mark.
    (notices / "imprint.de.md").write_text(IMPRINT, encoding="utf-8-sig")
    settings = ServeSettings(notices=notices, contact="post@example.org")
    with stores.served(own_snapshot, settings) as server, server.client() as client:
        yield client


def test_what_the_publisher_wrote(client: httpx2.Client) -> None:
    page = client.get("/imprint?lang=de").text
    assert "<h2>Verein</h2>" in page
    assert '<a href="https://example.org/x">Seite</a>' in page
    for harm in ("<script>alert", "<img", 'href="javascript', 'href="data:'):
        assert harm not in page, harm
    # In the other language it is shown as what it is.
    assert '<div lang="de">' in client.get("/imprint?lang=en").text


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ["imprint", "privacy", "corrections"])
def test_where_he_wrote_nothing_the_page_says_so(own: httpx2.Client, name: str, language: str) -> None:
    page = own.get(f"/{name}?lang={language}")
    assert page.status_code == 200
    assert words(language)["notice.empty"] in page.text
    assert "set-cookie" not in page.headers
    assert f'href="/{name}?lang={language}"' in own.get(f"/page/person/b?lang={language}").text


def test_a_correction_is_about_something_and_ready_to_send(client: httpx2.Client) -> None:
    page = client.get("/page/person/a?lang=en").text
    link = re.search(r'href="(/corrections\?about=[^"]+)"', page)
    assert link is not None
    asked = client.get(link[1].replace("&amp;", "&")).text
    mail = re.search(r'href="(mailto:[^"]+)"', asked)
    assert mail is not None
    address = urlsplit(mail[1].replace("&amp;", "&"))
    assert address.path == "post@example.org"
    body = parse_qs(address.query)["body"][0]
    assert f"<{OWN_BASE}person/a>" in body
    assert "\r\n" in body
    assert "<form" not in asked.partition("<main")[2]
    # The name of that thing is hostile.
    assert "<img" not in asked


def test_a_correction_of_nothing_is_not_found(client: httpx2.Client) -> None:
    assert client.get("/corrections", params={"about": "https://elsewhere.example/%3Cb%3E"}).status_code == 404
    assert client.get("/corrections", params={"about": "x y"}).status_code in (404, 422)


def test_without_a_contact_there_is_no_mail(own: httpx2.Client) -> None:
    assert "mailto:" not in own.get("/corrections?about=person/a").text


def test_settings_that_cannot_be(tmp_path: Path) -> None:
    for directory, contact in ((tmp_path, ""), (None, "nobody"), (None, "a@b.example?cc=c@d.example")):
        with pytest.raises(SettingsError):
            Notices.read(directory, contact)
    (tmp_path / "privacy.en.md").write_bytes(b"\xff")
    with pytest.raises(SettingsError):
        Notices.read(tmp_path, "")


def test_headings_stay_below_that_of_the_page() -> None:
    assert markdown.html("# a\n\n###### b\n") == "<h2>a</h2>\n<h6>b</h6>\n"
