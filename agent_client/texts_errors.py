"""Errors that the agent may meet, as one line; Chinese titles and remedies for the codes of the phone."""

from __future__ import annotations

from typing import Final

from agent_client.texts import text
from sync.errors import DoorstepError

__all__ = ["CHINESE", "error_line"]

CHINESE: Final[dict[str, tuple[str, str]]] = {
    "WORK-REFUSED": ("该步骤与已有记录不符", ""),
    "ARGUMENT-WRONG": ("数值不可接受", "请更正所指出的值。"),
    "OPERATION-TOO-LARGE": ("一条记录过大", "请缩短内容。"),
    "STATE-STALE": ("情况已变化", "请查看当前状态后重试。"),
    "STATE-FORBIDS": ("当前状态不允许", "请看原因。"),
    "BADGE-MISSING": ("本机没有今日的身份凭证", "有信号时请下载（pull）。"),
    "PACK-MISSING": ("本机没有该日路线", "有信号时请下载（pull）。"),
    "ENROL-CODE-WRONG": ("登记码无效", "请向办公室索取新码。"),
    "ENROL-CODE-USED": ("登记码已使用", "请向办公室索取新码。"),
    "ENROL-CODE-EXPIRED": ("登记码已过期", "请向办公室索取新码。"),
    "DEVICE-UNKNOWN": ("本机未登记", "请用新码登记。"),
    "DEVICE-REVOKED": ("本机已被注销", "仍可上传；请联系主管。"),
    "DEVICE-LOCKED": ("本机已锁定", "仍可上传；请联系主管解锁。"),
    "SIGNATURE-WRONG": ("签名验证失败", "请联系办公室。"),
    "EPOCH-UNKNOWN": ("办公室不认识本机的周期号", "请同步以取得新的周期号。"),
    "UPLOAD-OFFSET-WRONG": ("续传位置不符", "请从应答所示位置继续上传。"),
    "NETWORK-DOWN": ("无法连接办公室", "请继续工作，有信号时再同步。"),
    "ANSWER-UNTRUSTED": ("办公室的应答签名不对", "请检查网址；如密钥已更换，请重新登记。"),
    "RATE-LIMITED": ("请求过多", "请稍候再试。"),
    "STORE-LOCKED": ("数据库忙", "请稍后再试。"),
    "STORE-FULL": ("存储空间已满", "请清理空间；已记录的内容不会丢失。"),
    "STORE-CORRUPT": ("存储内容与写入不符", "请保留本机并联系办公室。"),
    "STORE-VERSION": ("数据库来自更新的版本", "请更新程序。"),
    "FILE-UNREADABLE": ("文件无法读取", "请检查路径和权限。"),
    "CLOCK-WRONG": ("时钟设置无法读取", "格式为 start=...;real=...;rate=..."),
    "PIN-WRONG": ("PIN 或口令错误", "请重试，并注意剩余次数。"),
    "PIN-LOCKED": ("错误次数过多", "请等待所示时间，或通过办公室恢复。"),
    "VAULT-MISSING": ("此处没有保险库", "请先登记本机（enrol）。"),
    "VAULT-EXISTS": ("此处已有保险库", "请换一个文件夹；保险库绝不覆盖。"),
    "VAULT-CORRUPT": ("保险库文件已损坏", "请保留文件并向办公室申请恢复。"),
    "KEYSTORE-MISSING": ("本机没有系统密钥库", "请改用口令。"),
    "SECRET-WEAK": ("PIN 或口令太弱", "请换一个更长的。"),
    "RECOVERY-WRONG": ("恢复应答不符", "请重新申请。"),
    "RECEIPT-MALFORMED": ("这不是收据", "请再扫一次，或输入短号。"),
    "NOT-FOUND": ("没有此项", "请检查编号。"),
}
"""Code → title, remedy."""


def error_line(error: DoorstepError, language: str) -> str:
    """``CODE  title: cause. remedy`` in one line; a cause that is a refusal of ours is translated too."""
    key, values = error.context.get("key"), error.context.get("values")
    cause = error.cause
    if isinstance(key, str) and isinstance(values, dict):
        cause = text(key, language, **values)
    chinese = CHINESE.get(error.code) if language == "zh" else None
    title, remedy = chinese or (error.entry.title, error.remedy)
    line = f"{error.code}  {title}: {cause.rstrip('.')}. {'' if error.code == 'WORK-REFUSED' else remedy}"
    return " ".join(line.split())
