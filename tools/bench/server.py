"""A server of canned messages on 127.0.0.1, fast enough not to be what is measured.

    python tools/bench/server.py [CORE]

Prints its port and serves until its standard input is closed. The thread `thread_N` has N
messages. `GET /delay/MS` makes every later answer wait so long.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from functools import lru_cache
from typing import cast
from urllib.parse import parse_qs, urlsplit

TEXT = (
    "Is the invoice of Tuesday shipment still open? The carrier “signed” for a second parcel\n"
    "that never left the warehouse near the café, so we may owe the customer a part of it. "
) * 6
HEAD = (
    b"HTTP/1.1 200 OK\r\ndate: Mon, 01 Jun 2026 08:00:00 GMT\r\ncontent-type: application/json\r\n"
    b"x-request-id: req_5d41402abc4b2a76b9719d911017c592\r\nopenai-processing-ms: 27\r\n"
    b"openai-version: 2020-10-01\r\nstrict-transport-security: max-age=31536000\r\n"
    b"x-content-type-options: nosniff\r\nserver: benchmark\r\ncontent-length: %d\r\n\r\n%s"
)
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def _tail(kind: int) -> bytes:
    """What stands behind a message's id, of 24 kinds: short and long, with files and without."""
    value = TEXT[kind : 60 + (kind * 370) % 500]
    content = [{"type": "text", "text": {"value": value, "annotations": []}}]
    attachments = []
    if kind % 6 == 0:
        file_id = f"file-{kind:022d}"
        content.append({"type": "image_file", "image_file": {"file_id": file_id, "detail": "low"}})
        attachments.append({"file_id": file_id, "tools": [{"type": "file_search"}]})
    from_assistant = kind % 2 == 1
    message = {
        "object": "thread.message",
        "created_at": 1748764800 + kind,
        "assistant_id": "asst_Rk2wLx8vQn5sYb1cTz7mHd3f" if from_assistant else None,
        "thread_id": "thread_Zp4nGq9rXv6tKb2cWs8jMd1h",
        "run_id": f"run_{kind:024d}" if from_assistant else None,
        "status": "completed",
        "incomplete_details": None,
        "incomplete_at": None,
        "completed_at": 1748764830 + kind if from_assistant else None,
        "role": "assistant" if from_assistant else "user",
        "content": content,
        "attachments": attachments,
        "metadata": {"customer": f"c_{kind:08d}", "channel": "mail"} if kind % 3 else {},
    }
    return json.dumps(message, separators=(",", ":")).removeprefix("{").encode()


TAILS = [_tail(kind) for kind in range(24)]


def message(number: int) -> bytes:
    """The JSON of a thread's message."""
    return b'{"id":"msg_%024d",%s' % (number, TAILS[number % 24])


@lru_cache(maxsize=256)
def page(total: int, after: int, limit: int) -> bytes:
    """The JSON of the page behind a message, oldest first."""
    last = min(after + limit, total)
    data = b",".join(message(number) for number in range(after + 1, last + 1))
    ends = (after + 1, last, b"true" if last < total else b"false")
    return b'{"object": "list", "data": [%s], "first_id": "msg_%024d", ' % (data, ends[0]) + (
        b'"last_id": "msg_%024d", "has_more": %s}' % ends[1:]
    )


def answer(method: str, target: str) -> bytes:
    """The body that answers a request."""
    url = urlsplit(target)
    steps = url.path.partition("/threads/")[2].split("/")  # ID, messages, ID
    if len(steps) == 3:
        if method == "DELETE":
            told = {"id": steps[2], "object": "thread.message.deleted", "deleted": True}
            return json.dumps(told).encode()
        return message(int(steps[2][4:]))
    if method == "POST":
        return message(9000)
    query = parse_qs(url.query)
    total, after = int(steps[0].partition("_")[2]), query.get("after", ["msg_0"])[0]
    return page(total, int(after[4:]), int(query["limit"][0]))


class Connection(asyncio.Protocol):
    """One connection: a request is answered as soon as it is whole."""

    delay = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, _ = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        length = LENGTH.search(head)
        if len(self._received) < len(head) + 4 + (int(length[1]) if length else 0):
            return
        self._received = b""  # no client here sends a request before the answer to the last
        method, target, _ = head.split(b" ", 2)
        if target.startswith(b"/delay/"):
            Connection.delay = int(target[7:]) / 1000
            body = b"{}"
        else:
            body = answer(method.decode(), target.decode())
        if self.delay:
            loop = asyncio.get_running_loop()
            loop.call_later(self.delay, self._transport.write, HEAD % (len(body), body))
        else:
            self._transport.write(HEAD % (len(body), body))


async def main() -> None:
    """Serve."""
    loop = asyncio.get_running_loop()
    if len(sys.argv) > 1:
        os.sched_setaffinity(0, {int(sys.argv[1])})
    server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
