"""Messages as Markdown and HTML, pages as rows, cards for notebooks, what rich prints.

Nothing of a text is lost or doubled, whatever its annotations say; nothing in HTML does anything.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections import defaultdict
from html.parser import HTMLParser
from typing import Any

import pandas  # type: ignore[import-untyped, unused-ignore]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from scripted import THREAD, answer, message, page, run_async, run_both, run_sync, thread
from support import recorded

from laplas import FileObject, InvalidArgumentError, Laplas, Message, Run, RunStep, Thread
from laplas._core.pagination import page_from
from laplas.local import Citation, LocalServer, Reply, ToolCall

MARK = "【4:0†source】"
UNITS = {"points": ("utf-32-le", 4), "UTF-16": ("utf-16-le", 2), "bytes": ("utf-8", 1)}


def said(*parts: Any, **fields: Any) -> Message:
    return Message.from_dict(message("msg_1", content=list(parts), **fields))


def text(value: str, *annotations: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"value": value, "annotations": list(annotations)}}


def cite(mark: Any = MARK, start: Any = None, end: Any = None, **about: Any) -> dict[str, Any]:
    about = {"file_id": "file-1", **about}
    places = {"start_index": start, "end_index": end}
    return {"type": "file_citation", "text": mark, "file_citation": about, **places}


def path(mark: str, file_id: str = "file-9") -> dict[str, Any]:
    return {"type": "file_path", "text": mark, "file_path": {"file_id": file_id}}


def image(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


IMAGE_FILE = {"type": "image_file", "image_file": {"file_id": "file-3"}}
WEB = {"type": "url_citation", "url_citation": {"url": "https://a.test/b(c)", "title": "A *b*"}}
SCRIPT = {"type": "url_citation", "text": "x", "url_citation": {"url": "javascript:alert(1)"}}


CASES: list[tuple[list[Any], str]] = [
    ([], ""),
    ([text("# Hi\n\n- *a* <b>\n")], "# Hi\n\n- *a* <b>\n"),
    ([text("a"), text(""), text("b")], "a\n\nb"),
    ([text(f"It is{MARK}.", cite())], "It is[^1].\n\n[^1]: file-1"),
    ([text(f"a{MARK}b{MARK}", cite(start=1), cite(start=13, quote=" x\n y_z*"))],
     "a[^1]b[^2]\n\n[^1]: file-1\n[^2]: file-1: “x y_z\\*”"),
    # The same source again, in another part.
    ([text(f"a{MARK}", cite()), text(f"b{MARK}", cite(quote=""))],
     "a[^1]\n\nb[^1]\n\n[^1]: file-1"),
    # Two on one place, and as many as there are places.
    ([text(f"a{MARK}b", cite(start=1), cite(start=1, file_id="f2"))],
     "a[^1][^2]b\n\n[^1]: file-1\n[^2]: f2"),
    ([text(f"{MARK}{MARK}", cite(file_id="f1"), cite(file_id="f2"))],
     "[^1][^2]\n\n[^1]: f1\n[^2]: f2"),
    ([text(f"{MARK}{MARK}a", cite(start=0), cite(start=0, file_id="f2"))],
     "[^1][^2]a\n\n[^1]: file-1\n[^2]: f2"),
    # Labels that the text has, or a refusal.
    ([text(f"x[^1] {MARK}\n\n[^1]: y", cite()), {"type": "refusal", "refusal": "[^2]"}],
     "x[^1] [^3]\n\n[^1]: y\n\n**Refused:** [^2]\n\n[^3]: file-1"),
    # What a mark stands before is not taken for its link, or for a footnote's text.
    ([text(f"A{MARK}(2021)\n{MARK}: B{MARK}: C", cite(), cite(), cite())],
     "A[^1]&#8203;(2021)\n[^1]&#8203;: B[^1]: C\n\n[^1]: file-1"),
    # A backslash before a mark, and a fence that was left open, are the text's own.
    ([text(f"C:\\{MARK}", cite())], "C:\\\\[^1]\n\n[^1]: file-1"),
    ([text(f"{MARK}\n  ```py\n``` x", cite()), text("~~~\n```\n~~~~"), text("````")],
     "[^1]\n  ```py\n``` x\n  ```\n\n~~~\n```\n~~~~\n\n````\n````\n\n[^1]: file-1"),
    # So many that more than one look at each would take hours.
    ([text("[^" * 200_000)], "[^" * 200_000),
    ([text("é" * 200_000, *[cite("é")] * 3_000)],
     "[^1]" * 3_000 + "é" * 197_000 + "\n\n[^1]: file-1"),
    # Overlapping, the wrong text, no text, outside.
    ([text("abcdef", cite("bcd", 1), cite("cde", 2, file_id="f2"))],
     "a[^1][^2]ef\n\n[^1]: file-1\n[^2]: f2"),
    ([text("abcdef", cite("xyz", 1, 3))], "abc[^1]def\n\n[^1]: file-1"),
    ([text("abcdef", cite(None, 1, 3))], "abc[^1]def\n\n[^1]: file-1"),
    ([text("abcdef", cite("", 9, 99))], "abcdef[^1]\n\n[^1]: file-1"),
    ([text("abcdef", cite("", -1, True))], "abcdef[^1]\n\n[^1]: file-1"),
    ([text(f"ab{MARK}c", cite("【4:0†other】", 2, 14))], "ab[^1]c\n\n[^1]: file-1"),
    # Files that the assistant made: a link's target, and text.
    ([text("[Get](sandbox:/d/a b.csv)", path("sandbox:/d/a b.csv"))], "[Get](file-9)"),
    ([text("At sandbox:/d/a.csv", path("sandbox:/d/a.csv"))], "At [a.csv](file-9)"),
    ([text("[Get]( <sandbox:/d/a b.csv>)", path("sandbox:/d/a b.csv"))], "[Get]( <file-9>)"),
    ([text("See", path("", "javascript:a(b)"))], "See[javascript:a(b)](javascript%3Aa%28b%29)"),
    # Other kinds of annotations and of parts.
    ([text("a", WEB)], "a[^1]\n\n[^1]: [A \\*b\\*](https://a.test/b%28c%29)"),
    ([text("x", SCRIPT)], "[^1]\n\n[^1]: javascript:alert(1)"),
    ([text("a", {"type": "memory"}, None)],
     "a[^1][^2]\n\n[^1]: source of an unknown kind: memory\n"
     "[^2]: source of an unknown kind: NoneType, not an object"),
    ([IMAGE_FILE, image("HTTPS://a.test/?b=(c)&d=1")],
     "![file-3](file-3)\n\n![image](HTTPS://a.test/?b=%28c%29&d=1)"),
    ([image("data:image/png;base64,AAAA")], "![image](data:image/png;base64,AAAA)"),
    ([image("java\nscript:x")], "*(image without a safe URL: java script:x)*"),
    ([{"type": "audio", "audio": {}}, {"no": 1}, 5, "plain"],
     "*(part of an unknown kind: audio)*\n\n*(part of an unknown kind: no type)*\n\n"
     "*(part of an unknown kind: int, not an object)*\n\nplain"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "expected"), CASES)
def test_markdown(parts: list[Any], expected: str) -> None:
    assert said(*parts).markdown() == expected


def test_names_of_files() -> None:
    """From a mapping or a function, which is asked once for a file; harmless in a footnote."""
    asked: list[str] = []

    def name(file_id: str) -> FileObject | None:
        asked.append(file_id)
        return {"file-1": file}.get(file_id)

    file = FileObject.from_dict({"id": "file-1", "object": "file", "filename": "1. a_b [x](y).pdf"})
    found = said(text(f"a{MARK}b{MARK}", cite(), cite(quote="q")), IMAGE_FILE)
    named = "[^1]: 1\\. a_b \\[x\\](y).pdf\n[^2]: 1\\. a_b \\[x\\](y).pdf: “q”"
    shown = f"a[^1]b[^2]\n\n![file-3](file-3)\n\n{named}"
    assert found.markdown({"file-1": file}) == shown
    assert found.markdown(name) == shown
    assert asked == ["file-1", "file-3"]
    assert found.markdown({"file-1": "a\nb\u202e"}).endswith("[^2]: a b\ufffd: “q”")
    assert found.markdown(defaultdict(str)) == found.markdown()
    # Two files of one name are two sources.
    both = said(text(f"{MARK}{MARK}", cite(), cite(file_id="file-2")))
    assert both.markdown(lambda id_: "a.pdf") == "[^1][^2]\n\n[^1]: a.pdf\n[^2]: a.pdf"


@pytest.mark.parametrize("files", ["file-1", ["file-1"], 5, {"file-1": 5}, lambda id_: b"x"])
def test_names_of_files_that_are_none(files: Any) -> None:
    found = said(text(MARK, cite()))
    for render in (found.markdown, found.html):
        with pytest.raises(InvalidArgumentError) as caught:
            render(files)
        assert caught.value.argument == "files"


@pytest.mark.parametrize("unit", UNITS)
def test_places_are_counted_in_any_unit(unit: str) -> None:
    """The second of equal markers is the second, also where others are not noted at all."""
    encoding, width = UNITS[unit]
    value = f"😀é{MARK}ü😀{MARK}{MARK}."
    notes = [
        cite(mark, len(value[:at].encode(encoding)) // width, file_id=f"f{at}")
        for at, mark in ((16, MARK), (2, MARK))
    ]
    expected = f"😀é[^1]ü😀[^2]{MARK}.\n\n[^1]: f2\n[^2]: f16"
    assert said(text(value, *notes)).markdown() == expected


words = st.text(
    st.characters(exclude_characters="【】[]^:(\r\\`~", exclude_categories=["Cs"]), max_size=9
)


@given(
    st.lists(st.tuples(words, st.integers(0, 2)), min_size=1, max_size=6),
    words,
    st.sampled_from(["points", "UTF-16", "bytes", "absent", "wrong"]),
    st.randoms(use_true_random=False),
)
def test_text_between_markers_is_kept(
    pieces: list[tuple[str, int]], end: str, counted: str, random: Any
) -> None:
    value, expected, notes = "", "", []
    order: list[int] = []
    encoding, width = UNITS.get(counted, UNITS["points"])
    for before, source in pieces:
        value += before
        at = len(value.encode(encoding)) // width if counted in UNITS else None
        at = random.randrange(200) if counted == "wrong" else at
        notes.append(cite(f"【{source}】", at, at and at + 3, file_id=f"f{source}"))
        value += f"【{source}】"
        order += [source] * (source not in order)
        expected += f"{before}[^{order.index(source) + 1}]"
    random.shuffle(notes)
    footnotes = "\n".join(f"[^{n}]: f{source}" for n, source in enumerate(order, 1))
    assert said(text(value + end, *notes)).markdown() == f"{expected}{end}\n\n{footnotes}"


odd = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 40), st.floats(), st.text("ab【】😀é", max_size=4)
)


@given(st.text("ab【】😀é\n(:", max_size=20), st.lists(st.tuples(odd, odd, odd), max_size=6))
def test_nothing_is_lost_or_doubled(value: str, annotations: list[tuple[Any, Any, Any]]) -> None:
    """What the marks replaced was said to be markers; all else is there, in order, once."""
    notes = [cite(*each) for each in annotations]
    shown = said(text(value, *notes)).markdown()
    at, *kept = re.split(r"\[\^\d+\](?:&#8203;)?", shown.removesuffix("\n\n[^1]: file-1"))
    assert len(kept) == len(notes)
    pattern = re.escape(at)
    marks = [re.escape(mark) for mark, _, _ in annotations if isinstance(mark, str)]
    for piece in kept:
        pattern += f"(?:{'|'.join([*marks, '【[^【】]*】', ''])}){re.escape(piece)}"
    assert re.fullmatch(pattern, value)


class Parsed(HTMLParser):
    """What a browser would see."""

    ALLOWED = re.compile("div|sup|img|a|strong|em|ol|li|cite|q|header|table|tr|th|td|style")
    ATTRIBUTES = re.compile("class|style|dir|title|value|src|alt|href|rel")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.urls: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert self.ALLOWED.fullmatch(tag)
        assert all(self.ATTRIBUTES.fullmatch(name) for name, _ in attrs)
        self.urls += [value or "" for name, value in attrs if name in ("src", "href")]
        styles = {value for name, value in attrs if name == "style"}
        assert styles <= {"white-space: pre-wrap", "max-width: 100%"}
        self._open += [tag] * (tag != "img")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts += [data] * ("style" not in self._open)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    handle_pi = unknown_decl = handle_comment

    @property
    def text(self) -> str:
        return "".join(self.texts)


HOSTILE = [
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onload='x", "&lt;b&gt;"),
    *("javascript:alert(1)", "JaVa\tscript:alert(1)", "\x01javascript:x", "data:text/html,<b>"),
    *(
        "vbscript:x",
        "https://a.test/'\"><b>",
        "http://a\nb",
        "//a.test",
        "data:image/svg+xml,<svg>",
    ),
    *("\0\u202e\ud83d", "]]><!--<![CDATA[", "{0}{x!r}%s", "</div></style>"),
]


@given(st.sampled_from(HOSTILE) | st.text(max_size=20), st.booleans())
def test_html_does_nothing(evil: str, named: bool) -> None:
    """Whatever a message says, in each of its places; the text is the text."""
    notes = [
        cite(evil, quote=evil),
        path(evil, evil),
        {"type": f"a {evil}", "text": evil},
        cite(evil[:1]),
    ]
    notes += [{"type": "url_citation", "url_citation": {"url": evil, "title": evil}}]
    found = said(
        text(f"a {evil}\n b"), text(f"{evil}{evil}", *notes), {"type": f"a {evil}"}, image(evil),
        {"type": "refusal", "refusal": evil},
        {"type": "image_file", "image_file": {"file_id": evil}}, role=evil, run_id=evil,
    )  # fmt: skip
    for html in (found.html(lambda id_: evil if named else None), found._repr_html_()):
        html.encode()
        parsed = Parsed(html)
        plain = re.sub("[\0\ud800-\udfff]", "\ufffd", f"a {evil}\n b")
        assert plain in parsed.text
        for url in parsed.urls:
            assert re.fullmatch(r"(?i)https?://\S+|data:image/png;base64,\w+", url)
    for part in ([], [image("https://a.test/x.png")]):
        fetched = re.findall("<img", said(*part, text(evil))._repr_html_())
        assert fetched == []


def test_html() -> None:
    found = said(
        text(f"*a* <b>\n c{MARK}", cite(quote='"q"')), IMAGE_FILE, image("https://a.test/?a&b"),
        image("data:image/png;base64,AAAA"), {"type": "refusal", "refusal": "no"},
        {"type": "audio"},
    )  # fmt: skip
    block = '<div style="white-space: pre-wrap" dir="auto">'
    assert found.html({"file-1": "A&B.pdf"}).split("\n") == [
        '<div class="laplas-message">',
        f"{block}*a* &lt;b&gt;",
        " c<sup>[1]</sup></div>",
        '<em>(image: <cite title="file-3">file-3</cite>)</em>',
        '<img src="https://a.test/?a&amp;b" alt="image" style="max-width: 100%">',
        '<img src="data:image/png;base64,AAAA" alt="image" style="max-width: 100%">',
        f"{block}<strong>Refused:</strong> no</div>",
        "<em>(part of an unknown kind: audio)</em>",
        "<ol>",
        '<li value="1">A&amp;B.pdf: <q>&quot;q&quot;</q></li>',
        "</ol>",
        "</div>",
    ]


def test_recorded_messages_keep_their_text() -> None:
    for _, data in recorded("thread.message"):
        found = Message.from_dict(data)
        texts = [part.text.value for part in found.content if part.type == "text"]
        if not found.citations:
            assert all(value in found.markdown() for value in texts)
        Parsed(found.html())


CREATED = pandas.Timestamp(1_700_000_000, unit="s", tz="UTC")


def test_rows_make_a_data_frame() -> None:
    body = page("a", "b")
    body["data"][1] = message(
        "b", created_at="x", run_id="r", content=[text(MARK, cite()), IMAGE_FILE]
    )
    listed = run_both(lambda c: c.messages.list(THREAD), answer(body)).result
    frame = pandas.DataFrame(listed.rows())
    assert [*frame] == ["id", "created", "role", "text", "run_id", "citations"]
    assert frame.created[0] == CREATED
    assert frame.created.isna()[1]
    assert frame.text.tolist() == ["How does AI work?", MARK]
    assert frame.run_id[1] == "r"
    assert frame.citations.sum() == 1


def test_rows_of_anything_else() -> None:
    deep: dict[str, Any] = {}
    for _ in range(500):
        deep = {"a": deep}
    fields = {"metadata": {"at_at": "1", "n": [1]}, "ended_at": 1e99, "new": {"a": [1, 2]}}
    row = page_from(Thread.from_dict, [thread(deep=deep, **fields)]).rows()[0]
    assert (row["id"], row["created"], row["ended"]) == ("thread_abc123", CREATED, None)
    assert (row["metadata.at_at"], row["metadata.n"], row["new.a"]) == ("1", 1, 2)
    assert row["deep.a.a.a"] == 1
    assert not any(isinstance(value, list | dict) for value in row.values())


@pytest.mark.parametrize("run", [run_sync, run_async])
def test_a_page_has_a_length_and_places(run: Any) -> None:
    """They are those of this page; to iterate is to go on to those that follow."""
    first = run(
        lambda c: c.messages.list(THREAD), answer(page("a", "b", "c", has_more=True))
    ).result
    assert [first[0].id, first[-1].id, *(item.id for item in first[1:])] == ["a", "c", "b", "c"]
    assert (len(first), bool(first), first[5:]) == (3, True, [])
    assert not run(lambda c: c.messages.list(THREAD), answer(page())).result
    for wrong, error in ((3, IndexError), ("a", TypeError)):
        with pytest.raises(error):
            first[wrong]
    # Backwards, it would be another set of items than forwards.
    ways: list[Any] = [iter, list, lambda page: "a" in page] if run is run_async else []
    for way in (reversed, *ways):
        with pytest.raises(TypeError):
            way(first)


def test_a_page_iterates_over_all_that_follow() -> None:
    def walk(client: Laplas) -> Any:
        first = client.messages.list(THREAD)
        (a, b, c), ids = first, [item.id for item in list(first)]
        pages = [len(each) for each in first.iter_pages()]
        return [a.id, b.id, c.id], ids, len(first), pages, first[0] in first, a in first

    def serve(sent: Any) -> Any:
        after = "after=b" in sent.url
        return answer(page("c") if after else page("a", "b", has_more=True))

    ids = ["a", "b", "c"]
    assert run_sync(walk, serve).result == (ids, ids, 2, [2, 1], True, True)


def test_the_repr_of_a_page_says_what_is_in_it() -> None:
    long = message("b" * 100, content=[text("x y\x1b\n" * 5000)])
    some = [message("a"), long, message("c", role=5, content=None), message("d")]
    for cls, run in (("Page", run_sync), ("AsyncPage", run_async)):
        listed = run(lambda c: c.messages.list(THREAD), answer({"data": some, "has_more": True}))
        shown = repr(listed.result)
        assert shown.startswith(f"<{cls} of 4, has_more=True: a to d; user 'How does AI work?', ")
        assert shown.endswith(", ...>")
        assert "\x1b" not in shown
        assert len(shown) < 400
        empty = run(lambda c: c.messages.list(THREAD), answer(page())).result
        assert repr(empty) == f"<{cls} of 0, has_more=False>"
    runs = page_from(Thread.from_dict, [thread()])
    assert repr(runs) == "<PageData of 1, has_more=True: thread_abc123 to thread_abc123>"


def reply(turn: Any) -> Reply:
    if not turn.tool_outputs and turn.functions:
        return Reply(tool_calls=[ToolCall("f", {"a": "<b>"})])
    return Reply(text=f"So [b]it[/b] is{MARK}\x1b[2J", citations=[Citation(MARK, "file-1")])


@pytest.fixture(scope="module")
def shown() -> list[Any]:
    """What the embedded server gives: a message, a page, a run, a step and a thread."""
    with Laplas.local(LocalServer(reply=reply)) as client:
        assistant = client.assistants.create("gpt-4o")
        thread = client.thread(client.threads.create(metadata={"a<b>": "<i>"}).id)
        found = thread.ask("<b>[i]Why[/i]?", assistant=assistant.id)
        assert found.run_id
        steps = client.runs.steps.list(thread.id, found.run_id)
        one: Run = client.runs.retrieve(thread.id, found.run_id)
        return [
            *(found, thread.messages.list(), one, steps[0], steps),
            *(client.threads.retrieve(thread.id), client.assistants.list()),
        ]


STEP = {
    "id": "step_1", "object": "thread.run.step", "created_at": 1, "run_id": "r", "thread_id": "t",
    "assistant_id": "a", "type": "tool_calls", "status": "completed",
    "step_details": {"type": "tool_calls", "tool_calls": [
        {"id": "c", "type": "function", "function": {"name": "f<b>", "arguments": "{}"}}, 5, {},
    ]},
}  # fmt: skip


def test_a_notebook_shows_cards(shown: list[Any]) -> None:
    step = RunStep.from_dict(STEP)
    for item in (*shown, step):
        parsed = Parsed(item._repr_html_())
        assert parsed.urls == []
        for hidden in ("http", "url(", "@import", "<script"):
            assert hidden not in item._repr_html_()
        assert (item[0] if hasattr(item, "data") else item).id in parsed.text
    message, page, run, *_ = (Parsed(item._repr_html_()).text for item in shown)
    assert "So [b]it[/b] is[1]" in message
    assert "file-1" in message
    assert "2 items" in page
    assert "<b>[i]Why[/i]?" in page
    assert "usage.total_tokens" in run
    assert "name f<b>, arguments {}" in Parsed(step._repr_html_()).text
    assert shown[0]._repr_html_().count("prefers-color-scheme:dark") == 1


def test_rich_prints_panels_and_tables(shown: list[Any]) -> None:
    """Text is text: neither rich's markup nor a terminal's commands."""
    for item in (*shown, RunStep.from_dict(STEP)):
        out = io.StringIO()
        Console(file=out, width=200, force_terminal=True, color_system=None).print(item)
        printed = out.getvalue()
        assert (item[0] if hasattr(item, "data") else item).id in printed
        if isinstance(item, Message):
            assert "So [b]it[/b] is[1]" in printed
            assert "[1] file-1" in printed
        if item is shown[1]:
            assert "<b>[i]Why[/i]?" in printed
        assert "\x1b[2J" not in printed
        assert 3 <= printed.count("\n") < 40


def test_what_shows_is_loaded_when_it_is_used() -> None:
    code = (
        "import sys; from laplas import Laplas; c = Laplas.local()\n"
        "t = c.threads.create(); c.messages.create(t.id, 'x'); p = c.messages.list(t.id)\n"
        "print([m for m in sys.modules if m in ('laplas._core.views', 'laplas._core.rendering')])\n"
        "print('laplas._core.views' in sys.modules if p.rows() else p)"
    )
    paths = [entry for entry in sys.path if entry]
    environment = {"PYTHONPATH": ":".join(paths)}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert (ran.stdout.strip(), ran.stderr) == (b"[]\nTrue", b"")
