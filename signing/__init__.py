"""Content to PDF to signed PDF to verdict.

Law of this room: it imports nothing of ours, knows no database and no HTTP session, and asks
nobody the time: callers hand in `at` or a clock. Only this room imports pyHanko and reportlab.
"""
