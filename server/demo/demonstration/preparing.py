"""Before the day: a fresh office, its people, the creditor's files, routes for both branches, six phones."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from typing import Any

from argon2 import PasswordHasher

from server.demo.demonstration.clocks import clock_from, moment_ms
from server.demo.demonstration.limits import AGENTS_AT_ONCE, MORNING_RATE, PASSWORD_BYTES, PLAN_ITERATIONS, PLANNED_MIN
from server.demo.demonstration.office import Office
from server.demo.demonstration.phones import Phone
from server.demo.demonstration.stage import DISPATCHER, OPERATOR, Stage, at_once, real_ms
from server.services.users import hash_password

__all__ = ["add_people", "open_office", "prepare"]

_MORNING = time(6, 10)


def prepare(stage: Stage) -> None:
    """Everything until six phones hold their routes. While the office reads files, phones are being enrolled."""
    teller = stage.teller
    counts = {name: len(getattr(stage.world, name)) for name in ("agents", "accounts", "visits", "notices")}
    with ThreadPoolExecutor(max_workers=AGENTS_AT_ONCE) as pool:
        with teller.step(
            "Imports: {agents} agents, {accounts:,} accounts, {visits} candidate visits, {notices} notices".format(
                **counts
            ),
            "导入：业务员 {agents} 名，账户 {accounts:,} 个，候选上门 {visits} 次，通知 {notices} 份".format(**counts),
        ):
            _send(stage, "agents")
            enrolled = [pool.submit(_enrol, stage, agent.agent_id) for agent in stage.world.agents]
            _send_letters(stage)
            for kind in ("accounts", "notices", "visits"):
                _send(stage, kind)
        with teller.step("Six phones are enrolled", "六部手机注册"):
            for each in enrolled:
                each.result()
    with teller.step("Routes for both branches, pulled by every phone", "为两个网点规划路线，各手机下载"):
        plans = at_once(lambda branch: _plan_and_pull(stage, branch), stage.branches, len(stage.branches))
    _tell_plans(stage, plans)
    stage.office.settle()


def open_office(office: Office, day: date) -> None:
    """Keys, an empty database, and a server on the morning's clock."""
    office.command("init")
    office.start(clock_from(moment_ms(day, _MORNING), real_ms(), MORNING_RATE))


def add_people(stage: Stage) -> None:
    """Whoever signs in, as `doorstep user-add` does: the password itself never travels."""
    hasher = PasswordHasher()
    for person in stage.people.values():
        hashed = hash_password(hasher, person.password)
        stage.office.post(OPERATOR, "/users", {"name": person.name, "roles": [person.role], "password": hashed})


def _send(stage: Stage, kind: str) -> None:
    data = (stage.folder / "intake" / f"{kind}.csv").read_bytes()
    stage.office.put(OPERATOR, f"/imports/{kind}", data, file=f"{kind}.csv")


def _send_letters(stage: Stage) -> None:
    for path in sorted((stage.folder / "intake" / "notices").iterdir()):
        stage.office.put(OPERATOR, "/letters", path.read_bytes())


def _plan_and_pull(stage: Stage, branch: str) -> Any:
    command = {"branch": branch, "service_day": str(stage.day), "seed": stage.seed, "iterations": PLAN_ITERATIONS}
    kept = stage.office.post(DISPATCHER, "/plans", command)
    for agent in stage.world.agents:
        if agent.branch_id == branch:
            stage.phones[agent.agent_id].run("pull")
    return kept


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
