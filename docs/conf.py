"""How Sphinx makes the site: `nox -s docs` runs it, with every warning an error."""

from __future__ import annotations

import builtins
import re
import sys
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

import laplas

DOCS = Path(__file__).parent
URLS = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
REPOSITORY = URLS["Source"].rstrip("/")

project = "laplas"
author = "The laplas developers"
project_copyright = author
version = release = laplas.__version__
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "public_names",
    "try_it",
]
# docs/index.md names the page on archives, which need not be there. A page whose name is misspelt
# there fails all the same: it is then in no list.
suppress_warnings = ["toc.not_readable"]
exclude_patterns = ["examples", "extensions"]

# The theme loads nothing from elsewhere: its fonts are the reader's own.
html_theme = "furo"
html_title = f"laplas {release}"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"source_edit_link": f"{REPOSITORY}/edit/main/docs/{{filename}}"}

myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]

add_module_names = False
autodoc_default_options = {"members": True, "inherited-members": "object,dict,str,int,tuple,list"}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
# Docstrings name things in single backticks: those become links where there is a page for them.
default_role = "py:obj"
python_maximum_signature_line_length = 88


def link_pages(
    _app: object, _what: str, _name: str, _obj: object, _o: object, lines: list[str]
) -> None:
    """Turn what docstrings say in Markdown, and their references to pages, into links."""
    for at, line in enumerate(lines):
        line = re.sub(r"``?docs/([\w-]+)\.md``?", r":doc:`/\1`", line)
        lines[at] = re.sub(r"(?<!`)\[([^\]]+)\]\((https?://[^)]+)\)", r"`\1 <\2>`__", line)


def aim_links(_app: object, tree: nodes.document) -> None:
    """Aim short names at what they mean: `object` is no field of ours, `run` no one field."""
    for link in list(tree.findall(pending_xref)):
        name = link.get("reftarget", "")
        if link.get("refdomain") != "py":
            continue
        if hasattr(builtins, name) or (
            name.isidentifier() and name not in laplas.__all__ and link["reftype"] == "obj"
        ):
            link.replace_self(link.children)
        elif name in laplas.__all__ and not str(link.get("py:module")).startswith("laplas.local"):
            link["reftarget"] = f"laplas.{name}"


def setup(app: Sphinx) -> None:
    """Connect the two repairs above."""
    app.connect("autodoc-process-docstring", link_pages)
    app.connect("doctree-read", aim_links)
