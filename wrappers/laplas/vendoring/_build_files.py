"""The build files that a copy may bring along, for Bazel and for Pants."""

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


def build_files_for(system: str) -> dict[str, bytes]:
    """Return the build files for "bazel" or "pants" by their paths in the copy."""
    bazel, pants = ("BUILD.bazel", _BAZEL, _BAZEL_MORE), ("BUILD", _PANTS, _PANTS_MORE)
    file, text, more = {"bazel": bazel, "pants": pants}[system]
    wrapper = text.replace("NAME", "laplas").replace("MORE", more)
    wrapper = wrapper.replace("DATA", '"LICENSE", "VENDOR.json", "py.typed"')
    generated = text.replace("NAME", "laplas_api").replace("MORE", "")
    generated = generated.replace("DATA", '"made_from.json", "openapi.yaml", "py.typed"')
    return {f"laplas/{file}": wrapper.encode(), f"laplas_api/{file}": generated.encode()}
