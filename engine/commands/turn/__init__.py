"""One turn of an instance: its root row is locked, engine.runtime moves it on, and what it answers
becomes rows.

Law of this folder: whoever changes an instance holds it first (`held`), applies every advance
through `applying`, and saves it once (`held.save`). Listeners hear of it after that, so that a
command which they carry out finds the rows as they are.
"""
