"""The words of rules' sentences: for each coded value its English and its Chinese."""

from __future__ import annotations

from sync.policy.model import Channel, FlagKind, LetterElement, Person

__all__ = ["CHANNEL_WORDS", "ELEMENT_WORDS", "FLAG_WORDS", "PERSON_WORDS"]

CHANNEL_WORDS: dict[Channel, tuple[str, str]] = {
    "visit": ("visit", "上门"),
    "call": ("call", "电话"),
    "message": ("message", "短信或消息"),
    "letter": ("letter", "信函"),
}
"""How a customer can be contacted."""

FLAG_WORDS: dict[FlagKind, tuple[str, str]] = {
    "refusal": ("the customer has refused contact in writing", "客户已书面拒绝联系"),
    "moratorium": ("a moratorium protects the customer", "客户处于法定延期保护期"),
    "plan_honoured": ("the customer keeps to an agreed repayment plan", "客户正在履行已达成的还款计划"),
    "plan_pending": ("a repayment plan waits for the office", "一份还款计划待办公室审批"),
    "dispute": ("the customer disputes the debt and has not been answered", "客户对债务有异议，尚未答复"),
    "vulnerable": ("the customer is marked as vulnerable", "客户已被标记为需特别关照"),
}
"""What stands about a customer or an account."""

PERSON_WORDS: dict[Person, tuple[str, str]] = {
    "debtor": ("debtor", "债务人本人"),
    "guarantor": ("guarantor", "担保人"),
    "household": ("household member", "同住人"),
    "neighbour": ("neighbour", "邻居"),
    "employer": ("employer", "工作单位"),
    "other": ("other person", "其他人"),
}
"""Whom the agent spoke to."""

ELEMENT_WORDS: dict[LetterElement, tuple[str, str]] = {
    "customer_name": ("the customer's name", "客户姓名"),
    "amount_owed": ("the amount owed", "欠款余额"),
    "reason_and_law": ("the reason and the law it rests on", "催收事由和相关法规"),
    "rights_and_duties": ("the customer's rights and duties", "客户的权利和义务"),
    "ways_to_check_pay_and_object": (
        "how to check the account, pay, object and give evidence",
        "查询账户、还款、提出异议和提供证据的途径",
    ),
    "creditor_contact": ("how to reach the creditor", "债权方联系方式"),
    "official_seal": ("the official seal", "业务公章"),
    "collector_name": ("who collects", "催收方名称"),
    "itemisation": ("how the amount came about", "欠款构成明细"),
    "dispute_period_end": ("until when the debt can be disputed", "提出异议的截止日期"),
}
"""What a letter contains."""
