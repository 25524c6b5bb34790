"""Editing: a document that somebody puts over HTTP becomes files of the data and a new edition, both or none.

    request ─> plan ─────> build ─────────> files placed ─> edition in use
               files as    validated,       one rename      another rename
               they will   reasoned         commits
               be

One process does it (`process.py`), with a resident builder. The files of the data directory stay the truth: a process
that is killed behind the first rename leaves an edit that the next build finds, before it none.
"""
