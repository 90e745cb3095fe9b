"""Compare a vendor's published document with ours, for the operations that we cover.

    python -m tools.upstream FILE_OR_URL

Says what they have that we lack, what contradicts us, and what we know better, with the reason
noted in known-differences.yaml. Exit codes: 0 every difference is noted; 1 a difference is not
noted, or a note is stale; 2 a document cannot be read.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from ruamel.yaml import YAML

from .apidiff import Document, Finding, Unreadable, compare

HERE = Path(__file__).parent
OURS = HERE.parent / "openapi.yaml"
NOTES = HERE / "known-differences.yaml"
TIMEOUT_SECONDS = 60.0

# How things are called and explained, which errors are written down, what servers do by default:
# every document has its own way, and none of it is about the data.
OWN_WAYS = {
    *("description changed", "operation renamed", "model renamed", "path parameter renamed"),
    *("error status added", "error status removed", "default changed", "format changed"),
}
# What the two documents say, theirs and ours, for rules that carry no values of their own.
SAID = {
    "now nullable": ("not null", "may be null"),
    "no longer nullable": ("may be null", "not null"),
    "extra fields allowed": ("no other fields", "any other fields"),
    "extra fields forbidden": ("any other fields", "no other fields"),
    "deprecated": ("not deprecated", "deprecated"),
    "no longer deprecated": ("deprecated", "not deprecated"),
}


class Difference(NamedTuple):
    """One thing that the two documents say differently."""

    where: str
    ours: str
    theirs: str


class Report(NamedTuple):
    """What came of a comparison; all but `better` asks for somebody's attention."""

    lacks: list[Difference]
    contradictions: list[Difference]
    stale: list[Difference]
    better: dict[Difference, str]


def read(source: str) -> Document:
    """Read a vendor's document from a file or, where it is one, from a http(s) address.

    Raises:
        Unreadable: It cannot be fetched or opened, or is no OpenAPI document.
    """
    if not re.match("https?://", source):
        return Document.read(Path(source))
    try:
        with urlopen(source, timeout=TIMEOUT_SECONDS) as answer:
            text = answer.read().decode()
    except (URLError, OSError, ValueError) as problem:
        raise Unreadable(f"{source}: {problem}") from None
    return Document.parse(text)


def covered(theirs: Document, ours: Document) -> Document:
    """Their document cut to our operations, without a version (`/v1`) in front of the paths."""
    wanted = ours.operations()
    paths: dict[str, Any] = {}
    for path, item in theirs.root["paths"].items():
        paths.setdefault(re.sub(r"^/v\d+(?=/)", "", path), item)
    cut = Document({**theirs.root, "paths": paths})
    for method, shape in cut.operations().keys() - wanted.keys():
        for path, item in list(paths.items()):
            if re.sub(r"{[^}]*}", "{}", path) == shape:
                paths[path] = {key: value for key, value in item.items() if key != method}
    return Document({**theirs.root, "paths": paths})


def differences(theirs: Document, ours: Document) -> dict[Difference, Finding]:
    """Where the two documents differ in the operations that we cover."""
    found = {}
    for finding in compare(covered(theirs, ours), ours):
        limits_reader = finding.side == "response" and finding.rule.startswith("limit ")
        if finding.rule not in OWN_WAYS and not limits_reader:
            found[_difference(finding)] = finding
    return found


def _difference(finding: Finding) -> Difference:
    theirs, ours = finding.before, finding.after
    if not (theirs and ours):
        value = theirs or ours
        has, lacks = (f"with {value}", f"without {value}") if value else ("present", "absent")
        theirs, ours = (has, lacks) if finding.rule.endswith("removed") else (lacks, has)
        # A rule may have an ending: "now nullable, was optional".
        theirs, ours = SAID.get(finding.rule.partition(",")[0], (theirs, ours))
    return Difference(f"{finding.side} {finding.where}", ours, theirs)


def load_notes(path: Path) -> dict[Difference, str]:
    """The differences that somebody has looked at, with the reason for ours.

    Raises:
        Unreadable: An entry lacks one of where, ours, theirs and reason, or is there twice.
    """
    notes: dict[Difference, str] = {}
    for entry in YAML(typ="safe").load(path) or []:
        if set(entry) != {"where", "ours", "theirs", "reason"}:
            raise Unreadable(f"{path.name}: an entry needs where, ours, theirs, reason: {entry}")
        places = entry["where"] if isinstance(entry["where"], list) else [entry["where"]]
        for place in places:
            note = Difference(place, str(entry["ours"]), str(entry["theirs"]))
            if note in notes:
                raise Unreadable(f"{path.name}: noted twice: {note}")
            notes[note] = " ".join(entry["reason"].split())
    return notes


def report(theirs: Document, ours: Document, notes: dict[Difference, str]) -> Report:
    """Sort the differences by what is known about them."""
    found = differences(theirs, ours)
    unknown = {d: found[d] for d in sorted(found) if d not in notes}
    lacks = [d for d, f in unknown.items() if f.rule.endswith("removed")]
    return Report(
        lacks=lacks,
        contradictions=[d for d in unknown if d not in lacks],
        stale=[note for note in notes if note not in found],
        better={d: notes[d] for d in found if d in notes},
    )


def text(result: Report) -> str:
    """The report for people."""
    parts = [
        _section("They have, we lack", result.lacks),
        _section("They contradict us, and no reason is noted", result.contradictions),
        _section("Noted as a difference, but there is none any more", result.stale),
    ]
    reasons: dict[str, list[Difference]] = {}
    for difference, reason in result.better.items():
        reasons.setdefault(reason, []).append(difference)
    parts.append(f"We know better ({len(result.better)})\n")
    for reason, items in reasons.items():
        parts.append(_lines(items) + textwrap.indent(textwrap.fill(reason, 90), "      ") + "\n")
    return "\n".join(part for part in parts if part)


def _section(title: str, items: list[Difference]) -> str:
    return f"{title} ({len(items)})\n{_lines(items)}" if items else ""


def _lines(items: list[Difference]) -> str:
    return "".join(f"  {d.where}: ours {d.ours!r}, theirs {d.theirs!r}\n" for d in items)


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.upstream",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", help="the vendor's document: a file, or an http(s) address")
    parser.add_argument("--notes", type=Path, default=NOTES, help="default: %(default)s")
    options = parser.parse_args(arguments)
    try:
        notes = load_notes(options.notes)
        result = report(read(options.source), Document.read(OURS), notes)
    except Unreadable as problem:
        print(f"upstream: {problem}", file=sys.stderr)
        return 2
    print(text(result), end="")
    return 1 if result.lacks or result.contradictions or result.stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
