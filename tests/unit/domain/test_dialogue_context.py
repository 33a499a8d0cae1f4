"""What was said before, who asks, and when."""

import pytest

from tests.factories import Chat, a_script, a_session, a_turn, an_answer, an_inbound, labels, text_of
from wxbot.domain import message as m
from wxbot.domain.facts import Found
from wxbot.domain.hours import Hours, Span
from wxbot.domain.reply import TextPart
from wxbot.domain.script import Condition, Greeting, Variant, Welcome

ENTERPRISE = an_answer("invoice-enterprise", "企业版怎么开发票", "请联系客户经理。")
NIGHT = Hours(weekly=((Span(0, 1),),) * 7)


def found(answers):
    """An engine that knows just these texts."""
    return lambda text: answers.get(text, Found())


def after_invoice(words, answers):
    session = a_session(topic="invoice")
    return a_turn(a_script(ENTERPRISE), session, an_inbound(m.Text(words)), find=found(answers))


@pytest.mark.parametrize("words", ["那企业版呢", "那么企业版呢？", "如果是企业版", "换成企业版怎么办", "企业版呢"])
def test_a_follow_up_is_asked_together_with_what_was_answered_last(words):
    turn = after_invoice(words, {"企业版怎么开发票": Found("answer", ("invoice-enterprise",), 0.8)})

    assert text_of(turn) == "请联系客户经理。"
    assert turn.session.topic == "invoice-enterprise"


def test_a_follow_up_that_the_engine_understands_by_itself_is_left_alone():
    turn = after_invoice("那怎么退款呢", {"那怎么退款呢": Found("answer", ("refund",), 0.9)})

    assert text_of(turn).startswith("在订单页点「申请退款」。")


def test_the_same_answer_is_no_answer_to_a_follow_up():
    turn = after_invoice("那企业版呢", {"企业版怎么开发票": Found("answer", ("invoice",), 0.8)})

    assert turn.rule == "missed"


def test_what_comes_second_to_the_same_answer_is_only_suggested():
    both = Found("suggest", ("invoice", "refund"), 0.4)

    turn = after_invoice("那企业版呢", {"企业版怎么开发票": both})

    assert turn.rule == "suggested"
    assert labels(turn) == ["怎么退款"]


@pytest.mark.parametrize("words", ["企业版", "那我昨天在门店买的东西到现在还没有发货呢"])
def test_what_does_not_lean_on_the_talk_is_not_mixed_with_it(words):
    turn = after_invoice(words, {f"{words}怎么开发票": Found("answer", ("invoice-enterprise",), 0.8)})

    assert turn.rule == "missed"


def test_without_a_topic_there_is_nothing_to_lean_on():
    assert Chat().says("那企业版呢").rule == "missed"


def a_shop_with_variants(**changes):
    variants = (
        Variant(Condition(tier="企业版", region="华东"), (TextPart("华东客户经理。"),)),
        Variant(Condition(tier="企业版"), (TextPart("客户经理。"),)),
        Variant(Condition(open=False), (TextPart("夜间热线。"),)),
    )
    answer = an_answer("help", "怎么求助", "白天热线。", variants=variants)
    enterprise = Greeting("欢迎企业用户", tier="企业版")
    return a_script(answer, welcome=Welcome(Greeting("欢迎"), scenes={"ent_*": enterprise}), **changes)


@pytest.mark.parametrize(
    ("session", "said"),
    [
        ({}, "白天热线。"),
        ({"tier": "企业版"}, "客户经理。"),
        ({"tier": "企业版", "region": "华东"}, "华东客户经理。"),
        ({"tier": "个人版", "region": "华东"}, "白天热线。"),
    ],
)
def test_the_first_variant_that_holds_is_said(session, said):
    turn = a_turn(a_shop_with_variants(), a_session(**session), an_inbound(m.Text("怎么求助")))

    assert text_of(turn) == said


def test_a_variant_may_hold_outside_hours_only():
    turn = a_turn(a_shop_with_variants(hours=NIGHT), a_session(), an_inbound(m.Text("怎么求助")))

    assert text_of(turn) == "夜间热线。"


def test_the_code_a_follower_came_by_says_who_they_are_for_good():
    chat = Chat(a_shop_with_variants())
    chat.sends(m.Follow("ent_07"))
    chat.sends(m.Scan("other"))

    assert text_of(chat.says("怎么求助")) == "客户经理。"
