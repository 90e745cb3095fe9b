"""Say what changed between two OpenAPI documents, and whom it breaks.

Exit codes: 0 nothing breaks, 1 something breaks, 2 a document cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .compare import compare
from .document import Document, Unreadable
from .report import FORMATS


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.apidiff",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", type=Path, help="the document as it was, YAML or JSON")
    parser.add_argument("new", type=Path, help="the document as it is")
    parser.add_argument("--format", choices=FORMATS, default="table")
    options = parser.parse_args(arguments)
    try:
        found = compare(Document.read(options.old), Document.read(options.new))
    except Unreadable as problem:
        print(f"apidiff: {problem}", file=sys.stderr)
        return 2
    print(FORMATS[options.format](found), end="")
    return 1 if any(f.judgement == "breaking" for f in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
