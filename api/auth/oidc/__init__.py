"""Sign-in by an OpenID Connect provider: what is asked of it, and how its answers are checked.

`outside` speaks HTTP, within limits; `discovery` learns and remembers what a provider publishes;
`tokens` judges what it signed; `flow` takes a browser there and back. Who the person is, and what
is kept of it, is the business of `office.accounts`.
"""
