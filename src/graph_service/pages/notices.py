"""Imprint, data protection and corrections: pages with the publisher's text, or a note that it is missing.

A directory of files in Markdown, named after page and language:

    imprint.de.md  imprint.en.md  privacy.de.md  privacy.en.md  corrections.de.md  corrections.en.md
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter
from markupsafe import Markup

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import SettingsError
from graph_service.http import web
from graph_service.http.protocol.problems import RequestError
from graph_service.http.web import markdown
from graph_service.pages.page_routes import add_page
from graph_service.pages.visit import PageContent, Visit
from graph_service.views.labels import Label

PAGES = ("imprint", "privacy", "corrections")
_ABOUT = Parameter(
    type=Type.IRI,
    example="id/thing",
    title={"en": "What is to be corrected", "de": "Was zu berichtigen ist"},
)
# A mailbox as addresses have them in practice (RFC 6068, section 2, without quoted names).
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$*+/=^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Notices:
    """What a publisher says about himself.

    Attributes:
        texts: Markdown by page and language.
        contact: mail address for corrections, empty for none.
    """

    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    contact: str = ""

    @classmethod
    def read(cls, directory: Path | None, contact: str) -> Notices:
        """Those of a directory; without one, none.

        Raises:
            SettingsError: it holds none of the files, one is not UTF-8, or the contact is no mail address.
        """
        if contact and not _MAILBOX.fullmatch(contact):
            raise SettingsError(f"{contact!r} is no mail address.", hint="Write one like corrections@example.org.")
        return cls(_texts(directory) if directory is not None else {}, contact)

    def text(self, page: str, language: str) -> tuple[Markup, str] | None:
        """The text of a page as HTML with its language: that of the page, else another one; None if there is none."""
        for spoken in (language, *web.LANGUAGES):
            if (page, spoken) in self.texts:
                return markdown.html(self.texts[page, spoken]), spoken
        return None


def _texts(directory: Path) -> dict[tuple[str, str], str]:
    names = {(page, language): f"{page}.{language}.md" for page in PAGES for language in web.LANGUAGES}
    files = {key: directory / name for key, name in names.items() if (directory / name).is_file()}
    if not files:
        raise SettingsError(f"{directory} holds no notices.", hint=f"Its files are named {', '.join(names.values())}.")
    try:
        return {key: path.read_text(encoding="utf-8-sig") for key, path in files.items()}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"Notices in {directory} cannot be read: {error}.", hint="Save them as UTF-8.") from None


def add_notices(routes: APIRouter, notices: Notices) -> None:
    """Add the three pages; `notices` are what they say."""
    add_page(routes, "/imprint", _plain("imprint", notices))
    add_page(routes, "/privacy", _plain("privacy", notices))
    add_page(routes, "/corrections", _corrections(notices), {"about": _ABOUT})


def _plain(name: str, notices: Notices) -> Callable[[Visit], Awaitable[PageContent]]:
    async def page(visit: Visit) -> PageContent:
        return PageContent("notice", _facts(name, notices, visit.language))

    return page


def _facts(name: str, notices: Notices, language: str) -> dict[str, object]:
    return {"notice": name, "said": notices.text(name, language)}


def _corrections(notices: Notices) -> Callable[[Visit], Awaitable[PageContent]]:
    async def page(visit: Visit) -> PageContent:
        facts = {**_facts("corrections", notices, visit.language), "about": "", "contact": notices.contact}
        about = visit.one("about")
        if not about:
            return PageContent("corrections", facts)
        iri = visit.show.names.expand(about)
        if await visit.edition.descriptions.known([iri], visit.questions.asked_by(visit.client)) is None:
            raise RequestError(404, "Nothing of this name is known here.", hint="/sitemap.xml lists what is.")
        await visit.label([iri])
        letter = _letter(visit, iri)
        return PageContent(
            "corrections", {**facts, "about": iri, "letter": letter, "address": _mail(notices.contact, letter)}
        )

    return page


def _letter(visit: Visit, iri: str) -> Label:
    """What to send, as subject and text."""
    words = web.words(visit.language)
    lines = (
        f"{words['corrections.letter.about']}: {visit.show.iri(iri).text}",
        f"<{iri}>",
        f"{words['corrections.letter.digest']}: {visit.questions.store.digest}",
        "",
        f"{words['corrections.letter.wrong']}:",
        "",
        f"{words['corrections.letter.right']}:",
        "",
        f"{words['corrections.letter.source']}:",
        "",
    )
    return Label("\n".join(lines), visit.language)


def _mail(contact: str, letter: Label) -> str:
    """A mail that is filled in but not sent (RFC 6068); empty without a contact."""
    if not contact:
        return ""
    subject = web.words(letter.language)["corrections.letter.subject"]
    # Lines end in CRLF there (section 5).
    body = quote(letter.text.replace("\n", "\r\n"), safe="")
    return f"mailto:{quote(contact, safe='@')}?subject={quote(subject, safe='')}&body={body}"
