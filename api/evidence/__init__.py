"""One case as one file that proves itself: `make` writes it, `examine` judges it anywhere.

In it are the root's whole history with its chain, the versions of the processes that ran, every
frozen version of its documents, their signatures and the lines of the number journal. The same case
gives the same bytes again, so that two copies are compared by their seal.
"""

from __future__ import annotations

from api.evidence.container import Broken
from api.evidence.examining import Report, examine
from api.evidence.making import Made, Sources, make

__all__ = ["Broken", "Made", "Report", "Sources", "examine", "make"]
