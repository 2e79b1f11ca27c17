"""Whether folding costs the same for each operation: ``python -m tests.benchmarks.folds``.

Three questions, each with microseconds for each operation and the ratio of the last row to the first:

- *accounts*: so many accounts (30,000) with so many operations each (200), in shares that fit into memory; does the
  cost grow from the first share to the last?
- *history*: the same number of operations on accounts with ever longer histories (25 to 400);
- *together*: ever more accounts in one replay (100 to 1,000), so that nothing is quadratic in the whole;
- *closing*: a day after a long history, from the beginning and from the last closing on.

Understanding the exact bytes and linking them is part of the cost; writing them is not. Time is this process's own of
the processor, since a fold waits for nothing, so that whatever else the machine does disturbs little. Nothing here
asserts a time.
Without options it takes some quarters of an hour; ``--accounts 300`` takes a minute.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Iterator, Sequence

from sync.operations.field import ContactMade, PromiseMade
from sync.operations.money import SettlementLineImported
from sync.operations.office import ExternalPaymentRecorded
from sync.receipt import read_receipt
from sync.reconcile.replay import Replay, replay
from sync.reconcile.resuming import lines_at_closings, resume, start_from
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, NEXT_DAY, START_MS, World, receipt_of

__all__ = ["history", "main", "share"]

_ROUND = 10
"""Operations of one round of `history`."""


def history(world: World, phone: Phone, account: str, operations: int) -> None:
    """Operations on one account: rounds of plan, check, payment by wallet with its line, promise, contact, import."""
    world.account(account, 10**9)
    for number in range(max(1, operations // _ROUND)):
        visit = f"{account}-V{number}"
        world.visit(visit, account, agent=phone.agent)
        phone.check(visit, account=account)
        order = f"{account}-{number}"
        phone.collect(10_000, visit=visit, account=account, method="alipay", provider_order=order)
        phone.write(PromiseMade(visit=visit, account=account, customer="C1", amount_minor=100, currency="CNY", due=DAY))
        phone.write(ContactMade(customer=f"C-{account}", visit=visit, account=account, channel="visit", effective=True))
        phone.conclude(visit, account)
        line = SettlementLineImported(
            statement="S", line=number, provider="alipay", order=order, amount_minor=10_000, currency="CNY",
            at_ms=START_MS,
        )  # fmt: skip
        world.office(line, role="cashier")
        world.account(account, 10**9, as_of_ms=START_MS + number)
        world.office(
            ExternalPaymentRecorded(
                external=f"{account}-E{number}", account=account, amount_minor=100, currency="CNY",
                paid_ms=START_MS + number, channel="online",
            )
        )  # fmt: skip


def share(accounts: int, operations: int, first: int = 0) -> World:
    """Some accounts with their histories, all of one agent's."""
    world = World()
    phone = world.phone()
    world.issue_pack()
    for number in range(first, first + accounts):
        history(world, phone, f"A{number}", operations)
        phone.sync()
    return world


def timed(world: World) -> tuple[float, Replay]:
    """Microseconds for each operation of a replay."""
    gc.collect()
    started = time.process_time()
    found = replay(world.lines, world.blobs)
    seconds = time.process_time() - started
    if found.held or found.operations != len(world.lines):
        raise RuntimeError(f"{len(found.held)} operations were held, {found.operations} folded")
    return seconds / len(world.lines) * 1e6, found


def measured(name: str, rows: Iterator[tuple[str, int, float]]) -> None:
    """Print rows of (label, operations, microseconds each) and the ratio of the last to the first."""
    print(f"\n{name}")
    each: list[float] = []
    for label, operations, cost in rows:
        each.append(cost)
        print(f"  {label:>24}  {operations:>10,} operations  {cost:8.1f} µs each", flush=True)
    if len(each) > 1:
        print(f"  last to first {each[-1] / each[0]:.2f}; median {sorted(each)[len(each) // 2]:.1f} µs")


def over_accounts(accounts: int, operations: int, size: int) -> Iterator[tuple[str, int, float]]:
    """Shares of the accounts one after the other; every tenth is shown."""
    done, shares = 0, max(1, accounts // size)
    for number in range(shares):
        world = share(size, operations, number * size)
        cost, _ = timed(world)
        done += len(world.lines)
        if number % max(1, shares // 10) == 0 or number == shares - 1:
            yield f"{(number + 1) * size:,} accounts", done, cost


def over_histories(histories: Sequence[int], total: int) -> Iterator[tuple[str, int, float]]:
    """As many operations on fewer accounts with longer histories."""
    for operations in histories:
        world = share(max(1, total // operations), operations)
        yield f"{operations} on each account", len(world.lines), timed(world)[0]


def together(counts: Sequence[int], operations: int) -> Iterator[tuple[str, int, float]]:
    """More accounts in one replay."""
    for accounts in counts:
        world = share(accounts, operations)
        yield f"{accounts:,} accounts at once", len(world.lines), timed(world)[0]


def from_closing(accounts: int, operations: int) -> None:
    """A day after a history that was closed: from the beginning, and from the last closing on."""
    world = share(accounts, operations)
    world.close()
    phone = world.phones[0]
    phone.day = NEXT_DAY
    world.issue_pack(day=NEXT_DAY)
    for number in range(min(25, accounts)):
        paid = phone.collect(10_000, visit=f"A{number}-V0", account=f"A{number}")
        read_receipt(receipt_of(paid))
    phone.sync()
    start = start_from(lines_at_closings(world.lines, world.blobs), world.blobs)
    whole, expected = timed(world)
    gc.collect()
    started = time.process_time()
    found = resume(start, world.lines, world.blobs)
    seconds = time.process_time() - started
    if (found.result.books_digest, found.result.state_digest) != (expected.books_digest, expected.state_digest):
        raise RuntimeError("a fold from the last closing on differs from one from the beginning")
    print("\nclosing")
    print(f"  from the beginning {whole * len(world.lines) / 1e6:8.2f} s, {len(world.lines):,} operations")
    print(f"  from the closing   {seconds:8.2f} s, {found.carried:,} aggregates carried over, {found.folded:,} anew")
    print("  the same digests")


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.folds", description=__doc__)
    parser.add_argument("--accounts", type=int, default=30_000, help="accounts in all")
    parser.add_argument("--operations", type=int, default=200, help="operations on each")
    parser.add_argument("--share", type=int, default=100, help="accounts in memory at once")
    parser.add_argument("--histories", default="25,50,100,200,400", help="operations on each account, to compare")
    parser.add_argument("--together", default="100,300,1000", help="accounts in one replay, to compare")
    parser.add_argument("--closing", type=int, default=300, help="accounts of the day after a closing")
    wanted = parser.parse_args(arguments)
    size = min(wanted.share, wanted.accounts)
    measured("accounts", over_accounts(wanted.accounts, wanted.operations, size))
    measured("history", over_histories([int(n) for n in wanted.histories.split(",")], size * wanted.operations))
    measured("together", together([int(n) for n in wanted.together.split(",")], wanted.operations))
    from_closing(wanted.closing, wanted.operations)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
