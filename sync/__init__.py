"""The pure core: what happened and what it means; no I/O, no clock, no randomness of its own."""

__version__ = "0.1.0"
