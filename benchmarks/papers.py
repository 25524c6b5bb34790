"""What it costs to read and draft a PDF of 40 pages, in seconds of CPU of new processes.

    python benchmarks/papers.py

The pages are made of the paraphrases of the shipped graph. `make bench-papers` writes the other figures.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from graph_service.building.inputs import find_inputs, query_files
from graph_service.building.pipeline import current_or_build
from graph_service.catalogue.queries import QueryFile
from graph_service.settings import BuildSettings
from graph_service.store.embedded import EmbeddedStore

PAGES = 40
PARAGRAPHS = 7
SENTENCES = 4


def make(file: Path) -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    settings = BuildSettings()
    store = EmbeddedStore.open(current_or_build(find_inputs(settings)).path)
    rows = store.rows(QueryFile(query_files(settings).file("papers/paraphrases")).text)
    sentences = [row["text"] for row in rows if row["language"] == "de"]
    styles, parts = getSampleStyleSheet(), []
    for page in range(PAGES):
        parts.append(Paragraph(f"Forderungen {page + 1}", styles["Heading1"]))
        for paragraph in range(PARAGRAPHS):
            start = (page * PARAGRAPHS + paragraph) * SENTENCES
            words = (sentences[at % len(sentences)] for at in range(start, start + SENTENCES))
            parts.append(Paragraph(" ".join(words), styles["BodyText"]))
        parts.append(PageBreak())
    SimpleDocTemplate(str(file)).build(parts)


def cpu(*arguments: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "graph_service", "paper", *arguments], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        file, papers = Path(directory) / "forty-pages.pdf", str(Path(directory) / "papers")
        make(file)
        read = cpu("read", str(file), "--language", "de", "--papers", papers)
        drafted = cpu("draft", "forty-pages", "--papers", papers)
        print(f"{PAGES} pages: read {read:.2f} s, drafted {drafted:.2f} s, together {read + drafted:.2f} s of CPU")


if __name__ == "__main__":
    main()
