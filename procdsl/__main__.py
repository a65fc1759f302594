"""`python -m procdsl`."""

from __future__ import annotations

import sys

from procdsl.cli.main import main

sys.exit(main())
