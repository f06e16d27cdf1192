"""The e-Office: people, accounts, calendar, documents, correspondence, files, notices.

Law of this room: each subject has the same files (models, rules, commands, queries, actions,
errors); people, accounts, calendar, documents, files and notices are shared, the others do not
import one another. `rules` are pure.
"""
