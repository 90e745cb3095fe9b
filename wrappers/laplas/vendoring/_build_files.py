"""The build files that a copy may bring along, for Bazel and for Pants."""

from collections.abc import Iterable
from typing import Final

_BAZEL: Final = """\
load("@rules_python//python:defs.bzl", "py_library")

py_library(
    name = "NAME",
    srcs = glob(["**/*.py"]),
    data = [DATA],
    visibility = ["//visibility:public"],
    deps = [MORE
        "@pypi//attrs",
        "@pypi//httpcore",
        "@pypi//httpx",
        "@pypi//python_dateutil",
    ],
)
"""
# Third-party requirements are left to Pants' inference: targets of our own beside those of the
# repository would be ambiguous owners of the same modules, and Pants would take neither.
_PANTS: Final = """\
python_sources(
    name="NAME",
    sources=["**/*.py"],
    dependencies=[":files"MORE],
)

resources(
    name="files",
    sources=[DATA],
)
"""
_BAZEL_MORE: Final = '\n        "//%s/laplas_api" % package_name().rpartition("/")[0],'
_PANTS_MORE: Final = ', f"{build_file_dir().parent}/laplas_api"'


def build_files_for(system: str, names: Iterable[str]) -> dict[str, bytes]:
    """Return the build files for "bazel" or "pants" by their paths in the copy of these files."""
    bazel, pants = ("BUILD.bazel", _BAZEL, _BAZEL_MORE), ("BUILD", _PANTS, _PANTS_MORE)
    file, text, more = {"bazel": bazel, "pants": pants}[system]
    others = sorted(name for name in names if not name.endswith(".py"))

    def build_file(package: str, more: str) -> bytes:
        mine = [
            name.removeprefix(f"{package}/") for name in others if name.startswith(f"{package}/")
        ]
        data = ", ".join(f'"{name}"' for name in mine)
        made = text.replace("NAME", package).replace("MORE", more).replace("DATA", data)
        return made.encode()

    return {
        f"laplas/{file}": build_file("laplas", more),
        f"laplas_api/{file}": build_file("laplas_api", ""),
    }
