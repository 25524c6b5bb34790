"""The columns of a coding sheet, by table; docs/importing.md explains each.

A sheet with one table is the table `claims`. There, `actor_…`, `document_…` and `proposition_…` stand for columns of
those tables, so that one flat sheet can describe what it brings along.
"""

from __future__ import annotations

from collections.abc import Mapping

ACTORS = ("id", "name_de", "name_en", "type", "level", "form", "claims")
PROPOSITIONS = ("id", "text_de", "text_en", "issue", "one_thing_because_de", "one_thing_because_en")
DOCUMENTS = (
    "id", "title", "title_en", "actors", "authors", "joint", "date", "date_interval", "date_as_printed", "legislature",
    "language", "source_kind", "kind", "url", "further_urls", "path_in_repository", "file", "locators_machine_checked",
    "looked_for", "searched_nothing_found", "coverage", "caution", "note", "source_file", "source_sha256",
    "replaces",
)  # fmt: skip
# Concepts and instruments that a sheet brings along; `broader` of an instrument is its kind.
TERMS = (
    "scheme", "id", "label_de", "label_en", "alternatives_de", "alternatives_en", "definition_de", "definition_en",
    "broader",
)  # fmt: skip
# The lists that a sheet may add to. The names of their members begin with the singular: `id/target-group/…`.
TERM_SCHEMES = ("actor-kinds", "instrument-kinds", "instruments", "issues", "levels", "target-groups")
CLAIMS = (
    "id", "replaces", "actor", "document", "proposition", "nearest_proposition", "issue", "agreement", "fit", "stance",
    "kind",
    "strength", "target_group", "addressee", "instrument", "paraphrase_de", "paraphrase_en", "locator_heading",
    "locator_first_words", "locator_url", "locator_page", "locator_start", "locator_end", "passage_sha256",
    "coder", "verification_status", "verification_checked_in", "verification_note", "resolved", "note",
    "source_kind", "caution", "status",
    # For readers of the sheet only; an import passes them over.
    "status_reason", "passage_text", "suggestions", "revision",
)  # fmt: skip

TABLES: Mapping[str, frozenset[str]] = {
    "actors": frozenset(ACTORS),
    "propositions": frozenset(PROPOSITIONS),
    "documents": frozenset(DOCUMENTS),
    "terms": frozenset(TERMS),
    "claims": frozenset(CLAIMS),
}
CARRIED: Mapping[str, str] = {"actor": "actors", "document": "documents", "proposition": "propositions"}
CODES = "codes_"


def is_known(table: str, column: str) -> bool:
    """Whether a table has this column."""
    if column in TABLES[table]:
        return True
    if table != "claims":
        return False
    owner, _, field = column.partition("_")
    return column.startswith(CODES) or (owner in CARRIED and field in TABLES[CARRIED[owner]])
