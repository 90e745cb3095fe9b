"""Make `generated/` from `openapi.yaml`.

    python tools/codegen/regenerate.py            replace generated/ by a fresh tree
    python tools/codegen/regenerate.py --check    change nothing; exit 1 and show what differs
    python tools/codegen/regenerate.py --document other.yaml --output /some/where

Run it with the tools of `requirements.txt` installed; other versions are refused.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import difflib
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import openapi_python_client
from jinja2 import Environment
from model_code import ModelCode, Unsupported
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from patches import PATCHES, PatchFailed, apply
from plain_document import PlainDocument
from resource_code import PACKAGE, ResourceCode
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from schema_code import SchemaCode

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OWN_MODULES = ("calls", "checks", "frames", "schemas")
"""Modules beside those of the generator, each from a template of its name."""
OWN_KEYS = ("types_module", "extended_models")
"""Keys of the configuration that the generator does not know."""
STOCK = Path(openapi_python_client.__file__).parent / "templates"
PINNED_TOOLS = ("openapi-python-client", "ruff")
HEADER = "# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.\n"
README = """\
# generated

Everything in this folder is written by `tools/codegen/regenerate.py` from `openapi.yaml`; the next
run replaces it whole. To change it, change the document, `generator-config.yaml` or the templates
and patches in `tools/codegen/`, then regenerate. A check compares this folder with a fresh run byte
by byte.
"""


class Refused(Exception):
    """Something about the inputs or the tools makes a sound tree impossible."""


def check_versions() -> None:
    """Refuse tools other than the pinned ones: they would write other bytes."""
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", (HERE / "requirements.txt").read_text(), re.M))
    for tool in PINNED_TOOLS:
        if version(tool) != pins[tool]:
            raise Refused(f"{tool} {version(tool)} is installed, {pins[tool]} is pinned")


def load_config(path: Path) -> ConfigFile:
    """Read the generator's configuration, of which it would silently ignore unknown keys."""
    values = YAML(typ="safe").load(path)
    unknown = sorted(values.keys() - ConfigFile.model_fields.keys() - {*OWN_KEYS})
    if unknown:
        raise Refused(f"{path.name}: unknown keys: {', '.join(unknown)}")
    return ConfigFile(**{key: value for key, value in values.items() if key not in OWN_KEYS})


def load_own_config(path: Path) -> dict[str, Any]:
    """Read the keys of the configuration that only our templates use."""
    values = YAML(typ="safe").load(path)
    missing = [key for key in OWN_KEYS if key not in values]
    if missing:
        raise Refused(f"{path.name}: missing keys: {', '.join(missing)}")
    return {key: values[key] for key in OWN_KEYS}


def write_templates(folder: Path) -> None:
    """Put our own templates and the patched stock ones into `folder`."""
    shutil.copytree(HERE / "templates", folder)
    for name in sorted({patch.template for patch in PATCHES}):
        (folder / name).write_text(apply(name, (STOCK / name).read_text("utf-8")), "utf-8")


class Package(Project):
    """The generator's package, with our own modules in it before the hooks format them."""

    def _run_post_hooks(self) -> None:
        resources: Any = self.env.globals["resources"]
        carried = ("carried",) if resources.types_module == f"{PACKAGE}.carried" else ()
        handled = ("event_handlers",) if resources.callbacks else ()
        for name in (*OWN_MODULES, *carried, *handled):
            text = self.env.get_template(f"{name}.py.jinja").render()
            (self.package_dir / f"{name}.py").write_text(text, "utf-8")
        write_resources(self.env, self.package_dir / "resources")
        super()._run_post_hooks()


def write_resources(env: Environment, folder: Path) -> None:
    """Write the classes with the methods that callers use, a module for each resource."""
    folder.mkdir()
    for name, template_name in (("forms", "resource_forms"), ("__init__", "resources_init")):
        text = env.get_template(f"{template_name}.py.jinja").render()
        (folder / f"{name}.py").write_text(text, "utf-8")
    template = env.get_template("resource.py.jinja")
    code: Any = env.globals["resources"]
    for resource in code.resources:
        (folder / f"{resource.name}.py").write_text(template.render(resource=resource), "utf-8")


def run_generator(document: Path, templates: Path, output: Path) -> None:
    """Generate the package into `output`; any warning is a failure."""
    config = Config.from_sources(
        load_config(ROOT / "generator-config.yaml"),
        MetaType.NONE,
        document,
        "utf-8",
        overwrite=False,
        output_path=output,
    )
    plain = PlainDocument(read_document(document))
    content = plain.document
    tables = SchemaCode(content)
    # It takes what it is given apart.
    data = GeneratorData.from_dict(copy.deepcopy(content), config=config)
    if isinstance(data, GeneratorError):
        raise Refused(f"{data.header}: {data.detail}")
    own = load_own_config(ROOT / "generator-config.yaml")
    resources = ResourceCode(content, own["types_module"], own["extended_models"])
    project = Package(openapi=data, config=config, custom_template_path=templates)
    # In this process instead of by the command line, to hand the templates this one object.
    project.env.globals["code"] = ModelCode(data, plain.tags, plain.spread, plain.deep)
    project.env.globals |= {"tables": tables, "resources": resources}
    with contextlib.redirect_stdout(sys.stderr):
        problems = project.build()
    if problems:
        raise Refused("\n".join(f"{p.header}: {p.detail}" for p in problems))


def read_document(path: Path) -> Any:
    """Read a document as plain dicts, in which aliases of YAML are copies."""
    try:
        return json.loads(json.dumps(YAML(typ="safe").load(path), default=str))
    except (OSError, ValueError, YAMLError) as error:
        raise Refused(f"{path} cannot be read: {error}") from None


def generate(document: Path, folder: Path) -> None:
    """Write a fresh `generated/` tree for `document` into the empty `folder`."""
    with tempfile.TemporaryDirectory() as work:
        write_templates(Path(work, "templates"))
        run_generator(document, Path(work, "templates"), folder / PACKAGE)
    for source in folder.rglob("*.py"):
        source.write_bytes(HEADER.encode() + source.read_bytes())
    (folder / PACKAGE / "py.typed").touch()
    (folder / PACKAGE / "openapi.yaml").write_bytes(document.read_bytes())
    (folder / PACKAGE / "made_from.json").write_text(made_from(document), "utf-8")
    (folder / "README.md").write_text(README, "utf-8")


def made_from(document: Path) -> str:
    """Say what the package is made from, for copies of it that lie far from this repository."""
    source = {
        "document_sha256": hashlib.sha256(document.read_bytes()).hexdigest(),
        "generator": f"openapi-python-client {version('openapi-python-client')}",
    }
    return json.dumps(source, indent=2) + "\n"


def files_of(folder: Path) -> dict[str, bytes]:
    """The files below `folder` by relative path, without compiled Python."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def differences(present: Path, fresh: Path) -> Iterator[str]:
    """Describe how the tree `present` differs from the tree `fresh`; nothing when it does not."""
    old, new = files_of(present), files_of(fresh)
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield f"stray file: {name}\n"
        elif name not in old:
            yield f"missing file: {name}\n"
        elif old[name] != new[name]:
            yield f"changed file: {name}\n"
            before, after = (text[name].decode(errors="replace") for text in (old, new))
            yield from difflib.unified_diff(
                before.splitlines(True), after.splitlines(True), f"present/{name}", f"fresh/{name}"
            )


def replace(target: Path, fresh: Path) -> None:
    """Put the tree `fresh` in the place of `target`, so that nothing old survives."""
    check_target(target)
    old = fresh.parent / "old"
    if target.exists():
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def check_target(target: Path) -> None:
    """Refuse to replace anything but a tree that this program made, and nothing beside it."""
    if target.exists() and not target.is_dir():
        raise Refused(f"{target} is no folder")
    present = {path.name for path in target.iterdir()} if target.exists() else set()
    if other := sorted(present - {PACKAGE, "README.md", "__pycache__"}):
        raise Refused(f"{target} holds something else than a generated tree: {other[0]}")
    if present and not (target / PACKAGE / "made_from.json").is_file():
        raise Refused(f"{target} holds no tree that this program made")


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, show differences")
    parser.add_argument("--document", type=Path, default=ROOT / "openapi.yaml")
    parser.add_argument("--output", type=Path, default=ROOT / "generated")
    options = parser.parse_args(arguments)
    document, output = options.document.resolve(), options.output.resolve()
    try:
        check_versions()
        if not options.check:
            check_target(output)
        if not output.parent.is_dir():
            raise Refused(f"{output.parent} is no folder")
        # Beside the target: a rename works only within one file system.
        with tempfile.TemporaryDirectory("_cache", ".generated_", output.parent) as work:
            fresh = Path(work, "fresh")
            fresh.mkdir()
            generate(document, fresh)
            if not options.check:
                replace(output, fresh)
                return 0
            found = list(differences(output, fresh))
    except (OSError, PatchFailed, Refused, Unsupported) as problem:
        print(f"regenerate: {problem}", file=sys.stderr)
        return 2
    print("".join(found), end="")
    if found:
        made = f"{output.name}/ is not what {document.name} generates"
        print(f"\n{made}: run tools/codegen/regenerate.py")
    return 1 if found else 0


if __name__ == "__main__":
    # The generator finds ruff through PATH; it must be the pinned one, without settings of its own.
    os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", "")
    for name in [name for name in os.environ if name.startswith("RUFF_")]:
        del os.environ[name]
    sys.exit(main(sys.argv[1:]))
