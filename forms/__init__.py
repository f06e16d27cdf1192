"""Form definitions (a fixed subset of the form-js schema) to validation and view.

Law of this room: of ours it imports `engine.feel` and the plain values of `engine.ports` and
`engine.jsonio`; the server is the only validator.
"""
