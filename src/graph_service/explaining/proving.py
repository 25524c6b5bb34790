"""Proofs in a process of their own: one that takes too long is ended with it, and nobody else waits.

    parent (asyncio)  ── a JSON object a line: subject, predicate, object, form, language ──>  child (holds the facts)
                      <── a JSON object a line: the proof's text, or the error's class and words ──

The child is started when somebody first asks, and again after one that had to be ended.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

from graph_service import errors
from graph_service.catalogue.queries import QueryFile
from graph_service.errors import GraphServiceError, QueryTimeout, StoreBusy, WorkerLost
from graph_service.explaining.explanation import Explainer
from graph_service.snapshots.snapshot import Snapshot, open_snapshot

FORMS = ("json", "text", "turtle")
SECONDS = 20.0
# Questions that may wait for the one that is being answered.
WAITING = 16
_LONGEST_LINE = 64 * 1024 * 1024


class Prover:
    """Asks the child.

    Args:
        snapshot: whose triples are explained.
        places: the query file that tells the passage behind a node.
        seconds: time that one proof may take, reading the snapshot included.
    """

    def __init__(self, snapshot: Snapshot, places: Path, seconds: float = SECONDS) -> None:
        self.digest = snapshot.digest
        self._command = (sys.executable, "-m", "graph_service.explaining.proving", str(snapshot.path), str(places))
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._child: Process | None = None

    async def prove(self, triple: tuple[str, str, str], form: str, language: str) -> str:
        """The proof of a triple in one of `FORMS`.

        Raises:
            ParameterError: part of it is no term.
            NotEntailed: it neither stands in the data nor follows from them.
            QueryTimeout: the proof was not found in time.
            StoreBusy: too many wait already.
            WorkerLost: the child ended while it looked.
        """
        if self._waiting >= WAITING:
            raise StoreBusy("Many proofs are being looked for.", hint="Ask again in a moment.")
        self._waiting += 1
        try:
            async with self._lock:
                answer = await self._ask({"triple": triple, "form": form, "language": language})
        finally:
            self._waiting -= 1
        if "error" in answer:
            raise getattr(errors, answer["error"])(answer["message"], hint=answer["hint"])
        return str(answer["proof"])

    async def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            if child.returncode is None:
                child.kill()
            await child.wait()

    async def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        answered = False
        try:
            async with asyncio.timeout(self._seconds):
                child = await self._running()
                if child.stdin is None or child.stdout is None:
                    raise WorkerLost("The proof could not be looked for.")
                child.stdin.write(json.dumps(question).encode() + b"\n")
                await child.stdin.drain()
                line = await child.stdout.readline()
            answered = line.endswith(b"\n")
        except TimeoutError:
            raise QueryTimeout(f"No proof was found within {self._seconds:g} s.") from None
        except (BrokenPipeError, ConnectionResetError):
            line = b""
        finally:
            # Also when the client went away: what the child would answer belongs to nobody.
            if not answered:
                await self.close()
        if not answered:
            raise WorkerLost("The process that looked for the proof has ended.", hint="Ask again.")
        found: dict[str, Any] = json.loads(line)
        return found

    async def _running(self) -> Process:
        if self._child is None or self._child.returncode is not None:
            self._child = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, limit=_LONGEST_LINE, start_new_session=True
            )
        return self._child


def main(snapshot: str, places: str) -> None:
    """Answer questions from standard input until it ends."""
    explainer = Explainer(open_snapshot(Path(snapshot)), QueryFile(Path(places)))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(json.loads(line), explainer)) + "\n")
        sys.stdout.flush()


def _answer(question: dict[str, Any], explainer: Explainer) -> dict[str, str]:
    try:
        proof = explainer.explain(*question["triple"])
        language = question["language"]
        if question["form"] == "json":
            return {"proof": json.dumps(explainer.json(proof, language), ensure_ascii=False)}
        write = explainer.text if question["form"] == "text" else explainer.turtle
        return {"proof": write(proof, language)}
    except GraphServiceError as error:
        return {"error": type(error).__name__, "message": error.message, "hint": error.hint}
    except Exception as error:  # noqa: BLE001 - one question must not end the answers to others
        print(f"explain: {type(error).__name__}: {error}", file=sys.stderr)
        return {"error": "GraphServiceError", "message": "The proof could not be written.", "hint": ""}


if __name__ == "__main__":
    main(*sys.argv[1:])
