"""Files: contents by hash in a storage port, the checks of an upload, and the rows that name them.

The database says what exists; storage only holds bytes. A content without a row is an orphan, and
a row that nothing holds is one too: both are collected (see `collect`).
"""
