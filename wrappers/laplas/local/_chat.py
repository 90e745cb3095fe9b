"""Replies of a model: any endpoint on this machine that speaks chat completions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ._guard import is_loopback
from ._replies import JSON, Reply, ReplyFunction, ToolCall, Turn

if TYPE_CHECKING:
    import httpx

_CONNECT_SECONDS: Final = 5.0
_READ_SECONDS: Final = 300.0
"""For the next piece of an answer: a model may have to be loaded first."""
_ENDS: Final = {"length": "max_completion_tokens", "content_filter": "content_filter"}
"""Why a run is incomplete, by what the endpoint calls it."""
_DONE: Final = {"done": True}
_SHOWN: Final = 500
"""The most characters of the endpoint's own words in an error."""


def reply_through(
    url: str, *, model: str | None = None, api_key: str | None = None
) -> ReplyFunction:
    """Return a reply function that asks a chat endpoint on this machine, and streams its answer.

    The endpoint gets the run's instructions, the text and picture URLs of the thread, what file
    search found, the run's functions with what they gave, and its sampling settings. Where it
    fails, the run fails, and its `last_error` tells why.

    Args:
        url: What comes before ``/chat/completions``, such as ``http://127.0.0.1:11434/v1``.
        model: The model to ask for. Default: that of the run.
        api_key: Sent as a bearer token. Default: none.

    Raises:
        ValueError: `url` is none, or of another machine: a thread that only a test server was to
            see would leave this one. For that, write a reply function with a client of your choice.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError(f"reply url: {error}") from None
    if parts.username is not None or parts.password is not None:
        raise ValueError("reply url: it holds a password; give the key by itself")
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f"reply url: give one such as http://127.0.0.1:11434/v1, got {url!r}")
    if not is_loopback(host):
        raise ValueError(
            f"reply url: {host} is not this machine, and threads stay here. To answer from"
            " elsewhere, write a reply function."
        )
    if api_key and not (api_key.isascii() and api_key.isprintable()):
        raise ValueError("reply api key: it has characters that no header can hold")
    import httpx  # late: no other part of a server needs it

    timeout = httpx.Timeout(_CONNECT_SECONDS, read=_READ_SECONDS)
    wrong = (httpx.HTTPError, AttributeError, LookupError, TypeError, ValueError)
    target = f"{url.rstrip('/')}/chat/completions"
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}

    def reply(turn: Turn) -> Iterator[str | Reply]:
        try:
            # Past the proxies of the environment: what is asked for is on this machine.
            with (
                httpx.Client(trust_env=False, timeout=timeout) as client,
                client.stream(
                    "POST", target, json=_request(turn, model), headers=headers
                ) as response,
            ):
                yield from _read(response)
        except wrong as error:
            problem = " ".join(f"{type(error).__name__}: {error}".split())
            problem = problem.replace(api_key, "***") if api_key else problem
            yield Reply(failure=f"The chat endpoint {target} failed. {problem[:_SHOWN]}")

    return reply


def _request(turn: Turn, model: str | None) -> JSON:
    """Return the body that asks for an answer to this turn."""
    run = turn.run
    instructions = [run["instructions"] or ""]
    instructions += [f"From {found.filename}:\n{found.text}" for found in turn.passages]
    system = "\n\n".join(filter(None, instructions))
    messages: list[JSON] = [{"role": "system", "content": system}] if system else []
    messages += [{"role": each["role"], "content": _content(each)} for each in turn.messages]
    if turn.tool_outputs:
        calls = [
            {"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": given}}
            for n, (name, given, _) in enumerate(turn.tool_outputs)
        ]
        messages.append({"role": "assistant", "content": None, "tool_calls": calls})
        messages += [
            {"role": "tool", "tool_call_id": f"call_{n}", "content": output or ""}
            for n, (_, _, output) in enumerate(turn.tool_outputs)
        ]
    body = {"model": model or run["model"], "messages": messages, "stream": True}
    tools = [tool for tool in run["tools"] if tool["type"] == "function"]
    if tools:
        choice = run.get("tool_choice")
        is_of_chat = isinstance(choice, str) or (choice or {}).get("type") == "function"
        body |= {"tools": tools} | ({"tool_choice": choice} if is_of_chat else {})
    settings = {"max_tokens": run.get("max_completion_tokens"), "top_p": run.get("top_p")}
    settings["temperature"] = run.get("temperature")
    if isinstance(run.get("response_format"), Mapping):
        settings["response_format"] = run["response_format"]
    return body | {name: value for name, value in settings.items() if value is not None}


def _content(message: JSON) -> str | list[JSON]:
    """Return the content as text, or as parts where there are pictures that can be passed on."""
    parts: list[JSON] = []
    for part in message["content"]:
        if "text" in part:
            parts.append({"type": "text", "text": part["text"]["value"]})
        elif "image_url" in part:
            parts.append({"type": "image_url", "image_url": part["image_url"]})
        elif "refusal" in part:
            parts.append({"type": "text", "text": part["refusal"]})
    if all(part["type"] == "text" for part in parts):
        return "\n".join(part["text"] for part in parts)
    return parts


def _read(response: httpx.Response) -> Iterator[str | Reply]:
    """Yield the text of an answer as it comes, then the rest of it."""
    if response.is_error:
        problem = response.read().decode("utf-8", "replace")
        raise ValueError(f"status {response.status_code}: {problem}")
    calls: dict[int, dict[str, str]] = {}
    refusal, end = "", None
    for chunk in _chunks(response):
        if chunk.get("error"):
            raise ValueError(json.dumps(chunk["error"]))
        if chunk is _DONE:
            end = end or "stop"
        for choice in chunk.get("choices") or ():
            said = choice.get("delta") or choice.get("message") or {}
            end = choice.get("finish_reason") or end
            refusal += said.get("refusal") or ""
            if said.get("content"):
                yield said["content"]
            for at, call in enumerate(said.get("tool_calls") or ()):
                known = calls.setdefault(call.get("index", at), {"name": "", "arguments": ""})
                for name, piece in (call.get("function") or {}).items():
                    known[name] = known.get(name, "") + (piece or "")
    if end is None:
        raise ValueError("the answer was cut off")
    yield Reply(
        refusal=refusal or None,
        incomplete=_ENDS.get(end),
        tool_calls=[ToolCall(c["name"], c["arguments"] or "{}") for _, c in sorted(calls.items())],
    )


def _chunks(response: httpx.Response) -> Iterator[JSON]:
    """Yield the chunks of a stream; a server that does not stream answers with one."""
    if "text/event-stream" not in response.headers.get("content-type", ""):
        yield json.loads(response.read())
        return
    for line in response.iter_lines():
        data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
        if data == "[DONE]":
            yield _DONE
            return
        if data:
            yield json.loads(data)
