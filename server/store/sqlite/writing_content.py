"""Writing documents, side records, personal rows and blobs; what is personal is encrypted here."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from server.store.sqlite.reading_content import (
    ContentReading,
    document_context,
    personal_context,
    side_record_context,
)
from sync.encoding import sha256_hex

__all__ = ["ContentWriting"]


class ContentWriting(ContentReading):
    """Everything that is kept as bytes."""

    def put_document(self, agent: str, name: str, data: bytes, *, personal: bool = True) -> int:
        """Give an agent a document or its new version; equal bytes change nothing."""
        row = self._one("SELECT n, sealed, data FROM document WHERE agent = ? AND name = ?", (agent, name))
        held = row is not None and row[2] is not None
        context = document_context(agent, name)
        if held and bool(row[1]) == personal:
            present = self._shared.keys.decrypt(row[2], context) if row[1] else row[2]
            if present == data:
                return int(row[0])
        content = self._shared.keys.encrypt(data, context) if personal else data
        n = self._next_change(agent, 0 if held else 1)
        self._put_row(agent, name, n, int(personal), content, known=row is not None)
        return n

    def remove_document(self, agent: str, name: str) -> int:
        """The document leaves the agent's scope; a row without content tells the phone."""
        row = self._one("SELECT data IS NOT NULL FROM document WHERE agent = ? AND name = ?", (agent, name))
        if row is None or not row[0]:
            return self.document_state(agent)[0]
        n = self._next_change(agent, -1)
        self._put_row(agent, name, n, 0, None, known=True)
        return n

    def _next_change(self, agent: str, more: int) -> int:
        row = self._one(
            "INSERT INTO document_count (agent, n, held) VALUES (?1, 1, max(?2, 0))"
            " ON CONFLICT (agent) DO UPDATE SET n = n + 1, held = held + ?2 RETURNING n",
            (agent, more),
        )
        return int(row[0])

    def _put_row(self, agent: str, name: str, n: int, sealed: int, data: bytes | None, *, known: bool) -> None:
        if known:
            sql = "UPDATE document SET n = ?1, sealed = ?2, data = ?3 WHERE agent = ?4 AND name = ?5"
        else:
            sql = "INSERT INTO document (n, sealed, data, agent, name) VALUES (?1, ?2, ?3, ?4, ?5)"
        self._connection.execute(sql, (n, sealed, data, agent, name))

    def put_side_record(self, sha256: str, data: bytes) -> bool:
        """Keep a side record, encrypted."""
        key = bytes.fromhex(sha256)
        self._forget_parts(key)
        if self._one("SELECT 1 FROM side_record WHERE sha256 = ?", (key,)):
            return False
        envelope = self._shared.keys.encrypt(data, side_record_context(sha256))
        self._connection.execute("INSERT INTO side_record (sha256, data) VALUES (?, ?)", (key, envelope))
        self._connection.execute("DELETE FROM side_record_wanted WHERE sha256 = ?", (key,))
        return True

    def erase_side_record(self, sha256: str) -> bool:
        """Forget the bytes and remember that they were erased."""
        key = bytes.fromhex(sha256)
        self._forget_parts(key)
        held = self._one("SELECT data IS NOT NULL FROM side_record WHERE sha256 = ?", (key,))
        self._connection.execute(
            "INSERT INTO side_record (sha256, data) VALUES (?, NULL) ON CONFLICT (sha256) DO UPDATE SET data = NULL",
            (key,),
        )
        self._connection.execute("DELETE FROM side_record_wanted WHERE sha256 = ?", (key,))
        return bool(held and held[0])

    def _forget_parts(self, key: bytes) -> None:
        self._connection.execute("DELETE FROM side_record_part WHERE sha256 = ?", (key,))
        self._connection.execute("DELETE FROM side_record_upload WHERE sha256 = ?", (key,))

    def want_side_records(self, device: str, hashes: Collection[str]) -> None:
        """Note that operations of the device name these."""
        held = self.side_records_held(hashes)
        self._connection.executemany(
            "INSERT OR IGNORE INTO side_record_wanted (device, sha256) VALUES (?, ?)",
            [(device, bytes.fromhex(hash_)) for hash_ in hashes if hash_ not in held],
        )

    def put_personal(self, kind: str, id_: str, data: bytes, index: Mapping[str, str] | None = None) -> None:
        """Keep a personal row, encrypted, with its blind indexes."""
        envelope = self._shared.keys.encrypt(data, personal_context(kind, id_))
        self._connection.execute(
            "INSERT INTO personal (kind, id, data) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET data = excluded.data",
            (kind, id_, envelope),
        )
        self._connection.execute("DELETE FROM personal_index WHERE kind = ? AND id = ?", (kind, id_))
        if index:
            self._connection.executemany(
                "INSERT INTO personal_index (kind, field, blind, id) VALUES (?, ?, ?, ?)",
                [
                    (kind, field, self._shared.keys.blind(f"{kind}.{field}", value), id_)
                    for field, value in index.items()
                ],
            )

    def remove_personal(self, kind: str, id_: str) -> bool:
        """Erase a personal row and its indexes."""
        self._connection.execute("DELETE FROM personal_index WHERE kind = ? AND id = ?", (kind, id_))
        return self._connection.execute("DELETE FROM personal WHERE kind = ? AND id = ?", (kind, id_)).rowcount == 1

    def put_blob(self, data: bytes) -> str:
        """Keep a document under its SHA-256."""
        name = sha256_hex(data)
        self._connection.execute("INSERT OR IGNORE INTO blob (sha256, data) VALUES (?, ?)", (bytes.fromhex(name), data))
        return name
