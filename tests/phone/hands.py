"""An agent's hands: what is pressed and typed on the phone's screens, by the words that stand there, in Chinese.

Every method ends when the screen shows that the step is done; `kinds` is what must then be in the phone's journal.
"""

from __future__ import annotations

import io
import math
import re
from typing import Final

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.phone.handset import Handset
from tests.phone.headquarters import Customer
from tests.scanner import qr_codes

__all__ = ["PIN", "Hands"]

PIN: Final = "740261"
_AT_ONCE_MS: Final = 20_000
_STEP: Final = re.compile(r"/(stop/[^/]+|cash)/[a-z-]+$")
"""The address of a step's screen."""
_SAID: Final = re.compile("已记录在本机|身份已核验|客户拒绝核验|是第三人")
"""What the screen behind a step says once the step is recorded."""


class Hands:
    """Works the screens of one phone."""

    def __init__(self, phone: Handset, tab: Page | None = None) -> None:
        self.phone = phone
        self._tab = tab
        self.kinds: list[str] = []
        """The kinds of everything that a screen said is recorded, in order."""
        self.unheard = 0
        """Taps that the browser took for something else; the finger tapped again."""
        self.receipts: dict[str, str] = {}
        """By a name of the test's: the text of the code on the receipt, as a camera reads it off the screen."""

    @property
    def page(self) -> Page:
        """The page in the hand: one tab, or whichever is the phone's last."""
        return self._tab or self.phone.page

    # -- the phone as a whole

    def enrol(self, text: str) -> None:
        """From the office's code to the check before departure."""
        self.page.get_by_label("登记码", exact=True).fill(text)
        self.press("下一步")
        for word in ("下一步", "登记"):
            self.digits(PIN)
            self.press(word)
        self.heading("出发前检查")

    def depart(self) -> None:
        """Fetch the route; ends with everything in order, the storage protected since the enrolment."""
        self.press("立即同步")
        self.press("可以出发")
        self.page.locator("ol .stop-row").first.wait_for()

    def unlock(self) -> None:
        """The PIN, and the screen that was asked for."""
        self.heading("请输入 PIN 码")
        self.digits(PIN)
        self.press("打开")
        expect(self.page.get_by_role("heading", name="请输入 PIN 码")).to_have_count(0, timeout=_AT_ONCE_MS)

    def route(self) -> None:
        """To the list of stops."""
        tabs = self.page.get_by_role("navigation", name="主菜单")
        if tabs.count() == 0:
            # The screens at a door have no tabs; an agent would go back some times.
            self.page.evaluate("history.pushState(null, '', '/app/'); dispatchEvent(new PopStateEvent('popstate'))")
        else:
            self.tab("路线")
        self.page.locator("ol .stop-row").first.wait_for()

    def tab(self, name: str) -> None:
        """One of the four places at the thumb."""
        self._tap(self.page.get_by_role("navigation", name="主菜单").get_by_role("link", name=name))

    def more(self, name: str) -> None:
        """Something of the last tab."""
        self.route()
        self.tab("更多")
        self._tap(self.page.locator(".list-row").filter(has_text=name).first)

    # -- at a door

    def arrive(self, customer: Customer) -> None:
        """Walk there and check in."""
        self.phone.place(customer.latitude, 120.15)
        self.route()
        self._tap(self.page.locator("ol .stop-row").filter(has_text=customer.name))
        self.press("登记到达")
        self._done("VisitStarted")
        self.page.get_by_text("在这里要做").wait_for()

    def answer(self, method: str, text: str = "") -> None:
        """The customer's answer is recorded: a code, digits, a signature on the glass, or a photo."""
        self.open_step("identity")
        self.choose(method)
        if method == "上门验证码":
            self.type("客户的验证码", text)
        elif method == "证件后四位":
            self.type("证件号码后四位", text)
        elif method == "签名":
            self.sign()
        else:
            self.photograph()
        self.press("记录核验")
        self._recorded("IdentityChecked")

    def mistype(self, text: str) -> None:
        """A wrong code is said at once and recorded nowhere; one in 256 is taken: the phone knows only eight bits."""
        self.open_step("identity")
        self.choose("上门验证码")
        self.type("客户的验证码", text)
        self.press("记录核验")
        refused = self.page.locator("main .banner.danger")
        refused.or_(self.page.get_by_text("在这里要做")).first.wait_for()
        if refused.count():
            self.back()
        else:
            self._done("IdentityChecked")

    def no_answer(self, word: str) -> None:
        """The customer refuses, or it is somebody else."""
        self.open_step("identity")
        self.press(word)
        self._tap(self._sheet().get_by_role("button", name="记录核验"))
        self._recorded("IdentityChecked")

    def collect(self, name: str, method: str, *, amount: str = "", shortcut: str = "", **more: str) -> None:
        """Money at a stop, to the receipt on the screen, whose code a camera reads; it stays as `name`."""
        self.open_step("collect")
        self._pay(name, method, amount=amount, shortcut=shortcut, **more)

    def walk_up(self, name: str, account: str, amount: str) -> None:
        """Somebody who is on no route pays in cash."""
        self.more("无任务收款")
        self.type("账户编号", account)
        self.press("下一步")
        self._pay(name, "现金", amount=amount)

    def _pay(self, name: str, method: str, *, amount: str = "", shortcut: str = "", **more: str) -> None:
        if shortcut:
            self._tap(self.page.locator("button.shortcut").filter(has_text=shortcut))
        else:
            self.keys(amount)
        self.press("选择付款方式")
        self.choose(method)
        if "tendered" in more:
            self.type("客户给的现金", more["tendered"], exact=False)
        if "order" in more:
            self.type("交易单号", more["order"], exact=False)
            self.choose("我的设备已收到支付机构的确认" if more.get("confirmed") else "客户手机显示已付，尚未确认")
        if "cheque" in more:
            self.type("支票号码", more["cheque"])
        self.press("核对")
        self._tap(self._sheet().get_by_role("button", name="开收据"))
        self._see_receipt(name)
        self._done("PaymentCollected")

    def void(self, name: str, reason: str, code: str = "") -> None:
        """The receipt on the screen is taken back; the void's own receipt stays as `name`."""
        self._tap(self.page.get_by_role("link", name="冲销"))
        self.heading("冲销收据")
        self.choose(reason)
        if code:
            self.type("客户的冲销码", code, exact=False)
        self.press("冲销 ¥", exact=False)
        # In the customer's own language.
        self.heading(re.compile("作废凭证|VOID receipt"))
        self._see_receipt(name)
        self._done("PaymentVoided")

    def seen(self) -> None:
        """The customer has looked at the receipt; behind a void's lies the voided one."""
        for _ in range(2):
            before = self.page.url
            self.press("客户已看过")
            self.page.wait_for_url(lambda url, left=before: url != left)  # type: ignore[misc]  # bound on purpose
            if "/receipt/" not in self.page.url:
                return

    def deliver(self, manner: str, recipient: str = "", *, photo: bool = False, signature: bool = False) -> None:
        """A letter leaves the hands."""
        self.open_step("deliver")
        self.choose(manner)
        if recipient:
            self.choose(recipient)
        if signature:
            self.press("收信人签名")
            self.sign()
        if photo:
            self.photograph()
        self.press("记录送达")
        self._recorded("NoticeDelivered")

    def promise(self, amount: str, day: str) -> None:
        """An amount by one of the days that are offered."""
        self.open_step("promise")
        self.keys(amount)
        self.press("最晚哪天付")
        self._tap(self.page.locator("button.shortcut").filter(has_text=day))
        self.press("前付 ¥", exact=False)
        self._recorded("PromiseMade")

    def plan(self, periods: int, *, waits: bool, scheme: str = "等额还款") -> None:
        """Schemes side by side, one of them agreed; beyond the agent's authority the screen says that it waits."""
        self.open_step("plan")
        box = self.page.get_by_label("期数", exact=True)
        box.fill(str(periods))
        self.press("比较方案")
        self.heading("并排比较")
        self._tap(self.page.locator("label.tile").filter(has_text=scheme))
        self.press("提交办公室批准" if waits else "与客户约定此方案")
        self._recorded("PlanProposed")

    def report(self, field: str, value: str) -> None:
        """What the customer says is new about them."""
        self.open_step("details")
        self.choose(field)
        self.type("客户说的新资料", value, exact=False)
        self.press("记录", exact=True)
        self._recorded("DetailsReported")

    def note(self, text: str) -> None:
        """Something to remember."""
        self.open_step("note")
        self.type("写下要记住的事", text)
        self.press("保存备注")
        self._recorded("NoteTaken")

    def companion(self, badge: str, agent: str) -> None:
        """The second person at the door."""
        self.open_step("companion")
        self.type("同事的工作证", badge)
        self.type("同事的工号", agent)
        self.press("确认同行")
        self._recorded("CompanionConfirmed")

    def contact(self, channel: str, result: str) -> None:
        """A contact outside of the visit."""
        self.open_step("contact")
        self.choose(channel)
        self.choose(result)
        self.press("记录联系")
        self._recorded("ContactMade")

    def alarm(self, level: str, note: str) -> None:
        """The safety button, from wherever one is."""
        self.press("安全求助")
        sheet = self._sheet()
        sheet.get_by_label("发生了什么").fill(note)
        self._tap(sheet.get_by_role("button", name=level))
        sheet.get_by_text("已记录。有信号时办公室会立即看到。").wait_for()
        self._done("SafetyRaised")
        self._tap(sheet.get_by_role("button", name="关闭"))

    def conclude(self, outcome: str) -> None:
        """The visit is over."""
        self.open_step("conclude")
        self.choose(outcome)
        self.press("结束这一站")
        self.heading("这一站已结束")
        self._done("VisitConcluded")

    # -- cash and the day's end

    def transfer(self, agent: str, amount: str) -> str:
        """Cash goes to a colleague; the number that both phones record."""
        self._cash("与同事交接")
        self.choose("交给同事")
        self.keys(amount)
        self.press("下一步")
        self.type("同事的工号", agent)
        number = self.page.locator(".transfer-id").inner_text()
        self.press("交出 ¥", exact=False)
        self._recorded("CashTransferred")
        return number

    def deposit(self, amount: str, bank: str, slip: str) -> None:
        """Cash goes into a bank; the slip is photographed."""
        self._cash("存入银行")
        self.keys(amount)
        self.press("下一步")
        self.type("银行", bank)
        self.type("回单编号", slip, exact=False)
        self.photograph()
        self.press("记录存款 ¥", exact=False)
        self._recorded("CashDeposited")

    def lose(self, amount: str, cause: str, note: str) -> None:
        """Cash is gone."""
        self._cash("报告损失")
        self.keys(amount)
        self.press("下一步")
        self.choose(cause)
        self.type("经过", note, exact=False)
        self.press("报告损失 ¥", exact=False)
        self._recorded("CashLossReported")

    def hand_over(self, pieces: dict[str, int]) -> None:
        """Counted piece by piece, as the faces stand on the screen."""
        self._cash("上交办公室")
        for face, count in pieces.items():
            self.page.get_by_label(f"{face} 的张数", exact=True).fill(str(count))
        self.press("上交 ¥", exact=False)
        self._tap(self._sheet().get_by_role("button", name="上交 ¥"))
        self._recorded("CashHandedOver")

    def end_day(self) -> None:
        """The last record of the day; the app then sends by itself."""
        self.more("结束当日")
        self.press("结束当日", exact=True)
        self.page.get_by_text("已结束", exact=False).first.wait_for()
        self._done("DayEnded")

    def synchronise(self) -> None:
        """Send and fetch, until the screen says that the office has everything."""
        self.route()
        self.tab("记录")
        self.press("立即同步")
        self.page.get_by_text("办公室已全部收到").first.wait_for(timeout=60_000)

    def export(self) -> bytes:
        """The phone's own journal, as the agent saves it."""
        self.route()
        self.tab("更多")
        with self.page.expect_download() as saved:
            self._tap(self.page.get_by_role("button", name="导出记录日志"))
        return saved.value.path().read_bytes()

    def receipt_numbers(self) -> list[str]:
        """The short numbers of today's receipts."""
        self.more("今天的收据")
        self.page.locator("main .list-row").first.wait_for()
        return self.page.locator("main .list-row").all_inner_texts()

    # -- small things

    def heading(self, text: str | re.Pattern[str]) -> None:
        """Wait for a screen."""
        self.page.get_by_role("heading", name=text, level=1).wait_for()

    def press(self, word: str, *, exact: bool = False) -> None:
        """A button by its word, once it can be pressed."""
        self._tap(self.page.get_by_role("button", name=word, exact=exact).last)

    def back(self) -> None:
        """The arrow at the top."""
        self.press("返回", exact=True)

    def choose(self, word: str) -> None:
        """A tile by its word."""
        tile = self.page.locator("label.tile").filter(has_text=word).first
        self._tap(tile)
        expect(tile.locator("input")).to_be_checked()

    def type(self, label: str, text: str, *, exact: bool = True) -> None:
        """Into a field."""
        box = self.page.get_by_label(label, exact=exact).last
        self._tap(box)
        box.fill(text)

    def digits(self, text: str) -> None:
        """On the PIN's keys."""
        for digit in text:
            self.press(f"数字 {digit}", exact=True)

    def keys(self, amount: str) -> None:
        """On the amount's keys."""
        for sign in amount:
            self.press("小数点" if sign == "." else f"数字 {sign}", exact=True)

    def sign(self) -> None:
        """A finger on the glass."""
        canvas = self.page.locator(".glass canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        tools = self.phone.context.new_cdp_session(self.page)
        middle = box["y"] + box["height"] / 2
        for step in range(25):
            x = box["x"] + box["width"] * (0.15 + 0.7 * step / 24)
            point = {"x": x, "y": middle + 28 * math.sin(step / 2)}
            kind = "touchStart" if step == 0 else "touchMove"
            tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        tools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        tools.detach()
        self.page.get_by_role("button", name="重签").wait_for()
        # A finger that was lifted while moving flings, and a browser takes a tap during a fling for its end.
        self.page.wait_for_timeout(400)

    def photograph(self) -> None:
        """A picture as a camera gives it: larger than what is kept."""
        picture = Image.new("RGB", (2400, 1800), "#7a8b6f")
        draw = ImageDraw.Draw(picture)
        for place in range(0, 2400, 60):
            draw.line((place, 0, 2400 - place, 1800), fill=(place % 255, 90, 160), width=7)
        data = io.BytesIO()
        picture.save(data, "JPEG", quality=90)
        file = FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=data.getvalue())
        self.page.locator("input[type=file]").set_input_files([file])
        self.page.locator("img.thumb").wait_for()

    def code_on_screen(self) -> str:
        """What a camera reads off the screen; raises where it reads none."""
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        found = qr_codes(picture)
        assert len(found) == 1, f"{len(found)} codes on the screen"
        return found[0].text

    def _tap(self, place: Locator) -> None:
        """A finger, which looks whether the screen noticed: browsers take a tap during a fling for the fling's end."""
        if self._tab is not None:
            self._tab.bring_to_front()
        for _ in range(3):
            before = self._clicks()
            place.tap()
            for _ in range(15):
                if self._clicks() != before:
                    return
                self.page.wait_for_timeout(20)
            self.unheard += 1
        raise AssertionError(f"three taps were not noticed: {place}")

    def _clicks(self) -> int:
        return int(self.page.evaluate("window.clicksHeard"))

    def _see_receipt(self, name: str) -> None:
        self.page.locator(".paper .short-number").wait_for()
        self.page.locator(".paper svg.qr, .paper .qr").first.wait_for()
        self.receipts[name] = self.code_on_screen()

    def open_step(self, step: str) -> None:
        """From a stop to one of its steps, by the last word of its address."""
        self._tap(self.page.locator(f"main a.list-row[href$='/{step}']").first)
        self.page.locator(f"main a.list-row[href$='/{step}']").wait_for(state="detached")

    def _cash(self, name: str) -> None:
        self.route()
        self.tab("现金")
        self._tap(self.page.locator("a.list-row").filter(has_text=name))

    def _sheet(self) -> Locator:
        return self.page.locator("dialog[open]")

    def _recorded(self, kind: str) -> None:
        """The step's screen is left, and the one behind it says that the step is on disk."""
        self.page.wait_for_url(lambda url: _STEP.search(url) is None)
        self.page.locator("main > [role=status] .strong").filter(has_text=_SAID).first.wait_for()
        self._done(kind)

    def _done(self, kind: str) -> None:
        self.kinds.append(kind)
