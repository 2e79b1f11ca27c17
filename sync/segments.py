"""Which stretches of a journal are held, where it forks and what is missing.

One (device, epoch) is described by where held operations *start* and where they *end*:

- a **start** stands for a number at which a branch begins: for each parent that is not held, one start for each
  of its held children; for each parent that is held, one for each child beyond the first;
- an **end** is a held operation that no held operation continues.

An ordinary journal has one start (seq 1) and one end. A start above 1 follows a gap, or leaves a fork; how many
operations are held with a number is the starts up to it less the ends before it.

Both sets follow from the *set* of operations alone, and a new run can be added with nothing but the summary at
hand: a run that continues an end takes its place, every other run adds a start, and a start that was waiting for
the run's last operation is used up. Where several branches lie over one number, the summary does not say which
start belongs to which end: "at or below a head" is asked of the chain, by hash. While a summary is `whole`, every
held operation is an ancestor of its one end and everything below it is held, which saves that walk.

::

    1 ─ 2 ─ 3 ─ 4 ─ 5          starts (1, GENESIS), (4, hash of 3)
             ╲                 ends   (5, hash of 5), (4, hash of 4′)
              4′               one operation held at 1, 2, 3, 5 and two at 4: forked
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from sync.journal import Placed

__all__ = ["End", "Start", "Stretch", "Summary", "extend", "heads", "summarise"]


class Start(msgspec.Struct, frozen=True, order=True):
    """A branch begins with the number `seq`, continuing the operation whose hash is `prev`."""

    seq: int
    prev: str


class End(msgspec.Struct, frozen=True, order=True):
    """A held operation that no held one continues."""

    seq: int
    hash: str


class Stretch(msgspec.Struct, frozen=True):
    """The numbers `first_seq` to `last_seq` are each held by `copies` operations."""

    first_seq: int
    last_seq: int
    copies: int


class Summary(msgspec.Struct, frozen=True):
    """Starts and ends of one (device, epoch), each sorted; the same two texts may start twice."""

    starts: tuple[Start, ...] = ()
    ends: tuple[End, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether this is one chain from seq 1 on, without gap or fork: the ordinary case."""
        return len(self.starts) == len(self.ends) == 1 and self.starts[0].seq == 1

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """How many operations hold each number, from 1 to the highest held; neighbours differ in copies."""
        steps = Counter(start.seq for start in self.starts)
        steps.subtract(end.seq + 1 for end in self.ends)
        found: list[Stretch] = []
        first, copies = 1, 0
        for seq, step in sorted(steps.items()):
            if step == 0:
                continue
            if seq > first:
                found.append(Stretch(first, seq - 1, copies))
            first, copies = seq, copies + step
        return tuple(found)

    @property
    def missing(self) -> tuple[tuple[int, int], ...]:
        """Numbers that nothing holds, below the highest held: (from, to) inclusive."""
        return tuple((item.first_seq, item.last_seq) for item in self.stretches if item.copies == 0)

    @property
    def forked(self) -> bool:
        """Whether two operations hold the same number."""
        return any(item.copies > 1 for item in self.stretches)

    @property
    def reach(self) -> int:
        """The highest number up to which, from 1, what is held is one chain by hash; 0 for none.

        It stops before the first gap and before the first number at which a branch begins, whether that leaves a
        held operation or continues one that is missing: up to it nothing is lacking and nothing is ambiguous.
        """
        firsts = [start.seq for start in self.starts]
        if firsts[:1] != [1] or firsts[1:2] == [1]:
            return 0
        branch = firsts[1] - 1 if len(firsts) > 1 else self.last_seq
        return min(branch, self.ends[0].seq)

    @property
    def last_seq(self) -> int:
        """The highest number held; 0 for none."""
        return self.ends[-1].seq if self.ends else 0


def summarise(placed: Iterable[Placed]) -> Summary:
    """Starts and ends of one (device, epoch) from all its operations, each counted once."""
    held = {item.hash: item for item in placed}
    children = Counter((item.header.seq, item.header.prev) for item in held.values())
    starts: list[Start] = []
    for (seq, prev), count in children.items():
        parent = held.get(prev)
        continued = parent is not None and parent.header.seq == seq - 1
        starts += [Start(seq, prev)] * (count - continued)
    ends = [
        End(item.header.seq, item.hash) for item in held.values() if (item.header.seq + 1, item.hash) not in children
    ]
    return Summary(tuple(sorted(starts)), tuple(sorted(ends)))


def extend(summary: Summary, run: Sequence[Placed]) -> Summary:
    """Add one run of operations that are not yet held, ascending by one and each naming the one before.

    Equal to `summarise` of the union, whatever the order and the batches in which runs come. The cost depends on
    the number of starts and ends, never on the length of the journal.
    """
    if not run:
        return summary
    first, last = run[0], run[-1]
    starts, ends = list(summary.starts), list(summary.ends)
    before = End(first.header.seq - 1, first.header.prev)
    if before in ends:
        ends.remove(before)
    else:
        # Its parent is not held, or has another child: either way one more branch begins here.
        starts.append(Start(first.header.seq, first.header.prev))
    after = Start(last.header.seq + 1, last.hash)
    if after in starts:
        starts.remove(after)
    else:
        ends.append(End(last.header.seq, last.hash))
    return Summary(tuple(sorted(starts)), tuple(sorted(ends)))


def heads(summary: Summary) -> tuple[tuple[int, str], ...]:
    """The last (seq, hash) of every branch, ascending."""
    return tuple((end.seq, end.hash) for end in summary.ends)
