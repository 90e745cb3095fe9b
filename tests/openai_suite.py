"""Run the openai package's own tests of this family with `Laplas` in the place of its clients.

    python tests/openai_suite.py          # downloads the sdist of the openai that is installed
    python tests/openai_suite.py FOLDER   # an unpacked one

Answers are made from openapi.yaml. What the client returns is checked by the same package: its JSON
as that package's type, by the helper of its tests. Two things are changed in the tests: no warning
of deprecation is awaited, and no header that names that package. Fails if a test fails for a reason
that `KINDS` does not hold; docs/from-openai.md has the same table.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from contextlib import nullcontext
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, get_origin
from unittest.mock import MagicMock

import httpx
import pytest
from support import document, operations, resolve

from laplas import AsyncLaplas, Laplas

FILES = (
    *("beta/test_assistants.py", "beta/test_threads.py", "beta/threads"),
    *("test_files.py", "test_vector_stores.py", "vector_stores"),
)
KINDS = {
    "the text of the error for an empty id": r"Expected regex: .Expected a non-empty value for",
    "`limit=0` is refused": r"InvalidArgumentError: limit: must be from 1 to [\d,]+, not 0",
    "a tool output without its `tool_call_id` is refused": r"ArgumentError: tool_outputs\[0\]",
    "`files.retrieve_content` is not there": r"no attribute 'retrieve_content'",
    "an event stream is no instance of that package's `Stream`": r"EventStream.*, _(Async)?Stream",
    "the content of a file is a `BinaryContent`": r"BinaryResponseContent|isinstance\(value, bytes",
}
"""Why tests may fail, and what the failure says then."""
USUAL = {"integer": 1_700_000_000, "number": 0.5, "boolean": True, "string": "text"}
STREAM = {"content-type": "text/event-stream"}


def sample(schema: Any, ids: dict[str, str]) -> Any:
    """A value as a schema wants it, the first where it allows several; `ids` are of the path."""
    schema = resolve(document(), schema)
    for several in ("oneOf", "anyOf"):
        if several in schema and "properties" not in schema:
            return sample(schema[several][0], ids)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [0])[0])
    kind = schema.get("type", "null")
    kind = kind if isinstance(kind, str) else kind[0]
    if kind == "array":
        return [sample(schema["items"], ids)]
    if kind == "object":
        fields = schema.get("properties", {}).items()
        return {name: ids[name] if name in ids else sample(field, ids) for name, field in fields}
    return USUAL.get(kind)


def answer(request: httpx.Request) -> httpx.Response:
    for method, path, operation in sorted(operations(document()), key=lambda o: o[1].count("{")):
        path = re.sub(r"([A-Z])", r"_\1", path).lower()
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path), request.url.path)
        if found and method.upper() == request.method:
            return succeed(request, path, found.groupdict(), operation)
    return httpx.Response(404, json={"error": {"message": "no such operation"}})


def succeed(
    request: httpx.Request, path: str, ids: dict[str, str], operation: Any
) -> httpx.Response:
    content = resolve(document(), operation["responses"]["200"])["content"]
    if "application/octet-stream" in content:
        return httpx.Response(200, json={"foo": "bar"})
    if re.search(rb'"stream": ?true', request.read()):
        return httpx.Response(200, headers=STREAM, content=b"event: done\ndata: [DONE]\n\n")
    if own := re.search(r"\{(\w+)\}(/cancel|/submit_tool_outputs)?$", path):
        ids["id"] = ids[own[1]]
    body = sample(content["application/json"]["schema"], ids)
    body |= {name: end for name, end in (("has_more", False), ("next_page", None)) if name in body}
    return httpx.Response(200, json=body)


def matches(type_: Any, value: Any, **options: Any) -> None:
    """Check a value as the openai package's type: an object by what its JSON would be there."""
    from openai._models import BaseModel, construct_type

    if get_origin(type_) is Literal and value == USUAL["string"]:
        return  # the document closes no such set of words
    if hasattr(value, "to_dict") and not isinstance(value, BaseModel):
        value = construct_type(type_=type_, value=value.to_dict())
    import_module("tests.utils").matches_there(type_, value, **options)


class Suite:
    """A plugin for pytest: the fixtures of those tests, and what becomes of them."""

    def __init__(self) -> None:
        self.passed, self.failed, self.others = 0, Counter[str](), list[str]()

    @pytest.fixture(scope="session")
    def client(self) -> Laplas:
        return Laplas(api_key="k", transport=httpx.MockTransport(answer))

    @pytest.fixture(scope="session")
    def async_client(self) -> AsyncLaplas:
        return AsyncLaplas(api_key="k", transport=httpx.MockTransport(answer))

    @pytest.fixture
    def respx2_mock(self) -> MagicMock:
        """Tests tell it to answer what `answer` does."""
        return MagicMock()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.passed += report.when == "call" and report.passed
        if report.failed:
            text = report.longreprtext
            kinds = [kind for kind, sign in KINDS.items() if re.search(sign, text)]
            self.failed.update(kinds[:1])
            self.others += [] if kinds else [f"{report.nodeid}\n{text[-1500:]}"]


def download(folder: str) -> Path:
    """The sdist of the openai package that is installed, unpacked."""
    wanted = ("--no-deps", "--no-binary", ":all:", f"openai=={version('openai')}")
    pip = (sys.executable, "-m", "pip", "download", "--quiet", *wanted, "--dest", folder)
    subprocess.run(pip, check=True)
    with tarfile.open(next(Path(folder).glob("openai-*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(Path(folder).glob("openai-*/"))


def main(arguments: list[str]) -> int:
    """Run the tests; print how many passed, and how many failed of each kind."""
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(*arguments) if arguments else download(temporary)
        place = Path(temporary, "suite")
        for path in (source / "tests").rglob("*.py"):
            if path.name != "conftest.py":
                copy = place / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_text(re.sub(r".*X-Stainless-Lang.*\n", "", path.read_text("utf-8")))
        sys.path.insert(0, str(place))
        utils: Any = import_module("tests.utils")
        utils.matches_there, utils.assert_matches_type = utils.assert_matches_type, matches
        vars(pytest)["warns"] = lambda *_: nullcontext()
        options = ["-c/dev/null", f"--rootdir={place}", "-q", "--tb=short", "--no-summary"]
        options += ["--asyncio-mode=auto", "-pno:cacheprovider"]
        options += [f"-oasyncio_default_{of}_loop_scope=session" for of in ("fixture", "test")]
        tests = [str(place / "tests" / "api_resources" / name) for name in FILES]
        suite = Suite()
        pytest.main([*options, *tests], [suite])
    print(f"{suite.passed:6,} passed", *suite.others, sep="\n")
    for kind in KINDS:
        print(f"{suite.failed[kind]:6,} failed: {kind}")
    print(f"{len(suite.others):6,} failed otherwise")
    return 1 if suite.others or not suite.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
