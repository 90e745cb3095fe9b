"""laplas with the extra laplas[fast]."""

import laplas

VENV, DIST, IMPORT, EXTRA = "laplas_fast", "laplas", "import laplas", True


def __getattr__(name):
    return getattr(laplas, name)
