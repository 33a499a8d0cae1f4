"""Phones, links and accounts that the operator says are theirs, on their way into the register."""

from collections.abc import Sequence

import click

from wxbot.adapters.content.fields import is_domain
from wxbot.adapters.content.settings import Settings
from wxbot.domain.official import Mention
from wxbot.service.takeover import REGISTERED


def confirmed(strangers: Sequence[Mention], *, unasked: bool, ask: bool) -> list[Mention]:
    """
    All or none of those that can be registered.

    unasked: all of them, without a question. ask: else ask once; without both there are none.
    """
    found = [one for one in strangers if one.kind != "link" or is_domain(one.text)]
    if not found or not (unasked or ask):
        return []
    click.echo("下面这些还没有登记为官方，没有登记的一律不会发给用户：")
    for one in found:
        click.echo(f"    {REGISTERED[one.kind][0]} {one.text}")
    return found if unasked or click.confirm("都是你们自己的，登记进 menus.yaml 的 official 吗？") else []


def registered(official: Sequence[Mention]) -> Settings:
    """As menus.yaml lists them."""
    texts = {key: [one.text for one in official if one.kind == kind] for kind, (_, key) in REGISTERED.items()}
    return {"official": {key: listed for key, listed in texts.items() if listed}}
