"""Every word stands in both languages, and every word that a page asks for exists."""

from __future__ import annotations

import re
import typing
from pathlib import Path
from string import Formatter

from server.services import badge_answers, phones, receipt_answers
from server.services.recovery import Identified
from server.services.users import OFFICE_ROLES
from server.web.texts import LANGUAGES, TEXTS, text
from server.web.texts.app import APP
from server.web.texts.badge import BADGE
from server.web.texts.codes import CODES
from server.web.texts.console import CONSOLE
from server.web.texts.day import DAY
from server.web.texts.phones import PHONES
from server.web.texts.receipt import RECEIPT
from sync.operations.field import PaymentCollected, PaymentVoided, VisitConcluded
from sync.operations.office import DiscrepancyDecided, VisitPlanned
from sync.reconcile import engine
from sync.reconcile.catalogue import CATALOGUE, SEVERITIES

TEMPLATES = Path(receipt_answers.__file__).parents[1] / "web" / "templates"


def _places(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_each_key_has_both_languages() -> None:
    """Both texts are there, and the same values fill both."""
    for key, pair in TEXTS.items():
        assert len(pair) == len(LANGUAGES), key
        assert all(words.strip() == words and words for words in pair), key
        assert _places(pair[0]) == _places(pair[1]), key


def test_no_key_stands_in_two_files() -> None:
    """A key belongs to one page's file."""
    assert len(TEXTS) == sum(map(len, (APP, BADGE, CODES, CONSOLE, DAY, PHONES, RECEIPT)))


def test_chinese_texts_are_chinese() -> None:
    """Nothing was left in English by mistake: but for names and numbers each text has a Chinese character."""
    left = {key for key, (_, zh) in TEXTS.items() if not re.search(r"[\u4e00-\u9fff]", zh)}
    assert left == {"brand", "receipt.language", "nav.language", "day.page", "receipt.language_label"}


def test_every_word_that_a_template_names_exists() -> None:
    """No template asks for a key that nobody wrote."""
    for path in TEMPLATES.rglob("*.html"):
        for key in re.findall(r"\bt\('([a-z_A-Z.-]+)'[,)]", path.read_text(encoding="utf-8")):
            assert key in TEXTS, f"{path.name}: {key}"


def test_every_code_has_words() -> None:
    """What operations, rules and answers may say is sayable on a page."""
    literals = {
        "method": (PaymentCollected, "method"),
        "outcome": (VisitConcluded, "reason"),
        "reason": (PaymentVoided, "reason"),
        "origin": (VisitPlanned, "origin"),
        "decision": (DiscrepancyDecided, "outcome"),
    }
    for prefix, (kind, field) in literals.items():
        for code in typing.get_args(typing.get_type_hints(kind)[field]):
            assert f"{prefix}.{code}" in TEXTS
    (tasks, _) = typing.get_args(typing.get_type_hints(VisitPlanned)["tasks"])
    wanted = {f"task.{code}" for code in typing.get_args(tasks)}
    wanted |= {f"role.{role}" for role in OFFICE_ROLES} | {f"severity.{one}" for one in SEVERITIES}
    wanted |= {f"{what}.{code}" for what in ("title", "sentence") for code in typing.get_args(receipt_answers.Verdict)}
    wanted |= {
        f"badge-{what}.{code}" for what in ("title", "sentence") for code in typing.get_args(badge_answers.BadgeVerdict)
    }
    wanted |= {f"phones.state.{code}" for code in typing.get_args(phones.State)}
    wanted |= {f"recovery.{code}" for code in typing.get_args(Identified)}
    wanted |= {f"badge-visit.{code}" for code in ("expected", "not_expected")}
    wanted |= {f"where.{code}" for code in typing.get_args(receipt_answers.Where) if code}
    wanted |= {f"check.{code}" for code in typing.get_args(receipt_answers.Check) if code}
    wanted |= {f"family.{rule.family}" for rule in CATALOGUE.values()} | {
        f"role.{r.decides}" for r in CATALOGUE.values()
    }
    wanted |= {f"identity.{code}" for code in ("matched", "answered", "failed", "none")}
    assert wanted <= set(TEXTS)
    assert set(engine.FAMILIES) <= {key.partition(".")[2] for key in TEXTS if key.startswith("family.")}


def test_a_code_without_words_is_shown_as_it_is() -> None:
    """A newer code still says something."""
    assert text("outcome.quite_new", "zh") == "quite new"


def test_the_customers_pages_say_nothing_about_debt() -> None:
    """A stranger who scans a receipt or a badge learns nothing about what anybody owes."""
    words = " ".join(" ".join(pair) for pair in (*RECEIPT.values(), *BADGE.values())).lower()
    for forbidden in ("debt", "owe", "overdue", "arrears", "欠", "逾期", "债务", "催"):
        assert forbidden not in words, forbidden
