"""The ways to show what was found: a table, JSON, or a fragment for the changelog."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict

from .compare import Finding
from .rules import Judgement, release

SECTIONS = {"breaking": "Breaking", "widening": "New", "documentation": "Documentation"}


def what(finding: Finding) -> str:
    """The difference in one phrase: `type changed: string -> integer`."""
    sides = [finding.before, finding.after]
    text = " -> ".join(sides) if all(sides) else "".join(sides)
    return f"{finding.rule}: {text}" if text else finding.rule


def table(found: list[Finding]) -> str:
    """One line per difference under a head per judgement, what it touches indented below."""
    lines = []
    for judgement, title in SECTIONS.items():
        rows = [f for f in found if f.judgement == judgement]
        if rows:
            lines += [f"{title} ({len(rows)})", "-" * (len(title) + 4 + len(str(len(rows))))]
        wide = max((len(f.where) for f in rows), default=0)
        for finding in rows:
            lines.append(f"{finding.side:8}  {finding.where:{wide}}  {what(finding)}")
            lines.append(f"{'':8}  {', '.join(finding.names)}{_where_used(finding)}")
    lines.append(f"Taken together: {_total(found)}" if found else "No difference.")
    return "\n".join(lines) + "\n"


def as_json(found: list[Finding]) -> str:
    """All there is to know, for programs."""
    report = {"release": release(pairs(found)), "findings": [asdict(f) for f in found]}
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def changelog(found: list[Finding]) -> str:
    """A Markdown fragment; differences in words only are counted, not listed."""
    lines: list[str] = []
    for judgement, title in SECTIONS.items():
        rows = [f for f in found if f.judgement == judgement and f.rule != "description changed"]
        if rows:
            lines += [f"### {title}", ""]
            lines += [f"- {_ticked(f)}: {what(f)} ({f.side})" for f in rows]
            lines.append("")
    if words := sum(f.rule == "description changed" for f in found):
        lines += [f"Descriptions changed: {words}.", ""]
    return "\n".join(lines) or "No changes of the API.\n"


FORMATS: dict[str, Callable[[list[Finding]], str]] = {
    "table": table,
    "json": as_json,
    "changelog": changelog,
}


def pairs(found: Iterable[Finding]) -> list[tuple[str, Judgement]]:
    """What `rules.release` wants to know of the findings."""
    return [(f.rule, f.judgement) for f in found]


def _total(found: list[Finding]) -> str:
    counts = {j: sum(f.judgement == j for f in found) for j in SECTIONS}
    told = ", ".join(f"{count} {judgement}" for judgement, count in counts.items() if count)
    return f"{told}: a {release(pairs(found))} release"


def _where_used(finding: Finding) -> str:
    others = [use for use in finding.uses if use not in finding.names]
    return f"  (in {', '.join(others)})" if others else ""


def _ticked(finding: Finding) -> str:
    return ", ".join(f"`{name}`" for name in finding.names)
