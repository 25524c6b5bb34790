"""The forms of the page: which columns of a coding sheet they hold, and what each is chosen from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from graph_service.coding import codebook, paper_draft

# What a column is chosen from; any other holds text.
LISTS: Mapping[str, str] = {
    **codebook.LISTS,
    "actors": "actors",
    "broader": "",
    "coverage": "coverages",
    "form": "forms",
    "joint": "yes-no",
    "language": "languages",
    "level": "levels",
    "looked_for": "issues",
    "type": "actor-kinds",
}
# Lists of few members, of which a select box shows all.
_SHORT = frozenset(
    {"agreements", "coverages", "document-kinds", "fits", "forms", "languages", "position-kinds", "source-kinds"}
    | {"strengths", "verbs", "yes-no", "levels"}
)
_LONG = frozenset({"paraphrase_de", "paraphrase_en", "note", "text_de", "text_en", "definition_de", "definition_en"})
_SEVERAL_OF_DOCUMENTS = frozenset({"actors", "looked_for", "caution"})
# What is seldom needed stands behind “more”.
_SELDOM = frozenset({"issue", "nearest_proposition", "fit", "source_kind", "caution", "note", "replaces"})
# What a coder decides first; the other columns follow as in a sheet.
_FIRST = ("proposition", "agreement", "stance", "kind", "strength", "paraphrase_de", "paraphrase_en")
DOCUMENT = (
    "title", "title_en", "date", "kind", "source_kind", "language", "actors", "joint", "url", "looked_for", "coverage",
    "note",
)  # fmt: skip
# Tables that a draft may bring along, and their columns in the form; the short name is made from the first one.
TABLES: Mapping[str, tuple[str, ...]] = {
    "propositions": ("text_de", "text_en", "issue"),
    "actors": ("name_de", "name_en", "type", "level", "form"),
    "terms": ("label_de", "label_en", "definition_de", "definition_en", "broader"),
}
# What the import requires of a row that is brought along; `broader` it requires of instruments only.
_REQUIRED = frozenset(
    {"text_de", "text_en", "issue", "name_de", "name_en", "type", "label_de", "label_en"}
    | {"definition_de", "definition_en"}
)


@dataclass(frozen=True)
class Field:
    """A field of a form.

    Attributes:
        name: the column.
        list: what it is chosen from, empty for text.
        several: whether it holds several values.
        short: whether a select box shows the whole list.
        long: whether its text needs several lines.
        seldom: whether it stands behind “more”.
        required: whether what is brought along needs it.
    """

    name: str
    list: str = ""
    several: bool = False
    short: bool = False
    long: bool = False
    seldom: bool = False
    required: bool = False


@cache
def position() -> tuple[Field, ...]:
    """The form of a position."""
    columns = (*_FIRST, *(column for column in paper_draft.CODES if column not in _FIRST))
    return tuple(_fields("positions", columns, paper_draft.SEVERAL))


def document() -> tuple[Field, ...]:
    """The form of the facts on the document."""
    return tuple(_fields("documents", DOCUMENT, _SEVERAL_OF_DOCUMENTS))


def table(name: str) -> tuple[Field, ...]:
    """The form of a row that the draft brings along."""
    return tuple(_fields(name, TABLES[name], frozenset()))


def lacking(name: str, row: Mapping[str, str]) -> list[str]:
    """The columns that a row of a table needs and does not have."""
    needed = [field.name for field in table(name) if field.required]
    needed += ["broader"] if row.get("scheme") == "instruments" else []
    return [column for column in needed if not row.get(column)]


def _fields(form: str, columns: Iterable[str], several: frozenset[str]) -> Iterable[Field]:
    for column in columns:
        of = "document-kinds" if (form, column) == ("documents", "kind") else LISTS.get(column, "")
        yield Field(
            column,
            of,
            several=column in several,
            short=of in _SHORT,
            long=column in _LONG,
            seldom=form == "positions" and column in _SELDOM,
            required=form in TABLES and column in _REQUIRED,
        )
