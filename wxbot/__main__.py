"""`python -m wxbot` is the `wxbot` command."""

from wxbot.entrypoints.cli import main

main()
