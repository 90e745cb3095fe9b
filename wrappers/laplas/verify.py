"""Is this copy as it was made, and what was it made from?  ``python -m laplas.verify``

Exit status: 0 as it was made, at most reformatted; 1 edited; 2 cannot tell, as nothing is there
to compare with or the files cannot be read. Run as a file,
``python acme/third_party/laplas/verify.py``, it does not import the copy.
"""

import os
import sys

if __package__:
    from .vendoring._verify import *  # noqa: F403
    from .vendoring._verify import main

    if __name__ == "__main__":
        sys.exit(main())  # also from a zip, where there is no file to run
elif not sys.flags.safe_path:
    del sys.path[0]  # run as a file: Python's own `types` must not be the one beside this file

if __name__ == "__main__":
    import runpy

    file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vendoring", "_verify.py")
    runpy.run_path(file, run_name="__main__")
