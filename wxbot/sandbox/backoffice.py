"""What the owner of a rehearsal arranges: users, clock, account, what is made by hand."""

import secrets
from datetime import datetime, timedelta, timezone
from typing import get_args

from wxbot.sandbox import bubbles
from wxbot.sandbox.account import Type
from wxbot.sandbox.denied import impossible, wrong
from wxbot.sandbox.followers import Follower
from wxbot.sandbox.media import LIMITS
from wxbot.sandbox.refusal import Json
from wxbot.sandbox.templates import Template
from wxbot.sandbox.wire import InvalidAnswer, Mode
from wxbot.sandbox.world import World

BEIJING = timezone(timedelta(hours=8))
CLIENTS = ("1", "2", "3")


MOST_WAITING = 1000


def join(world: World, request: Json) -> Follower:
    """A new user, who does not follow yet; raises Denied."""
    address = _address(world, request)
    openid = str(request.get("openid") or f"o{secrets.token_urlsafe(20)[:27]}")
    if openid in world.followers.known:
        raise impossible("the user exists already")
    follower = world.followers.join(openid, str(request.get("name") or ""), _client(request, "3"))
    world.pinned[openid] = address
    return follower


def change(world: World, follower: Follower, request: Json) -> None:
    follower.name = str(request.get("name", follower.name))
    follower.client = _client(request, follower.client)
    tags = request.get("tags")
    if tags is not None:
        if not isinstance(tags, list) or not all(isinstance(tag, str | int) and tag for tag in tags):
            raise wrong("tags: a list of names or ids")
        world.tags.replace(follower, tags)
    if "bot" in request:
        world.pinned[follower.openid] = _address(world, request)
    if request.get("closed"):
        world.followers.close_windows(follower)
    if "left" in request:
        world.followers.use_up(follower, _count(request, "left", 0))
    world.followers.touched.add(follower.openid)


def fill_queue(world: World, request: Json) -> list[str]:
    """So many new followers wait for an agent, without a word to the bot; their openids. Raises Denied."""
    number = _count(request, "users", 1)
    if number > MOST_WAITING:
        raise wrong(f"users: at most {MOST_WAITING}")
    openids = [join(world, {"name": f"排队{place}"}).openid for place in range(1, number + 1)]
    for openid in openids:
        world.followers.did(openid, "message")
        world.chats.add(openid, "user", bubbles.text("转人工"))
        world.desk.queue(openid, bubbles.text("转人工"))
    return openids


def set_quota(world: World, request: Json) -> None:
    """So many calls of one path are left today; raises Denied."""
    try:
        world.quotas.leave(str(request.get("path")), _count(request, "left", 0))
    except KeyError:
        raise wrong("path: of a call that has a limit a day") from None


def set_clock(world: World, request: Json) -> None:
    match request:
        case {"real": True}:
            world.clock.reset()
        case {"advance": int() | float() as seconds}:
            world.clock.advance(seconds)
        case {"set": int() | float() as to}:
            world.clock.set(to)
        case {"set": str() as written}:
            world.clock.set(_moment(written))
        case _:
            raise wrong("set: unix seconds or a date and time, advance: seconds, or real: true")


def change_account(world: World, request: Json) -> None:
    account = world.account
    mode = request.get("mode", account.mode)
    if mode not in get_args(Mode) or (mode != "plain" and not account.aes_key):
        raise wrong("mode: plain, compatible or safe; the latter two need an AES key")
    kind = request.get("type", account.type)
    if kind not in get_args(Type):
        raise wrong(f"type: {' or '.join(get_args(Type))}")
    bot = str(request.get("bot", account.bot))
    bots = request.get("bots", account.bots)
    if not isinstance(bots, list | tuple) or not all(isinstance(one, str) and one for one in bots):
        raise wrong("bots: a list of URLs")
    account.retry_s = seconds(request, "retry_s", account.retry_s)
    if (mode, bot, tuple(bots)) != (account.mode, account.bot, account.bots):
        world.courier.health.reset()
    account.mode, account.bot, account.bots = mode, bot, tuple(bots)
    account.type = kind
    account.name = str(request.get("name", account.name))
    account.verified = bool(request.get("verified", account.verified))
    account.ai_reply = bool(request.get("ai_reply", account.ai_reply))


def verify(world: World) -> None:
    """Save the URL in the back office; raises Denied. Not to be used inside `World.acting`: it waits for the bot."""
    if not world.account.addresses:
        raise impossible("no URL is configured")
    try:
        world.courier.verify()
    except InvalidAnswer as error:
        raise impossible(str(error)) from None
    with world.acting():
        world.courier.health.forgive()


def make_menu(world: World, request: Json) -> None:
    """Made by hand, it takes the place of what the API has created."""
    buttons = request.get("button")
    if buttons is not None and not (isinstance(buttons, list) and all(isinstance(b, dict) for b in buttons)):
        raise wrong("button: a list, or null")
    world.menus.default, world.menus.by_hand = None, buttons
    world.menus.conditional.clear()


def add_template(world: World, request: Json) -> Template:
    title, content = str(request.get("title") or ""), str(request.get("content") or "")
    if not title or not content:
        raise wrong("title and content: missing")
    return world.templates.add(title, content, str(request.get("template_id") or ""))


def seconds(request: Json, name: str, default: float) -> float:
    """Raises Denied."""
    given = request.get(name, default)
    if isinstance(given, bool) or not isinstance(given, int | float) or given < 0:
        raise wrong(f"{name}: seconds")
    return float(given)


def _count(request: Json, name: str, least: int) -> int:
    given = request.get(name)
    if isinstance(given, bool) or not isinstance(given, int) or given < least:
        raise wrong(f"{name}: a number from {least}")
    return given


def _address(world: World, request: Json) -> str:
    """The process that a user's messages go to, '' for any."""
    address = str(request.get("bot") or "")
    if address and address not in world.account.addresses:
        raise wrong("bot: one of the account's")
    return address


def add_medium(world: World, request: Json) -> None:
    """A sample under an id that the content refers to, for ever; raises Denied."""
    kind, media_id = str(request.get("kind", "image")), str(request.get("media_id") or "")
    if kind not in LIMITS or not media_id:
        raise wrong(f"media_id and kind: one of {', '.join(LIMITS)}")
    world.media.add(media_id, kind)


def _client(request: Json, default: str) -> str:
    client = str(request.get("client", default))
    if client not in CLIENTS:
        raise wrong(f"client: one of {', '.join(CLIENTS)}")
    return client


def _moment(written: str) -> float:
    """Without an offset it is Beijing time."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise wrong("set: not a date and time such as 2026-01-01T08:00:00+08:00") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).timestamp()
