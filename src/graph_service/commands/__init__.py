"""The command line: one module for each large command."""
