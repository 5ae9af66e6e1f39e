"""``python -m spikelib`` is ``spikelib``."""

import sys

from spikelib.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
