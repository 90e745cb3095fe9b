"""laplas where orjson is installed."""

import laplas

VENV, DIST, IMPORT, EXTRA = "laplas_orjson", "laplas", "import laplas", True


def __getattr__(name):
    return getattr(laplas, name)
