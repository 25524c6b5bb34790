"""`python -m graph_service` is the command line."""

from graph_service.commands.cli import main

main(prog_name="graph-service")
