"""Words of the console's page of phones."""

from __future__ import annotations

__all__ = ["PHONES"]

PHONES: dict[str, tuple[str, str]] = {
    "nav.phones": ("Phones", "手机"),
    "phones.page": ("Phones", "手机"),
    "phones.heading": ("Phones", "手机"),
    "phones.lead": (
        "Lock a phone that is mislaid, unlock it when it is found, revoke one that is lost, help with a forgotten PIN.",
        "锁定遗落的手机，找回后解锁；停用确定丢失的手机；协助忘记 PIN 的业务员。",
    ),
    "phones.agent": ("Agent", "业务员编号"),
    "phones.find": ("Find", "查找"),
    "phones.next": ("More phones", "更多手机"),
    "phones.empty": ("No phone is enrolled here", "尚无登记的手机"),
    "phones.empty.more": (
        "Make an enrolment code for an agent; their phone will stand here.",
        "为业务员生成登记码后，其手机将显示于此。",
    ),
    "phones.state.works": ("Works", "正常"),
    "phones.state.locked": ("Locked", "已锁定"),
    "phones.state.wiping": ("Locked, wipes after upload", "已锁定，上传后清除"),
    "phones.state.revoked": ("Revoked for good", "已永久停用"),
    "phones.branch": ("Branch", "网点"),
    "phones.enrolled": ("Enrolled", "登记时间"),
    "phones.since": ("Since", "起始时间"),
    "phones.model": ("Model", "型号"),
    "phones.recoveries": ("Forgotten PINs answered", "已答复的 PIN 恢复"),
    "phones.reason": ("Why", "原因"),
    "phones.lock": ("Lock", "锁定"),
    "phones.lock.lead": (
        (
            "From its next exchange on the phone only uploads, and its badge is not genuine any more. What it recorded"
            " counts. A phone that is lost for certain is to be revoked instead."
        ),
        "手机下次联网后只能上传，身份二维码同时失效；已有记录照常有效。确定丢失的手机应改为停用。",
    ),
    "phones.wipe": (
        "Remove what it downloaded once everything is uploaded",
        "全部上传后清除已下载的资料",
    ),
    "phones.wipe_too": ("Wipe as well", "同时清除"),
    "phones.unlock": ("Unlock", "解锁"),
    "phones.unlock.lead": (
        "From its next exchange on the phone works again, and fetches its route anew.",
        "手机下次联网后恢复正常，并重新下载路线。",
    ),
    "phones.revoke": ("Revoke for good", "永久停用"),
    "phones.revoke.lead": (
        (
            "For a phone that is lost for certain, or whose agent has left. What the office holds now goes on counting,"
            " and receipts that customers have scanned; nothing that comes from it later counts by itself. The agent"
            " needs another phone."
        ),
        "用于确定丢失的手机或离职的业务员。已到达办公室的记录和客户扫过的收据照常有效，之后从它传来的不再自动生效；业务员需要另行登记手机。",
    ),
    "phones.revoke.sure": ("I know that nothing can undo this", "我知道此操作无法撤销"),
    "phones.done.revoked": ("The phone is revoked for good.", "手机已永久停用。"),
    "phones.done.locked": ("The phone is locked from its next exchange on.", "手机将在下次联网时锁定。"),
    "phones.done.unlocked": ("The phone is unlocked from its next exchange on.", "手机将在下次联网时解锁。"),
    # -- a forgotten PIN
    "recovery.heading": ("A forgotten PIN", "忘记 PIN"),
    "recovery.lead": (
        (
            "The phone shows a request as text. The answer opens that phone's records for whoever holds it, so make"
            " sure first who asks; your name goes on record."
        ),
        "手机会以文本显示请求。答复可打开该手机的记录，请先核实申请人身份；您的姓名将记录在案。",
    ),
    "recovery.request": ("Request of the phone", "手机的请求文本"),
    "recovery.identified": ("How you made sure who asks", "如何核实申请人"),
    "recovery.in_person": ("Face to face", "当面核实"),
    "recovery.call_back": ("Called the agent's own number", "回拨业务员本人号码"),
    "recovery.button": ("Answer", "答复"),
    "recovery.given": ("Answer for the phone", "给手机的答复"),
    "recovery.given.lead": (
        "For phone {device} of {name} ({agent}). Let the agent read it into the phone that asked.",
        "用于 {name}（{agent}）的手机 {device}。请业务员将其输入提出请求的手机。",
    ),
    "recovery.given.hint": (
        "It is shown this once, and fits that request alone. Operation",
        "仅显示一次，且只适用于该请求。操作记录",
    ),
    "recovery.answer": ("Answer", "答复文本"),
    "error.RECOVERY-WRONG": ("This is not a request that we can answer.", "无法答复此请求。"),
    "error.DEVICE-UNKNOWN": ("No such phone is enrolled.", "没有登记该手机。"),
}
