"""
The outbound gate: every message that the account sends by itself passes here, one at a time for each user.

A message costs one of the few that WeChat allows (protocol 4.4); where none is left it takes another way, or is held
until the user writes. Before a part goes out it is noted as begun, afterwards as done. What is found begun by a second
run may have arrived or not, and WeChat does not tell: it is never sent again as it was. If it was promised it is held,
and said with the note that it may be known already.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from wxbot.domain.account import Capability
from wxbot.domain.dialogue.held import hold, unasked
from wxbot.domain.dialogue.wording import part_text
from wxbot.domain.job import Job, Timer, message_of
from wxbot.domain.outbound import IMPORTANCE, RESERVES, Delivery, Held, Result, Way
from wxbot.domain.quota import Charge, Window, charge, give_back, newer_than, paid_by, used_up
from wxbot.domain.reply import Sendable, TextPart
from wxbot.domain.script import Script
from wxbot.errors import SpareWayFailed, StoreUnavailable, WeChatError
from wxbot.service.changes import Changes
from wxbot.service.ports import Claimed, Clock, JobQueue, Lanes, Ledger, Messenger, Step
from wxbot.service.privacy import tag
from wxbot.service.retries import MAX_TRIES, LostJob, Postponed, delay_s
from wxbot.service.spare import SpareSender

PAUSE_S = 0.5
"""Between two messages to one user; sent faster, they may arrive in the wrong order (protocol 4.4)."""
RECORD_TRIES = 20
"""Attempts, half a second apart, to record what was sent; a server that restarts is back by then."""
REPORT_TRIES = 3
SHOWN_CHARACTERS = 60

USED_UP = 45047
CLOSED = frozenset({45015, 48001, 48002, 40200, 70000})
"""WeChat lets nothing through to this user now, whatever we have counted (protocol 4.4)."""
NOT_ALLOWED = frozenset({48001, 40200})
"""… and will not, for it is the account that may not."""
GONE = frozenset({43004, 50005})
"""The user does not follow any more; nothing of theirs may be kept (protocol 2.0)."""

_WHY: dict[Charge, str] = {
    "used up": "能发给这位用户的客服消息条数用完了",
    "closed": "用户最近没有来过，不能发客服消息",
}
_MAY_NOT = "这类账号不能发客服消息"
_BROKEN_OFF = "发送时中断了"
_LEFT = "用户已取消关注"
_UNKNOWN = "可能已收到，微信没有给出结果"
_MOOT = "情况已经变了，不用再发"

_SCOPES = ("rest", "doubtful part", "doubtful rest")
"""What is held of a message: all that is left, or what may have arrived: one part, or all that an e-mail told."""

Windows = tuple[Window, ...]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gate:
    """clock: unix seconds. sleep: takes seconds. chance: 0..1."""

    lanes: Lanes
    ledger: Ledger
    messenger: Messenger
    spare: SpareSender
    changes: Changes
    clock: Clock = time.time
    sleep: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = random.random

    def drive(self, claimed: Claimed, queue: JobQueue) -> None:
        """
        Send everything that waits for this user, what matters most first, unless somebody else is at it.

        Raises LostJob, Postponed, StoreUnavailable.
        """
        entered = self.lanes.enter(claimed)
        if entered == "lost":
            raise LostJob
        if entered == "riding":
            return
        drive = _Drive(self, claimed, queue)
        while True:
            waiting = self.lanes.waiting(claimed.job.task.user)
            if waiting:
                drive.settle(min(waiting, key=lambda job: IMPORTANCE.index(message_of(job).importance)))
            elif self.lanes.close(claimed):
                return

    def show_typing(self, user: str) -> None:
        """Tell the user that it takes a moment. A hint is not worth another try, nor a line in the books."""
        if self.changes.script().can(Capability.CUSTOM_MESSAGE):
            try:
                self.messenger.typing(user)
            except WeChatError as error:
                log.debug("no typing hint for user=%s: %s", tag(user), error)

    def abandon(self, job: Job, why: str, queue: JobQueue) -> None:
        """The queue buries a message that kills its workers; what waited behind it goes on."""
        self.ledger.finish(job.id, self.ledger.step(job.id), self.note(job, "failed", why=why))
        self.lanes.leave(job)
        for waiting in self.lanes.waiting(message_of(job).user)[:1]:
            queue.set_timer(Timer(f"lane:{waiting.id}", 0, waiting))

    def go_on_without_template(self, message_id: str, status: str, claimed: Claimed, queue: JobQueue) -> None:
        """A template message did not arrive, so its message takes the next way. Raises Postponed, StoreUnavailable."""
        job = self.ledger.reported(message_id)
        if job:
            log.warning("message %s did not arrive as a template: %s", job.id, status)
            rest = replace(message_of(job), spent=("template",))
            queue.set_timer(Timer(f"again:{job.id}", 0, Job(f"{job.id}+", rest)))
        elif claimed.tries < REPORT_TRIES:
            # The report was faster than our note of what it is about.
            raise Postponed(self.clock() + 1, "nothing is known of it yet", tries=claimed.tries)
        else:
            log.warning("a template message that nobody knows did not arrive: %s", status)

    def note(self, job: Job, result: Result, way: Way | None = None, why: str = "") -> Delivery:
        text = " ".join(map(part_text, message_of(job).parts))[:SHOWN_CHARACTERS]
        log.info("message %s user=%s %s %s %s", job.id, tag(message_of(job).user), result, way or "-", why)
        return Delivery(
            job.id, message_of(job).user, int(self.clock()), message_of(job).importance, result, way or "", why, text
        )  # fmt: skip


@dataclass(slots=True)
class _Drive:
    """One run through a user's lane. sent: whether anything has gone out in it."""

    gate: Gate
    claimed: Claimed
    queue: JobQueue
    sent: bool = field(default=False, init=False)

    def settle(self, job: Job) -> None:
        """Bring one message to its end: sent, held, dropped or buried."""
        gate, parts = self.gate, message_of(job).parts
        step = gate.ledger.step(job.id)
        while step.done < len(parts):
            if step.begun > step.done:
                step = self._resume(job, step)
            elif self._is_moot(job):
                step = self._drop(job, step, _MOOT)
            elif not gate.changes.script().can(Capability.CUSTOM_MESSAGE):
                step = self._without_window(job, step, _MAY_NOT, reply_only=True)
            else:
                step = self._send(job, step)
        gate.lanes.leave(job)

    def _resume(self, job: Job, step: Step) -> Step:
        """Go on where a run broke off between beginning and end."""
        if step.way in ("template", "sms"):
            # Both know our id of the message and take it only once.
            return self._by_spare_way(job, step, _BROKEN_OFF)
        if step.way in _SCOPES:
            return self._hold(job, step, _BROKEN_OFF, step.way)
        return self._unknown(job, step, "doubtful rest" if step.way == "email" else "doubtful part")

    def _send(self, job: Job, step: Step) -> Step:
        """One customer-service message."""
        gate, task = self.gate, message_of(job)
        charged, before, after = self._charge(job, step)
        if charged != "charged":
            return self._without_window(job, step, _WHY[charged])
        self._wait_for_order()
        try:
            part = _led(task.parts[step.done], task.lead if not step.done else "")
            gate.messenger.send(task.user, _ours_only(part, task.theirs, gate.changes.script()))
        except WeChatError as error:
            return self._refused(job, step, before, after, error)
        return self._record(job, Step(step.done + 1), "sent", "message")

    def _charge(self, job: Job, step: Step) -> tuple[Charge, Windows, Windows]:
        """
        Count the message and note that it begins, in one step; again when the windows have changed meanwhile.

        With the windows before and after.
        """
        gate, begun = self.gate, replace(step, begun=step.done + 1, way="message")
        while True:
            before = gate.ledger.windows(message_of(job).user)
            outcome, after = charge(before, gate.clock(), reserve=RESERVES.get(message_of(job).importance, 0))
            if outcome != "charged" or gate.ledger.begin(job, begun, before, after):
                return outcome, before, after

    def _renew(self) -> None:
        """Before whatever may take its time, for after a minute without it somebody else drives, too."""
        if not self.queue.renew(self.claimed):
            raise LostJob

    def _wait_for_order(self) -> None:
        if self.sent:
            self.gate.sleep(PAUSE_S)
            self._renew()
        self.sent = True

    def _refused(self, job: Job, step: Step, before: Windows, after: Windows, error: WeChatError) -> Step:
        """before, after: the charge."""
        user, why = message_of(job).user, str(error)
        if error.delivered == "maybe":
            return self._unknown(job, step, "doubtful part")
        if error.code in GONE:
            self._correct(user, lambda windows: ())
            return self._drop(job, step, _LEFT)
        if error.code == USED_UP:
            self._correct(user, partial(used_up, known=after))
            return self._without_window(job, step, why)
        if error.code in CLOSED:
            self._correct(user, partial(newer_than, after))
            return self._without_window(job, step, why, reply_only=error.code in NOT_ALLOWED)
        if paid := paid_by(before, after):
            self._correct(user, lambda windows: give_back(windows, paid))
        return self._failed(job, step, error)

    def _correct(self, user: str, correction: Callable[[Windows], Windows]) -> None:
        ledger = self.gate.ledger
        while not ledger.replace(user, before := ledger.windows(user), correction(before)):
            continue

    def _failed(self, job: Job, step: Step, error: WeChatError) -> Step:
        """Nothing was sent: again later; in the end by another way, or with the dead letters."""
        tries, why = step.tries + 1, str(error)
        if not error.retryable:
            return self._bury(job, step, why)
        if tries >= MAX_TRIES:
            return self._without_window(job, step, why)
        raise self._postponed(job, Step(step.done, tries=tries), why)

    def _postponed(self, job: Job, step: Step, why: str) -> Postponed:
        gate = self.gate
        self._keep(job, step)
        return Postponed(gate.clock() + delay_s(step.tries, gate.chance()), why)

    def _without_window(self, job: Job, step: Step, why: str, *, reply_only: bool = False) -> Step:
        if not message_of(job).promised:
            return self._drop(job, step, why)
        return self._by_spare_way(job, step, why, reply_only=reply_only)

    def _by_spare_way(self, job: Job, step: Step, why: str, *, reply_only: bool = False) -> Step:
        gate = self.gate
        talk = gate.changes.look(message_of(job).user)
        for way in gate.spare.ways(job, talk):
            self._renew()
            begun = Step(step.done, step.done + 1, way, step.tries)
            gate.ledger.begin(job, begun)
            try:
                fitted = gate.spare.send(way, job, step.done, talk)
            except (WeChatError, SpareWayFailed) as error:
                if error.delivered == "maybe":
                    return self._in_doubt(job, begun, str(error))
                log.warning("message %s could not go by %s: %s", job.id, way, error)
                continue
            if fitted:
                return self._record(job, Step(len(message_of(job).parts)), "sent", way)
            break
        return self._hold(job, step, why, "rest", reply_only=reply_only)

    def _in_doubt(self, job: Job, step: Step, why: str) -> Step:
        """A spare way was begun and gave no answer."""
        if step.way == "email" or step.tries + 1 >= MAX_TRIES:
            return self._unknown(job, step, "doubtful rest")
        raise self._postponed(job, replace(step, tries=step.tries + 1), why)

    def _unknown(self, job: Job, step: Step, scope: str) -> Step:
        """It may have arrived. Better once or never than twice, for nobody can take back what the user has read."""
        if message_of(job).promised:
            return self._hold(job, step, _UNKNOWN, scope)
        return self._record(job, Step(step.done + 1), "unknown", "message", _UNKNOWN)

    def _hold(self, job: Job, step: Step, why: str, scope: str, *, reply_only: bool = False) -> Step:
        """Keep it with the session until the user writes. What was begun so is ended so, and not sent after all."""
        gate, task, at = self.gate, message_of(job), step.done
        if gate.changes.look(task.user).session.gone:
            return self._drop(job, step, _LEFT)
        gate.ledger.begin(job, Step(at, at + 1, scope, step.tries))
        parts = task.parts[at : at + 1] if scope == "doubtful part" else task.parts[at:]
        since, doubtful = task.since or int(gate.clock()), task.maybe or scope != "rest"
        held = Held(f"{job.id}/{at}", parts, since, task.importance, doubtful, task.stage, reply_only)
        delivery = replace(gate.note(job, "held", why=why), id=held.id)
        gate.changes.apply(task.user, f"hold:{held.id}", lambda talk: hold(talk, held, delivery))
        return self._keep(job, Step(at + len(parts)))

    def _drop(self, job: Job, step: Step, why: str) -> Step:
        gate, dropped = self.gate, self.gate.note(job, "dropped", why=why)
        if message_of(job).importance == "rating":
            gate.changes.apply(message_of(job).user, f"drop:{job.id}", lambda talk: unasked(talk, dropped))
            return self._keep(job, Step(len(message_of(job).parts)))
        return self._keep(job, Step(len(message_of(job).parts)), dropped)

    def _bury(self, job: Job, step: Step, why: str) -> Step:
        """With the dead letters it stays where it stands, so that an engineer can let it go on from there."""
        gate = self.gate
        self._keep(job, Step(step.done), gate.note(job, "failed", why=why))
        gate.lanes.leave(job, buried=why, tries=step.tries + 1)
        return Step(len(message_of(job).parts))

    def _record(self, job: Job, step: Step, result: Result, way: Way, why: str = "") -> Step:
        return self._keep(job, step, self.gate.note(job, result, way, why))

    def _keep(self, job: Job, step: Step, delivery: Delivery | None = None) -> Step:
        """Try harder than elsewhere: the part is out, and what is not recorded is in doubt."""
        for _ in range(RECORD_TRIES):
            try:
                self.gate.ledger.finish(job.id, step, delivery)
            except StoreUnavailable:
                self.gate.sleep(PAUSE_S)
                continue
            return step
        self.gate.ledger.finish(job.id, step, delivery)
        return step

    def _is_moot(self, job: Job) -> bool:
        """Whether the conversation has moved on from what this is about."""
        return (
            bool(message_of(job).stage)
            and self.gate.changes.look(message_of(job).user).session.mode != message_of(job).stage
        )


def _ours_only(part: Sendable, theirs: str, script: Script) -> Sendable:
    """The part without what is not registered as ours: staff and the operator's own servers write freely."""
    return TextPart(script.ours_only(part.text, theirs)) if isinstance(part, TextPart) else part


def _led(part: Sendable, lead: str) -> Sendable:
    return TextPart(f"{lead}\n\n{part.text}") if lead and isinstance(part, TextPart) else part
