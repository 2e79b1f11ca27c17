"""Writes `fixtures/vectors`: run ``python -m tests.protocol.make_vectors`` from the repository's root.

Everything follows from fixed names and numbers; signatures are made after RFC 6979, so that the same files come
out again. A reader must accept any valid signature.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.protocol.vector_badge import badge_vectors
from tests.protocol.vector_exchange import exchange_vectors, sealing_vectors, side_record_vectors
from tests.protocol.vector_journal import journal_lines, journal_vectors, kind_vectors, segment_vectors
from tests.protocol.vector_keys import key_vectors
from tests.protocol.vector_policy import policy_vectors
from tests.protocol.vector_receipts import receipt_vectors
from tests.protocol.vector_repayment import repayment_vectors
from tests.protocol.vector_text import clock_vectors, encoding_vectors, money_vectors
from tests.protocol.vector_words import words_vectors

__all__ = ["FOLDER", "make_all"]

FOLDER = Path(__file__).parents[2] / "fixtures" / "vectors"


def make_all() -> dict[str, bytes]:
    """File name → content."""
    vectors: dict[str, Any] = {
        "badge.json": badge_vectors(),
        "clock.json": clock_vectors(),
        "encoding.json": encoding_vectors(),
        "exchange.json": exchange_vectors(),
        "journal.json": journal_vectors(),
        "keys.json": key_vectors(),
        "kinds.json": kind_vectors(),
        "money.json": money_vectors(),
        "policy.json": policy_vectors(),
        "receipts.json": receipt_vectors(),
        "repayment.json": repayment_vectors(),
        "sealing.json": sealing_vectors(),
        "segments.json": segment_vectors(),
        "side_records.json": side_record_vectors(),
        "words.json": words_vectors(),
    }
    files = {name: (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode() for name, value in vectors.items()}
    files["journal.ndjson"] = b"".join(entry.data + b"\n" for entry in journal_lines())
    return files


def main() -> None:
    """Write every file."""
    for name, content in make_all().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
