"""All checks at once: a slow or broken one holds up no other, and the report keeps their order."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from wxbot.errors import StoreUnavailable, WeChatError
from wxbot.service.doctor.cures import told
from wxbot.service.doctor.finding import Finding, doubt, fault

WITHIN_S = 30.0
"""How long the whole round may take; the slowest check waits three times for a time-out of some seconds."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """
    look: yields what it finds; WeChatError and StoreUnavailable may leave it. after: name of an earlier check without
    which this one can find nothing, '' for none.
    """

    name: str
    look: Callable[[], Iterable[Finding]]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """name: of the check."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def is_faulty(self) -> bool:
        return any(finding.mark == "fault" for finding in self.findings)


_Futures = Mapping[str, "Future[Report]"]


def examine(checks: Sequence[Check], within_s: float = WITHIN_S) -> Iterator[Report]:
    """Each report as soon as it and those before it are done. Names are unique."""
    futures: _Futures = {check.name: Future() for check in checks}
    deadline = time.monotonic() + within_s
    for check in checks:
        # Not of a pool: that would wait at the end for a check that hangs.
        threading.Thread(target=_run, args=(check, futures), name=f"check {check.name}", daemon=True).start()
    for check in checks:
        try:
            yield futures[check.name].result(max(0, deadline - time.monotonic()))
        except TimeoutError:
            late = fault(f"{within_s:.0f} 秒内没有结果", "检查网络和机器的负载，再试一次")
            yield Report(check.name, (late,))


def _run(check: Check, futures: _Futures) -> None:
    if check.after and futures[check.after].result().is_faulty:
        findings = [doubt("没有检查", f"先解决「{check.after}」，再检查一次")]
    else:
        findings = list(_found(check))
    futures[check.name].set_result(Report(check.name, tuple(findings)))


def _found(check: Check) -> Iterator[Finding]:
    """What was found before an error counts, too."""
    try:
        yield from check.look()
    except WeChatError as error:
        yield told(error)
    except StoreUnavailable:
        log.debug("check %s", check.name, exc_info=True)
        yield fault("Redis 没有回答", "检查 Redis 是否在运行、REDIS_URL 是否正确、网络是否通")
    except Exception as error:  # noqa: BLE001  one broken check must not take the others along
        log.debug("check %s", check.name, exc_info=True)
        yield fault(
            f"这一项检查自己出错了（{type(error).__name__}）", "用 LOG_LEVEL=DEBUG 再运行一次，把输出交给工程师"
        )
