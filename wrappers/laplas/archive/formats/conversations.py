"""Items of upstream's Conversations and Responses APIs: a line a thread, batches of 20."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .._carrying import Conversation, Field, Loss, parts_of, run_tools, text_of, whole_text
from .._writing import write_lines

BATCH = 20
"""Items that a request may have."""
_PAIRS, _KEY, _VALUE = 16, 64, 512
"""How many pairs metadata may have, and how long these may be."""
_STATUSES = ("in_progress", "completed", "incomplete")

Item = dict[str, Any]


def write(conversations: Iterable[Conversation], to: Path) -> None:
    """Write a line a thread: `thread_id`, `metadata`, and `batches` to post one after the other."""
    write_lines(to, map(_line, conversations))


def conversation_batches(
    thread: Mapping[str, Any], names: Mapping[str, str] | None = None
) -> tuple[dict[str, str], list[list[Item]], dict[str, Loss]]:
    """Turn a thread into what creates a conversation of it.

    Args:
        thread: Documents as they were exported: `thread`, and where there are any `messages`,
            `runs` and `steps`, oldest first.
        names: Names of files by their ids, for citations. Default: the ids.

    Returns:
        The metadata; the items, at most 20 in a list; what these cannot hold, by kind.
    """
    conversation = Conversation(thread, names)
    line = _line(conversation)
    return line["metadata"], line["batches"], conversation.finish()


def _line(conversation: Conversation) -> dict[str, Any]:
    conversation.thread["object"].one_of("thread")
    conversation.thread["id"].text()
    items: list[Item] = []
    for turn in conversation.turns():
        if turn.message is not None:
            items += _message(turn.message, conversation, len(items))
        elif turn.call is not None and turn.step is not None:
            run_tools(turn.step)
            items += _call(turn.call, turn.step, len(items))
    batches = [items[start : start + BATCH] for start in range(0, len(items), BATCH)]
    metadata = _metadata(conversation.thread["metadata"])
    return {"thread_id": conversation.id, "metadata": metadata, "batches": batches}


def _metadata(metadata: Field) -> dict[str, str]:
    kept: dict[str, str] = {}
    for key, field in metadata.items():
        text = field.value
        fits = isinstance(text, str) and len(text) <= _VALUE and len(key) <= _KEY
        if fits and len(kept) < _PAIRS and whole_text(key) == key:
            kept[key] = field.text() or ""
    return kept


def _message(message: Field, conversation: Conversation, place: int) -> list[Item]:
    """Return a message as an item; none where nothing of it can be held."""
    assistant = message["role"].value == "assistant"
    content = []
    for part in parts_of(message):
        made = _said(part, conversation.names) if assistant else _asked(part)
        content += [made] if made else []
    if not assistant:
        content += _attached(message["attachments"], conversation.names)
    if not content:
        return []
    message["object"].one_of("thread.message")
    message["thread_id"].one_of(conversation.id)
    status = message["status"].one_of(*_STATUSES) or "completed"
    if assistant:
        id_ = message["id"].text() or f"msg_{place}"
        role = message["role"].text()
        return [{"type": "message", "id": id_, "role": role, "status": status, "content": content}]
    role = message["role"].one_of("user", "system", "developer") or "user"
    return [{"type": "message", "role": role, "status": status, "content": content}]


def _asked(part: Field) -> Item | None:
    """Return a part of what was sent to the model."""
    text = text_of(part).text()
    if text is not None:
        return {"type": "input_text", "text": text} if text else None
    if isinstance(part.value, str):
        return None
    image = _image(part)
    if image is None:
        return None
    detail = part[image["type"]]["detail"].one_of("auto", "low", "high") or "auto"
    return {**image, "type": "input_image", "detail": detail}


def _image(part: Field) -> Item | None:
    file_id, url = part["image_file"]["file_id"], part["image_url"]["url"]
    if part["type"].value == "image_file" and file_id.value and isinstance(file_id.value, str):
        return {"type": part["type"].carry(), "file_id": file_id.text()}
    if part["type"].value == "image_url" and url.value and isinstance(url.value, str):
        return {"type": part["type"].carry(), "image_url": url.text()}
    return None


def _said(part: Field, names: Mapping[str, str]) -> Item | None:
    """Return a part of what the model answered, which has text and refusals only."""
    field = text_of(part)
    text = field.text()
    if text is not None:
        noted = [] if field is part else list(part["text"]["annotations"])
        made = [_annotation(each, text, names) for each in noted]
        annotations = [each for each in made if each]
        for index, each in enumerate(each for each in annotations if each["type"] == "file_path"):
            each["index"] = index
        said = {"type": "output_text", "text": text, "annotations": annotations}
        return said if text or annotations else None
    if part["type"].value == "refusal" and isinstance(part["refusal"].value, str):
        return {"type": part["type"].carry(), "refusal": part["refusal"].text()}
    image = _image(part)
    if image is None:
        return None
    if "image_url" in image:
        return {"type": "output_text", "text": f"[image {image['image_url']}]", "annotations": []}
    path = {"type": "file_path", "file_id": image["file_id"], "index": 0}
    text = f"[image {image['file_id']}]"
    return {"type": "output_text", "text": text, "annotations": [path]}


def _annotation(annotation: Field, text: str, names: Mapping[str, str]) -> Item | None:
    kind = annotation["type"].value
    if kind == "url_citation":
        return _url_citation(annotation)
    file_id = annotation[kind]["file_id"] if isinstance(kind, str) else Field(None)
    if kind not in ("file_citation", "file_path") or not file_id.value or not file_id.text():
        return None
    start, end, marker = (annotation[key] for key in ("start_index", "end_index", "text"))
    found = text.find(marker.value) if isinstance(marker.value, str) and marker.value else -1
    index = max(found, 0)
    if type(start.value) is int and 0 <= start.value <= len(text):
        index = start.value
    if found >= 0:
        marker.text()  # it is in the text, which is kept as it is
    # The place of a citation is kept; that of a path where it is the first of its text.
    if start.value == (index if kind == "file_citation" else found):
        start.whole_number()
        if found >= 0 and end.value == index + len(marker.value):
            end.whole_number()
    item = {"type": annotation["type"].carry(), "file_id": file_id.text(), "index": index}
    if kind == "file_citation":
        item["filename"] = names.get(file_id.value) or item["file_id"]
    return item


def _url_citation(annotation: Field) -> Item | None:
    cited = annotation["url_citation"]
    url = cited["url"].text()
    if not url:
        return None
    places = {key: annotation[key].whole_number() or 0 for key in ("start_index", "end_index")}
    title = cited["title"].text() or ""
    return {"type": annotation["type"].carry(), "url": url, "title": title, **places}


def _attached(attachments: Field, names: Mapping[str, str]) -> list[Item]:
    files = []
    for attachment in attachments:
        file_id = attachment["file_id"].text()
        if file_id:
            name = names.get(file_id)
            files.append({"type": "input_file", "file_id": file_id})
            files[-1] |= {"filename": name} if name else {}
    return files


def _call(call: Field, step: Field, place: int) -> list[Item]:
    """Return a tool call as the items that there are for its kind; none for others."""
    kind, id_ = call["type"].value, call["id"].text() or f"call_{place}"
    status = step["status"].one_of("in_progress", "completed") or "incomplete"
    if kind == "function" or (kind is None and call["function"].value):
        return _function_call(call, id_, status)
    if kind == "code_interpreter":
        details = call[call["type"].carry()]
        logs = []
        for output in details["outputs"]:
            if output["type"].value == "logs" and isinstance(output["logs"].value, str):
                logs.append({"type": output["type"].carry(), "logs": output["logs"].text()})
        # The type wants a container; a thread has none that it names.
        item = {"type": "code_interpreter_call", "id": id_, "code": details["input"].text()}
        return [{**item, "container_id": "none", "outputs": logs, "status": status}]
    if kind == "file_search":
        results = []
        for found in call[call["type"].carry()]["results"]:
            results += _found(found)
        searched = {"type": "file_search_call", "id": id_, "status": status}
        return [{**searched, "queries": [], "results": results}]
    return []


def _function_call(call: Field, id_: str, status: str) -> list[Item]:
    call["type"].carry()
    function = call["function"]
    name, arguments = function["name"].text() or "", function["arguments"].text() or ""
    asked = {"type": "function_call", "call_id": id_, "name": name, "arguments": arguments}
    output = function["output"].text()
    # A conversation with a call that has no output cannot go on.
    answered = {"type": "function_call_output", "call_id": id_, "output": output or ""}
    answered["status"] = "completed" if output is not None else "incomplete"
    return [{**asked, "status": status}, answered]


def _found(found: Field) -> list[Item]:
    """Return what a search found in a file: a result a text."""
    base: Item = {}
    for key, field in (("file_id", found["file_id"]), ("filename", found["file_name"])):
        text = field.text()
        base |= {} if text is None else {key: text}
    score = found["score"].number()
    base |= {} if score is None else {"score": score}
    texts = [text for part in found["content"] if (text := text_of(part).text()) is not None]
    results = [{**base, "text": text} for text in texts] or [base]
    return [result for result in results if result]
