"""The day that is worked on the screens, in flight mode, with a reload and a browser that is killed in its middle."""

from __future__ import annotations

from tests.phone.hands import Hands
from tests.phone.headquarters import CUSTOMERS, OTHER, Headquarters

__all__ = ["ALL_KINDS", "DRAWER", "work_the_day"]

ALL_KINDS = {
    "VisitStarted", "CompanionConfirmed", "IdentityChecked", "PaymentCollected", "PaymentVoided", "NoticeDelivered",
    "ContactMade", "VisitConcluded", "PromiseMade", "PlanProposed", "DetailsReported", "NoteTaken", "SafetyRaised",
    "CashHandedOver", "CashDeposited", "CashTransferred", "CashLossReported", "DayEnded",
}  # fmt: skip
"""Everything that a phone can record."""

DRAWER = {
    "carried": 0,
    "float_issued": 20_000,
    "collected": 137_931 + 8_888,
    "voided": 0,
    "void_pending": 0,
    "transferred_in": 0,
    "transferred_out": 10_000,
    "deposited": 20_000,
    "lost": 0,
    "handed_over": 131_810,
    "held": 9,
    "over_short": -5_000,
}
"""The agent's drawer at the office, in fen. Nine fen stay in hand, for which there is no coin; the counterfeit fifty
yuan are short until two persons have approved the loss; what was not cash is in no drawer."""


def work_the_day(hands: Hands, office: Headquarters) -> None:
    """Nine stops, a customer on no route, and cash; ends with the hand-over and the day's end, nothing sent."""
    hands.phone.flight_mode(True)
    morning(hands, office)
    noon(hands)
    afternoon(hands)
    evening(hands)


def morning(hands: Hands, office: Headquarters) -> None:
    """Three doors where money is taken in four ways; two payments are taken back."""
    wang, li, clara = CUSTOMERS[:3]
    hands.arrive(wang)
    hands.mistype("482914")
    hands.answer("上门验证码", wang.visit_code)
    hands.collect("cash", "现金", shortcut="预约", tendered="1500")
    hands.seen()
    hands.conclude("已付清")
    hands.arrive(li)
    hands.answer("证件后四位", "104X")
    hands.collect("mistake", "支付宝", amount="9876.5", order="2026112900010001")
    hands.void("void", "金额输错")
    hands.seen()
    hands.collect("wechat", "微信支付", shortcut="逾期", order="420000112233", confirmed="yes")
    hands.seen()
    hands.deliver("封好交付", "客户本人", signature=True)
    hands.conclude("已付清")
    hands.page.reload()
    hands.unlock()
    hands.arrive(clara)
    hands.answer("签名")
    hands.collect("transfer", "银行转账", amount="100", order="TR-778899")
    hands.void("void with code", "客户改变主意", office.void_code(clara.visit))
    hands.seen()
    hands.collect("card", "刷卡", shortcut="逾期", order="POS-5512")
    hands.seen()
    hands.deliver("未封交付", "客户本人")
    hands.conclude("已付清")


def noon(hands: Hands) -> None:
    """A cheque; with its receipt on the screen the browser is killed, and starts again without a network."""
    zhao = CUSTOMERS[3]
    hands.arrive(zhao)
    hands.no_answer("客户拒绝")
    hands.collect("cheque", "支票", amount="500", cheque="CHQ-0045")
    hands.phone.kill()
    hands.phone.on(offline=True)
    hands.phone.open()
    hands.unlock()
    hands.more("今天的收据")
    hands.page.locator("main .list-row").filter(has_text="¥500.00").tap()
    hands.heading("收据")
    assert hands.code_on_screen() == hands.receipts["cheque"]
    hands.route()
    hands.page.locator("ol .stop-row").filter(has_text=zhao.name).tap()
    hands.plan(6, waits=False)
    hands.plan(60, waits=True)
    hands.conclude("部分支付")


def afternoon(hands: Hands) -> None:
    """Letters, a promise, a way out, somebody else at the door, and nobody."""
    qian, sun, zhou, wu, zheng = CUSTOMERS[4:]
    hands.arrive(qian)
    hands.deliver("对方拒收", photo=True)
    hands.conclude("拒绝")
    hands.arrive(sun)
    hands.companion("https://office.example/agent#0123456789", OTHER)
    hands.answer("照片")
    hands.promise("666.66", "一周后")
    hands.plan(36, waits=True, scheme="等额本金")
    hands.report("电话", "+8613900001234")
    hands.note("客户说下月换工作，愿意分期")
    hands.conclude("已承诺")
    hands.arrive(zhou)
    hands.deliver("放入信箱", photo=True)
    hands.conclude("已送达")
    hands.arrive(wu)
    hands.no_answer("对方是第三人")
    hands.alarm("感到不安", "门口有人跟着")
    hands.conclude("第三人")
    hands.arrive(zheng)
    hands.contact("电话", "没有联系到")
    hands.conclude("无人在家")


def evening(hands: Hands) -> None:
    """A payment on no route, and every way that cash leaves the hand."""
    hands.walk_up("walk-up", "AC00099", "88.88")
    hands.seen()
    hands.transfer(OTHER, "100")
    hands.deposit("200", "中国银行盐城分行", "SLIP-20261129")
    hands.lose("50", "假币", "验钞机报警")
    hands.hand_over({"¥100": 13, "¥10": 1, "¥5": 1, "¥1": 3, "¥0.10": 1})
    hands.end_day()
