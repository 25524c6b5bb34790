"""Rows of a coding sheet from a draft: who holds what names no holder."""

from __future__ import annotations

import pytest

from graph_service.coding import draft_rows


@pytest.mark.parametrize(
    ("joint", "holders"), [("", ""), ("no", ""), ("nein", ""), ("yes", "spd; gruene"), ("Ja", "spd; gruene")]
)
def test_several_who_speak_hold_positions_only_together(joint: str, holders: str) -> None:
    assert draft_rows.speaker({"actors": "spd; gruene", "joint": joint}) == holders
    assert draft_rows.speaker({"actors": "spd", "joint": joint}) == "spd"
