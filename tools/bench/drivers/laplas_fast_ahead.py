"""laplas with the extra laplas[fast], fetching the next page while one is read."""

import laplas

VENV, DIST, IMPORT, EXTRA = "laplas_fast", "laplas", "import laplas", True


def iterate_all():
    return laplas.iterate_all(read_ahead=True)


def __getattr__(name):
    return getattr(laplas, name)
