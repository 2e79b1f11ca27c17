"""Operations: what happened, written once, never edited, named in the past tense."""

from sync.operations.envelope import (
    GENESIS,
    SCHEMA_VERSION,
    Actor,
    Body,
    Header,
    Operation,
    Position,
    decode_header,
    encode,
)
from sync.operations.kinds import KINDS, kind_of, touches
from sync.operations.understand import Held, understand

__all__ = [
    "GENESIS",
    "KINDS",
    "SCHEMA_VERSION",
    "Actor",
    "Body",
    "Header",
    "Held",
    "Operation",
    "Position",
    "decode_header",
    "encode",
    "kind_of",
    "touches",
    "understand",
]
