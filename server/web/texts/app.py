"""Words of the page that stands at ``/app/`` while no phone app was built."""

from __future__ import annotations

__all__ = ["APP"]

APP: dict[str, tuple[str, str]] = {
    "app.page": ("The phone app is not here", "尚未安装手机应用"),
    "app.missing": (
        "This office runs without the phone app: it was installed without building it.",
        "本系统安装时未构建手机应用，因此此处无法打开。",
    ),
    "app.how": (
        "The operator builds it by installing Doorstep again, with a network that reaches an npm registry:",
        "请运维人员在可访问 npm 软件源的网络下重新安装 Doorstep，即可构建：",
    ),
    "app.then": (
        "Then reload this page. Phones that have the app go on working meanwhile.",
        "完成后刷新本页即可。已安装应用的手机不受影响，可继续使用。",
    ),
}
