"""The calls of calls.ts, by the Python SDK:  python calls.py BASE_URL

Prints a JSON line for each call: its name, the status, the answer as the SDK's models hold it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from laplas import Laplas, NotFoundError, RawResponse, attachment, image_url, text

THREAD = "thread_abc123"


def show(call: str, status: int, answer: Any) -> None:
    """Print the line of a call."""
    print(json.dumps({"call": call, "status": status, "answer": answer}, ensure_ascii=False))


def shown(call: str, response: RawResponse[Any]) -> Any:
    """Print the line of a call that succeeded; return what it answered."""
    answer = response.parse()
    show(call, response.status_code, answer.to_dict())
    return answer


def main(base_url: str) -> None:
    """Make the calls."""
    with Laplas(api_key="polyglot", base_url=base_url, max_retries=0) as client:
        messages = client.messages.with_raw_response
        created = shown(
            "create",
            messages.create(
                THREAD,
                [text("Was ist das? 【?】"), image_url("https://example.com/cat.png", "low")],
                attachments=[attachment("file-abc123", "file_search")],
                metadata={"asked": "först"},
            ),
        )
        shown("list", messages.list(THREAD, order="asc", page_size=100))
        shown("retrieve", messages.retrieve(THREAD, created.id))
        shown("update", messages.update(THREAD, created.id, metadata={"seen": "yes"}))
        shown("delete", messages.delete(THREAD, created.id))
        try:
            messages.retrieve(THREAD, created.id)
        except NotFoundError as error:
            show("retrieve what is gone", error.status_code, error.body)


if __name__ == "__main__":
    main(sys.argv[1])
