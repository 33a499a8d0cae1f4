"""Following, scanning, leaving, and what WeChat merely reports."""

from dataclasses import replace

from wxbot.domain import message as m
from wxbot.domain.dialogue.agents import ended
from wxbot.domain.dialogue.talk import NO_EFFECTS, Effects, Talk, silent, speak
from wxbot.domain.dialogue.tiers import tier_by_scene
from wxbot.domain.handoff import Event
from wxbot.domain.hours import is_open
from wxbot.domain.job import CancelTimer, EmptyTickets, Job, TemplateFailed, Timer, unfollowed_key
from wxbot.domain.quota import opened_by
from wxbot.domain.reply import Silence
from wxbot.domain.script import Greeting
from wxbot.domain.session import Mode, Session
from wxbot.domain.turn import Turn


def heard_of(talk: Talk) -> Talk:
    """Whoever does something that lets us write to them is there, even if their following was not told."""
    if talk.session.gone and opened_by(talk.inbound):
        return replace(talk, session=replace(talk.session, gone=False))
    return talk


def unfollowed(talk: Talk) -> Turn | None:
    """Tencent requires deleting what we know of the user (protocol 2.0); that they were here is all that stays."""
    if not isinstance(talk.inbound.content, m.Unfollow):
        return None
    effects = ended(talk, Event.UNFOLLOWED) if talk.session.mode is not Mode.BOT else NO_EFFECTS
    turn = silent(talk, "unfollowed", effects=replace(effects, timers=(*effects.timers, _emptying(talk))))
    # What a receipt was given for is still owed to them.
    left = Session(user=talk.inbound.user, follows=talk.session.follows, tickets=talk.session.tickets, gone=True)
    return replace(turn, session=left, closes_windows=True)


def _emptying(talk: Talk) -> Timer:
    """The words of their tickets go, too, some time after each is closed."""
    user = talk.inbound.user
    job = Job(talk.new_id(), EmptyTickets(user))
    return Timer(unfollowed_key(user), talk.now + talk.script.retention.unfollowed, job)


def welcomed(talk: Talk) -> Turn | None:
    """A greeting with one-tap entries: by QR scene, for returning followers, and by the hour."""
    welcome, content = talk.script.welcome, talk.inbound.content
    match content:
        case m.Follow(scene):
            greeting = (
                welcome.for_scene(scene) or (welcome.returning if talk.session.follows else None) or welcome.first
            )
            return _greet(talk, "welcome", greeting, follows=talk.session.follows + 1)
        case m.Scan(scene):
            greeting = welcome.for_scene(scene) or welcome.returning or welcome.first
            return _greet(talk, "scanned", greeting, follows=max(1, talk.session.follows))
    return None


def _greet(talk: Talk, rule: str, greeting: Greeting, *, follows: int) -> Turn:
    text = greeting.text
    if talk.script.welcome.closed and not is_open(talk.script.hours, talk.now):
        text = f"{text.rstrip()}\n\n{talk.script.welcome.closed}"
    text = text.replace("{name}", talk.script.name)
    return speak(
        talk,
        rule,
        text,
        options=greeting.options,
        effects=Effects(timers=(CancelTimer(unfollowed_key(talk.inbound.user)),)),
        follows=follows,
        misses=0,
        region=greeting.region or talk.session.region,
        **tier_by_scene(talk.session, greeting.tier),
    )


def unanswered(talk: Talk) -> Turn | None:
    """What asks nothing of us: reports, finished jobs, and kinds that this version does not know."""
    match talk.inbound.content:
        case m.TemplateFinished(message_id, status) if status != "success":
            report = Job(talk.new_id(), TemplateFailed(talk.inbound.user, message_id, status))
            return Turn("quiet", talk.session, Silence(), jobs=(report,), handoffs=talk.handoffs)
        case m.MenuVisit() | m.LocationReport() | m.TemplateFinished() | m.OtherEvent() | m.OtherMessage():
            # The session stays exactly as it is: a position every 5 s must not keep a talk alive.
            return Turn("quiet", talk.session, Silence(), timers=talk.timers, handoffs=talk.handoffs)
    return None
