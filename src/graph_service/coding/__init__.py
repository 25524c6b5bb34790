"""Codings of a paper before they are in the graph: drafts, sheets, agreement of coders, editions, exchange."""
