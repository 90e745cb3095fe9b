"""Servers of this family with the peculiarities that are known of them, a few lines each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from laplas.local import LocalResponse, LocalServer


class Peculiar(LocalServer):
    """An embedded server whose answers are changed; it remembers what it was asked.

    Attributes:
        targets: Path and query of each request, as it came.
    """

    at = "/api/v1"

    def __init__(self, **options: Any) -> None:
        super().__init__(base_path=self.at, **options)
        self.targets: list[str] = []

    def accept(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Any:
        self.targets.append(target)
        refusal = self.refuse(target, {name.lower(): value for name, value in headers.items()})
        accepted = super().accept(method, target, headers, body)

        def carry_out() -> Any:
            delivery = accepted.carry_out()
            return delivery._replace(response=self.change(method, target, delivery.response))

        if refusal is not None:
            answer = LocalResponse(refusal[0], (), json.dumps(refusal[1]).encode())
            fits = super().accept(method, "/nowhere", headers, b"").carry_out()
            return accepted._replace(carry_out=lambda: fits._replace(response=answer))
        return accepted._replace(carry_out=carry_out)

    def refuse(self, target: str, headers: Mapping[str, str]) -> tuple[int, Any] | None:
        """Return status and body of a refusal, None for none."""
        return None

    def change(self, method: str, target: str, answer: LocalResponse) -> LocalResponse:
        """Return the answer as this server would give it."""
        if answer.is_stream:
            return answer._replace(body=self.stream(answer.body))
        document = json.loads(answer.body)
        if answer.status >= 400:
            document = self.error(document["error"])
        elif document.get("object") == "list":
            document["data"] = [self.item(each) for each in document["data"]]
            document = self.page(document, parse_qs(urlsplit(target).query))
        else:
            document = self.item(document)
        return answer._replace(body=json.dumps(document).encode())

    def stream(self, body: bytes) -> bytes:
        return body

    def error(self, error: dict[str, Any]) -> dict[str, Any]:
        return {"error": error}

    def item(self, item: dict[str, Any]) -> dict[str, Any]:
        return item

    def page(self, page: dict[str, Any], query: dict[str, list[str]]) -> dict[str, Any]:
        return page


class OpenAssistantApi(Peculiar):
    """open-assistant-api: no end is said of streams, and pages begin with their cursor's item."""

    def stream(self, body: bytes) -> bytes:
        return body.partition(b"event: done")[0]

    def error(self, error: dict[str, Any]) -> dict[str, Any]:
        return {"error": {**error, "type": None, "param": None}}

    def item(self, item: dict[str, Any]) -> dict[str, Any]:
        if item["object"] == "thread.message":
            item |= {"file_ids": None, "attachments": None, "updated_at": None}
        return {**item, "created_at": float(item["created_at"])} if "created_at" in item else item

    def page(self, page: dict[str, Any], query: dict[str, list[str]]) -> dict[str, Any]:
        if "after" in query and page["data"] and page["data"][0]["object"] == "thread.message":
            (cursor,) = query["after"]
            thread = self.messages(page["data"][0]["thread_id"])
            page["data"].insert(0, self.item(next(m for m in thread if m["id"] == cursor)))
        return page


class Myla(Peculiar):
    """myla: a part's text is a list, times are in milliseconds, no page says that more follow."""

    def error(self, error: dict[str, Any]) -> dict[str, Any]:
        return {"detail": error["message"]}

    def item(self, item: dict[str, Any]) -> dict[str, Any]:
        if item["object"] == "thread.message":
            for part in item["content"]:
                part["text"] = [{"value": part["text"]["value"]}]
        if "created_at" in item:
            item["created_at"] *= 1000
        return {**item, "user_id": "u", "org_id": "o"}

    def page(self, page: dict[str, Any], query: dict[str, list[str]]) -> dict[str, Any]:
        return {**page, "has_more": False}


class Azure(Peculiar):
    """Azure AI Foundry's classic agents: in a project, and each request names a version.

    Attributes:
        accepts: Values of the header Authorization that are taken.
        key: What the header ``api-key`` may be instead.
    """

    at = "/api/projects/p"

    def __init__(self, *accepts: str, key: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.accepts = set(accepts)
        self.key = key

    def refuse(self, target: str, headers: Mapping[str, str]) -> tuple[int, Any] | None:
        if "api-version" not in parse_qs(urlsplit(target).query):
            said = {"code": "BadRequest", "message": "API version not specified."}
            return 400, {"error": said}
        by_key = self.key and headers.get("api-key") == self.key and "authorization" not in headers
        if not by_key and headers.get("authorization") not in self.accepts:
            said = {"code": "Unauthorized", "message": "The access token is invalid or expired."}
            return 401, {"error": said}
        return None
