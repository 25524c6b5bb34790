"""What a coder should know of a column, as the comment on its header; docs/importing.md says it at length."""

from __future__ import annotations

from collections.abc import Mapping

from graph_service.importing.sheet_columns import TERM_SCHEMES

HELP: Mapping[str, str] = {
    "status": "accepted, rejected or proposed. Only accepted rows go into the graph.",
    "passage_text": "The words of the paper, to read. They stay in this sheet.",
    "suggestions": "What a program found near, with a score from 0 to 1. To read only.",
    "actor": "Who holds the position; empty: who speaks in the document.",
    "proposition": "What the passage agrees or disagrees with; empty where it really addresses none.",
    "nearest_proposition": "Where no proposition suits: the one it comes near to. Then fill in issue.",
    "issue": "Only where no proposition suits.",
    "agreement": "1 agrees, 0 conditional or mixed, -1 disagrees with what the proposition says.",
    "fit": "full (default), or partial where the passage says less or something else.",
    "stance": "The verb of the text: demands, supports, opposes, asserts, undertakes.",
    "kind": "The role of the statement in the text.",
    "strength": "How binding the wording is.",
    "target_group": "Whom it concerns; several with “;” between.",
    "addressee": "Who is to act: actors; several with “;” between.",
    "instrument": "Acts, plans for acts, standards and programmes that the passage cites.",
    "paraphrase_de": "One sentence in your own words. One language is enough.",
    "paraphrase_en": "One sentence in your own words. One language is enough.",
    "source_kind": "Only where it is not that of the document.",
    "replaces": "Positions of the older edition of the paper, in the graph already, that this one takes the place of.",
    "caution": "Reservations that are to be shown along.",
    "note": "What you remark on the position, in English.",
    "status_reason": "Why the row was rejected, or how a difference was settled.",
    "locator_start": "Where the passage begins in the text. Locked: another place is another passage.",
    "passage_sha256": "Digest of the passage. Locked.",
    "scheme": "The list that the term joins: " + ", ".join(TERM_SCHEMES) + ".",
    "broader": "The terms above it in the same list; of an instrument, its kind.",
    "one_thing_because_de": "Why a text with “und” or “oder” says one thing.",
}
