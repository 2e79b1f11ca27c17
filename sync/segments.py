"""Which stretches of a journal are held, where it forks and what is missing.

One (device, epoch) is described by its *segments*: maximal contiguous stretches, each from the operation after
`prev` to `last_hash`. An ordinary journal is one segment that starts at seq 1. A segment that starts later is
preceded by a gap; two that share a number are a fork. A summary is a pure function of the set of operations,
whatever the order in which they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from sync.journal import Placed

__all__ = ["Segment", "Summary", "extend", "heads", "summarise"]


class Segment(msgspec.Struct, frozen=True, order=True):
    """A stretch without gaps: it continues `prev` and runs from `first_seq` to `last_seq`, hash `last_hash`."""

    first_seq: int
    last_seq: int
    prev: str
    last_hash: str


class Summary(msgspec.Struct, frozen=True):
    """All segments of one (device, epoch), sorted, with what follows from them."""

    segments: tuple[Segment, ...]

    @property
    def missing(self) -> tuple[tuple[int, int], ...]:
        """Numbers that no segment holds, below the highest held: (from, to) inclusive."""
        gaps: list[tuple[int, int]] = []
        reached = 0
        for segment in sorted(self.segments):
            if segment.first_seq > reached + 1:
                gaps.append((reached + 1, segment.first_seq - 1))
            reached = max(reached, segment.last_seq)
        return tuple(gaps)

    @property
    def forked(self) -> bool:
        """Whether two operations hold the same number."""
        reached = 0
        for segment in sorted(self.segments):
            if segment.first_seq <= reached:
                return True
            reached = max(reached, segment.last_seq)
        return False

    @property
    def contiguous(self) -> Segment | None:
        """The segment that starts at 1 and reaches farthest without a gap, or None."""
        starts = [segment for segment in self.segments if segment.first_seq == 1]
        return max(starts, key=lambda segment: (segment.last_seq, segment.last_hash), default=None)


def summarise(placed: Iterable[Placed]) -> Summary:
    """Segments of one (device, epoch) from all its operations; a fork in the middle splits no parent."""
    by_hash = {item.hash: item for item in placed}
    children: defaultdict[str, list[Placed]] = defaultdict(list)
    for item in by_hash.values():
        children[item.header.prev].append(item)
    segments: list[Segment] = []
    roots = [item for item in by_hash.values() if not _continues(by_hash, item)]
    roots += [child for item in by_hash.values() for child in sorted(_next(children, item), key=lambda c: c.hash)[1:]]
    for root in roots:
        last = root
        while following := sorted(_next(children, last), key=lambda child: child.hash):
            last = following[0]
        segments.append(Segment(root.header.seq, last.header.seq, root.header.prev, last.hash))
    return Summary(tuple(sorted(segments)))


def _continues(by_hash: dict[str, Placed], item: Placed) -> bool:
    parent = by_hash.get(item.header.prev)
    return parent is not None and parent.header.seq == item.header.seq - 1


def _next(children: dict[str, list[Placed]], item: Placed) -> list[Placed]:
    return [child for child in children.get(item.hash, ()) if child.header.seq == item.header.seq + 1]


def extend(summary: Summary, run: Sequence[Placed]) -> Summary:
    """Add one new contiguous run (ascending, each naming the one before) to a summary.

    Cost depends on the number of segments, never on the length of the journal. Runs are joined end to end;
    a run that leaves a segment in its middle stays a segment of its own, which shows as a fork.
    """
    first, last = run[0], run[-1]
    new = Segment(first.header.seq, last.header.seq, first.header.prev, last.hash)
    rest = list(summary.segments)
    for segment in list(rest):
        if segment.last_hash == new.prev and segment.last_seq + 1 == new.first_seq:
            rest.remove(segment)
            new = Segment(segment.first_seq, new.last_seq, segment.prev, new.last_hash)
            break
    for segment in list(rest):
        if segment.prev == new.last_hash and segment.first_seq == new.last_seq + 1:
            rest.remove(segment)
            new = Segment(new.first_seq, segment.last_seq, new.prev, segment.last_hash)
            break
    return Summary(tuple(sorted([*rest, new])))


def heads(summary: Summary) -> tuple[tuple[int, str], ...]:
    """The last (seq, hash) of every segment, branches of a fork included."""
    return tuple((segment.last_seq, segment.last_hash) for segment in summary.segments)
