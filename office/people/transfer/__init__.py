"""People and structure as tables: CSV and XLSX, out and in.

Law of this room: a file is foreign until it is read within caps; every mistake names its row and
column; what goes out begins no formula, and comes in again as it went out.
"""
