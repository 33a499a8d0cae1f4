"""Who belongs to which tier, and what depends on it."""

from dataclasses import replace

import pytest

from tests.factories import DAY, Chat, a_script, a_session, a_text, facts, text_of
from wxbot.domain.account import AccountType
from wxbot.domain.contacts import Contacts, Email, Page, Phone
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.dialogue.tiers import tags_learned
from wxbot.domain.hours import Hours, Span
from wxbot.domain.job import LearnTags
from wxbot.domain.message import AgentLeft, Follow, Unfollow
from wxbot.domain.script import Greeting, Script, Tier, Welcome

TIERS = (Tier("企业版", "101"), Tier("会员", "102"))
BOOK = Contacts(
    phones=(
        Phone("普通热线", "400-000-0001"),
        Phone("企业热线", "400-000-0003", tiers=("企业版",)),
        Phone("港澳热线", "400-000-0004", regions=("港澳",)),
    ),
    emails=(Email("支持", "support@example.com", "两天内"),),
    pages=(Page("用户社区", "https://bbs.example.com/", "互相帮忙"),),
)


def a_chat(**changes) -> Chat:
    return Chat(replace(a_script(), tiers=TIERS, contacts=BOOK), a_session(**changes))


def errands(chat: Chat) -> int:
    return sum(isinstance(job.task, LearnTags) for turn in chat.turns for job in turn.jobs)


def test_tags_are_asked_for_once_a_day():
    chat = a_chat()

    chat.says("你好")
    chat.says("退款")
    assert errands(chat) == 1
    chat.waits(DAY)
    chat.says("退款")

    assert errands(chat) == 2


def test_a_new_follower_is_asked_about_at_once():
    chat = a_chat(follows=0)

    chat.sends(Follow())

    assert errands(chat) == 1


@pytest.mark.parametrize("told_later", [(), (AgentLeft("kf1@shop"),)])
def test_who_has_gone_is_asked_about_when_they_come_back(told_later):
    chat = a_chat(follows=1)

    for event in (Unfollow(), *told_later):
        chat.sends(event)
    assert errands(chat) == 0
    assert tags_learned_by(chat.script, chat.session, ["101"]) is None
    chat.sends(Follow())

    assert errands(chat) == 1


@pytest.mark.parametrize(
    "changes", [{"tiers": (Tier("企业版"),)}, {"tiers": TIERS, "account_type": AccountType.UNVERIFIED}]
)
def test_nobody_asks_where_nothing_depends_on_it_or_wechat_would_not_say(changes):
    chat = Chat(replace(a_script(), **changes))

    chat.says("你好")

    assert errands(chat) == 0


def test_tags_outweigh_the_qr_code_and_a_bound_account_outweighs_tags():
    script = replace(a_script(), tiers=TIERS, welcome=Welcome(Greeting(""), scenes={"x": Greeting("好", tier="会员")}))
    by_scene = Chat(script)
    by_scene.sends(Follow("x"))

    assert (by_scene.session.tier, by_scene.session.tier_from) == ("会员", "scene")
    assert learned(script, by_scene.session, ["101"]).tier == "企业版"
    assert tags_learned_by(script, replace(by_scene.session, tier_from="binding"), ["101"]) is None


def test_who_loses_the_tag_loses_the_tier_that_it_gave():
    script = replace(a_script(), tiers=TIERS)

    assert learned(script, a_session(tier="会员", tier_from="tag"), []).tier == ""
    assert tags_learned_by(script, a_session(tier="会员", tier_from="scene"), []) is None


def test_an_unknown_follower_is_shown_every_line():
    text = text_of(a_chat().says("联系方式"))

    assert all(number in text for number in ("400-000-0001", "400-000-0003", "400-000-0004"))
    assert '<a href="https://bbs.example.com/">用户社区</a> 互相帮忙' in text


def test_a_known_follower_is_shown_their_lines_first_and_not_those_of_others():
    text = text_of(a_chat(tier="企业版", region="华东").says("联系方式"))

    assert text.index("400-000-0003") < text.index("400-000-0001")
    assert "400-000-0004" not in text
    assert "400-000-0003" not in text_of(a_chat(tier="会员").says("联系方式"))


def test_a_line_with_hours_says_whether_somebody_answers_now():
    mornings = Hours(weekly=((Span(9 * 60, 12 * 60),),) * 7)
    chat = Chat(a_script_with(Phone("热线", "400-000-0001", service=mornings)))

    assert "现在可以拨打" in text_of(chat.says("电话"))
    chat.waits(4 * 3600)

    assert "现在没有人接听，明天（周二）9:00开始服务" in text_of(chat.says("电话"))


def a_script_with(line: Phone) -> Script:
    return replace(a_script(), contacts=Contacts(phones=(line,)))


def tags_learned_by(script, session, tags):
    inbound = a_text("")
    return tags_learned(Talk(script, session, inbound, facts(inbound, script)), tags)


def learned(script, session, tags):
    return tags_learned_by(script, session, tags).session
