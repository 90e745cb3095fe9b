"""`python -m laplas.archive`: the command `laplas` where no script is installed."""

import sys

from .cli import main

sys.exit(main())
