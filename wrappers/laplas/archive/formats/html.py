"""HTML to read: a plain page a thread, with the pictures that are in the archive."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from .._carrying import Call, Conversation, function_of, run_tools
from ._pages import attached, pictures, rendered, told, write_pages

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{0}</title>
<style>
  body {{ max-width: 45rem; margin: 1rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif }}
  :root {{ color-scheme: light dark }}
  img {{ max-width: 100% }}
  pre {{ white-space: pre-wrap; overflow-wrap: anywhere }}
</style>
<h1>{0}</h1>
{1}
</html>
"""


def write(conversations: Iterable[Conversation], to: Path) -> None:
    """Write a page a thread into a folder."""
    write_pages(conversations, to, ".html", _page)


def _page(conversation: Conversation, to: Path) -> str:
    conversation.thread["id"].text()
    conversation.thread["object"].one_of("thread")
    metadata = conversation.thread["metadata"].items()
    pairs = [(key, value.text()) for key, value in metadata]
    blocks = [f"<p>{_text(key)}: {_text(value)}</p>" for key, value in pairs if value]
    for turn in conversation.turns():
        if turn.message is not None:
            body = rendered(turn.message, conversation, "html", _text)
            blocks += [f"<h2>{_text(' · '.join(told(turn.message, conversation)))}</h2>", body]
            for path in pictures(turn.message, conversation, to):
                blocks.append(f'<p><img src="{escape(path)}" alt="image"></p>')
            for name in attached(turn.message, conversation):
                blocks.append(f"<p>Attached: {_text(name)}</p>")
        elif turn.call is not None and turn.step is not None:
            run_tools(turn.step)
            blocks.append(_call(function_of(turn.call)))
    return _PAGE.format(_text(conversation.id), "\n".join(blocks))


def _call(call: Call) -> str:
    output = f"\n<pre>{_text(call.output)}</pre>" if call.output else ""
    called = f"<summary>tool · {_text(call.name)} · {_text(call.id)}</summary>"
    return f"<details>{called}\n<pre>{_text(call.arguments)}</pre>{output}</details>"


def _text(text: str) -> str:
    return escape(re.sub("[\0\ud800-\udfff]", "\ufffd", text))
