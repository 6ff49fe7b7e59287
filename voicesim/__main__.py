"""``python -m voicesim`` is the command ``voicesim``."""

import sys

from voicesim.cli import main

sys.exit(main())
