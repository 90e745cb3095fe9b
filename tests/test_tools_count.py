"""The budgets of the house: those that hold are kept, and circles and floors are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import count


def test_what_holds_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    budgets = {each.name: each for each in count.count()}
    for name in ("files of a warm create", "frames of a warm create", "floors"):
        assert 0 < budgets[name].reached <= budgets[name].most
    assert budgets["modules in import circles"].reached == 0
    assert count.main(["--check"]) == any(each.reached > each.most for each in budgets.values())
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("client, lines", "floors"))


def test_circles_and_floors_are_found(tmp_path: Path) -> None:
    texts = {
        "a": "from . import b\n",
        "b": "from .c import x\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from .a import y\n",
        "c": "def x():\n    from .a import y\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    paths = sorted(tmp_path.glob("*.py"))
    assert count.count_floors(paths) == (0, 3)
    (tmp_path / "c.py").write_text("from . import b\n")
    assert count.count_floors(paths)[0] == 2
