"""The build files that a copy may bring along, for Bazel and for Pants."""

from typing import Final

_BAZEL: Final = """\
load("@rules_python//python:defs.bzl", "py_library")

py_library(
    name = "%(name)s",
    srcs = glob(["**/*.py"]),
    data = [%(data)s],
    visibility = ["//visibility:public"],
    deps = [
        "@pypi//attrs",
        "@pypi//httpcore",
        "@pypi//httpx",
        "@pypi//python_dateutil",
    ]%(bazel)s,
)
"""

# Third-party requirements are left to Pants' inference: targets of our own beside those of the
# repository would be ambiguous owners of the same modules, and Pants would take neither.
_PANTS: Final = """\
python_sources(
    name="%(name)s",
    sources=["**/*.py"],
    dependencies=[":files"%(pants)s],
)

resources(
    name="files",
    sources=[%(data)s],
)
"""

_WRAPPER: Final = {
    "name": "laplas",
    "data": '"LICENSE", "VENDOR.json", "py.typed"',
    "bazel": ' + ["//%s/laplas_api" % package_name().rpartition("/")[0]]',
    "pants": ', f"{build_file_dir().parent}/laplas_api"',
}
_GENERATED: Final = {
    "name": "laplas_api",
    "data": '"made_from.json", "openapi.yaml", "py.typed"',
    "bazel": "",
    "pants": "",
}


def build_files_for(system: str) -> dict[str, bytes]:
    """The build files for "bazel" or "pants", by their paths in the copy."""
    name, text = {"bazel": ("BUILD.bazel", _BAZEL), "pants": ("BUILD", _PANTS)}[system]
    return {f"{of['name']}/{name}": (text % of).encode() for of in (_WRAPPER, _GENERATED)}
