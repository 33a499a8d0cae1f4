"""The life of a handoff, and who could take it."""

import pytest

from tests.factories import NOW, USER
from wxbot.domain.handoff import LIFE, OPEN, Event, Handoff, Reason, State
from wxbot.domain.staffing import OnlineAgent, Presence, Staffing, Topic

SHOP = Staffing(
    topics={"退款": Topic(("退款",), "售后"), "退款没到账": Topic(("退款没到账",), "", {"企业版": "大客户"})},
    groups={"售后": ("kf1@shop", "kf2@shop"), "大客户": ("kf9@shop",)},
    tiers={"企业版": "大客户"},
)


def a_handoff(state: State = State.WAITING, **fields) -> Handoff:
    return Handoff("h1", USER, Reason.ASKED, NOW, state, **fields)


def at_the_desk(**serving: int) -> Presence:
    return Presence(True, tuple(OnlineAgent(f"{name}@shop", cases) for name, cases in serving.items()))


def test_every_way_ends():
    for path in [{State.WAITING}, {State.SERVED}]:
        while reached := {state for known in path & OPEN for state in LIFE[known].values()} - path:
            path |= reached
        assert path - OPEN


def test_what_is_over_stays_over():
    for state in set(State) - OPEN:
        with pytest.raises(KeyError):
            a_handoff(state).after(Event.JOINED, NOW)


def test_only_the_end_has_a_time():
    joined = a_handoff().after(Event.JOINED, NOW + 5, agent="kf1@shop")

    assert (joined.closed, joined.after(Event.ENDED, NOW + 9).closed) == (0, NOW + 9)


def test_the_longest_words_tell_the_topic():
    assert SHOP.topic_of("我的退款没到账") == "退款没到账"
    assert SHOP.topic_of("怎么退款") == "退款"
    assert SHOP.topic_of("怎么开发票") == ""


@pytest.mark.parametrize(
    ("topic", "tier", "group"),
    [
        ("退款", "", ("kf1@shop", "kf2@shop")),
        ("退款", "企业版", ("kf1@shop", "kf2@shop")),
        ("退款没到账", "企业版", ("kf9@shop",)),
        ("退款没到账", "", ()),
        ("", "企业版", ("kf9@shop",)),
        ("没有的话题", "企业版", ("kf9@shop",)),
        ("", "", ()),
    ],
)
def test_topic_and_tier_lead_to_a_group(topic, tier, group):
    assert SHOP.group_of(topic, tier) == group


def test_the_least_busy_of_the_group_is_picked():
    assert SHOP.pick(at_the_desk(kf1=3, kf2=1, kf9=0), "退款", "", USER) == "kf2@shop"


def test_nobody_is_picked_outside_the_group_or_without_room():
    assert SHOP.pick(at_the_desk(kf1=5, kf9=0), "退款", "", USER) == ""


def test_those_who_ask_at_once_are_spread():
    picked = {SHOP.pick(at_the_desk(kf1=0, kf2=0), "退款", "", f"user-{number}") for number in range(20)}

    assert picked == {"kf1@shop", "kf2@shop"}


def test_a_session_is_tried_with_the_group_first_then_with_anybody():
    assert SHOP.takers(at_the_desk(kf8=0, kf1=2, kf2=1, kf7=5), "退款", "") == ("kf2@shop", "kf1@shop", "kf8@shop")


def test_a_desk_that_was_not_seen_is_not_empty():
    assert (Presence().is_empty, Presence(known=True).is_empty, at_the_desk(kf1=5).is_empty) == (False, True, False)
