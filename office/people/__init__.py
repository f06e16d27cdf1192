"""People and posts of every agency: units, positions, persons, who holds and who acts for which.

Law of this room: all rows carry a period, nothing is deleted; what holds "now" is asked with a
moment. `rules` are pure; `directory` is the engine's port; `queries` are for pages and rooms.
"""
