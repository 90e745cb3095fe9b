"""Compare two OpenAPI documents by meaning, and judge each difference for the users of an SDK.

    python -m tools.apidiff OLD NEW [--format table|json|changelog]

The parts: `document` reads, `compare` walks two documents side by side, `rules` is the judgement,
`names` knows the Python names, `report` prints.
"""

from .compare import Finding, compare
from .document import Document, Unreadable
from .rules import RULES, release

__all__ = ["RULES", "Document", "Finding", "Unreadable", "compare", "release"]
