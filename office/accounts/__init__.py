"""Local accounts: passwords, second factors, sessions, API tokens, and the limits on guessing.

Law of this room: a secret never enters a command, a log or a job. `sign_in` and `credentials`
hash and check outside any transaction, then tell the bus what came of it.
"""
