"""The five operations of the Message API, offline: ``python -m laplas.demo``.

Shows for each call the code, what is sent and what comes back. The answers come from the
embedded server in this process; nothing leaves the machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from . import Laplas, Message, RawResponse

WIDTH = 96


def main() -> None:
    """Run the demo and print it."""
    with Laplas.local() as client:
        thread = client.threads.create()
        print(f"thread = client.threads.create()                 # {thread.id}")

        message: Message = show(
            client,
            'client.messages.create(thread.id, "How does AI work?")',
            lambda messages: messages.create(thread.id, "How does AI work?"),
        )
        show(
            client,
            'client.messages.list(thread.id, order="asc")',
            lambda messages: messages.list(thread.id, order="asc"),
        )
        show(
            client,
            "client.messages.retrieve(thread.id, message.id)",
            lambda messages: messages.retrieve(thread.id, message.id),
        )
        show(
            client,
            'client.messages.update(thread.id, message.id, metadata={"modified": "true"})',
            lambda messages: messages.update(thread.id, message.id, metadata={"modified": "true"}),
        )
        show(
            client,
            "client.messages.delete(thread.id, message.id)",
            lambda messages: messages.delete(thread.id, message.id),
        )
        print(f"\nleft in the thread: {len(list(client.messages.list(thread.id)))} messages")


def show(client: Laplas, code: str, call: Callable[[Any], Any]) -> Any:
    """Print a call, its request and its answer; return the result."""
    request = call(client.messages.prepare)
    answer: RawResponse[Any] = call(client.messages.with_raw_response)
    path = request.url.removeprefix("http://localhost")
    print(f"\n>>> {code}")
    print(f"--> {request.method} {path}")
    if request.body is not None:
        print("   ", laid_out(request.json()))
    print(f"<-- {answer.status_code}, request id {answer.request_id}")
    print("   ", laid_out(answer.json()))
    return answer.parse()


def laid_out(data: Any, margin: int = 4) -> str:
    """JSON as it is read best: on one line where it fits, else a line an entry."""
    compact = json.dumps(data, ensure_ascii=False)
    if margin + len(compact) <= WIDTH or not isinstance(data, dict | list):
        return compact
    inner = margin + 2
    if isinstance(data, dict):
        entries = [f"{json.dumps(key)}: {laid_out(value, inner)}" for key, value in data.items()]
    else:
        entries = [laid_out(item, inner) for item in data]
    lines = ",\n".join(" " * inner + entry for entry in entries)
    opening, closing = "{}" if isinstance(data, dict) else "[]"
    return f"{opening}\n{lines}\n{' ' * margin}{closing}"


if __name__ == "__main__":
    main()
