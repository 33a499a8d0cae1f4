"""How what is said becomes one reply, what follows it, and what is left out while the store is away."""

import pytest

from tests.factories import Chat, a_bot_only_script, a_script, an_answer, labels, text_of
from wxbot.domain import message as m
from wxbot.domain.action import Action
from wxbot.domain.menu import Button, Menu
from wxbot.domain.reply import TEXT_LIMIT_BYTES, ArticlePart, ImagePart, MiniProgramPart, Silence, TextPart, VideoPart

PICTURE, MORE_PICTURE = ImagePart("M1"), ImagePart("M2")
CARD = ArticlePart("退款流程", "https://www.example.com/refund")
PROGRAM = MiniProgramPart("商城", "wx01", "pages/home", "T1")
LONG = "\n".join(f"第{number}步：" + "字" * 40 for number in range(40))
HINT = "（还有下文，回复「继续」查看）"
LATER = "（系统正在维护，余下的内容请过几分钟再问我一次。）"


def a_rich_script(*parts, make=a_script, **changes):
    return make(an_answer("rich", "步骤", *parts, **changes))


def asked(*parts, **changes) -> Chat:
    """A chat on a verified account, just after its rich answer."""
    chat = Chat(a_rich_script(*parts, **changes))
    chat.says("步骤")
    return chat


def asked_in_vain(*parts, **changes) -> Chat:
    """The same on an account that cannot send."""
    chat = Chat(a_rich_script(*parts, make=a_bot_only_script, **changes))
    chat.says("步骤")
    return chat


def read_to_the_end(chat: Chat) -> list[object]:
    """Every reply that 继续 brings, the first included."""
    while chat.session.pending:
        chat.says("继续")
    return [turn.reply for turn in chat.turns]


def test_the_first_part_is_the_reply_and_the_rest_follows_in_order():
    (turn,) = asked("看图：", PICTURE, "再看：", MORE_PICTURE).turns

    assert turn.reply == TextPart("看图：")
    assert turn.jobs[0].task.parts == (PICTURE, TextPart("再看："), MORE_PICTURE)


@pytest.mark.parametrize("part", [PICTURE, CARD, VideoPart("M1", "视频教程")])
def test_a_single_rich_part_is_the_reply(part):
    (turn,) = asked(part).turns

    assert (turn.reply, turn.jobs) == (part, ())


def test_a_mini_program_is_sent_for_it_cannot_be_a_reply():
    (turn,) = asked(PROGRAM, "点开即可。").turns

    assert turn.reply == Silence()
    assert turn.jobs[0].task.parts == (PROGRAM, TextPart("点开即可。"))


def test_a_long_text_goes_on_in_further_messages():
    (turn,) = asked(LONG).turns

    pieces = [text_of(turn), *(part.text for part in turn.jobs[0].task.parts)]
    assert all(len(piece.encode()) <= TEXT_LIMIT_BYTES for piece in pieces)
    assert "\n".join(pieces) == LONG


def test_related_questions_come_below_the_last_text():
    (turn,) = asked("看图：", PICTURE, "好了。", related=("refund",)).turns

    assert turn.jobs[0].task.parts[-1].text.startswith("好了。\n\n相关问题：\n\n【1】")


def test_related_questions_come_in_a_message_of_their_own_below_a_picture():
    (turn,) = asked(PICTURE, related=("refund",)).turns

    assert turn.jobs[0].task.parts[-1].text.startswith("相关问题：\n\n【1】")


def test_an_account_that_cannot_send_never_leaves_jobs():
    chat = asked_in_vain("看图：", PICTURE, PROGRAM, LONG, related=("refund",))
    read_to_the_end(chat)

    assert all(turn.jobs == () and turn.timers == () for turn in chat.turns)


def test_where_nothing_can_be_sent_the_rest_is_shown_on_request():
    chat = asked_in_vain("看图：", PICTURE, "再看：", MORE_PICTURE)

    assert read_to_the_end(chat) == [
        TextPart(f"看图：\n\n{HINT}"),
        TextPart(f"再看：\n\n{HINT}"),
        PICTURE,
        MORE_PICTURE,
    ]


def test_where_nothing_can_be_sent_short_texts_come_in_one_message():
    (turn,) = asked_in_vain("先登录。", "再点「我的」。").turns

    assert turn.reply == TextPart("先登录。\n\n再点「我的」。")


def test_where_nothing_can_be_sent_text_comes_before_pictures_and_says_how_to_get_them():
    assert read_to_the_end(asked_in_vain(PICTURE, "看图。")) == [TextPart(f"看图。\n\n{HINT}"), PICTURE]


def test_where_nothing_can_be_sent_a_mini_program_becomes_a_link():
    (turn,) = asked_in_vain(PROGRAM).turns

    assert 'data-miniprogram-appid="wx01" data-miniprogram-path="pages/home"' in text_of(turn)


def test_where_nothing_can_be_sent_a_long_text_is_read_bit_by_bit():
    replies = read_to_the_end(asked_in_vain(LONG))

    assert all(len(reply.text.encode()) <= TEXT_LIMIT_BYTES for reply in replies)
    assert "\n".join(reply.text.removesuffix(f"\n\n{HINT}") for reply in replies) == LONG


def test_a_text_just_over_the_limit_takes_two_messages():
    replies = read_to_the_end(asked_in_vain("字" * 690))

    assert [len(reply.text.encode()) <= TEXT_LIMIT_BYTES for reply in replies] == [True, True]


def test_texts_too_long_for_one_message_come_one_by_one():
    first, second = "一" * 400, "二" * 400

    assert read_to_the_end(asked_in_vain(first, second)) == [TextPart(f"{first}\n\n{HINT}"), TextPart(second)]


def test_the_rest_is_dropped_when_the_user_goes_on_to_something_else():
    chat = asked_in_vain("看图：", PICTURE)
    chat.says("怎么退款")

    assert chat.session.pending == ()
    assert chat.says("继续").rule != "more"


def test_numbers_go_on_to_count_while_the_rest_is_read():
    chat = asked_in_vain("看图：", PICTURE, LONG, related=("refund",))
    read_to_the_end(chat)

    assert labels(chat.turns[-1]) == ["怎么退款"]


@pytest.mark.parametrize("words", ["怎么退款", "你好", "账号"])
def test_without_the_store_questions_are_answered_as_ever(words):
    chat, well = Chat(degraded=True), Chat()

    assert text_of(chat.says(words)).splitlines()[0] == text_of(well.says(words)).splitlines()[0]


def test_without_the_store_menu_taps_are_answered_as_ever():
    menu = Menu((Button("公告", Action("say", "本周末维护。")),))

    assert text_of(Chat(a_script(menu=menu), degraded=True).sends(m.MenuClick("say:本周末维护。"))) == "本周末维护。"


@pytest.mark.parametrize("words", ["怎么开发票", "分类", "账号", "我想退款怎么弄"])
def test_without_the_store_options_are_taps_without_numbers(words):
    text = text_of(Chat(degraded=True).says(words))

    assert "· <a href=" in text
    assert "【" not in text
    assert "数字" not in text


def test_without_the_store_a_tap_still_works():
    assert Chat(degraded=True).says("怎么退款", tap_id="answer:refund").rule == "answer"


@pytest.mark.parametrize("content", [m.Text("转人工"), m.Text("人工", "human"), m.MenuClick("human"), m.Text("2")])
def test_what_needs_the_store_is_honestly_put_off(content):
    turn = Chat(degraded=True).sends(content)

    assert text_of(turn).startswith("系统正在维护，这件事暂时办不了")


def test_without_the_store_the_rest_of_an_answer_is_not_promised():
    chat = Chat(a_rich_script("看图：", PICTURE), degraded=True)

    turn = chat.says("步骤")

    assert (text_of(turn), turn.jobs, turn.session.pending) == (f"看图：\n\n{LATER}", (), ())


def test_without_the_store_a_mini_program_becomes_a_link():
    chat = Chat(a_rich_script(PROGRAM), degraded=True)

    assert 'data-miniprogram-appid="wx01"' in text_of(chat.says("步骤"))


def test_without_the_store_a_new_follower_is_welcomed():
    assert text_of(Chat(degraded=True).sends(m.Follow())).startswith("欢迎关注小店。\n\n· <a href=")


def test_without_the_store_no_timer_is_cancelled_either():
    assert Chat(degraded=True).sends(m.AgentLeft("kf2001@shop")).timers == ()
