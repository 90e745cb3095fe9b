"""Write an archive as pages to read: static HTML that asks no other machine for anything."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote

from .. import ConfigurationError
from ._conversation import (
    Work,
    annotations_of,
    call_line,
    clock,
    entries,
    items_of,
    mapping_of,
    markdown_of,
    one_line,
    part_text,
    parts_of,
    pretty,
    said,
    text_of,
    time_of,
    title_of,
    visible,
)
from ._format import ArchiveError, Document
from ._reading import Archive, ArchivedThread

_PACKAGE: Final = __name__.rpartition(".")[0]
MESSAGES_A_PAGE: Final = 500
THREADS_A_PAGE: Final = 200
LONGEST_MARKDOWN: Final = 200_000
"""Characters; a longer text is shown as it is, since reading Markdown takes long."""
SEARCHED: Final = 20_000_000
"""Characters of messages that the search of an index may hold, shared by its threads."""
_MARKER: Final = ".laplas-view"
_OWN_NAMES: Final = re.compile(
    r"\.laplas-view|style\.css|search(-data)?\.js|index.*\.html|threads|files"
)
_PICTURES: Final = {
    b"\x89PNG\r\n\x1a\n": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"GIF87a": ".gif",
    b"GIF89a": ".gif",
}
_READABLE: Final = (".txt", ".md", ".csv", ".json", ".pdf")
"""Endings that a browser shows without running anything; other files are to be saved."""
_DATA_PICTURE: Final = re.compile(r"(?i)data:image/(png|jpe?g|gif|webp);base64,[a-z0-9+/=\s]+")


class _File(NamedTuple):
    """A file that messages name: its own name, and where its bytes are among the pages."""

    name: str
    path: str | None
    is_picture: bool


def write_view(archive: Archive, to: str | Path) -> Path:
    """Write an archive as static HTML: an index with search, and pages for each thread.

    The folder appears as a whole or not at all. One that an earlier call wrote is replaced.

    Args:
        archive: The archive.
        to: The folder to write.

    Returns:
        The path of its `index.html`.

    Raises:
        ArchiveError: The folder holds something else, or the archive is damaged.
        ConfigurationError: Jinja2 or markdown-it-py is missing: ``pip install 'laplas[cli]'``.
        OSError: The folder cannot be written.
    """
    target = Path(to).resolve()
    _check_target(archive.path.resolve(), target)
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        made.chmod(0o755)
        _Pages(archive, made).write()
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
            target.replace(old)
            made.replace(target)
            shutil.rmtree(old)
        else:
            made.replace(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target / "index.html"


def serve_view(folder: str | Path, port: int = 0) -> ThreadingHTTPServer:
    """Return a server of written pages, for this machine only; call its `serve_forever`.

    Args:
        folder: What `write_view` wrote.
        port: The port; 0, the default, takes a free one.

    Raises:
        OSError: The port is taken.
    """
    handler = partial(_Handler, directory=str(folder))
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


class _Handler(SimpleHTTPRequestHandler):
    """Serves files of the folder; a file of the archive can run no script in a browser."""

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        if self.path.startswith("/files/"):
            self.send_header("Content-Security-Policy", "sandbox; default-src 'none'")
        super().end_headers()

    def send_head(self) -> Any:
        # A page of another site must not read the archive by a name that leads to this machine.
        host = self.headers.get("Host", "").partition(":")[0]
        if host not in ("127.0.0.1", "localhost"):
            return self.send_error(403, "Not this host")
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of single requests."""


def _check_target(archive: Path, target: Path) -> None:
    if target == archive or archive in target.parents or target in archive.parents:
        raise ArchiveError(f"{target}: the pages must be in a folder apart from the archive's")
    if not target.exists():
        return
    names = [path.name for path in target.iterdir()] if target.is_dir() else [""]
    foreign = [name for name in names if not _OWN_NAMES.fullmatch(name)]
    if foreign or (names and _MARKER not in names):
        what = f"has {sorted(foreign or names)[0]!r} in it" if names != [""] else "is a file"
        raise ArchiveError(
            f"{target}: this {what}, which `laplas view` did not write. Name another."
        )


def _load(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in ("jinja2", "markdown_it", "mdit_py_plugins"):
            raise
        raise ConfigurationError(
            "laplas view", f"needs {error.name}: pip install 'laplas[cli]'"
        ) from None


class _Pages:
    """Writes the pages of one archive into an empty folder."""

    def __init__(self, archive: Archive, to: Path) -> None:
        self._archive = archive
        self._to = to
        self._files: dict[str, _File] = {}
        self._assistants: dict[str, str] = {}
        self._token = token_hex(8)
        self._markdown = self._make_markdown()
        jinja2 = _load("jinja2")
        environment = jinja2.Environment(
            loader=jinja2.PackageLoader(_PACKAGE, "templates"),
            autoescape=True,
            undefined=jinja2.ChainableUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {"pretty": lambda value: visible(pretty(value)), "visible": visible}
        environment.globals |= {
            "file": self._file,
            "call_line": call_line,
            "items": items_of,
            "mapping": mapping_of,
            "string": text_of,
        }
        self._index_page = environment.get_template("index.html.jinja")
        self._thread_page = environment.get_template("thread.html.jinja")

    def write(self) -> None:
        self._copy_files()
        for assistant in map(mapping_of, self._archive.assistants()):
            if name := one_line(text_of(assistant.get("name")), 60):
                self._assistants[text_of(assistant.get("id"))] = name
        templates = Path(__file__).with_name("templates")
        for name in ("style.css", "search.js"):
            (self._to / name).write_bytes((templates / name).read_bytes())
        share = max(200, SEARCHED // max(1, len(self._archive)))
        pages = -(-len(self._archive) // THREADS_A_PAGE) or 1
        threads = self._archive.threads()
        with (self._to / "search-data.js").open("w", encoding="utf-8", newline="\n") as data:
            data.write("const THREADS = [\n")
            for number in range(1, pages + 1):
                rows = [self._write_thread(t, share) for t in islice(threads, THREADS_A_PAGE)]
                for row in rows:
                    found = [row[key] for key in ("href", "title", "id", "when", "count", "words")]
                    data.write(json.dumps(found) + ",\n")
                self._write_index(number, pages, rows)
            data.write("];\n")
        (self._to / _MARKER).write_text("Pages that `laplas view` wrote, to be replaced by it.\n")

    def _write_index(self, number: int, pages: int, rows: list[Document]) -> None:
        manifest = self._archive.manifest
        messages = mapping_of(manifest.get("counts")).get("messages")
        text = self._index_page.render(
            root="",
            rows=rows,
            number=number,
            pages=pages,
            address=lambda n: "index.html" if n == 1 else f"index-{n}.html",
            source=text_of(manifest.get("source")),
            threads=len(self._archive),
            messages=messages if isinstance(messages, int) else 0,
            missing=list(islice(chain(self._archive.gone(), self._archive.failed()), 1000))
            if number == 1
            else [],
            first_words_only=SEARCHED // max(1, len(self._archive)) < 20_000,
        )
        name = "index.html" if number == 1 else f"index-{number}.html"
        self._put(self._to / name, text)

    def _put(self, path: Path, text: str) -> None:
        path.write_text(re.sub("[\ud800-\udfff]", "\ufffd", text), "utf-8", newline="\n")

    def _copy_files(self) -> None:
        for entry in map(mapping_of, self._archive.files()):
            file_id = text_of(entry.get("id"))
            document = mapping_of(entry.get("document"))
            name = one_line(text_of(document.get("filename")), 120) or one_line(file_id)
            source, path, ending = self._archive.file_path(entry), None, ""
            if source and source.is_file():
                ending = _ending(source, name)
                path = f"files/{quote(source.name)}{ending}"
                (self._to / "files").mkdir(exist_ok=True)
                shutil.copyfile(source, self._to / "files" / f"{source.name}{ending}")
            self._files[file_id] = _File(name, path, ending in (*_PICTURES.values(), ".webp"))

    def _file(self, file_id: Any) -> _File:
        known = self._files.get(file_id) if isinstance(file_id, str) else None
        return known or _File(one_line(text_of(file_id)) or "unnamed file", None, False)

    def _write_thread(self, thread: ArchivedThread, share: int) -> Document:
        """Write the pages of a thread; returns its row of the index."""
        document = mapping_of(thread.document)
        first = next(map(mapping_of, thread.messages()), None)
        total = sum(1 for _ in thread.messages())
        title = title_of(document, first) or ("Untitled" if total else "Empty thread")
        pages = max(1, -(-total // MESSAGES_A_PAGE))
        folder = self._to / "threads" / thread.folder.name
        folder.mkdir(parents=True)
        words: dict[str, None] = {}
        room = share
        whole = entries(thread)
        for number in range(1, pages + 1):
            shown: list[Document] = []
            for entry in _page(whole, last=number == pages):
                shown.append(self._shown(entry, len(shown)))
                if room > 0 and not isinstance(entry, Work):
                    for word in re.findall(r"\w+", said(entry)[:share].lower()):
                        if room > 0 and word not in words:
                            words[word] = None
                            room -= len(word) + 1
            text = self._thread_page.render(
                root="../../",
                title=title,
                id=one_line(thread.id, 200),
                when=clock(document),
                total=total,
                number=number,
                pages=pages,
                address="{}.html".format,
                entries=shown,
                metadata=mapping_of(document.get("metadata")),
                resources=document.get("tool_resources") or {},
            )
            self._put(folder / f"{number}.html", text)
        return {
            "href": f"threads/{quote(thread.folder.name)}/1.html",
            "title": title,
            "id": one_line(thread.id, 120),
            "when": clock(document),
            "count": total,
            "words": " ".join(words),
        }

    def _shown(self, entry: Document | Work, number: int) -> Document:
        """Return what the page shows of a message, or of the work of a run."""
        if isinstance(entry, Work):
            return {"work": entry, "id": one_line(entry.run_id)}
        role = text_of(entry.get("role"))
        assistant = self._assistants.get(text_of(entry.get("assistant_id")), "Assistant")
        at, status = time_of(entry), text_of(entry.get("status"))
        reason = mapping_of(entry.get("incomplete_details")).get("reason")
        unfinished = status not in ("", "completed") or bool(reason)
        return {
            "work": None,
            "id": one_line(text_of(entry.get("id"))),
            "side": role if role in ("user", "assistant") else "other",
            "name": {"user": "User", "assistant": assistant}.get(role) or one_line(role, 40) or "?",
            "when": clock(entry),
            "iso": at.isoformat() if at else "",
            "body": self._body(entry, role, f"m{number}"),
            "mark": one_line(": ".join(filter(None, (status, text_of(reason)))), 200)
            if unfinished
            else "",
            "attachments": [
                self._file(mapping_of(each).get("file_id"))
                for each in items_of(entry.get("attachments"))
            ],
            "metadata": mapping_of(entry.get("metadata")),
        }

    def _body(self, message: Document, role: str, name: str) -> str:
        """Return the HTML of a message: Markdown where an assistant wrote it, else text as it is.

        Parts that are no text stand as tokens in the Markdown, so that footnotes count through.
        """
        parts = parts_of(message)
        texts = [part_text(part) for part in parts]
        is_markdown = sum(len(text or "") for text in texts) <= LONGEST_MARKDOWN and (
            role == "assistant" or any(map(annotations_of, parts))
        )
        others: list[str] = []

        def token(html: str) -> str:
            others.append(html)
            return f"{self._token}-{len(others) - 1}-"

        held: list[Any] = []
        for part, text in zip(parts, texts, strict=True):
            if text is None:
                held.append(token(self._part(part)))
            elif is_markdown:
                held.append(part)
            elif text:
                held.append(token(f'<div class="text">{escape(visible(text))}</div>'))
        source = markdown_of(held, lambda file_id: self._file(file_id).name)
        html = self._markdown.render(visible(source), {"docId": name})
        return re.sub(
            rf"(?:<p>)?{self._token}-(\d+)-(?:</p>)?", lambda found: others[int(found[1])], html
        )

    def _part(self, part: Any) -> str:
        about = mapping_of(mapping_of(part).get(text_of(mapping_of(part).get("type"))))
        kind = mapping_of(part).get("type")
        if kind == "refusal" and isinstance(part.get("refusal"), str):
            return f'<p class="refusal"><b>Refused</b> {escape(visible(part["refusal"]))}</p>'
        if kind == "image_file":
            return self._picture(self._file(about.get("file_id")))
        url = text_of(about.get("url"))
        if kind == "image_url" and _DATA_PICTURE.fullmatch(url):
            return f'<figure><img src="{escape(url)}" alt="Image in the message"></figure>'
        if kind == "image_url" and re.match(r"(?i)https?://", url):
            return f'<p class="file">Image elsewhere: {_link(url, visible(url))}</p>'
        label = f"Part of an unknown kind: {one_line(text_of(kind)) or 'no type'}"
        return (
            f'<details class="unknown"><summary>{escape(label)}</summary>'
            f'<pre tabindex="0">{escape(visible(pretty(part)))}</pre></details>'
        )

    def _picture(self, file: _File) -> str:
        if not file.is_picture:
            named = f'<a href="../../{file.path}">{escape(file.name)}</a>' if file.path else None
            return f'<p class="file">Image: {named or escape(file.name) + " (not archived)"}</p>'
        name = escape(file.name)
        return (
            f'<figure><a href="../../{file.path}"><img loading="lazy" src="../../{file.path}"'
            f' alt="{name}"></a><figcaption>{name}</figcaption></figure>'
        )

    def _make_markdown(self) -> Any:
        """Return a reader of Markdown that makes no HTML but its own, and links only where safe."""
        markdown: Any = _load("markdown_it").MarkdownIt(
            "commonmark", {"html": False, "breaks": True, "linkify": False}
        )
        markdown.enable(["table", "strikethrough"])
        markdown.use(_load("mdit_py_plugins.footnote").footnote_plugin, inline=False)
        # Ids of files are targets, too; `link_open` and `image` decide.
        markdown.validateLink = lambda url: True

        def link_open(tokens: Any, at: int, options: Any, env: Any) -> str:
            href = tokens[at].attrGet("href") or ""
            file = self._files.get(unquote(href))
            if file and file.path:
                saved = "" if file.is_picture else f' download="{escape(file.name)}"'
                return f'<a href="../../{file.path}"{saved}>'
            if re.match(r"(?i)(https?://|mailto:)", href):
                return _link(href, None)
            return "<a>"  # it leads nowhere

        def image(tokens: Any, at: int, options: Any, env: Any) -> str:
            href, alt = tokens[at].attrGet("src") or "", tokens[at].content
            file = self._files.get(unquote(href))
            if file and file.is_picture:
                return (
                    f'<img loading="lazy" src="../../{file.path}" alt="{escape(alt or file.name)}">'
                )
            # No link: the picture may stand within one.
            return escape(f"(image: {alt or href[:200]}, {href[:200]})")

        def opened(tag: str) -> Callable[..., str]:
            return lambda tokens, at, options, env: f'<div class="wide" tabindex="0"><{tag}>'

        for rule, function in {
            "link_open": link_open,
            "image": image,
            "table_open": opened("table"),
            "table_close": lambda *_: "</table></div>",
            "fence": lambda tokens, at, *_: _code(tokens[at].content),
            "code_block": lambda tokens, at, *_: _code(tokens[at].content),
            "heading_open": lambda tokens, at, *_: f'<p class="heading {tokens[at].tag}">',
            "heading_close": lambda *_: "</p>",
            "footnote_block_open": lambda *_: '<ol class="sources">',
            "footnote_block_close": lambda *_: "</ol>",
        }.items():
            markdown.renderer.rules[rule] = function
        return markdown


def _page(whole: Iterator[Document | Work], last: bool) -> Iterable[Document | Work]:
    """Yield entries until a page is full of messages; the last page takes all that is left."""
    count = 0
    for entry in whole:
        yield entry
        count += not isinstance(entry, Work)
        if count == MESSAGES_A_PAGE and not last:
            return


def _ending(path: Path, name: str) -> str:
    """Return the ending that makes a browser show a file, and never run it."""
    with path.open("rb") as file:
        head = file.read(12)
    for magic, ending in _PICTURES.items():
        if head.startswith(magic):
            return ending
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return ".webp"
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix in _READABLE else ".bin"


def _link(url: str, text: str | None) -> str:
    opened = f'<a href="{escape(url)}" rel="noopener noreferrer nofollow" class="out">'
    return opened if text is None else f"{opened}{escape(text)}</a>"


def _code(text: str) -> str:
    return f'<pre tabindex="0"><code>{escape(text)}</code></pre>\n'
