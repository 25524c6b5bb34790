"""Supervised work: a keeper loads what work needs and forks workers, which can be killed at any time.

What a worker does is not known here. A *role* is a kind of work: a function from the bytes of a request to the bytes of
an answer, and what a worker that does it may use.
"""
