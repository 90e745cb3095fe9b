"""The benchmark's picture: for a terminal, and as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

COLUMNS, MOST = 40, 2.0


def shown(ratio: float) -> str:
    """A ratio in few digits."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def picture(results: list[dict[str, Any]], clients: dict[str, str], reference: str) -> str:
    """Bars of text; raw httpx is at the bar in the middle, and > is far beyond."""
    lines = []
    for row in results:
        lines.append(row["title"])
        for name, label in clients.items():
            if name != reference and name in row["figures"]:
                ratio = row["figures"][name]["ratio"]
                filled = round(COLUMNS * min(ratio, MOST) / MOST)
                bar = ("#" * filled).ljust(COLUMNS)
                middle = round(COLUMNS / MOST)
                bar = bar[:middle] + "|" + bar[middle:] + (">" if ratio > MOST else " ")
                lines.append(f"  {label:16}{bar} {shown(ratio)}")
    return "\n".join(lines)


def draw(
    results: list[dict[str, Any]], clients: dict[str, str], reference: str, path: Path
) -> None:
    """Write the bars as a PNG: ratios on a logarithmic scale, with the targets."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = [name for name in clients if name != reference]
    figure, axes = pyplot.subplots(figsize=(9, 1.2 + 0.5 * len(results)))
    height = 0.8 / len(names)
    for number, name in enumerate(names):
        having = [
            (n, row["figures"][name]["ratio"])
            for n, row in enumerate(results)
            if name in row["figures"]
        ]
        places = [n + (number - 1) * height for n, _ in having]
        bars = axes.barh(places, [ratio for _, ratio in having], height, label=clients[name])
        axes.bar_label(bars, fmt=shown, padding=2, fontsize=7)
    targets = [
        (n, row["targets"]["laplas"]) for n, row in enumerate(results) if row["targets"]["laplas"]
    ]
    axes.plot([t for _, t in targets], [n for n, _ in targets], "k|", markersize=18, label="target")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlim(0.001, 60)
    axes.set_yticks(range(len(results)), [row["title"] for row in results], fontsize=8)
    axes.set_ylim(len(results) - 0.4, -0.6)
    axes.set_xlabel("cost as a ratio to raw httpx 0.28 + json.loads: less is better")
    axes.legend(fontsize=8, loc="lower right")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
