"""Official style: what a clerk of the registry would mend in a letter, with the mend. Pure.

Advice only: nothing here refuses anything.
"""

from office.documents.style.checking import check
from office.documents.style.finding import Finding
from office.documents.style.mending import mend_all, mend_one

__all__ = ["Finding", "check", "mend_all", "mend_one"]
