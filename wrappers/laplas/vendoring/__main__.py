"""Run ``python -m laplas.vendoring``."""

import sys

from . import main

sys.exit(main())
