"""Superseding and withdrawing notices."""

from __future__ import annotations

from server.intake.limits import LETTER_BYTES_MAX
from server.services.notices import letter, supersede_notice, withdraw_notice
from server.services.office import Office, Person
from sync.encoding import sha256_hex
from sync.operations.office import NoticeIssued
from tests.office.conftest import CASHIER, SUPERVISOR, reconcile
from tests.office.looking import bodies, refused, write


def _supersede(
    office: Office, content: bytes, *, basis: str | None = None, person: Person = SUPERVISOR
) -> NoticeIssued:
    return write(
        office,
        lambda w: supersede_notice(
            w, person, "N1", content=content, title="", amount_minor=1, issued_on="2026-03-02", basis=basis
        ),
    )


def test_a_new_version_supersedes_the_last(tiny: Office) -> None:
    """The next number is issued on the basis of the last operation, and its letter is kept."""
    body = _supersede(tiny, b"second")
    assert (body.version, body.account, body.content_sha256) == (2, "AC00002", sha256_hex(b"second"))
    assert bodies(tiny, NoticeIssued)[-1].basis
    with tiny.store.read() as reader:
        assert letter(reader, "N1", 2) == b"second"
    reconcile(tiny)
    with tiny.store.read() as reader:
        state = reader.aggregate("notice:N1")
    assert state is not None
    assert state["version"] == 2


def test_a_withdrawn_notice_takes_no_further_step(tiny: Office) -> None:
    """Withdrawing twice and superseding a withdrawn notice are refused."""
    assert write(tiny, lambda w: withdraw_notice(w, SUPERVISOR, "N1", "settled")) == "AC00002"
    with refused("STATE-FORBIDS", "withdrawn before"):
        write(tiny, lambda w: withdraw_notice(w, SUPERVISOR, "N1", "settled"))
    with refused("STATE-FORBIDS", "withdrawn"):
        _supersede(tiny, b"x")


def test_a_stale_basis_an_unknown_notice_and_a_wrong_role_are_refused(tiny: Office) -> None:
    """Each refusal has its own code."""
    with tiny.store.read() as reader:
        seen = reader.aggregate_head("notice:N1")
    _supersede(tiny, b"x", basis=seen)
    with refused("STATE-STALE", "notice:N1"):
        _supersede(tiny, b"y", basis=seen)
    with refused("STATE-STALE"):
        write(tiny, lambda w: withdraw_notice(w, SUPERVISOR, "N1", "error", basis=seen))
    with refused("NOT-FOUND", "N9"):
        write(tiny, lambda w: withdraw_notice(w, SUPERVISOR, "N9", "error"))
    with refused("ROLE-MISSING"):
        _supersede(tiny, b"z", person=CASHIER)


def test_a_letter_has_content_within_its_limit(tiny: Office) -> None:
    """An empty or overlong letter is refused, and nothing is issued."""
    for content in (b"", b"x" * (LETTER_BYTES_MAX + 1)):
        with refused("ARGUMENT-WRONG", "letter"):
            _supersede(tiny, content)
    assert len(bodies(tiny, NoticeIssued)) == 3
