"""Who may do what: proof of who a visitor is, by a token or by words, and how often words may be tried."""

from xiaoer.access.proofs import Admission, CountedProofs, ProofLimits, Proofs, after_try, subject_of
from xiaoer.access.visitors import BadVisitorTokenError, VisitorTokens

__all__ = [
    "Admission",
    "BadVisitorTokenError",
    "CountedProofs",
    "ProofLimits",
    "Proofs",
    "VisitorTokens",
    "after_try",
    "subject_of",
]
