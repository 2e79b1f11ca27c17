"""Reading documents, side records, personal rows and blobs; what is encrypted opens here."""

from __future__ import annotations

from collections.abc import Collection

from server.ports import DocumentRow
from server.store.sqlite.base import Base, chunks, marks

__all__ = ["ContentReading", "document_context", "personal_context", "side_record_context"]


def document_context(agent: str, name: str) -> bytes:
    """What an encrypted document is bound to."""
    return f"document\0{agent}\0{name}".encode()


def personal_context(kind: str, id_: str) -> bytes:
    """What a personal row is bound to."""
    return f"personal\0{kind}\0{id_}".encode()


def side_record_context(sha256: str) -> bytes:
    """What a side record is bound to."""
    return f"side-record\0{sha256}".encode()


class ContentReading(Base):
    """Everything that is handed out as bytes."""

    def documents_after(self, agent: str, n: int, limit: int, bytes_max: int) -> list[DocumentRow]:
        """Changes after the n-th, within both bounds but at least one."""
        decrypt = self._shared.keys.decrypt
        context = document_context(agent, "")
        found: list[DocumentRow] = []
        total = 0
        for row_n, name, sealed, data in self._connection.execute(
            "SELECT n, name, sealed, data FROM document WHERE agent = ? AND n > ? ORDER BY n LIMIT ?", (agent, n, limit)
        ):
            if data is not None:
                if sealed:
                    data = decrypt(data, context + name.encode())
                total += len(data)
                if found and total > bytes_max:
                    break
            found.append(DocumentRow(row_n, name, data))
        return found

    def document(self, agent: str, name: str) -> bytes | None:
        """A document that the agent holds."""
        row = self._one("SELECT sealed, data FROM document WHERE agent = ? AND name = ?", (agent, name))
        if row is None or row[1] is None:
            return None
        return self._shared.keys.decrypt(row[1], document_context(agent, name)) if row[0] else bytes(row[1])

    def document_names(self, agent: str, prefix: str = "") -> list[str]:
        """Names of the documents that the agent holds."""
        rows = self._rows(
            "SELECT name FROM document WHERE agent = ?1 AND data IS NOT NULL AND substr(name, 1, ?2) = ?3"
            " ORDER BY name",
            (agent, len(prefix), prefix),
        )
        return [row[0] for row in rows]

    def document_count(self, agent: str) -> int:
        """How many documents the agent holds when complete."""
        return self.document_state(agent)[1]

    def document_cursor(self, agent: str) -> int:
        """The number of the agent's last change."""
        return self.document_state(agent)[0]

    def document_state(self, agent: str) -> tuple[int, int]:
        """The number of the agent's last change, and how many documents the agent holds when complete."""
        row = self._one("SELECT n, held FROM document_count WHERE agent = ?", (agent,))
        return (row[0], row[1]) if row else (0, 0)

    def side_record(self, sha256: str) -> bytes | None:
        """A side record's salted bytes."""
        row = self._one("SELECT data FROM side_record WHERE sha256 = ?", (bytes.fromhex(sha256),))
        if row is None or row[0] is None:
            return None
        return self._shared.keys.decrypt(row[0], side_record_context(sha256))

    def side_records_held(self, hashes: Collection[str]) -> set[str]:
        """Those that are held; an erased one is not wanted again and counts as held."""
        wanted = [bytes.fromhex(hash_) for hash_ in hashes]
        return {row[0].hex() for row in self._in("SELECT sha256 FROM side_record WHERE sha256 IN ({})", wanted)}

    def side_records_wanted(self, device: str, limit: int) -> list[str]:
        """Side records that operations of the device name and that have not arrived."""
        rows = self._rows(
            "SELECT sha256 FROM side_record_wanted WHERE device = ? ORDER BY sha256 LIMIT ?", (device, limit)
        )
        return [row[0].hex() for row in rows]

    def personal(self, kind: str, id_: str) -> bytes | None:
        """A personal row's content."""
        row = self._one("SELECT data FROM personal WHERE kind = ? AND id = ?", (kind, id_))
        return self._shared.keys.decrypt(row[0], personal_context(kind, id_)) if row else None

    def personal_many(self, kind: str, ids: Collection[str]) -> dict[str, bytes]:
        """Several rows of a kind by id."""
        decrypt = self._shared.keys.decrypt
        found = {}
        for chunk in chunks(ids):
            sql = f"SELECT id, data FROM personal WHERE kind = ? AND id IN ({marks(len(chunk))})"  # noqa: S608  # only marks
            for id_, data in self._connection.execute(sql, (kind, *chunk)):
                found[id_] = decrypt(data, personal_context(kind, id_))
        return found

    def personal_all(self, kind: str, *, after: str = "", limit: int = 1000) -> list[tuple[str, bytes]]:
        """(id, content) of a kind, in order of id."""
        decrypt = self._shared.keys.decrypt
        rows = self._rows(
            "SELECT id, data FROM personal WHERE kind = ? AND id > ? ORDER BY id LIMIT ?", (kind, after, limit)
        )
        return [(row[0], decrypt(row[1], personal_context(kind, row[0]))) for row in rows]

    def personal_find(self, kind: str, field: str, value: str) -> list[str]:
        """Ids of rows put with this value under a blind-indexed field."""
        blind = self._shared.keys.blind(f"{kind}.{field}", value)
        rows = self._rows(
            "SELECT id FROM personal_index WHERE kind = ? AND field = ? AND blind = ? ORDER BY id", (kind, field, blind)
        )
        return [row[0] for row in rows]

    def blob(self, sha256: str) -> bytes | None:
        """A content-addressed document."""
        row = self._one("SELECT data FROM blob WHERE sha256 = ?", (bytes.fromhex(sha256),))
        return bytes(row[0]) if row else None
