"""Where the phone app says it otherwise than the command line: steps are tapped there, and no option is typed.

The tables of the command line stay the source; here stand only the wordings that would name one of its options, and
Chinese for the codes that only an exchange over the network meets.
"""

from __future__ import annotations

from typing import Final

__all__ = ["PHONE", "PHONE_CHINESE"]

PHONE: Final[dict[str, tuple[str, str]]] = {
    "refused-not-started": (
        "visit {visit} was not started; start it first, or record a payment without a visit",
        "上门任务 {visit} 尚未开始；请先开始，或记为无任务收款",
    ),
    "refused-concluded": (
        "visit {visit} was concluded; start it again if you are there again",
        "上门任务 {visit} 已结束；如再次到访，请重新开始",
    ),
    "refused-cheque-number": ("a cheque needs its number", "支票须填写号码"),
    "refused-walk-up-account": (
        "a payment without a visit needs the account",
        "无上门任务的收款须填写账户",
    ),
    "refused-code-mistyped": (
        "that is not this visit's code; ask again, or record that the customer refused",
        "这不是本次上门的验证码；请再问一次，或记录为客户拒绝",
    ),
    "refused-no-notice": ("visit {visit} has no notice; say which one", "任务 {visit} 没有通知书；请指明是哪一份"),
    "refused-notice-version": (
        "notice {notice} is not on this phone; say which version was handed over",
        "本机没有通知书 {notice}；请注明所交付的版本",
    ),
    "refused-transfer-side": ("name either who gives or who receives, not both", "付出方与接收方只能填一个"),
}
"""Key of `agent_client.texts_work` → English, Chinese, as the phone app says it."""

PHONE_CHINESE: Final[dict[str, tuple[str, str]]] = {
    "BADGE-FORGED": ("工牌不是本机构签发的", "请联系办公室。"),
    "BADGE-MALFORMED": ("这不是工牌", "请再扫一次。"),
    "CHAIN-BROKEN": ("记录的次序不连贯", "请保留本机并联系办公室。"),
    "DEVICE-LOCKED": ("本机已被办公室锁定", "仍可上传；解锁请联系主管。"),
    "ENVELOPE-BROKEN": ("一条记录的编号无法读取", "请保留本机并联系办公室。"),
    "EXCHANGE-ENCODING": ("上传的压缩格式有误", "请更新程序后再同步。"),
    "EXCHANGE-MALFORMED": ("办公室无法读取上传的内容", "请更新程序后再同步。"),
    "EXCHANGE-TOO-LARGE": ("一次上传的内容过大", "请再次同步，内容会分批上传。"),
    "EXCHANGE-TOO-MANY": ("一次上传的记录过多", "请再次同步，内容会分批上传。"),
    "FRAMING-BROKEN": ("一条记录的格式有误", "请保留本机并联系办公室。"),
    "HEAD-MISMATCH": ("签名与最后一条记录不符", "请再次同步；如仍出现，请联系办公室。"),
    "INTERNAL": ("出现意外情况", "请记下参考号并告知办公室。"),
    "METHOD-NOT-ALLOWED": ("办公室不支持此请求", "请更新程序后再同步。"),
    "NONCE-REUSED": ("同一请求被重复发送", "请再次同步。"),
    "PROTOCOL-UNKNOWN": ("协议版本不符", "请更新程序后再同步。"),
    "RECEIPT-FORGED": ("收据不是本机构签发的", "请保留收据并联系办公室。"),
    "RECEIPT-UNKNOWN": ("没有此号码的收据", "请逐字核对后再试。"),
    "SIDE-RECORD-MISMATCH": ("附件与其编号不符", "请再次同步；如仍出现，请联系办公室。"),
    "SIDE-RECORD-UNKNOWN": ("办公室没有此附件", "请再次同步。"),
}
"""Code → title, remedy, beside those of `agent_client.texts_errors`."""
