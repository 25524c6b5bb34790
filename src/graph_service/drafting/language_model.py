"""A language model as one more coder: its own draft, every position proposed, every run on record.

The draft is written after each piece, so that a stop in the middle keeps what is there.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

from graph_service.coding.codebook import Codebook
from graph_service.coding.paper_draft import PaperDraft, Run, passage
from graph_service.drafting.chat_completions import ChatModel, ModelError
from graph_service.drafting.model_answers import AnswerReader, CodedPlace, positions_of
from graph_service.drafting.model_prompt import AGAIN, Piece, Prompt, pieces
from graph_service.errors import SettingsError
from graph_service.reading.paper import Paper
from graph_service.version import __version__

ORIGIN, CODERS = "model", "model-"
_LONGEST_NAME = 100
Edit = Callable[[PaperDraft], PaperDraft]
Change = Callable[[Edit], PaperDraft]


@dataclass
class Progress:
    """How far a run is.

    Attributes:
        pieces: of the paper.
        asked: pieces that were answered or given up.
        added: positions in the draft.
        reader: counts what was dropped.
        stopped: why the run ended before the last piece.
    """

    pieces: int
    reader: AnswerReader
    asked: int = 0
    added: int = 0
    stopped: str = ""

    def lines(self) -> list[str]:
        """The report for people."""
        dropped = [f"dropped: {count} {reason}" for reason, count in sorted(self.reader.dropped.items())]
        stopped = [f"stopped: {self.stopped}"] if self.stopped else []
        return [f"{self.added} positions proposed from {self.asked} of {self.pieces} pieces", *dropped, *stopped]


@dataclass
class ModelRun:
    """One run over a paper.

    Attributes:
        paper: the paper.
        book: the codes of the graph.
        model: that is asked.
        change: changes the draft on disk and returns it.
    """

    paper: Paper
    book: Codebook
    model: ChatModel
    change: Change
    _name: str = field(default="", init=False)

    async def code(self) -> AsyncIterator[Progress]:
        """Ask about one piece after the other; gives the progress after each.

        Raises:
            ModelError: the model does not answer about the first piece; later the run is stopped and keeps what it has.
        """
        prompt = Prompt(self.book)
        parts = pieces(self.paper)
        progress = Progress(len(parts), AnswerReader(self.paper.text, self.book, prompt.examples))
        async with self.model as model:
            try:
                for piece in parts:
                    positions = await self._positions(model, prompt, piece)
                    if positions is None:
                        progress.reader.dropped["answers that are not the JSON asked for"] += 1
                    found = [*progress.reader.coded_places(positions or [], piece)]
                    progress.asked += 1
                    self._record(found, progress, prompt)
                    yield progress
            except ModelError as error:
                if not progress.asked:
                    raise
                progress.stopped = str(error)
                self._record([], progress, prompt)
                yield progress

    async def _positions(self, model: ChatModel, prompt: Prompt, piece: Piece) -> list[object] | None:
        """The positions of the answer; an answer of another form is asked for once more."""
        messages = prompt.messages(self.paper.text[piece.start : piece.end])
        answer = await model.ask(messages, prompt.schema())
        positions = positions_of(answer)
        if positions is None:
            positions = positions_of(await model.ask([*messages, {"role": "user", "content": AGAIN}], prompt.schema()))
        return positions

    def _record(self, places: Iterable[CodedPlace], progress: Progress, prompt: Prompt) -> None:
        added = duplicates = 0

        def edit(draft: PaperDraft) -> PaperDraft:
            nonlocal added, duplicates
            self._name = self._name or f"run-{len(draft.runs) + 1}"
            added = duplicates = 0
            positions = list(draft.positions)
            there = {(p.ranges, p.code("proposition")) for p in positions}
            number = int(draft.next_id()[1:])
            for place in places:
                key = place.ranges, next(iter(place.codes.get("proposition", ())), "")
                if key in there:
                    duplicates += 1
                    continue
                there.add(key)
                new = passage(self.paper, place.ranges, f"p{number + added}", ORIGIN)
                positions.append(new.model_copy(update={"codes": place.codes, "run": self._name}))
                added += 1
            counted = progress.reader.dropped + _counter(duplicates)
            run = self._run(progress.asked, progress.pieces, progress.added + added, counted, prompt.sha256)
            runs = [*(r for r in draft.runs if r.id != run.id), run]
            return draft.with_positions(positions).model_copy(update={"runs": tuple(runs)})

        self.change(edit)
        progress.added += added
        progress.reader.dropped.update(_counter(duplicates))

    def _run(self, asked: int, parts: int, added: int, dropped: Counter[str], prompt: str) -> Run:
        details = {
            "model": self.model.model,
            "address": self.model.address,
            "prompt_sha256": prompt,
            "temperature": "0",
            "pieces": f"{asked} of {parts}",
            "requests": str(self.model.used),
            "proposed": str(added),
        }
        details |= {f"dropped: {reason}": str(count) for reason, count in sorted(dropped.items())}
        now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Run(id=self._name, program=f"graph-service {__version__} ask-model", time=now, details=details)


def check_names(coder: str, model: str) -> None:
    """Refuse names that would mix a model's positions with a person's.

    Raises:
        SettingsError: the coder is not called `model-…`, or the model's name is empty or too long.
    """
    if not coder.startswith(CODERS):
        raise SettingsError(f"{coder!r} is not the name of a model's draft.", hint=f"Begin it with {CODERS}.")
    if not model.strip() or len(model) > _LONGEST_NAME or not model.isprintable():
        raise SettingsError("The model has no usable name.", hint="Give --model as the server calls it.")


def _counter(duplicates: int) -> Counter[str]:
    return Counter({"positions that are there already": duplicates} if duplicates else {})
