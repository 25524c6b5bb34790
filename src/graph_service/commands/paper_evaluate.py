"""`graph-service paper evaluate`: how good suggestions and proposals are on coded collections."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graph_service.building import evidence
from graph_service.building.inputs import find_inputs, query_files
from graph_service.building.pipeline import current_or_build
from graph_service.catalogue.queries import QueryFile
from graph_service.commands.flags import say, settings_of
from graph_service.drafting import corpus, debatenet, evaluation_tables, hits, passages_found
from graph_service.drafting.hits import Hits
from graph_service.settings import BuildSettings
from graph_service.store.embedded import EmbeddedStore

_ABOUT = """# From a paper to the graph: how good the suggestions are

Written by `make bench-papers`. Of each document, nothing is suggested that was learnt from it: collections are divided
into ten parts by document, texts with coded passages into five. A hit is a passage with one of its propositions
among the first 1, 5 or 10 suggestions. CPU is for a passage, without learning, on a shared machine of two cores.
"""
_PASSAGES = """## Passages

A coded passage is found if proposals cover at least half of it; a proposal is right if at least half of it is coded.
Programmes speak of all fields of policy, and only passages on {number} propositions are coded: what is proposed besides
is not wrong for that reason, so precision is a lower bound. Limits of relevance were tuned on every second document.
`again`: coded passages found again by their words, in one line and without hyphens at line ends; `not` found or in
several places; `wrong`: found elsewhere.
"""


@click.command()
@click.option("--collection", type=click.Path(path_type=Path), help="Coded passages in the form of DebateNet.")
@click.option("--sources", type=click.Path(path_type=Path), help="Directory of source texts, to measure on passages.")
@click.option("--text-language", default="de", show_default=True, help="Of the paraphrases and texts measured on.")
@click.option("--write", type=click.Path(path_type=Path), help="Markdown file that gets the tables.")
@settings_of(BuildSettings)
def evaluate(
    collection: Path | None, sources: Path | None, text_language: str, write: Path | None, **given: Any
) -> None:
    """Measure suggestions on what the graph has coded, or on a coded collection."""
    settings = BuildSettings(**given)
    parts = [_ABOUT]
    if collection:
        coded = debatenet.read(collection)
        parts.append(evaluation_tables.of_hits({collection.stem: hits.measure(coded, coded)}))
    store = EmbeddedStore.open(current_or_build(find_inputs(settings), say).path)
    queries = query_files(settings)
    known = corpus.read(store.rows, queries, sources, blind_to="")
    parts.append(evaluation_tables.of_hits(_of_the_graph(known, text_language)))
    if sources:
        rows = store.rows(QueryFile(queries.file("evidence/passages")).text)
        found = []
        for document in passages_found.measure(known, evidence.passages(rows), sources, text_language):
            say(f"{document.file}: {document.found} of {document.coded} found, {document.proposed} proposed")
            found.append(document)
        number = len({code for text in known.texts for code in text.codes.get("proposition", ())})
        parts += [_PASSAGES.format(number=number), evaluation_tables.of_passages(found)]
    text = "\n\n".join(part.strip() for part in parts) + "\n"
    click.echo(text, nl=False)
    if write:
        write.write_text(text, encoding="utf-8")


def _of_the_graph(known: corpus.Corpus, language: str) -> dict[str, Hits]:
    texts = [text for text in known.texts if text.language == language and text.codes.get("proposition")]
    paraphrases = [text for text in texts if text.document and not text.is_quoted]
    quoted = [text for text in texts if text.is_quoted]
    own_words = [text for text in texts if not text.is_quoted]
    found = {"own paraphrases, learnt from paraphrases": hits.measure(own_words, paraphrases)}
    if quoted:
        found["own passages, learnt from paraphrases"] = hits.measure(own_words, quoted)
        found["own passages, learnt from both"] = hits.measure(texts, quoted)
    return found
