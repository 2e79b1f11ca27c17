"""The whole demonstration, from an empty folder to the report; and the office that goes on serving."""

from __future__ import annotations

import contextlib
import shutil
import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import msgspec
from rich.table import Table

from server.demo.demonstration.asking import ask_again
from server.demo.demonstration.cast import REASSIGNED_FROM
from server.demo.demonstration.checking import Replay, check_cash, check_deliveries, check_replay, check_rules
from server.demo.demonstration.closing import close_books, decide_all, judge_absence
from server.demo.demonstration.limits import TICK_S
from server.demo.demonstration.network import Network
from server.demo.demonstration.office import Office, Refusal
from server.demo.demonstration.preparing import add_people, open_office, prepare
from server.demo.demonstration.processes import Children, Failed, tail
from server.demo.demonstration.report import agents_table, discrepancy_list
from server.demo.demonstration.settling import settle_evening
from server.demo.demonstration.stage import Stage
from server.demo.demonstration.telling import Teller
from server.demo.demonstration.working import work_the_day
from server.demo.world import build_world, world_folder, write_world
from sync.errors import Refused

__all__ = ["Options", "free_port", "play"]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to play. `port` 0 takes a free one; `data` None a folder that is removed at the end."""

    seed: int
    service_day: date
    port: int = 0
    data: Path | None = None
    once: bool = False


def play(options: Options, teller: Teller) -> list[str]:
    """Play the day and return what went wrong, empty for nothing; without `once` serve until Ctrl-C first.

    Raises Failed when a part could not be played, Refused for a folder that is not empty or a world that cannot be
    read. Every child process has ended when this returns or raises.
    """
    with ExitStack() as stack:
        folder = _folder(options, stack)
        children = stack.enter_context(Children())
        port = options.port or free_port()
        network = stack.enter_context(Network("127.0.0.1", port))
        office = Office(children, folder / "office", port)
        try:
            stage = _open(options, teller, folder, children, network, office)
            for act in (prepare, work_the_day, settle_evening, judge_absence, _report):
                act(stage)
            _say_farewell(stage, options)
        except (Failed, Refusal) as error:
            raise Failed(f"{error}\nThe server's log ({office.log}) ends with:\n{tail(office.log)}") from error
        if not options.once:
            _serve(office)
        office.stop()
        return stage.faults


def _serve(office: Office) -> None:
    """Until Ctrl-C, which ends a demonstration that is over in good order, or until the server dies."""
    with contextlib.suppress(KeyboardInterrupt):
        while office.alive:
            time.sleep(10 * TICK_S)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def _folder(options: Options, stack: ExitStack) -> Path:
    if options.data is None:
        folder = Path(tempfile.mkdtemp(prefix="doorstep-demo-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder
    if options.data.exists() and (not options.data.is_dir() or any(options.data.iterdir())):
        raise Refused("ARGUMENT-WRONG", f"{options.data} is not an empty folder: a demonstration begins with nothing")
    options.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return options.data.resolve()


def _open(
    options: Options, teller: Teller, folder: Path, children: Children, network: Network, office: Office
) -> Stage:
    teller.act("Before the day: the office opens", "出门之前：办公室开张")
    with teller.step(
        "Keys, database, server; two supervisors and a cashier", "密钥、数据库、服务器；两名主管和一名出纳"
    ):
        with ThreadPoolExecutor(max_workers=1) as pool:
            opened = pool.submit(open_office, office, options.service_day)
            world = build_world(world_folder(), options.seed, options.service_day)
            write_world(world, folder / "intake")
            opened.result()
        stage = Stage(
            children=children,
            network=network,
            office=office,
            teller=teller,
            world=world,
            folder=folder,
            seed=options.seed,
        )
        add_people(stage)
    return stage


def _report(stage: Stage) -> None:
    teller = stage.teller
    teller.act(
        "Where field and office disagree, by which rule, and what holds", "现场与办公室的差异、所依规则及现行效力"
    )
    found = stage.discrepancies()
    teller.show(discrepancy_list(found, teller.language))
    check_rules(stage, {line["rule"] for line in found})
    decide_all(stage)
    days = [stage.day_of(branch) for branch in stage.branches]
    teller.act("Each agent's day", "各业务员的一天")
    for day in days:
        teller.show(agents_table(day, teller.language))
    teller.act("The day's equation", "当日等式")
    check_cash(stage, days)
    check_deliveries(stage, days)
    close_books(stage, *stage.branches)
    with ThreadPoolExecutor(max_workers=1) as pool:
        receipt = pool.submit(stage.phones[REASSIGNED_FROM].run, "receipt")
        with teller.step("Every operation is folded anew, in another order", "以另一顺序重放全部记录"):
            printed = stage.office.command("verify", "--shuffle", str(stage.seed), "--json")
        check_replay(stage, msgspec.json.decode(printed, type=Replay))
        ask_again(stage)
        teller.act("A receipt, as the customer holds it", "客户手中的收据")
        teller.raw(receipt.result())


def _say_farewell(stage: Stage, options: Options) -> None:
    teller, office = stage.teller, stage.office
    table = Table(title=f"{office.url}/console", title_justify="left")
    for head in (("name", "用户"), ("role", "角色"), ("password", "密码")):
        table.add_column(teller.words(*head))
    for person in stage.people.values():
        table.add_row(person.name, person.role, person.password)
    teller.show(table)
    teller.fact(f"receipts: {office.url}/r", f"收据查询：{office.url}/r")
    seconds = f"{teller.elapsed_s:.0f}"
    if stage.faults:
        teller.warn(
            f"{len(stage.faults)} thing(s) went wrong, after {seconds} s: {'; '.join(stage.faults)}",
            f"{seconds} 秒后发现 {len(stage.faults)} 处问题：{'；'.join(stage.faults)}",
        )
    else:
        teller.fact(
            f"Everything balances, after {seconds} s (seed {stage.seed}, {stage.day}).",
            f"全部平账，用时 {seconds} 秒（种子 {stage.seed}，{stage.day}）。",
        )
    if not options.once:
        teller.fact(
            f"The office goes on serving. Its data is in {stage.folder}. Ctrl-C ends it.",
            f"办公室继续运行，数据在 {stage.folder}。按 Ctrl-C 结束。",
        )
