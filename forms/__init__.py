"""Form definitions (a fixed subset of the form-js schema) to validation and view.

Law of this room: it may import `engine.feel` and nothing else of ours; the server is the only
validator.
"""
