"""Coverage-guided fuzzing of everything that reads what a server sends.

    python tests/fuzz_decode.py -max_total_time=120
    python tests/fuzz_decode.py crash-da39a3ee     (run one input again)

Arguments are libFuzzer's; a first argument without a dash is a folder to keep the corpus in. The
first byte of an input chooses what reads the rest. What it finds belongs into
`test_models.py`, as a test of its own.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

with atheris.instrument_imports(include=["laplas", "laplas_api"]):
    from test_models import ANSWERS, CALLS, MODELS, NOW, checked

    from laplas import APIStatusError
    from laplas._core.response import Response, status_error
    from laplas._core.retry import parse_time, retry_after


def read_error(data: bytes) -> None:
    """An error answer: its status from the first two bytes, a header or two, the body."""
    status = 400 + int.from_bytes(data[:1]) % 200
    head, _, body = data[1:].partition(b"\n")
    text = head.decode("latin-1")
    headers = {"retry-after": text, "date": text, "retry-after-ms": text, "x-request-id": text}
    error = status_error(Response(status, headers, body), NOW)
    assert isinstance(error, APIStatusError)
    assert error.status_code == status
    assert str(error)
    assert error.retry_after is None or error.retry_after >= 0


def read_times(data: bytes) -> None:
    """What HTTP dates, ISO dates and numbers are read from."""
    text = data.decode("latin-1")
    seconds = retry_after({"retry-after": text}, NOW)
    assert seconds is None or 0 <= seconds < float("inf")
    when = parse_time(text)
    assert when is None or when.tzinfo is not None


def read_model(data: bytes) -> None:
    """One of the models, chosen by the first byte."""
    loaded = None
    with suppress(ValueError, RecursionError):
        loaded = json.loads(data[1:])
    if isinstance(loaded, dict):
        checked(MODELS[data[0] % len(MODELS)].call, data[1:])


READERS: list[Callable[[bytes], object]] = [
    *(lambda data, call=call: checked(call, data) for call in CALLS.values()),
    read_error,
    read_times,
    read_model,
]


def one_input(data: bytes) -> None:
    """Read one input; anything but a result or the typed error is a find."""
    if data:
        READERS[data[0] % len(READERS)](data[1:])


def seeds() -> list[bytes]:
    """What to start from: every sample, in front of every reader that can take it."""
    names = list(CALLS)
    samples = [(bytes([names.index(sample.name)]), sample) for sample in ANSWERS]
    models = len(READERS) - 1
    samples += [(bytes([models, number]), sample) for number, sample in enumerate(MODELS)]
    found = [head + json.dumps(sample.payload).encode() for head, sample in samples]
    for text in (b"120", b"Wed, 21 Oct 2026 07:28:00 GMT", b"2026-10-21T07:28:00.5Z", b"1e3"):
        found.append(bytes([models - 1]) + text)
        envelope = b'{"error":{"message":"m","type":"t","param":null,"code":5},"timestamp":"%s"}'
        found.append(bytes([models - 2, 0]) + text + b"\n" + envelope % text)
    return found


def main() -> None:
    """Fuzz; a fresh folder holds the corpus unless one is given or one input is run again."""
    arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        if all(argument.startswith("-") for argument in arguments):
            arguments.append(folder)
            for number, seed in enumerate(seeds()):
                (Path(folder) / f"seed-{number}").write_bytes(seed)
        atheris.Setup([sys.argv[0], *arguments], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
