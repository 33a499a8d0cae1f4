"""What a running bot tells of itself at `/metrics`, for rehearsals that have to wait for it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import requests
from prometheus_client.parser import text_string_to_metric_families

from wxbot.entrypoints.stage import Impossible, SideDoor

PATIENCE_S = 30
"""Seconds that the bot may take for all that it does by itself, with a slow API."""
LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Vitals:
    """url: of the bot, without a path."""

    url: str

    def await_rest(self) -> None:
        """Until no job is left to do now. Raises Impossible."""
        _await(lambda: self._numbers().get("wxbot_jobs") == 0, "机器人一直没有忙完上一步")

    def await_seen(self, door: SideDoor) -> None:
        """Until the bot knows the agents' desk as it is now. Raises Impossible."""
        state = door.get("state")
        online = sum(agent["online"] for agent in state["agents"])
        there = {"wxbot_agents_online": online, "wxbot_users_waiting": len(state["queue"])}
        _await(lambda: there.items() <= self._numbers().items(), "机器人一直没有看到客服的变化")

    def _numbers(self) -> Mapping[str, float]:
        """Those without labels, by name."""
        text = requests.get(f"{self.url}/metrics", timeout=PATIENCE_S).text
        samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
        return {sample.name: sample.value for sample in samples if not sample.labels}


def _await(is_so: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > deadline:
            raise Impossible(otherwise)
        time.sleep(LOOK_S)
