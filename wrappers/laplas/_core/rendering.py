"""Write a message as Markdown or HTML, with its sources as numbered footnotes.

Nothing in a message is trusted: annotations may point anywhere, and parts may be of any kind. Text
outside markers is kept. Loaded on first use.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape
from itertools import accumulate, count
from typing import Any, Final
from urllib.parse import quote

from ..errors import InvalidArgumentError
from ..generated import models, plain
from ..models import list_of, text_of

Name = str | models.FileObject | None
Files = Mapping[str, Name] | Callable[[str], Name]

WIDTHS: Final[tuple[Callable[[str], int], ...]] = (
    lambda character: 1 + (character > "\uffff"),
    lambda character: len(character.encode("utf-8", "surrogatepass")),
)
"""What servers count the places of markers in, beside characters: units of UTF-16, and bytes."""
STEERS: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
"""Characters that control a terminal, or the direction of the text around them."""
LINK: Final = re.compile(rf"(?i)https?://[^\s{STEERS}]+")
FENCE: Final = re.compile(r"(?m)^([ \t]*)(`{3,}(?=[^`\n]*$)|~{3,})(.*)$")
PICTURE: Final = re.compile(r"(?i)data:image/(png|jpe?g|gif|webp);base64,[a-z0-9+/=]+")


def clean(text: str) -> str:
    """Replace the characters that would affect the page or terminal around the text."""
    return re.sub(f"[{STEERS}]", "\ufffd", text)


def in_line(text: str) -> str:
    """Return text as one clean line."""
    return clean(" ".join(text.split()))


def _escaped(text: str) -> str:
    """Escape what Markdown would read as more than text, within a line or at its beginning."""
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])|[\\`*\[\]<>|~&$]", r"\\\g<0>", text)
    return re.sub(r"^(\d*)([#+=.)-])(?=[\s#=-]|$)", r"\1\\\2", text)


def _target(url: str) -> str:
    """Escape what would end a link in Markdown."""
    return re.sub(r"[()<>\"`\\]", lambda found: quote(found[0]), url)


def _closed(block: str) -> str:
    """Close a fence of code that is left open, or what follows would be code, too."""
    left: re.Match[str] | None = None
    for found in FENCE.finditer(block):
        if left is None or (found[2].startswith(left[2]) and not found[3].strip()):
            left = None if left else found
    return f"{block}\n{left[1]}{left[2]}" if left else block


def _html_text(text: str) -> str:
    return escape(re.sub("[\0\ud800-\udfff]", "\ufffd", text))


MARKDOWN, HTML, TERMINAL = range(3)
_BLOCK: Final = '<div style="white-space: pre-wrap" dir="auto">{}</div>'
_IMAGE: Final = '<img src="{0}" alt="image" style="max-width: 100%">'
_CITE: Final = '<cite title="{1}">{0}</cite>'
_A: Final = '<a href="{1}" rel="noopener noreferrer nofollow">{0}</a>'
ESCAPES: Final[dict[str, tuple[Callable[[str], str], ...]]] = {
    "text": (str, _html_text, clean),
    "name": (_escaped, escape, str),
    "url": (_target, escape, str),
    "id": (partial(quote, safe="", errors="replace"), _html_text, str),
}
TEMPLATES: Final = {
    "text": ("{}", _BLOCK, "{}"),
    "refusal": ("**Refused:** {}", _BLOCK.format("<strong>Refused:</strong> {}"), "Refused: {}"),
    "other": ("*({})*", "<em>({})</em>", "({})"),
    "image": ("![image]({0})", _IMAGE, "(image: {0})"),
    "data image": ("![image]({0})", _IMAGE, "(image)"),
    "file image": ("![{0}]({1})", f"<em>(image: {_CITE})</em>", "(image: {0})"),
    "file": ("[{0}]({1})", _CITE, "{0}"),
    "link": ("[{0}]({1})", _A, "{0} ({1})"),
    "mark": ("[^{}]", "<sup>[{}]</sup>", "[{}]"),
    "quote": (": “{}”", ": <q>{}</q>", ": “{}”"),
    "footnote": ("[^{}]: {}", '<li value="{}">{}</li>', "[{}] {}"),
    "footnotes": ("{}", "<ol>\n{}\n</ol>", "{}"),
    "whole": ("{}", '<div class="laplas-message">\n{}\n</div>', "{}"),
}


def rendered(message: models.Message, files: Files | None, form: int, fetches: bool = True) -> str:
    """Write a message in a form; with `fetches`, HTML may make a browser fetch pictures.

    Raises:
        InvalidArgumentError: `files` has the wrong type, or gives anything but names.
    """
    if not (files is None or callable(files) or isinstance(files, Mapping)):
        raise InvalidArgumentError(
            "files", "must map file ids to names, or be a function that does"
        )
    return _Writer(list_of(message.content), files, form, fetches).whole()


class _Writer:
    """Writes one message: numbers its sources, each once, and knows the names of files."""

    def __init__(self, parts: list[Any], files: Any, form: int, fetches: bool) -> None:
        self._parts = parts
        self._find = files.get if isinstance(files, Mapping) else files
        self._form = form
        self._picture = "image" if fetches else "link"
        said = " ".join(text_of(part) or str(getattr(part, "refusal", "")) for part in parts)
        taken = set(re.findall(r"\[\^(\d+)\]", said))
        self._free = (label for label in map(str, count(1)) if label not in taken)
        self._names: dict[str, str] = {}
        self._labels: dict[tuple[str, str], str] = {}

    def _put(self, what: str, *values: str) -> str:
        return TEMPLATES[what][self._form].format(*values)

    def _escape(self, what: str, text: str) -> str:
        return ESCAPES[what][self._form](text)

    def whole(self) -> str:
        blocks = [block for part in self._parts if (block := self._part(part))]
        if self._labels:
            lines = [self._put("footnote", n, body) for (_, body), n in self._labels.items()]
            blocks.append(self._put("footnotes", "\n".join(lines)))
        if self._form == MARKDOWN:
            blocks[:-1] = map(_closed, blocks[:-1])
        return self._put("whole", ("\n" if self._form == HTML else "\n\n").join(blocks))

    def _part(self, part: Any) -> str:
        if isinstance(part, str | models.TextContent):
            notes = list_of(getattr(getattr(part, "text", None), "annotations", None))
            text = self._text(text_of(part), [_read(note) for note in notes])
            return text and self._put("text", text)
        if isinstance(part, models.RefusalContent) and isinstance(part.refusal, str):
            return self._put("refusal", self._escape("text", part.refusal))
        read = _read(part)
        if read["type"] == "image_file" and read["file_id"]:
            name = self._escape("name", self._name(read["file_id"]))
            return self._put("file image", name, self._escape("id", read["file_id"]))
        said = f"part of an unknown kind: {in_line(read['type']) or 'no type'}"
        if read["type"] == "image_url" and read["url"]:
            url = self._escape("url", read["url"])
            if PICTURE.fullmatch(read["url"]):
                return self._put("data image", url)
            if LINK.fullmatch(read["url"]):
                return self._put(self._picture, url, url)
            said = f"image without a safe URL: {in_line(read['url'][:100])}"
        return self._put("other", self._escape("name", said))

    def _text(self, text: str, notes: list[dict[str, Any]]) -> str:
        out, at, parted = "", 0, tuple[str, ...]()
        for start, end, number in [*_places(text, notes), (len(text), len(text), -1)]:
            between = text[at:start]
            # Markdown would read a mark with this text as a link, or as the footnote itself.
            if parted and between.startswith(parted):
                out += "&#8203;"
            out += self._escape("text", between)
            at = end if start >= at else at  # of two that overlap, the second replaces nothing
            if number < 0:
                break
            if notes[number]["type"] == "file_path" and notes[number]["file_id"]:
                out += self._link(notes[number], out)
            else:
                if self._form == MARKDOWN and (len(out) - len(out.rstrip("\\"))) % 2:
                    out += "\\"  # it would escape the mark
                out += self._put("mark", self._label(notes[number]))
                is_first = re.fullmatch(r"[\W\d_]*", text[text.rfind("\n", 0, start) + 1 : start])
                parted = () if self._form else ("(", ":") if is_first else ("(",)
        return out

    def _link(self, note: Mapping[str, str], before: str) -> str:
        target = self._escape("id", note["file_id"])
        if self._form == MARKDOWN and re.search(r"\]\(\s*<?\Z", before[-9:]):
            return target
        name = self._name(note["file_id"], in_line(note["text"].rpartition("/")[2]))
        return self._put("file", self._escape("name", name), target)

    def _label(self, note: Mapping[str, str]) -> str:
        name = self._name(note["file_id"]) or in_line(note["title"] or note["url"])
        name = name or f"source of an unknown kind: {in_line(note['type']) or 'no type'}"
        body = self._escape("name", name)
        if LINK.fullmatch(note["url"]):
            body = self._put("link", body, self._escape("url", note["url"]))
        if said := in_line(note["quote"]):
            body += self._put("quote", self._escape("name", said))
        if (source := (note["file_id"], body)) not in self._labels:
            self._labels[source] = next(self._free)
        return self._labels[source]

    def _name(self, file_id: str, otherwise: str = "") -> str:
        """Return the file's name, or else `otherwise`, or else its id."""
        if file_id not in self._names:
            found = self._find(file_id) if self._find and file_id else None
            if isinstance(found, Mapping):  # a FileObject is one, too
                found = found.get("filename")
            if not isinstance(found, str | None):
                raise InvalidArgumentError("files", f"must give a str or None for {file_id!r}")
            self._names[file_id] = in_line(found or "")
        return self._names[file_id] or otherwise or in_line(file_id)


def _read(given: Any) -> dict[str, Any]:
    """Read what an annotation or a part says, as text; ``""`` where it says nothing."""
    data = plain(given)
    data = data if isinstance(data, dict) else {"type": f"{type(data).__name__}, not an object"}
    about = data.get(data["type"]) if isinstance(data.get("type"), str) else None
    held = {**data, **(about if isinstance(about, dict) else {})}
    held |= {name: data.get(name) for name in ("type", "text", "start_index", "end_index")}
    names = ("type", "text", "file_id", "url", "title", "quote")
    return held | {name: held[name] if isinstance(held.get(name), str) else "" for name in names}


def _places(text: str, notes: list[dict[str, Any]]) -> Iterable[tuple[int, int, int]]:
    """Find the markers, in order: by their text at an index, else by text, else by index."""
    tables: list[Any] = [range(len(text) + 1)]  # where each character ends, as servers count
    if notes and not text.isascii():
        tables += [array("Q", accumulate(map(width, text), initial=0)) for width in WIDTHS]

    def index(value: object, ends: Any) -> int:
        return min(bisect_left(ends, value), len(text)) if type(value) is int and value >= 0 else -1

    def fits(note: dict[str, Any], ends: Any) -> bool:
        start = index(note["start_index"], ends)
        return start >= 0 and note["text"] != "" and text.startswith(note["text"], start)

    ends = max(tables, key=lambda ends: sum(fits(note, ends) for note in notes))
    wanted = Counter(note["text"] for note in notes)
    every = {m: [f.start() for f in re.finditer(re.escape(m), text)] for m in wanted if m}
    starts: dict[int, int] = {}
    taken: set[int] = set()
    for number, note in enumerate(notes):
        at, mark = index(note["start_index"], ends), note["text"]
        # Several may be on one place, unless there is a place for each: some servers look it up.
        if fits(note, ends) and (len(every[mark]) != wanted[mark] or at not in taken):
            starts[number] = at
            taken.add(at)
    free = {mark: [at for at in found if at not in taken] for mark, found in every.items()}
    places = []
    for number, note in enumerate(notes):
        start, end = index(note["start_index"], ends), index(note["end_index"], ends)
        if found := every.get(mark := note["text"]):
            if number not in starts:
                aim = start if start >= 0 else end - len(mark)
                left = free[mark] or found
                i = bisect_left(left, aim)
                i -= i == len(left) or (i > 0 and aim - left[i - 1] <= left[i] - aim)
                starts[number] = left[i]
                del free[mark][i : i + 1]
            start = starts[number]
            end = start + len(mark)
        else:
            end = end if end >= 0 else len(text)
            if start < 0 or not re.fullmatch("【[^【】]*】", text[start:end]):
                start = end
        places.append((start, end, number))
    return sorted(places)
