"""Loads sqlite-utils without NumPy.

sqlite-utils looks for NumPy only to recognise its number types in rows, and does without where there is none. No
row of a phone holds one, and this program starts anew for each command: loading NumPy took a quarter of a second of
each. Importing this module loads sqlite-utils with NumPy hidden, unless somebody loaded either before; afterwards
NumPy can be imported as ever.
"""

from __future__ import annotations

import sys

__all__: list[str] = []

if "numpy" in sys.modules or "sqlite_utils" in sys.modules:
    import sqlite_utils as _sqlite_utils
else:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # the import system's own sign for "not to be had"
    try:
        import sqlite_utils as _sqlite_utils  # noqa: F401  # loaded here so that it does not look again
    finally:
        del sys.modules["numpy"]
