"""Numbers for Prometheus, added up over all processes where `PROMETHEUS_MULTIPROC_DIR` is set."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from wxbot.domain.staffing import Presence
from wxbot.service.doctor.ports import Backlog

_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """What the webhook counts. Labels are rules and reasons, never anything a user typed."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.turns = Counter("wxbot_turns", "Messages answered, by deciding rule.", ["rule"], registry=self._registry)
        self.degraded = Counter("wxbot_degraded", "Messages answered without Redis.", registry=self._registry)
        self.refused = Counter("wxbot_refused", "Requests that did not come from WeChat.", registry=self._registry)
        self.unreadable = Counter("wxbot_unreadable", "Requests that made no sense.", registry=self._registry)
        self.failures = Counter("wxbot_failures", "Messages that hit a fault of ours.", registry=self._registry)
        self.seconds = Histogram(
            "wxbot_turn_seconds", "Seconds from request to reply.", buckets=_BUCKETS_S, registry=self._registry
        )

    def render(self, delivered: Mapping[str, int], backlog: Backlog | None, presence: Presence) -> bytes:
        """
        The exposition text.

        delivered: messages of all workers by `way:result`, which the store counts. backlog: None for unknown.
        """
        work = generate_latest(_only(_Work(delivered, backlog, presence)))
        if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            return generate_latest(self._registry) + work
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
        return generate_latest(everybody) + work


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """Of the workers and of the agents' desk, which all web processes tell alike."""

    delivered: Mapping[str, int]
    backlog: Backlog | None
    presence: Presence

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily("wxbot_messages", "Messages of ours, by way and result.", labels=["way", "result"])
        for name, count in self.delivered.items():
            family.add_metric(name.split(":"), count)
        yield family
        if waits := self.backlog:
            yield GaugeMetricFamily("wxbot_jobs", "Jobs that wait for a worker or are being done.", waits.jobs)
            yield GaugeMetricFamily("wxbot_jobs_oldest_seconds", "Age of the oldest job.", waits.oldest_s)
            yield GaugeMetricFamily("wxbot_timers_late", "Timers overdue by a minute.", waits.late)
            yield GaugeMetricFamily("wxbot_dead_letters", "Jobs given up.", waits.dead)
        if self.presence.known:
            yield GaugeMetricFamily("wxbot_agents_online", "Agents at the desk.", len(self.presence.agents))
            yield GaugeMetricFamily("wxbot_users_waiting", "Users in the queue for agents.", self.presence.waiting)


def _only(collector: _Work) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(collector)
    return registry
