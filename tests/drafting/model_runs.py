"""Runs of a model over a small paper, against a server on the loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

from graph_service.coding.codebook import Codebook
from graph_service.coding.paper_draft import PaperDraft
from graph_service.drafting.chat_completions import ChatModel, Limits, completions_address
from graph_service.drafting.language_model import ModelRun, Progress
from graph_service.reading.paper import Block, BlockKind, Paper
from tests.coding.exchange.papers import a_book, a_paper
from tests.drafting.model_server import Answer, Asked, Respond, serving

SECRET = "sk-do-not-print-4711"
QUICK = Limits(seconds=60, request_seconds=20, retries=2, longest_wait=0.01)
GOOD = {"quotation": "Wir fordern mehr Beratung für alle 👪 Familien.", "proposition": "more-advice", "agreement": "1",
        "issue": "", "stance": "demands", "kind": "", "strength": "", "target_group": ["families"]}  # fmt: skip
GOOD_CODES = {
    "proposition": ("more-advice",),
    "agreement": ("1",),
    "stance": ("demands",),
    "target_group": ("families",),
}


def two_pieces() -> Paper:
    """A paper that is sent in two pieces: the second repeats nothing of the first."""
    first, second = a_paper().text, "Kommunen brauchen Geld. " * 245 + "Wir lehnen jede Abschiebung im Winter ab."
    text = f"{first}\n{second}"
    blocks = (
        Block(kind=BlockKind.PARAGRAPH, start=0, end=len(first)),
        Block(kind=BlockKind.PARAGRAPH, start=len(first) + 1, end=len(text)),
    )
    return a_paper(text).model_copy(update={"blocks": blocks})


class Coder:
    """Runs a model over a paper and keeps its draft in memory."""

    def __init__(self, paper: Paper, limits: Limits = QUICK, key: str = "", book: Codebook | None = None) -> None:
        self.paper, self.limits, self.key, self.book = paper, limits, key, book or a_book()
        self.draft = PaperDraft(paper=paper.name, text_sha256=paper.sha256, coder="model-1")
        self.written: list[PaperDraft] = []

    def change(self, edit: Callable[[PaperDraft], PaperDraft]) -> PaperDraft:
        self.draft = edit(self.draft)
        self.written.append(self.draft)
        return self.draft

    def run(self, address: str, model: str = "small") -> Progress:
        async def follow() -> Progress:
            asked = ChatModel(completions_address(address, self.key), model, self.key, self.limits)
            found = [progress async for progress in ModelRun(self.paper, self.book, asked, self.change).code()]
            return found[-1]

        return asyncio.run(follow())


def ask(respond: Respond, paper: Paper | None = None, **given: Any) -> tuple[Coder, Progress, list[Asked]]:
    with serving(respond) as server:
        coder = Coder(paper or a_paper(), **given)
        progress = coder.run(server.address)
    return coder, progress, server.asked


def always(text: str) -> Respond:
    return lambda _: Answer(text)


def in_turn(*answers: Answer) -> Respond:
    numbers = count()
    return lambda _: answers[min(next(numbers), len(answers) - 1)]


def dropped(progress: Progress) -> dict[str, int]:
    return dict(progress.reader.dropped)
