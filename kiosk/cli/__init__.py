"""The command line: one file per command; main.py finds the one that was asked."""
