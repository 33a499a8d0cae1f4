"""
Handoff and outbound gate together on walks that nobody thought of: followers, agents, the clock, bad weather, deaths.

Whatever happens, no event is transferred, nobody is left in a queue or with an agent that WeChat knows nothing of, no
message goes out above the count, and every promised one arrives or is held, none twice as it was.
"""

import itertools
import re
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.outgoing import BUSY, NO_ANSWER
from tests.town import FOLLOWERS, KF1, KF2, TOPIC, Town
from wxbot.adapters.redis.connect import connect
from wxbot.domain.message import Follow, MenuClick, Text, Unfollow
from wxbot.domain.session import Mode

NOTE = "可能已经收到过"
NO_ROOM = (45015, 45047)
PATIENCE = 60
"""Rounds after which everything must have come out."""

a_follower, an_agent = st.sampled_from(FOLLOWERS), st.sampled_from([KF1, KF2])


@pytest.fixture
def machine(redis_url: str) -> type[RuleBasedStateMachine]:
    link = connect(redis_url)

    class Walk(RuleBasedStateMachine):
        """
        promised: texts by follower. robbed: followers to whom somebody else has written. surprises: refusals that the
        bot could not foresee.
        """

        @initialize(open_on_tap=st.booleans())
        def begins(self, open_on_tap: bool) -> None:
            self.town = Town(link, f"wx{uuid4().hex[:16]}", open_on_tap=open_on_tap)
            self.numbers = itertools.count(1)
            self.promised: dict[str, list[str]] = {user: [] for user in FOLLOWERS}
            self.robbed: set[str] = set()
            self.surprises = 0
            for user in FOLLOWERS:
                self.town.does(Follow(), user)

        # Followers

        @rule(user=a_follower, words=st.sampled_from(["你好", "转人工", "转人工", TOPIC, "取消", "怎么退款"]))
        def says(self, user: str, words: str) -> None:
            self.town.does(Text(words), user)

        @rule(user=a_follower)
        def taps(self, user: str) -> None:
            self.town.does(MenuClick("human"), user)

        @rule(user=a_follower)
        def comes_back(self, user: str) -> None:
            self.promised[user].clear()
            self.town.does(Unfollow(), user)
            self.town.does(Follow(), user)

        # Agents

        @rule(account=an_agent, what=st.sampled_from(["online", "online", "offline", "accept"]))
        def agent(self, account: str, what: str) -> None:
            self.town.agent(account, what)

        @rule(account=an_agent, user=a_follower, other=an_agent, what=st.sampled_from(["accept", "transfer", "close"]))
        def agent_and_follower(self, account: str, user: str, other: str, what: str) -> None:
            self.town.agent(account, what, openid=user, to=other)

        @rule()
        def looks(self) -> None:
            self.town.looks()

        # Time and weather

        @rule(seconds=st.sampled_from([1, 21, 61, 181, 601, 1801, 3600, 13 * 3600, 24 * 3600, 49 * 3600]))
        def waits(self, seconds: int) -> None:
            self.town.wait(seconds)

        @rule()
        def events_arrive(self) -> None:
            self.town.arrive()

        @rule(copies=st.sampled_from([0, 2]))
        def an_event_goes_astray(self, copies: int) -> None:
            self.town.post.copies = copies

        @rule(seconds=st.sampled_from([60, 600, 7200]))
        def wechat_is_away(self, seconds: int) -> None:
            self.town.down_until = self.town.now + seconds

        @rule(trouble=st.sampled_from([BUSY, NO_ANSWER]))
        def a_call_goes_wrong(self, trouble: Exception) -> None:
            self.town.wechat.trouble.append(trouble)

        @rule(user=a_follower)
        def the_quota_is_gone(self, user: str) -> None:
            """Somebody else has used it up."""
            follower = self.town.world.followers.get(user)
            self.town.world.followers.use_up(follower, 0)
            self.robbed.add(user)
            self.surprises += 1

        # The bot

        @rule(user=a_follower, parts=st.integers(1, 4))
        def promises(self, user: str, parts: int) -> None:
            texts = [f"《{next(self.numbers)}》" for _ in range(parts)]
            self.town.tell(*texts, user=user)
            self.promised[user] += texts

        @rule()
        def works(self) -> None:
            self.town.work()

        @rule(step=st.integers(0, 60))
        def dies(self, step: int) -> None:
            self.surprises += self.town.work_mortally(step)

        @invariant()
        def never_asks_for_more_than_it_may(self) -> None:
            refused = [code for code in self.town.wechat.refused if code in NO_ROOM]
            assert len(refused) <= self.surprises

        @invariant()
        def counts_on_no_more_than_there_is(self) -> None:
            for user in set(FOLLOWERS) - self.robbed:
                assert self.town.counted_on(user) <= self.town.left_for(user)

        @invariant()
        def says_nothing_twice_as_it_was(self) -> None:
            plain = [part for text in self.town.sent if NOTE not in text for part in re.findall("《.+?》", text)]
            assert len(plain) == len(set(plain))

        def teardown(self) -> None:
            self.town.down_until, self.town.post.copies = 0, 1
            self.town.wechat.trouble.clear()
            self.town.goes_on(hours=3)
            self.nobody_is_stuck()
            self.everybody_goes_home()
            self.everything_comes_out()

        def nobody_is_stuck(self) -> None:
            desk = self.town.world.desk
            for user in FOLLOWERS:
                mode = self.town.session(user).mode
                assert mode is not Mode.HUMAN or desk.serving(user)
                assert mode is not Mode.QUEUED or user in desk.waiting
            standing = [self.town.session(user).handoff for user in FOLLOWERS]
            records = [handoff for handoff in self.town.store.handoffs(limit=99) if handoff.is_open]
            assert {handoff.id for handoff in records} == {handoff.id for handoff in standing if handoff}

        def everybody_goes_home(self) -> None:
            for account, user in itertools.product((KF1, KF2), FOLLOWERS):
                self.town.agent(account, "offline")
                self.town.agent(account, "close", openid=user)

        def everything_comes_out(self) -> None:
            for _ in range(PATIENCE):
                if not self.owed():
                    return
                for user in FOLLOWERS:
                    self.town.does(Text("取消" if self.town.session(user).mode is Mode.QUEUED else "你好"), user)
                self.town.goes_on(hours=1)
            assert self.owed() == []

        def owed(self) -> list[str]:
            arrived = "".join(self.town.sent)
            return [text for texts in self.promised.values() for text in texts if text not in arrived]

    return Walk


def test_no_walk_leaves_anybody_alone(machine: type[RuleBasedStateMachine]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=40, stateful_step_count=30))  # type: ignore[no-untyped-call]
