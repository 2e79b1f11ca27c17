"""`doorstep verify-details`: a contact field that the office verified."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import office_options, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("customer")
@click.argument("field", type=click.Choice(["phone", "address", "email", "employer", "language"]))
@click.argument("value")
def command(data: Path, user: str, role: str, customer: str, field: str, value: str) -> None:
    """State that FIELD of CUSTOMER is VALUE; it beats every report and every import."""
    with office_session(data, user=user, role=role) as office:
        made = office.post(route(f"customers/{customer}/details"), {"field": field, "value": value})
    click.echo(f"{field} of {customer} is verified; {made['documents_changed']} changes for phones")
