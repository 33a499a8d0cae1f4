"""What a rule is given, and how what it wants to say becomes a Turn."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from wxbot.domain.account import Capability
from wxbot.domain.action import Option
from wxbot.domain.dialogue.wording import describe, miniprogram_link, option_lines, part_text
from wxbot.domain.facts import Facts
from wxbot.domain.flow import FlowState
from wxbot.domain.handoff import Handoff
from wxbot.domain.history import Line, remember
from wxbot.domain.job import CancelTimer, Job, Send, Timer
from wxbot.domain.message import Inbound, Prompted
from wxbot.domain.outbound import Importance
from wxbot.domain.reply import (
    TEXT_LIMIT_BYTES,
    MiniProgramPart,
    Part,
    PassivePart,
    Reply,
    Silence,
    TextPart,
    Transfer,
    split_text,
)
from wxbot.domain.script import Script
from wxbot.domain.session import Mode, Session
from wxbot.domain.ticket import TicketChange, TicketEntry
from wxbot.domain.turn import Question, Turn

AnyPart = TypeVar("AnyPart", Part, PassivePart)


@dataclass(frozen=True, slots=True)
class Coda:
    """
    What is said below everything else, because a guide or form is begun.

    flow: its state once that is said. asks: it asks for an answer, so that numbers refer to its options.
    """

    text: str
    flow: FlowState | None
    options: tuple[Option, ...] = ()
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """
    One message in its surroundings.

    handoffs, timers: what has become certain before any rule was asked.
    warning: said before everything else, '' for nothing.
    """

    script: Script
    session: Session
    inbound: Inbound
    facts: Facts
    handoffs: tuple[Handoff, ...] = ()
    warning: str = ""
    coda: Coda | None = None
    timers: tuple[Timer | CancelTimer, ...] = ()

    @property
    def now(self) -> int:
        return self.facts.now

    @property
    def can_reply(self) -> bool:
        """Whether WeChat waits for a passive reply; to what moves the conversation by itself nobody does."""
        return not isinstance(self.inbound.content, Prompted)

    def new_id(self) -> str:
        return next(self.facts.ids)

    def say(self, name: str, **values: object) -> str:
        return self.script.say(name, **values)


@dataclass(frozen=True, slots=True)
class Effects:
    """What a turn does besides speaking."""

    timers: tuple[Timer | CancelTimer, ...] = ()
    questions: tuple[Question, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    tickets: tuple[TicketChange, ...] = ()
    entries: tuple[TicketEntry, ...] = ()
    jobs: tuple[Job, ...] = ()


NO_EFFECTS = Effects()


def silent(talk: Talk, rule: str, *, effects: Effects = NO_EFFECTS, **changes: Any) -> Turn:
    """A turn that shows nothing. changes: fields of the session."""
    return _turn(talk, rule, Silence(), (), _after(talk, changes), effects)


def transfer(
    talk: Talk, rule: str, notice: str = "", *, account: str = "", effects: Effects = NO_EFFECTS, **changes: Any
) -> Turn:
    """
    Hand this message to the agents.

    notice: sent beside it, since the transfer uses up the passive reply (protocol 4.1-8), and not over the head of an
    agent who was faster. account: the only agent who may take it, '' for any.
    """
    session = _after(talk, {"history": _history(talk)} | changes)
    notice = "\n\n".join(filter(None, (talk.warning, notice)))
    can_send = bool(notice) and talk.script.can(Capability.CUSTOM_MESSAGE) and not talk.facts.degraded
    turn = _turn(talk, rule, Transfer(account), (), session, effects)
    if not can_send:
        return turn
    # Of no use any more once an agent is there, or the user has left the queue.
    told = Send(talk.inbound.user, (TextPart(notice),), "notice", stage=Mode.QUEUED)
    return replace(turn, jobs=(Job(talk.new_id(), told), *turn.jobs))


def speak(
    talk: Talk,
    rule: str,
    *parts: Part | str,
    options: tuple[Option, ...] = (),
    numbered: bool = True,
    effects: Effects = NO_EFFECTS,
    **changes: Any,
) -> Turn:
    """
    Say these parts, then offer these options.

    The first part is the reply; the others follow as customer-service messages, or, where the account may not send
    those, when the user asks for more. Where there is nothing to reply to, all of them follow. numbered: whether a
    number picks an option, or they are there to be tapped only, because a number means something else. changes: fields
    of the session.
    """
    said = [TextPart(part) if isinstance(part, str) else part for part in parts]
    if talk.warning:
        said = _with_warning(talk.warning, said)
    # Without new options the last ones stay good: they are still on the user's screen.
    standing = () if talk.coda and talk.coda.asks else talk.session.options
    if options and not (numbered and _leaves_numbers_free(talk)):
        said, options, standing = _below(said, option_lines(options, numbered=False)), (), ()
    if talk.coda:
        said, options = _with_coda(said, options, talk.coda)
        changes["flow"] = talk.coda.flow
    if options:
        said = _with_options(talk, said, options)
    later: tuple[Part, ...] = ()
    pending: tuple[Part, ...] = ()
    reply: Reply = Silence()
    if not talk.can_reply:
        later = tuple(_pieces(said))
    elif talk.script.can(Capability.CUSTOM_MESSAGE) and not talk.facts.degraded:
        reply, later = _reply_and_rest(_pieces(said))
    else:
        reply, pending = _reply_and_pending(talk, _passive(said))
    kept = {"options": options or standing, "pending": pending, "history": _history(talk, said)}
    session = _after(talk, kept | changes)
    # Not over the head of an agent who is faster than the worker.
    stage = Mode.QUEUED if session.mode is Mode.QUEUED else None
    return _turn(
        talk, rule, reply, later, session, effects, stage=stage, importance="answer" if talk.can_reply else "notice"
    )


def _leaves_numbers_free(talk: Talk) -> bool:
    """Whether numbers may refer to what is said now: news of others do not take them from a guide or form that asks."""
    flow = talk.session.flow
    return talk.can_reply or flow is None or not flow.is_running(talk.now)


def _after(talk: Talk, changes: dict[str, Any]) -> Session:
    """The session as the turn leaves it; in one step, for every field of it is copied each time."""
    # What happens without the follower is no visit.
    seen: dict[str, Any] = (
        {"first_seen": talk.session.first_seen or talk.now, "last_seen": talk.now} if talk.can_reply else {}
    )
    return replace(talk.session, **seen | changes)


def _history(talk: Talk, said: Iterable[Part] = ()) -> tuple[Line, ...]:
    """The history of the talk with what the user just did, and with what is said to it."""
    history = talk.session.history
    heard = Line("user", describe(talk.inbound.content), talk.now)
    spoken = Line("bot", "\n".join(filter(None, map(part_text, said))), talk.now)
    for line in (heard, spoken):
        history = remember(history, line) if line.text else history
    return history


def _turn(
    talk: Talk,
    rule: str,
    reply: Reply,
    later: tuple[Part, ...],
    session: Session,
    effects: Effects,
    *,
    stage: Mode | None = None,
    importance: Importance = "answer",
) -> Turn:
    send = Send(talk.inbound.user, later, importance, stage=stage or "")
    sent = (Job(talk.new_id(), send),) if later else ()
    if talk.facts.degraded:
        # No commit will follow, so nothing may be promised; the question stays, for the log.
        return Turn(rule, session, reply, questions=effects.questions)
    return Turn(
        rule,
        session,
        reply,
        jobs=sent + effects.jobs,
        timers=talk.timers + effects.timers,
        questions=effects.questions,
        handoffs=_latest(talk.handoffs + effects.handoffs),
        tickets=effects.tickets,
        entries=effects.entries,
    )


def _latest(handoffs: tuple[Handoff, ...]) -> tuple[Handoff, ...]:
    return tuple({handoff.id: handoff for handoff in handoffs}.values())


def _with_warning(warning: str, said: list[Part]) -> list[Part]:
    """The warning on top of the first text, so that both arrive in one message."""
    match said:
        case [TextPart(text), *rest]:
            return [TextPart(f"{warning}\n\n{text}"), *rest]
    return [TextPart(warning), *said]


def _with_coda(said: list[Part], options: tuple[Option, ...], coda: Coda) -> tuple[list[Part], tuple[Option, ...]]:
    """The coda below what is said, and the options that numbers are for; the others can still be tapped."""
    if coda.asks and options:
        said = _below(said, option_lines(options, numbered=False))
    return _below(said, coda.text), coda.options if coda.asks else options


def _below(said: list[Part], text: str) -> list[Part]:
    """A text in one message with the last one."""
    last = said[-1] if said else None
    if isinstance(last, TextPart):
        return [*said[:-1], TextPart(f"{last.text.rstrip()}\n\n{text}" if last.text.strip() else text)]
    return [*said, TextPart(text)]


def _with_options(talk: Talk, said: list[Part], options: tuple[Option, ...]) -> list[Part]:
    """The options below the last text, so that both arrive in one message."""
    numbered = not talk.facts.degraded
    lines = option_lines(options, numbered=numbered)
    if numbered:
        lines = f"{lines}\n\n{talk.say('options_hint')}"
    return _below(said, lines)


def _pieces(parts: Iterable[AnyPart], limit: int = TEXT_LIMIT_BYTES) -> list[AnyPart]:
    """The parts with every text cut to what one message holds."""
    pieces: list[AnyPart] = []
    for part in parts:
        pieces += map(TextPart, split_text(part.text, limit)) if isinstance(part, TextPart) else [part]
    return pieces


def _reply_and_rest(pieces: list[Part]) -> tuple[Reply, tuple[Part, ...]]:
    if not pieces:
        return Silence(), ()
    first, *rest = pieces
    if isinstance(first, MiniProgramPart):
        return Silence(), tuple(pieces)
    return first, tuple(rest)


def _passive(parts: list[Part]) -> list[PassivePart]:
    """The parts in as few passive replies as will do: mini programs as links, short neighbouring texts in one."""
    joined: list[PassivePart] = []
    for part in parts:
        if isinstance(part, MiniProgramPart):
            part = TextPart(miniprogram_link(part.title, part.appid, part.path))
        before = joined[-1] if joined else None
        if isinstance(part, TextPart) and isinstance(before, TextPart):
            both = TextPart(f"{before.text.rstrip()}\n\n{part.text}")
            if len(both.text.encode()) <= TEXT_LIMIT_BYTES:
                joined[-1] = both
                continue
        joined.append(part)
    return joined


def _reply_and_pending(talk: Talk, parts: list[PassivePart]) -> tuple[Reply, tuple[Part, ...]]:
    """Nothing can be sent later: a text goes first, for it can say how to get the rest."""
    pieces = _pieces(parts)
    if len(pieces) < 2:
        return (pieces[0] if pieces else Silence()), ()
    hint = talk.say("degraded_rest" if talk.facts.degraded else "more_hint")
    pieces = _pieces(parts, TEXT_LIMIT_BYTES - len(hint.encode()) - 2)
    lead = next((piece for piece in pieces if isinstance(piece, TextPart)), None)
    rest = list(pieces)
    rest.remove(lead or pieces[0])
    first = TextPart(f"{lead.text}\n\n{hint}") if lead else pieces[0]
    return first, (() if talk.facts.degraded else tuple(rest))
