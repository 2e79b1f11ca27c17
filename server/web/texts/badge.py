"""Words of the customer's badge page. Nothing here speaks of debt, and nothing accuses anybody."""

from __future__ import annotations

__all__ = ["BADGE"]

BADGE: dict[str, tuple[str, str]] = {
    "badge.page": ("Check an agent's badge", "核验上门人员"),
    "badge.lead": (
        "Ask whoever is at your door to show the code on their phone, and scan it with your own.",
        "请上门人员出示其手机上的二维码，并用您自己的手机扫描。",
    ),
    "badge.noscript": (
        "Your browser runs no scripts, so the code cannot be read here. Call our office to check who is at your door.",
        "您的浏览器未启用脚本，无法读取二维码。请致电我们核实来人身份。",
    ),
    # -- who it is
    "badge.person": ("Who is at your door", "上门人员"),
    "badge.photo": ("Picture of the agent", "上门人员照片"),
    "badge.no_photo": ("No picture is on file", "暂无照片"),
    "badge.number": ("Agent", "工号"),
    "badge.look": ("Is this the face at your door?", "请核对：是您面前的人吗？"),
    "badge.creditor": ("On behalf of", "受托于"),
    "badge.visits": ("Sent out today", "今日派出"),
    "badge.shown": ("Code shown", "出示时间"),
    "badge-visits.yes": ("Yes, with visits from us", "是，由我方安排上门"),
    "badge-visits.no": ("No: please call us first", "否，请先致电我们"),
    "badge-age.now": ("just now", "刚刚"),
    "badge-age.minutes": ("min ago", "分钟前"),
    # -- verdicts and states on the way: title and sentence
    "badge-title.genuine": ("Genuine", "身份真实"),
    "badge-sentence.genuine": (
        "This person works for us. Compare the face, then decide whether to open.",
        "此人是我方工作人员。请先核对本人，再决定是否开门。",
    ),
    "badge-sentence.genuine_no_photo": (
        "This person works for us. There is no picture to compare: ask for name and number before you open.",
        "此人是我方工作人员。暂无照片可比对，开门前请询问姓名和工号。",
    ),
    "badge-title.stale": ("This code is too old", "二维码已过期"),
    "badge-sentence.stale": (
        (
            "A badge's code is good for five minutes. Ask for a fresh one on their phone; a picture or a printout is no"
            " badge."
        ),
        "二维码仅五分钟内有效。请对方在手机上重新出示；照片或打印件无效。",
    ),
    "badge-title.key_reported_lost": ("Do not open: call us", "请勿开门，并致电我们"),
    "badge-sentence.key_reported_lost": (
        "The phone that shows this badge was reported lost or withdrawn. Our office will tell you who should be there.",
        "出示该二维码的手机已挂失或停用。请致电我们核实来人身份。",
    ),
    "badge-title.not_genuine": ("Not one of ours", "不是我方人员"),
    "badge-sentence.not_genuine": (
        "This badge was not issued by us. Give no money and no papers, and call our office.",
        "该二维码并非我方签发。请勿付款或出示证件，并致电我们。",
    ),
    "badge-title.checking": ("Checking…", "正在核验…"),
    "badge-sentence.checking": ("This takes a moment.", "请稍候。"),
    "badge-title.asking": ("Signatures valid", "签名有效"),
    "badge-sentence.asking": ("Asking the office who it is…", "正在向本机构核实身份…"),
    "badge-title.unasked": ("Signatures valid, not confirmed", "签名有效，尚未确认"),
    "badge-sentence.unasked": (
        "Our office could not be asked who it is, and whether the phone was reported lost. Try again, or call us.",
        "暂时无法向本机构核实身份及手机是否挂失。请重试或致电我们。",
    ),
    "badge-title.unreachable": ("The office cannot be reached", "暂时无法连接本机构"),
    "badge-sentence.unreachable": (
        "The badge was not checked. Try again in a moment, or call us.",
        "身份尚未核验，请稍后重试或致电我们。",
    ),
    "badge-title.offline": ("You are offline", "您已离线"),
    "badge-sentence.offline": (
        "Connect to the internet and scan the code again, or call us.",
        "请连接网络后重新扫描，或致电我们。",
    ),
    "badge-title.busy": ("One moment, please", "请稍候"),
    "badge-sentence.busy": (
        "Many badges were checked from your network. Try again in a minute.",
        "您的网络查询次数较多，请一分钟后再试。",
    ),
    "badge-title.malformed": ("This cannot be read", "无法识别"),
    "badge-sentence.malformed": (
        "The code is incomplete or is not a badge. Scan it again.",
        "二维码不完整，或不是身份二维码。请重新扫描。",
    ),
    "badge-title.signature_valid": ("Both digital signatures valid", "两项数字签名均有效"),
    "badge-title.signature_invalid": ("Digital signature not valid", "数字签名无效"),
    "badge.call": ("Call our office", "致电我们"),
    # -- the optional check
    "badge.check": ("Are you expecting this visit?", "是您预约的上门吗？"),
    "badge.check.lead": (
        "If you were given a visit code, type it here. Do not read it out before you know who is there.",
        "如您收到过上门码，请在此输入。核实来人身份之前，请勿口头告知。",
    ),
    "badge.check.label": ("Visit code", "上门码"),
    "badge.check.button": ("Compare", "比对"),
    "badge-visit.expected": ("Yes: this agent was sent to you today.", "相符：今日正是派此人到您处。"),
    "badge-visit.not_expected": (
        "This code is of no visit of this agent today. Check it, or call us.",
        "该上门码不在此人今日行程中。请核对，或致电我们。",
    ),
    "badge-visit.busy": ("Too many codes were tried. Call us.", "尝试次数过多，请致电我们。"),
    # -- what anybody may expect
    "badge.mandate": ("What to expect of our agents", "我方人员上门须知"),
    "badge.mandate.1": (
        "Take a payment that you want to make, always against a receipt with a code that you can check.",
        "收取您自愿支付的款项，并当场出具可扫码核验的收据。",
    ),
    "badge.mandate.2": ("Hand you a letter, and ask who they speak to.", "递交信函，并核实对方身份。"),
    "badge.mandate.3": (
        "They never ask for a password or a code from your phone, nor for a payment to a private account.",
        "绝不索要密码或短信验证码，也不会要求转账至个人账户。",
    ),
    "badge.mandate.4": (
        "You need not open the door. Call us whenever you are in doubt.",
        "您可以不开门。如有疑问，请随时致电我们。",
    ),
    "badge.address": (
        "Our badges are checked at this address only. If the code leads elsewhere, it is not ours:",
        "我方身份二维码只在以下网址核验。若二维码指向其他网址，即非我方人员：",
    ),
}
