"""Reads papers: a file becomes normalised text with pages, blocks and sentences; quotations are found in it again."""
