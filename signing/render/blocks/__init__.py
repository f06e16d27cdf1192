"""The blocks that templates are made of, by the names they have in the template files.

A block takes the sheet and the parameters of its entry in the template, and gives strips.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from signing.render.blocks import body, closing, head, memo, people
from signing.render.strips import Strip

BLOCKS: Mapping[str, Callable[..., list[Strip]]] = {
    "emblem": head.emblem,
    "letterhead": head.letterhead,
    "line": head.line,
    "labelled": head.labelled,
    "attachments": head.attachments,
    "rule": head.rule,
    "memo_title": memo.title,
    "leaders": memo.leaders,
    "body": body.body,
    "people": people.people,
    "signature": closing.signature,
    "seal": closing.seal,
    "foot": closing.foot,
}
