"""One document, two languages:  python tools/polyglot/run.py

A TypeScript client is made from openapi.yaml and type-checked; its program `calls.ts` and the
Python SDK's `calls.py` make the same calls to `python -m laplas.local`, and must get the same
answers. Then the SDK talks to that server through Prism, which compares every request and every
answer with the document and turns a violation into an error.

Everything made lies in `tools/polyglot/build`. Needs node 20 or newer; the servers are on loopback.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from laplas import Laplas
from laplas.local import LocalServer, running

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "openapi.yaml"
BUILD = HERE / "build"
SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "calls.ts")


class Failed(Exception):
    """The two languages, or the document and the server, disagree."""


def build() -> None:
    """Install the locked tools, make the types, compile the program."""
    BUILD.mkdir(exist_ok=True)
    for name in SOURCES:
        shutil.copy(HERE / name, BUILD)
    npm = ["npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]
    subprocess.run([*npm, "--loglevel=error"], cwd=BUILD, check=True, stdout=subprocess.DEVNULL)
    types = [tool("openapi-typescript"), str(DOCUMENT), "-o", "openapi.d.ts"]
    subprocess.run(types, cwd=BUILD, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([tool("tsc")], cwd=BUILD, check=True)


def tool(name: str) -> str:
    """The path of a locked tool."""
    return str(BUILD / "node_modules" / ".bin" / name)


@contextmanager
def serving(command: list[str], announcement: str) -> Iterator[str]:
    """Run a server; yields what the group in `announcement` matches in its output.

    Raises:
        Failed: It ended instead.
    """
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        assert server.stdout is not None
        try:
            said = []
            for line in server.stdout:
                said.append(line)
                if match := re.search(announcement, line):
                    yield match[1]
                    return
            raise Failed(f"{command[0]} ended:\n{''.join(said)}")
        finally:
            server.terminate()
            # Read to its end: a full pipe would keep it from ending.
            server.communicate()


def local_server() -> Any:
    """The embedded server in a process of its own, as a user starts it."""
    command = [sys.executable, "-m", "laplas.local", "--port", "0"]
    return serving(command, r"^Serving on (\S+)")


def prism(upstream: str) -> Any:
    """Prism between a client and `upstream`, refusing what the document does not allow."""
    command = [tool("prism"), "proxy", str(DOCUMENT), upstream, "--errors", "--port", "0"]
    return serving(command, r"Prism is listening on (\S+)")


def answers(*command: str) -> list[dict[str, Any]]:
    """What a program printed, without what differs from run to run: new ids, and times."""
    ended = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)
    masked = re.sub(r"msg_\w{24}", "msg_new", ended.stdout)
    masked = re.sub(r'"created_at": ?\d+', '"created_at":0', masked)
    return [json.loads(line) for line in masked.splitlines()]


def compare() -> None:
    """Both programs, one after the other on one server: each leaves it as it was.

    Raises:
        Failed: Their answers differ.
    """
    with local_server() as url:
        typescript = answers("node", str(BUILD / "calls.js"), url)
        python = answers(sys.executable, str(HERE / "calls.py"), url)
    for ours, theirs in zip(python, typescript, strict=True):
        print(f"{theirs['call']}\n  TypeScript {short(theirs)}\n  Python     {short(ours)}")
        if ours != theirs:
            raise Failed(f"not the same:\n{json.dumps([theirs, ours], indent=2)}")
    if len(python) != 6:
        raise Failed(f"6 calls were to be made, not {len(python)}")


def short(line: dict[str, Any]) -> str:
    """A line of a program, cut to the width of a terminal."""
    text = json.dumps(line["answer"], ensure_ascii=False, sort_keys=True)
    return f"{line['status']} {text if len(text) < 100 else text[:99] + '…'}"


def proxied() -> None:
    """The SDK's calls through Prism, and one violation in each direction to see that it looks.

    Raises:
        Failed: Prism found a violation, or did not find one that was made.
    """
    server = LocalServer()
    server.add_message("thread_abc123", "Hello", message_id="msg_odd", created_at=0, role="robot")
    with local_server() as upstream, prism(upstream) as url:
        answers(sys.executable, str(HERE / "calls.py"), url)
        with Laplas(api_key="polyglot", base_url=url, max_retries=0) as client:
            thread = client.threads.create(messages=["Hello"], metadata={"a": "b"})
            client.threads.update(thread.id, metadata={"c": "d"})
            client.threads.retrieve(thread.id)
            client.threads.delete(thread.id)
        refused(url, "POST", b'{"role": "user", "content": "Hello", "metadata": {"n": 1}}')
    with server, running(server) as upstream, prism(upstream) as url:
        refused(url, "GET", None)
    print("Prism: no violation in either direction; both that were made on purpose were found")


def refused(url: str, method: str, body: bytes | None) -> None:
    """Send a request that Prism must not let through, or whose answer it must not."""
    headers = {"Authorization": "Bearer polyglot", "Content-Type": "application/json"}
    target = f"{url}/threads/thread_abc123/messages"
    try:
        urllib.request.urlopen(urllib.request.Request(target, body, headers, method=method))
    except urllib.error.HTTPError as error:
        if b"stoplight.io/prism" in error.read():
            return
    raise Failed(f"Prism let a violation pass: {method} {target}")


def main() -> int:
    """Run it all; returns the exit status."""
    build()
    try:
        compare()
        proxied()
    except Failed as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
