"""Benchmarks: each figure as a ratio to its baseline in the same run (`make bench`)."""
