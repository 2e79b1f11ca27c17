"""A statement as a wallet writes it, and a wallet payment at the door."""

from __future__ import annotations

from server.intake.settlements import StatementMapping
from sync.operations.field import PaymentCollected
from sync.receipt import ReceiptBody, account_tag, sign_receipt
from tests.office.phone import Phone

__all__ = ["ALIPAY", "pay_by_wallet", "statement"]

ALIPAY = StatementMapping(
    order="订单号", amount="金额", at="交易时间", kind="类型", reversed_words=("退款",), payer_hint="备注"
)


def statement(order: str = "2026030222001", at: str = "2026-03-02 10:00:00") -> str:
    """Four lines: two payments, one of them taken back by a word, and one taken back by its sign."""
    return (
        "# 业务明细查询\n"
        "商户,示例\n"
        "订单号,交易时间,金额,类型,备注\n"
        f"{order}\t,{at},¥300.00,收款,AC00001\n"
        '2026030222002,2026-03-02 10:05:00,"1,234.50",收款,王一\n'
        f"`{order},2026-03-02 11:00:00,300.00,退款,\n"
        "2026030222003,2026-03-02 11:30:00,-5.00,收款,0004\n"
        "# 合计,4\n"
        "这是说明\n"
    )


def pay_by_wallet(phone: Phone, amount_minor: int, order: str = "", account: str = "AC00001") -> str:
    """A payment by Alipay at visit V1; its receipt series."""
    phone.receipts += 1
    body = ReceiptBody(
        key_id=phone.device,
        epoch=1,
        seq=phone.head.seq + 1,
        number=phone.receipts,
        before=phone.head.hash[:32],
        amount_minor=amount_minor,
        currency="CNY",
        method="alipay",
        kind="payment",
        at_s=phone.now_ms // 1000,
        offset_minutes=480,
        flags=0,
        last_four=1,
        tag=account_tag(phone.office.keys.tag, account),
    )
    phone.write(
        PaymentCollected(
            visit="V1",
            account=account,
            customer="CU00001",
            amount_minor=amount_minor,
            currency="CNY",
            method="alipay",
            receipt=sign_receipt(phone.key, body).text,
            provider_order=order,
        )
    )
    return phone.series(phone.receipts)
