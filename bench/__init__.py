"""Benchmarks: each against its named peer or limit, both sides in one run; bounds in bounds.toml."""
