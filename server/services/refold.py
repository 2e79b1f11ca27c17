"""After an upgrade: everything is folded anew, by the new version of the folds, beside the day's work.

An upgraded program may read the same facts otherwise, or let an operation touch more than before. The database says
which version made its outcomes; where that is an older one, this walks over all operations once, a page at a time,
and has the reconciler look at each again. It goes on where it ended, in whatever process, and changes no operation.
Until it is through, no day can be closed: half of the books would be read in one way and half in another.
"""

from __future__ import annotations

from collections.abc import Callable

from server.limits import REFOLD_PAGE, REFOLD_PAGES_AT_ONCE
from server.ports import Reader, Store, Writer
from sync.errors import Corrupt
from sync.reconcile.facts import FOLD_VERSION

__all__ = ["is_refolding", "refold", "refold_text"]

_VERSION = "fold/version"
_CURSOR = "fold/cursor"


def is_refolding(reader: Reader) -> bool:
    """Whether outcomes of an older version of the folds are still stored.

    Raises STORE-VERSION where a newer program folded: this one would undo what it found.
    """
    held = int(reader.setting(_VERSION) or FOLD_VERSION)
    if held > FOLD_VERSION:
        raise Corrupt("STORE-VERSION", f"outcomes were folded by version {held}, this program folds by {FOLD_VERSION}")
    return held < FOLD_VERSION


def refold(store: Store, catch_up: Callable[[], int], pages: int = REFOLD_PAGES_AT_ONCE) -> int:
    """Fold the next pages of operations anew; how many operations that were, 0 once nothing is left.

    `catch_up` reconciles what is pending. Idempotent and bounded: a job.
    """
    total = 0
    for _ in range(pages):
        with store.read() as reader:
            if not is_refolding(reader):
                return total
        total += store.write_now(_mark)
        catch_up()
    return total


def refold_text(store: Store, catch_up: Callable[[], int]) -> str:
    """What a run of the job did, in a few words."""
    done = refold(store, catch_up)
    with store.read() as reader:
        rest = "more to come" if is_refolding(reader) else "nothing left"
    return f"{done} operations, {rest}"


def _mark(writer: Writer) -> int:
    """Mark the next page as pending; after the last one this version is the one that folded."""
    page = writer.operation_ids(int(writer.setting(_CURSOR) or 0), REFOLD_PAGE)
    if page:
        writer.mark_pending(page)
        writer.put_setting(_CURSOR, str(page[-1]))
    # What is still pending was not folded by this version yet.
    elif writer.pending_count() == 0:
        writer.put_setting(_VERSION, str(FOLD_VERSION))
        writer.put_setting(_CURSOR, "")
    return len(page)
