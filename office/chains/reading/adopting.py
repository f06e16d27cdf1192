"""A composed process that was begun under another key, after which its forms are still named."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.runtime.diagram import Process
from office.chains.model import SENT_BACK

_START = "-start"
_FORM = ".form.json"


def former_key(process: Process) -> str:
    """The key under which it was composed, by what is named after it. Empty: nothing is."""
    if process.start_form is not None and process.start_form.text.endswith(_START):
        return process.start_form.text.removesuffix(_START)
    results = (node.settings.result or "" for node in process.nodes.values())
    kept = next((one for one in results if one.endswith(SENT_BACK)), "")
    own = kept == f"{process.id.replace('-', '_')}{SENT_BACK}"
    return process.id if own else kept.removesuffix(SENT_BACK)


def under_key(files: Mapping[str, bytes], former: str, key: str) -> dict[str, bytes]:
    """The files as they are composed under the key."""
    return {
        _form(name, former, key): content if name.endswith(_FORM) else _text(content, former, key)
        for name, content in files.items()
    }


def _form(name: str, former: str, key: str) -> str:
    begins = f"{former}-"
    return (
        key + name.removeprefix(former)
        if name.startswith(begins) and name.endswith(_FORM)
        else name
    )


def _text(content: bytes, former: str, key: str) -> bytes:
    """Forms by their keys, and the variable that says who sent work back."""
    text = content.decode("utf-8", "surrogateescape")
    text = re.sub(rf'\b((?:form|key)=["\'])({re.escape(former)})-', rf"\g<1>{key}-", text)
    before, after = (f"{one.replace('-', '_')}{SENT_BACK}" for one in (former, key))
    text = re.sub(rf"\b{re.escape(before)}\b", after, text)
    return text.encode("utf-8", "surrogateescape")
