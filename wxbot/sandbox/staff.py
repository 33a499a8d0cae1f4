"""What agents do at their desk (protocol 4.1)."""

from collections.abc import Callable

from wxbot.sandbox import bubbles
from wxbot.sandbox.agents import AUTO_ACCEPTED, Agent
from wxbot.sandbox.chat import Content
from wxbot.sandbox.denied import impossible, unknown, wrong
from wxbot.sandbox.desk import Sitting
from wxbot.sandbox.records import AGENT_SENT
from wxbot.sandbox.refusal import Json
from wxbot.sandbox.world import World


def hire(world: World, request: Json) -> Agent:
    """
    A new agent, bound at once.

    Raises:
        Denied: the request is wrong, or the account exists.
    """
    name = str(request.get("account") or "")
    account = name if "@" in name else f"{name}@{world.account.alias}"
    if not name or account in world.agents.known:
        raise impossible("the account exists already") if name else wrong("account: missing")
    agent = world.agents.hire(account, str(request.get("nick") or "客服"), online=bool(request.get("online", True)))
    _set(world, agent, {"limit": request.get("limit", AUTO_ACCEPTED), "auto_accept": request.get("auto_accept", False)})
    return agent


def find(world: World, account: str) -> Agent:
    """Raises Denied for somebody unknown."""
    agent = world.agents.known.get(account)
    if not agent:
        raise unknown("no such agent")
    return agent


def do(world: World, account: str, request: Json) -> Agent:
    """
    What an agent does; used inside `World.acting`.

    Raises:
        Denied: the request is wrong, or the agent cannot do that now.
    """
    deed = DEEDS.get(str(request.get("what")))
    if not deed:
        raise wrong(f"what: one of {', '.join(DEEDS)}")
    agent = find(world, account)
    deed(world, agent, request)
    return agent


def _online(world: World, agent: Agent, request: Json) -> None:
    agent.online = True
    world.desk.distribute()


def _offline(world: World, agent: Agent, request: Json) -> None:
    world.agents.leave(agent.account)


def _set(world: World, agent: Agent, request: Json) -> None:
    limit = request.get("limit", agent.limit)
    if not isinstance(limit, int) or limit < 0:
        raise wrong("limit: a number from 0")
    agent.limit, agent.auto_accept = limit, bool(request.get("auto_accept", agent.auto_accept))
    agent.nick = str(request.get("nick") or agent.nick)
    world.desk.distribute()


def _bind(world: World, agent: Agent, request: Json) -> None:
    if not world.agents.bind(agent.account):
        raise impossible("there is no open invitation")


def _accept(world: World, agent: Agent, request: Json) -> None:
    if not agent.may_serve:
        raise impossible("the agent is offline or not bound")
    mine = [case for case in world.desk.waiting.values() if case.agent in ("", agent.account)]
    wanted = request.get("openid")
    case = next((case for case in mine if wanted in (None, case.openid)), None)
    if not case:
        raise impossible("nobody waits whom this agent may take")
    world.desk.accept(case.openid, agent.account)


def _send(world: World, agent: Agent, request: Json) -> None:
    sitting = _sitting(world, agent, request)
    content = _content(request)
    world.chats.add(sitting.openid, "agent", content, agent=agent.account)
    world.desk_chats.add(sitting.openid, "agent", content, agent=agent.account)
    world.followers.exchanged(world.followers.known[sitting.openid])
    world.records.note(sitting.openid, AGENT_SENT, content, agent.account)


def _content(request: Json) -> Content:
    if image := request.get("image"):
        return bubbles.medium("image", str(image))
    if not request.get("text"):
        raise wrong("text or image: missing")
    return bubbles.text(str(request["text"]))


def _transfer(world: World, agent: Agent, request: Json) -> None:
    sitting = _sitting(world, agent, request)
    other = find(world, str(request.get("to")))
    if other is agent or not other.may_serve:
        raise impossible("to: another agent who is online and bound")
    world.desk.switch(sitting.openid, other.account)


def _close(world: World, agent: Agent, request: Json) -> None:
    world.desk.close(_sitting(world, agent, request).openid)


def _sitting(world: World, agent: Agent, request: Json) -> Sitting:
    sitting = world.desk.serving(str(request.get("openid")))
    if not sitting or sitting.account != agent.account:
        raise impossible("the agent does not serve this user")
    return sitting


DEEDS: dict[str, Callable[[World, Agent, Json], None]] = {
    "online": _online,
    "offline": _offline,
    "set": _set,
    "bind": _bind,
    "accept": _accept,
    "send": _send,
    "transfer": _transfer,
    "close": _close,
}
