"""Running instances taken from one version of a process to another, token by token.

A state names the places where its tokens stand, and nothing of the way there. So migrating is to
find, for every token, the place of the new version that means the same (`targets`), to put it
there, and to renew what it waits for where the new version says otherwise (`settling`). Tokens
keep their ids, and loops what they have collected. One token without a place and nothing moves.
"""
