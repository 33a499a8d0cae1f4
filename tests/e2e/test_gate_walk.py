"""
The outbound gate on walks that nobody thought of: messages and taps, silence, bad weather, and workers that die.

Whatever happens, WeChat refuses nothing for its count, every promised message arrives or is held, and none arrives
twice as it was.
"""

import itertools
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.outgoing import BUSY, NO_ANSWER, UNREACHABLE, Outgoing
from wxbot.adapters.redis.connect import connect

NOTE = "可能已经收到过"
PATIENCE = 60
"""Rounds after which everything must have come out."""


@pytest.fixture
def machine(redis_url: str) -> type[RuleBasedStateMachine]:
    link = connect(redis_url)

    class Walk(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.bot = Outgoing(link, f"wx{uuid4().hex[:16]}")
            self.numbers = itertools.count(1)
            self.promised: list[str] = []
            self.bot.says("你好")

        @rule()
        def says(self) -> None:
            self.bot.says("你好")

        @rule()
        def taps(self) -> None:
            self.bot.taps("KEY")

        @rule()
        def follows(self) -> None:
            self.bot.follows()

        @rule(seconds=st.sampled_from([1, 59, 61, 3600, 47 * 3600, 49 * 3600]))
        def waits(self, seconds: int) -> None:
            self.bot.wait(seconds)

        @rule(parts=st.integers(1, 3), importance=st.sampled_from(["answer", "notice", "ticket"]))
        def promises(self, parts: int, importance: str) -> None:
            texts = [f"《{next(self.numbers)}》" for _ in range(parts)]
            self.bot.tell(*texts, importance=importance)
            self.promised += texts

        @rule(importance=st.sampled_from(["rating", "reminder"]))
        def offers(self, importance: str) -> None:
            self.bot.tell(f"《{next(self.numbers)}》", promised=False, importance=importance)

        @rule(trouble=st.sampled_from([BUSY, UNREACHABLE, NO_ANSWER]), times=st.integers(1, 9))
        def goes_wrong(self, trouble: Exception, times: int) -> None:
            self.bot.wechat.trouble += [trouble] * times

        @rule()
        def loses_an_answer(self) -> None:
            self.bot.wechat.lost = True
            self.bot.work()

        @rule()
        def works(self) -> None:
            self.bot.work()

        @rule(step=st.integers(0, 60))
        def dies(self, step: int) -> None:
            self.bot.work_mortally(step)

        @invariant()
        def never_asks_for_more_than_it_may(self) -> None:
            assert self.bot.wechat.refused == []

        @invariant()
        def says_nothing_twice_as_it_was(self) -> None:
            plain = [text.rpartition("\n")[2] for text in self.bot.sent if NOTE not in text]
            assert len(plain) == len(set(plain))

        def teardown(self) -> None:
            self.bot.wechat.trouble.clear()
            for _ in range(PATIENCE):
                if not self.owed() and not self.bot.held:
                    return
                self.bot.wait(700)
                self.bot.says("你好")
                self.bot.work()
            assert (self.owed(), self.bot.held) == ([], ())

        def owed(self) -> list[str]:
            arrived = "".join(self.bot.sent)
            return [text for text in self.promised if text not in arrived]

    return Walk


def test_no_walk_breaks_a_promise(machine: type[RuleBasedStateMachine]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=60, stateful_step_count=30))  # type: ignore[no-untyped-call]
