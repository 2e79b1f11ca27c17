"""Words of the customer's receipt page. Nothing here speaks of debt, and nothing accuses anybody."""

from __future__ import annotations

__all__ = ["RECEIPT"]

RECEIPT: dict[str, tuple[str, str]] = {
    "receipt.page": ("Check a receipt", "核验收据"),
    "receipt.lead": (
        "See whether a receipt is genuine, and where the money is.",
        "查验收据真伪，了解款项去向。",
    ),
    "receipt.skip": ("Skip to the result", "跳到结果"),
    "receipt.language": ("中文", "English"),
    "receipt.language_label": ("切换到中文", "Switch to English"),
    # -- verdicts: title and sentence
    "title.genuine": ("Genuine", "收据真实有效"),
    "sentence.genuine": (
        "Our office has recorded this payment.",
        "本机构已登记这笔款项。",
    ),
    "title.not_yet_reported": ("Signature valid, not yet reported", "签名有效，尚未上报"),
    "sentence.not_yet_reported": (
        (
            "One of our phones issued this receipt. The agent has not reported it yet, often because there was no"
            " signal. Look again tonight; your receipt stays good."
        ),
        "本收据由我方手机开具，业务员尚未上报，常因现场没有信号。请今晚再查；您的收据依然有效。",
    ),
    "title.key_reported_lost": ("Please call us", "请致电我们"),
    "sentence.key_reported_lost": (
        "The phone that issued this receipt was reported lost or withdrawn. Keep the receipt and call our office.",
        "开具本收据的手机已挂失或停用。请保留收据，并致电我们。",
    ),
    "title.void_pending": ("A cancellation is waiting", "作废申请待确认"),
    "sentence.void_pending": (
        (
            "The agent says that this payment was cancelled. Until you or our office confirm it, the payment counts."
            " If you did not agree to it, call us."
        ),
        "业务员称该笔款项已作废。在您或本机构确认之前，款项仍然有效。如您并未同意，请致电我们。",
    ),
    "title.voided": ("Cancelled", "已作废"),
    "sentence.voided": (
        "This payment was cancelled and does not count. If that is news to you, call us.",
        "该笔款项已作废，不再有效。如您并不知情，请致电我们。",
    ),
    "title.differs": ("Please call us", "请致电我们"),
    "sentence.differs": (
        "Our phone signed this receipt, but our record under its number says something else. Keep it and call us.",
        "本收据由我方手机签名，但同一收据号的登记内容与之不同。请保留收据并致电我们。",
    ),
    "title.unknown_number": ("We do not know this number", "查无此号"),
    "sentence.unknown_number": (
        (
            "No record has this number yet. Check each character. If you paid just now, look again tonight; if you are"
            " in doubt, call us."
        ),
        "暂无此收据号的登记。请逐字核对；若刚刚付款，请今晚再查；如有疑问，请致电我们。",
    ),
    "title.not_genuine": ("Not genuine", "不是我方收据"),
    "sentence.not_genuine": (
        "This receipt is not one of ours. Keep it, do not pay again, and call our office.",
        "这不是我方开具的收据。请保留收据，不要再次付款，并致电我们。",
    ),
    # -- states on the way
    "title.checking": ("Checking…", "正在核验…"),
    "sentence.checking": ("This takes a moment.", "请稍候。"),
    "title.asking": ("Signature valid", "签名有效"),
    "sentence.asking": ("Asking the office…", "正在询问本机构…"),
    "title.unasked": ("Signature valid", "签名有效"),
    "sentence.unasked": (
        "One of our phones signed this receipt. We could not ask the office whether it is recorded.",
        "本收据由我方手机签名，但暂时无法向本机构查询是否已登记。",
    ),
    "title.unreachable": ("The office cannot be reached", "暂时无法连接本机构"),
    "sentence.unreachable": (
        "The receipt was not checked. Try again in a moment.",
        "收据尚未核验，请稍后再试。",
    ),
    "title.offline": ("You are offline", "您已离线"),
    "sentence.offline": (
        "Connect to the internet and try again. Your receipt does not change meanwhile.",
        "请连接网络后重试。您的收据不会因此改变。",
    ),
    "title.busy": ("One moment, please", "请稍候"),
    "sentence.busy": (
        "Many receipts were checked from your network. Try again in a minute.",
        "您的网络查询次数较多，请一分钟后再试。",
    ),
    "title.malformed": ("This cannot be read", "无法识别"),
    "sentence.malformed": (
        "The code is incomplete or is not a receipt. Scan it again, or type the short number from the paper.",
        "二维码不完整，或不是收据。请重新扫描，或输入纸上的短号。",
    ),
    # -- facts
    "fact.amount": ("Amount", "金额"),
    "fact.taken": ("Taken", "收款时间"),
    "fact.method": ("By", "方式"),
    "fact.short": ("Receipt number", "收据短号"),
    "fact.agent": ("Agent", "业务员编号"),
    "fact.reason": ("Reason given", "作废原因"),
    "fact.payer": ("Payer", "付款人"),
    "payer.yes": ("answered an identity check", "已回答身份核验"),
    "payer.no": ("was not identified", "未核验身份"),
    "fact.void": ("This slip cancels another receipt.", "本凭据用于作废另一张收据。"),
    "reason.typing_error": ("typing error", "输入错误"),
    "reason.customer_changed_mind": ("the customer changed their mind", "客户改变主意"),
    "reason.wrong_account": ("wrong account", "账户错误"),
    "reason.instrument_failed": ("cheque or wallet failed", "支票或钱包支付失败"),
    "reason.other": ("other", "其他"),
    # -- where the money is
    "where.heading": ("Where the money is", "款项去向"),
    "where.with_agent": ("With the agent", "由业务员保管"),
    "where.with_agent.more": ("to be handed in at the branch", "将交至网点"),
    "where.at_branch": ("At the branch", "已到网点"),
    "where.at_branch.more": ("counted by a cashier", "已由出纳清点"),
    "where.with_creditor": ("With the creditor", "已转付债权方"),
    "where.with_creditor.more": (
        "passed on by us; not yet on the creditor's statement",
        "已由我方转付，债权方账单尚未更新",
    ),
    "where.on_your_account": ("On your account", "已入您的账户"),
    "where.on_your_account.more": ("the creditor's own statement has it", "债权方账单已包含该款项"),
    "where.confirmed": ("Arrived", "已到账"),
    "where.confirmed.more": ("confirmed by the wallet or bank", "已由钱包或银行确认"),
    "where.shown_not_confirmed": ("Shown, not yet confirmed", "已出示，待到账确认"),
    "where.shown_not_confirmed.more": (
        "the wallet or bank has yet to confirm it",
        "尚待钱包或银行确认到账",
    ),
    # -- the optional check
    "check.heading": ("Is it really yours?", "是您的收据吗？"),
    "check.lead": (
        (
            "A genuine receipt can be shown to two people. Type the last four digits of your account, or the visit"
            " code from your confirmation."
        ),
        "真收据也可能被重复出示。请输入您账户的末四位，或预约确认中的上门码。",
    ),
    "check.label": ("Last four digits or visit code", "账户末四位或上门码"),
    "check.button": ("Compare", "比对"),
    "check.matches": ("It matches.", "相符。"),
    "check.does_not_match": ("It does not match. If you are sure, call us.", "不相符。如您确认无误，请致电我们。"),
    "check.cannot_be_checked": (
        "There is nothing to compare this with. Try the last four digits.",
        "没有可比对的内容，请改用末四位。",
    ),
    # -- typing the short number
    "short.heading": ("Type the short number", "输入收据短号"),
    "short.lead": (
        "It stands below the code, for example 7KQ2D-1-42-9FWXTA. Small letters and spaces do not matter.",
        "印在二维码下方，例如 7KQ2D-1-42-9FWXTA。大小写和空格均可。",
    ),
    "short.label": ("Short receipt number", "收据短号"),
    "short.button": ("Check", "核验"),
    "receipt.retry": ("Try again", "重试"),
    "receipt.another": ("Check another receipt", "核验另一张收据"),
    "receipt.noscript": (
        "Your browser runs no scripts, so the code itself cannot be read here. Type the short number below it.",
        "您的浏览器未启用脚本，无法读取二维码，请输入其下方的短号。",
    ),
    "address.heading": ("Only trust this address", "请认准官方网址"),
    "address.lead": (
        "Our receipts are checked at this address only. If your code leads elsewhere, it is not ours:",
        "我方收据只在以下网址核验。若二维码指向其他网址，即非我方收据：",
    ),
    "address.phone": ("Telephone", "电话"),
    "signature.valid": ("Digital signature valid", "数字签名有效"),
    "signature.invalid": ("Digital signature not valid", "数字签名无效"),
    "signature.unchecked": ("Found by its short number", "按短号查得"),
}
