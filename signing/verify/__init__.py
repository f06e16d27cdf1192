"""What a signed PDF proves: per signature, answered apart, and in one word."""

from __future__ import annotations

from signing.verify.covered import covered
from signing.verify.guarded import verify_kept, verify_upload
from signing.verify.judging import verify
from signing.verify.verdict import SignatureVerdict, Verdict

__all__ = ["SignatureVerdict", "Verdict", "covered", "verify", "verify_kept", "verify_upload"]
