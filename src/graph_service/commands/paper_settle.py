"""`graph-service paper settle`: make one draft of what several coders have."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.coding import draft_file
from graph_service.coding.coders import settling
from graph_service.coding.paper_draft import Status
from graph_service.commands.paper import papers_option
from graph_service.commands.paper_agreement import drafts_of
from graph_service.errors import SettingsError
from graph_service.reading.shelf import Shelf


@click.command()
@click.argument("name")
@click.argument("coders", nargs=-1, metavar="[CODER]...")
@papers_option
def settle(name: str, coders: tuple[str, ...], papers: Path) -> None:
    """Put the codings of a paper together: accept what is alike, propose what differs.

    The result is the draft of the coder `agreed`. Repeated, the command adds what coders have accepted since, and
    leaves alone what stands there. CODERs are all who have a draft on NAME, unless you name some.
    """
    if settling.AGREED in coders:
        raise SettingsError(f"{settling.AGREED} is the settled draft, no coder.", hint="Leave it out.")
    shelf = Shelf(papers)
    paper, drafts = drafts_of(shelf, name, coders)
    known = {one.id for one in draft_file.read(shelf, paper, settling.AGREED).positions}
    draft = draft_file.change(shelf, paper, settling.AGREED, lambda before: settling.settle(paper, drafts, before))
    new = [position for position in draft.positions if position.id not in known]
    alike = sum(position.status is Status.ACCEPTED for position in new)
    click.echo(
        f"{len(new)} positions of {', '.join(one.coder for one in drafts)}: {alike} alike, {len(new) - alike} differ"
    )
    if differing := [one for one in draft.positions if one.status is Status.PROPOSED]:
        click.echo(f"{len(differing)} to settle, each with a reason: graph-service paper review {name} --coder agreed")
    for one in settling.unexplained(paper, draft):
        click.echo(f"{one.id} was settled without a reason: “{paper.cut(one.ranges)[:60]}”")
