"""Ended cases put away by policy: evidence first, then their rows go.

`working.archive_due` does it, case by case, each in a transaction of its own; `jobs` runs it in a
worker, `proofs` holds the files against the tombstones, `sending` gives one out again. Years later
people may decide that files go (`deciding`, `destroying`, the process records-destruction).
"""
