"""Before the day: a fresh office, its people, the creditor's files, routes for both branches, six phones."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from pathlib import Path
from typing import Any

from server.demo.demonstration.clocks import moment_ms
from server.demo.demonstration.limits import AGENTS_AT_ONCE, MORNING_RATE, PASSWORD_BYTES, PLANNED_MIN
from server.demo.demonstration.phones import Phone
from server.demo.demonstration.stage import DISPATCHER, OPERATOR, Stage, at_once

__all__ = ["prepare"]

_MORNING = time(6, 10)


def prepare(stage: Stage) -> None:
    """Everything until six phones hold their routes."""
    teller = stage.teller
    teller.act("Before the day: the office opens", "出门之前：办公室开张")
    with teller.step("Keys, database, server; two supervisors and a cashier", "密钥、数据库、服务器；两名主管和一名出纳"):
        stage.office.command("init")
        stage.office.start(stage.next_clock(moment_ms(stage.day, _MORNING), MORNING_RATE))
        for name in stage.people:
            _add_user(stage, name)
    counts = {name: len(getattr(stage.world, name)) for name in ("agents", "accounts", "visits", "notices")}
    with teller.step(
        "Imports: {agents} agents, {accounts:,} accounts, {visits} candidate visits, {notices} notices".format(**counts),
        "导入：业务员 {agents} 名，账户 {accounts:,} 个，候选上门 {visits} 次，通知 {notices} 份".format(**counts),
    ):
        _import(stage)
    with teller.step("Routes for both branches", "为两个网点规划路线"):
        plans = at_once(lambda branch: _plan(stage, branch), stage.branches, len(stage.branches))
    _tell_plans(stage, plans)
    with teller.step("Six phones are enrolled and pull their routes", "六部手机注册并下载路线"):
        at_once(lambda agent: _enrol(stage, agent.agent_id), stage.world.agents, AGENTS_AT_ONCE)
    stage.office.settle()


def _add_user(stage: Stage, name: str) -> None:
    person = stage.people[name]
    secret = stage.folder / f"{name}.password"
    secret.touch(mode=0o600)
    secret.write_text(f"{person.password}\n", encoding="utf-8")
    stage.office.command("user-add", name, "--role", person.role, "--password-file", str(secret))
    secret.unlink()


def _import(stage: Stage) -> None:
    intake = stage.folder / "intake"
    for kind in ("agents", "accounts"):
        _send(stage, intake, kind)
    with ThreadPoolExecutor(max_workers=1) as pool:
        letters = pool.submit(_send_letters, stage, intake / "notices")
        for kind in ("notices", "visits"):
            _send(stage, intake, kind)
        letters.result()


def _send(stage: Stage, intake: Path, kind: str) -> None:
    stage.office.put(OPERATOR, f"/imports/{kind}", (intake / f"{kind}.csv").read_bytes(), file=f"{kind}.csv")


def _send_letters(stage: Stage, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        stage.office.put(OPERATOR, "/letters", path.read_bytes())


def _plan(stage: Stage, branch: str) -> Any:
    command = {"branch": branch, "service_day": str(stage.day), "seed": stage.seed}
    return stage.office.post(DISPATCHER, "/plans", command)


def _tell_plans(stage: Stage, plans: list[Any]) -> None:
    planned = 0
    for kept in plans:
        plan = kept["plan"]
        stops = sum(len(route["stops"]) for route in plan["routes"])
        planned += stops
        routes = ", ".join(f"{route['agent_id']} {len(route['stops'])}" for route in plan["routes"])
        stage.teller.fact(
            f"{plan['branch_id']}: {stops} stops, {plan['distance_m'] / 1000:.1f} km ({routes}); "
            f"{len(kept['left_out'])} left out, each with a reason",
            f"{plan['branch_id']}：{stops} 站，{plan['distance_m'] / 1000:.1f} 公里（{routes}）；"
            f"{len(kept['left_out'])} 次未排入，均有原因",
        )
    if planned < PLANNED_MIN:
        stage.fault(f"only {planned} stops were planned, not {PLANNED_MIN}", f"只排入 {planned} 站，不足 {PLANNED_MIN}")


def _enrol(stage: Stage, agent: str) -> None:
    secret = secrets.token_urlsafe(PASSWORD_BYTES)
    phone = Phone(stage.children, stage.folder / "phones", agent, stage.network.line(), secret)
    phone.clock = stage.office.clock
    stage.phones[agent] = phone
    made = stage.office.post(OPERATOR, "/enrol-codes", {"agent": agent})
    phone.run("enrol", made["code"], "--url", phone.line.url, "--model", "demonstration")
    phone.run("pull")
