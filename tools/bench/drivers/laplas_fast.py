"""laplas with the extra laplas[fast], and with the option fast=True."""

import laplas

VENV, DIST, IMPORT, EXTRA = "laplas_fast", "laplas", "import laplas", True
laplas.OPTIONS["fast"] = True


def __getattr__(name):
    return getattr(laplas, name)
