"""The agency's own administration: its units, posts, committees, roles, people and their history.

Everything here has its twin under /api/v1; both carry out the same commands. `rooms` has them all.
"""
