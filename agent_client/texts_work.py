"""Refusals and advice of the steps at the door: English, Chinese."""

from __future__ import annotations

from typing import Final

__all__ = ["WORK"]

WORK: Final[dict[str, tuple[str, str]]] = {
    "refused-locked": (
        "the office locked this phone; what is recorded can still be sent",
        "办公室已锁定本机；已记录的内容仍可上传",
    ),
    "refused-visit-unknown": ("this phone holds no visit {visit}", "本机没有上门任务 {visit}"),
    "refused-not-started": (
        "visit {visit} was not started; start it first (a payment elsewhere: --walk-up)",
        "上门任务 {visit} 尚未开始，请先开始（他处收款请用 --walk-up）",
    ),
    "refused-started-already": ("visit {visit} was started at {at}", "上门任务 {visit} 已于 {at} 开始"),
    "refused-concluded": (
        "visit {visit} was concluded; start it again if you are there again (start --again)",
        "上门任务 {visit} 已结束；如再次到访，请重新开始（start --again）",
    ),
    "refused-currency": (
        "the account is kept in {account}, not in {given}",
        "该账户以 {account} 记账，不是 {given}",
    ),
    "refused-cheque-number": ("a cheque needs its number (--cheque)", "支票须填写号码（--cheque）"),
    "refused-walk-up-account": (
        "a payment without a visit needs --walk-up and --account",
        "无上门任务的收款须用 --walk-up 和 --account",
    ),
    "refused-receipt-unknown": ("this phone issued no receipt {receipt}", "本机没有开具过收据 {receipt}"),
    "refused-void-of-void": (
        "receipt {receipt} takes a payment back itself and cannot be voided",
        "收据 {receipt} 本身是冲销收据，不能再冲销",
    ),
    "refused-voided-already": ("receipt {receipt} was voided already", "收据 {receipt} 已冲销"),
    "refused-answer-missing": ("what the customer answered is missing", "缺少客户的回答"),
    "refused-answer-unwanted": (
        "an answer belongs only to a check that was answered",
        "只有客户作答的核验才能填写回答",
    ),
    "refused-code-mistyped": (
        "that is not this visit's code; ask again (or record --result refused)",
        "这不是本次上门的验证码，请再问一次（或记录为 --result refused）",
    ),
    "refused-no-notice": (
        "visit {visit} has no notice; name it with --notice",
        "任务 {visit} 没有通知书；请用 --notice 指明",
    ),
    "refused-notice-version": (
        "notice {notice} is not on this phone; say which version was handed over (--version)",
        "本机没有通知书 {notice}；请用 --version 注明所交付的版本",
    ),
    "refused-promise-past": (
        "a promise for {due} lies before the service day {day}",
        "承诺日期 {due} 早于作业日 {day}",
    ),
    "refused-periods": ("{periods} instalments are not within 1 to {most}", "期数 {periods} 不在 1 至 {most} 之间"),
    "refused-no-payment": (
        "nothing was collected at this visit, so it cannot end as {reason}",
        "本次上门没有收款，不能以 {reason} 结束",
    ),
    "refused-no-promise": ("no promise was recorded at this visit", "本次上门没有记录承诺"),
    "refused-no-delivery": ("no letter was delivered at this visit", "本次上门没有送达通知书"),
    "refused-day-ended": (
        "the day {day} was ended at {at} and nothing came after",
        "{day} 已于 {at} 结束，之后没有新记录",
    ),
    "refused-denominations": (
        "the denominations make {counted}, the amount says {given} (minor units)",
        "面额合计 {counted}，与金额 {given} 不符（最小货币单位）",
    ),
    "refused-transfer-side": ("name either --to or --from, not both", "--to 与 --from 只能填一个"),
    "refused-phone-storage": (
        "no receipt while this browser may clear what is recorded; install the app, or let it keep its storage",
        "浏览器可能会清除本机的记录，因此不能开具收据；请安装本应用，或允许其保留存储空间",
    ),
    "refused-phone-restored": (
        "this phone's memory is older than the receipts it gave; synchronise first, then give the next one",
        "本机的存储比已开具的收据要旧；请先同步，再开具新的收据",
    ),
    "refused-phone-other-office": (
        "this code is of the office at {office}, this app is from {here}; open the app at that office's address",
        "此登记码属于 {office} 的办公室，而本应用来自 {here}；请从该办公室的网址打开应用",
    ),
    "advice-conduct": ("Rule {rule}: {why}", "规则 {rule}：{why}"),
    "advice-forbidden": ("Not permitted here: {code}. {why}", "此处不得：{code}。{why}"),
    "advice-removed": (
        "The office took this visit away meanwhile; finish what you began, the record stands.",
        "办公室已撤回此任务；请完成已开始的工作，记录有效。",
    ),
    "advice-day-ended": ("The day was ended before; end it again.", "当日此前已结束；请重新结束当日。"),
    "advice-cash-limit": (
        "Cash in hand is {held}, above your limit of {limit}: deposit or hand over.",
        "手头现金 {held}，超过限额 {limit}：请存款或上交。",
    ),
    "advice-unidentified": (
        "The payer answered no identity check; the receipt says so.",
        "付款人未通过身份核验；收据上会注明。",
    ),
    "advice-walk-up": (
        "A payment without a stop waits in suspense until the office has matched it.",
        "无任务收款将暂记，待办公室核对。",
    ),
    "advice-over-payoff": (
        "{over} more than is owed; the rest becomes the customer's credit.",
        "超出应还 {over}；多出部分记为客户余额。",
    ),
    "advice-same-amount": (
        "{amount} was collected here before; if this is a mistake, void it.",
        "此处已收过 {amount}；如属误操作，请冲销。",
    ),
    "advice-void-unconfirmed": (
        "The void waits until the customer confirms it: with their void code, or to the office.",
        "冲销待客户确认：凭客户的冲销码，或由客户向办公室确认。",
    ),
    "advice-third-party": (
        "You speak to a third party: say nothing about debt.",
        "对方是第三人：不得透露债务信息。",
    ),
    "advice-identity-skipped": (
        "Money was taken and nobody's identity was checked.",
        "已收款但未做身份核验。",
    ),
    "advice-plan-agreed": (
        "Within your authority: the plan is agreed.",
        "在您的权限内：还款计划已达成。",
    ),
    "advice-plan-beyond": ("Beyond your authority: {why}", "超出您的权限：{why}"),
    "advice-plan-pending": (
        "The plan waits for the office's approval.",
        "还款计划待办公室批准。",
    ),
    "advice-notice-withdrawn": (
        "This notice was withdrawn; the delivery is recorded all the same.",
        "该通知书已撤回；送达仍予记录。",
    ),
    "advice-notice-version": (
        "Version {given} was delivered, the current one is {current}.",
        "送达的是第 {given} 版，现行为第 {current} 版。",
    ),
    "advice-notice-disclosed": (
        "Handed openly to somebody who is not the customer: compliance will look at it.",
        "公开交给了客户以外的人：合规部门会核查。",
    ),
    "advice-still-open": ("Visit {visit} is still open.", "任务 {visit} 尚未结束。"),
    "advice-more-than-held": (
        "{amount} is more than the {held} that this phone knows of.",
        "{amount} 多于本机所记的 {held}。",
    ),
}
