"""What reading and writing models costs: stock generator output, ours, and the stdlib's json.

    python tools/bench/parse.py [--rounds 15]

Generates the stock client from openapi.yaml into a temporary directory, so openapi-python-client
must be installed. Prints CPU time per call (median over interleaved rounds, so that a busy machine
disturbs all columns alike) and how many times faster ours is than stock. `json` is json.loads for
the read rows and json.dumps for the write rows: the work that is done anyway.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

TEXT_PART = {"type": "text", "text": {"value": "Which city is the largest?", "annotations": []}}
SMALL: dict[str, Any] = {
    "id": "msg_vR6yLw0GkNc4ZtXs8HbQeJ2m",
    "object": "thread.message",
    "created_at": 1728657089,
    "assistant_id": None,
    "thread_id": "thread_9tKfWc2RzLq7YvHs4XbNjM1e",
    "run_id": None,
    "role": "user",
    "content": [TEXT_PART],
    "attachments": [],
    "metadata": {},
    "status": "completed",
    "incomplete_details": None,
    "completed_at": 1728657091,
    "incomplete_at": None,
}


def _annotation(kind: str, start: int) -> dict[str, Any]:
    return {
        "type": kind,
        "text": "【4:0†source】",
        "start_index": start,
        "end_index": start + 12,
        kind.removesuffix("_annotation"): {"file_id": "file-a8LmV3cYt5wNpR0kZxHe6u"},
    }


BIG: dict[str, Any] = {
    **SMALL,
    "role": "assistant",
    "assistant_id": "asst_Zk4NwQ9sXe2HvTr6LyCbJm8f",
    "run_id": "run_T2mHs7LqYw5XcVb9KzRnE3pf",
    "content": [
        {
            "type": "text",
            "text": {
                "value": "Nociceptors are pain receptors. " * 12,
                "annotations": [
                    *(_annotation("file_citation", start) for start in (31, 80, 200)),
                    _annotation("file_path", 260),
                ],
            },
        },
        {"type": "image_file", "image_file": {"file_id": "file-h3VnE8rTq6ZsYb1LwKpC5x"}},
        TEXT_PART,
    ],
    "attachments": [
        {
            "file_id": "file-a8LmV3cYt5wNpR0kZxHe6u",
            "tools": [{"type": "file_search"}, {"type": "code_interpreter"}],
        }
    ],
    "metadata": {"topic": "report", "customer": "42"},
}
PAGE = {
    "object": "list",
    "data": [SMALL] * 100,
    "first_id": SMALL["id"],
    "last_id": SMALL["id"],
    "has_more": False,
}
CASES = {
    "S (one part)": ("Message", SMALL, 3000),
    "B (three parts)": ("Message", BIG, 1000),
    "P100 (page of 100 S)": ("MessageList", PAGE, 30),
}


def stock_models(folder: Path) -> Any:
    """Generate the client with the unchanged templates below `folder`; returns its models."""
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    command += ["--path", str(ROOT / "openapi.yaml"), "--output-path", str(folder / "stock_api")]
    subprocess.run(command, check=True, capture_output=True)
    sys.path.insert(0, str(folder))
    return importlib.import_module("stock_api.models")


def cpu_seconds(call: Callable[[], object], repeat: int) -> float:
    """CPU seconds of one call, averaged over `repeat` calls."""
    started = time.process_time()
    for _ in range(repeat):
        call()
    return (time.process_time() - started) / repeat


def measure(calls: dict[str, Callable[[], object]], rounds: int, repeat: int) -> dict[str, float]:
    """Median microseconds of each call; the calls take turns."""
    seen: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            seen[name].append(cpu_seconds(call, repeat) * 1e6)
    return {name: statistics.median(values) for name, values in seen.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    sys.path.insert(0, str(ROOT / "generated"))
    ours = importlib.import_module("laplas_api.models")
    with tempfile.TemporaryDirectory() as folder:
        stock = stock_models(Path(folder))
        print(f"{'CPU microseconds':28}{'stock':>10}{'ours':>10}{'json':>10}{'stock/ours':>12}")
        for title, (model, data, repeat) in CASES.items():
            text = json.dumps(data)
            old, new = getattr(stock, model), getattr(ours, model)
            old_value, new_value = old.from_dict(data), new.from_dict(data)
            reads: dict[str, Callable[[], object]] = {
                "stock": partial(old.from_dict, data),
                "ours": partial(new.from_dict, data),
                "json": partial(json.loads, text),
            }
            writes: dict[str, Callable[[], object]] = {
                "stock": old_value.to_dict,
                "ours": new_value.to_dict,
                "json": partial(json.dumps, data),
            }
            for verb, calls in (("read", reads), ("write", writes)):
                took = measure(calls, rounds, repeat)
                row = "".join(f"{took[name]:10.2f}" for name in ("stock", "ours", "json"))
                print(f"{title + ', ' + verb:28}{row}{took['stock'] / took['ours']:11.1f}x")


if __name__ == "__main__":
    main()
