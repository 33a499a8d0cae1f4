"""Where a customer-service message is not possible: template message, e-mail, short message."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from wxbot.domain.account import Capability
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.dialogue.wording import part_text
from wxbot.domain.job import Job, message_of
from wxbot.domain.outbound import Way
from wxbot.domain.session import Session
from wxbot.service.ports import Ledger, Mailer, Messenger, TextMessenger

TEMPLATE_CHARACTERS = 200
"""A template message is a notice: of a longer text it shows the beginning, and the whole is held as well."""
WORTHY = frozenset({"notice", "ticket"})
"""Of what may reach people outside the chat; the rest of an answer is of no use there."""
OWED = frozenset({"ticket"})
"""Of what may reach those who have unfollowed: a receipt was given for it."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}|\+\d{7,15}")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SpareSender:
    """mailer, texter: None where the deployment has none."""

    messenger: Messenger
    ledger: Ledger
    mailer: Mailer | None = None
    texter: TextMessenger | None = None

    def ways(self, job: Job, talk: Talk) -> tuple[Way, ...]:
        """
        Those that are open to this message, the preferred first; none to what may have arrived in the chat.

        Who has gone can still learn what becomes of their tickets, but not inside WeChat.
        """
        task, allowed, session = message_of(job), talk.script.spare_ways, talk.session
        worthy = OWED if session.gone else WORTHY
        if not task.promised or task.maybe or task.stage or task.importance not in worthy:
            return ()
        may_template = talk.script.can(Capability.TEMPLATE_MESSAGE) and not session.gone
        can: Mapping[Way, bool] = {
            "template": bool(allowed.template) and may_template,
            "email": bool(allowed.email and self.mailer and email_of(session)),
            "sms": bool(allowed.sms and self.texter and phone_of(session)),
        }
        return tuple(way for way, open_now in can.items() if open_now and way not in task.spent)

    def send(self, way: Way, job: Job, done: int, talk: Talk) -> bool:
        """
        Send what is left of the message.

        Returns:
            Whether all of it fitted.

        Raises WeChatError and SpareWayFailed.
        """
        rest = _rest(job, done)
        text = "\n".join(filter(None, map(part_text, message_of(rest).parts)))
        return _BY[way](self, rest, talk.script.ours_only(text), talk)

    def _template(self, job: Job, text: str, talk: Talk) -> bool:
        template = talk.script.spare_ways.template
        assert template
        values = {"text": _cut(text), "name": talk.script.name, "time": _clock(talk)}
        fields = {name: words.format_map(values) for name, words in template.fields.items()}
        reported_as = self.messenger.send_template(message_of(job).user, replace(template, fields=fields), id=job.id)
        whole = len(text) <= TEMPLATE_CHARACTERS
        if reported_as and whole:
            self.ledger.await_report(reported_as, job)
        return whole

    def _email(self, job: Job, text: str, talk: Talk) -> bool:
        assert self.mailer
        subject, body = talk.say("spare_subject"), talk.say("spare_email", text=text)
        self.mailer.send(email_of(talk.session), subject, body, id=job.id)
        return True

    def _sms(self, job: Job, text: str, talk: Talk) -> bool:
        assert self.texter
        self.texter.send(phone_of(talk.session), talk.say("spare_sms", text=text), id=job.id)
        return True


_BY: Mapping[Way, Callable[[SpareSender, Job, str, Talk], bool]] = {
    "template": SpareSender._template,
    "email": SpareSender._email,
    "sms": SpareSender._sms,
}


def _rest(job: Job, done: int) -> Job:
    """The job as it is left once so many parts are settled."""
    task = message_of(job)
    return replace(job, task=replace(task, parts=task.parts[done:], lead="" if done else task.lead))


def email_of(session: Session) -> str:
    """The address that the follower left, '' where none."""
    return _first(_EMAIL, map(str.strip, _left(session)))


def phone_of(session: Session) -> str:
    """The number that the follower left, '' where none."""
    return _first(_PHONE, (re.sub(r"[\s-]", "", value) for value in _left(session)))


def _left(session: Session) -> Iterable[str]:
    """What was given to forms, and to tickets, newest first."""
    return (*session.known.values(), *(ticket.contact for ticket in session.tickets))


def _first(pattern: re.Pattern[str], values: Iterable[str]) -> str:
    return next(filter(pattern.fullmatch, values), "")


def _cut(text: str) -> str:
    return text if len(text) <= TEMPLATE_CHARACTERS else f"{text[: TEMPLATE_CHARACTERS - 1]}…"


def _clock(talk: Talk) -> str:
    return datetime.fromtimestamp(talk.now, ZoneInfo(talk.script.hours.zone)).strftime("%Y-%m-%d %H:%M")
