"""Words that the user typed, what cannot be read, and the stages of not knowing."""

import pytest

from tests.factories import Chat, a_bot_only_script, a_script, a_session, an_answer, labels, text_of
from wxbot.domain import message as m
from wxbot.domain.account import AccountType
from wxbot.domain.contacts import Contacts
from wxbot.domain.turn import Question

UNKNOWN = "火星移民"


def missed(times: int, **changes) -> Chat:
    chat = Chat(a_script(**changes))
    for _ in range(times):
        chat.says(UNKNOWN)
    return chat


def test_a_known_question_is_answered_and_logged():
    chat = Chat()

    turn = chat.says("怎么退款")

    assert (turn.rule, text_of(turn)) == ("answered", "在订单页点「申请退款」。")
    assert turn.questions == (Question("oFollower-1", chat.now, "怎么退款", "answer", "refund", 1.0),)


def test_an_answer_is_remembered_as_tried_and_as_the_topic():
    chat = Chat()
    chat.says("怎么退款")
    chat.says("怎么开发票")
    chat.says("怎么退款")

    assert (chat.session.tried, chat.session.topic) == (("invoice", "refund"), "refund")


def test_a_voice_that_came_with_words_is_read():
    assert Chat().sends(m.Voice("M1", recognition="怎么退款？")).rule == "answered"
    assert Chat().sends(m.Voice("M1", recognition="转人工。")).rule == "human"


def test_what_sounds_alike_is_suggested_with_taps():
    turn = Chat().says("我想退款怎么弄")

    assert text_of(turn).startswith("您想问的是不是：\n\n【1】")
    assert labels(turn) == ["怎么退款"]
    assert (turn.questions[0].outcome, turn.questions[0].answer_id) == ("suggest", "refund")


def test_a_suggestion_that_is_picked_ends_the_row_of_misses():
    chat = Chat(session=a_session(misses=1))
    chat.says("我想退款怎么弄")
    chat.says("1")

    assert (chat.turns[-1].rule, chat.session.misses) == ("answer", 0)


def test_the_first_miss_asks_for_other_words():
    chat = missed(1)

    assert text_of(chat.turns[-1]).startswith("抱歉，这个问题我没有听懂")
    assert chat.turns[-1].questions[0].outcome == "none"


def test_the_second_miss_shows_the_categories():
    assert labels(missed(2).turns[-1]) == ["订单", "账号"]


def test_the_third_miss_offers_a_person():
    chat = missed(3)

    assert labels(chat.turns[-1]) == ["转人工"]
    assert chat.says("1").rule == "human"


@pytest.mark.parametrize(
    "changes", [{"agents": False}, {"account_type": AccountType.UNVERIFIED}, {"account_type": AccountType.TEST}]
)
def test_without_agents_the_third_miss_offers_the_contact_book(changes):
    chat = missed(3, **changes)

    assert text_of(chat.turns[-1]).startswith("看来我解决不了这个问题，非常抱歉")
    assert labels(chat.turns[-1]) == ["联系方式"]


def test_without_anybody_to_turn_to_no_way_is_promised():
    chat = missed(5, agents=False, contacts=Contacts())

    assert {turn.rule for turn in chat.turns[1:]} == {"missed_browse"}
    assert labels(chat.turns[-1]) == ["订单", "账号"]


def test_without_categories_the_second_miss_asks_again():
    assert missed(2, answers={}, categories={}).turns[-1].rule == "missed"


def test_suggestions_count_as_misses_and_stay_on_offer():
    chat = Chat()
    for _ in range(3):
        chat.says("我想退款怎么弄")

    assert labels(chat.turns[-1]) == ["怎么退款", "转人工"]


def test_a_miss_long_ago_does_not_count():
    chat = missed(2)
    chat.waits(31 * 60)

    assert chat.says(UNKNOWN).rule == "missed"


def test_an_answer_ends_the_row_of_misses():
    chat = missed(2)
    chat.says("怎么退款")

    assert chat.says(UNKNOWN).rule == "missed"


def test_small_talk_neither_counts_as_a_miss_nor_as_help():
    chat = missed(2)

    turn = chat.says("你好")

    assert (turn.rule, text_of(turn)) == ("smalltalk", "您好！")
    assert (chat.session.misses, chat.session.tried) == (2, ())


def test_small_talk_leaves_the_numbers_on_the_screen():
    chat = Chat()
    chat.says("分类")
    chat.says("你好")

    assert chat.says("2").rule == "browse"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (m.Sticker(), "收到您的表情啦"),
        (m.Image("M1"), "收到了，先替您留着"),
        (m.Voice("M1"), "语音收到了，先替您留着"),
        (m.Video("M1"), "收到了，先替您留着"),
        (m.Location("30.2", "120.2", "某路1号"), "收到您的位置"),
        (m.Link("一篇文章"), "收到您分享的链接"),
        (m.File("日志.zip"), "文件收到了"),
    ],
)
def test_what_cannot_be_read_gets_a_fitting_sentence(content, words):
    chat = missed(1)

    assert text_of(chat.sends(content)).startswith(words)
    assert chat.session.misses == 1


@pytest.mark.parametrize("words", ["", "？？？", "😀", "/::)", "……"])
def test_nothing_to_read_is_no_miss(words):
    chat = missed(1)

    assert chat.says(words).rule == "blank"
    assert chat.session.misses == 1


def test_the_name_of_a_category_opens_it():
    turn = Chat().says(" 账号 ")

    assert text_of(turn).startswith("账号的常见问题：")
    assert labels(turn) == ["怎么重置密码", "返回分类"]


def test_related_ids_that_are_gone_are_left_out():
    script = a_script(an_answer("vip", "会员", related=("gone",)))

    assert text_of(Chat(script).says("会员")) == "会员：这样做。"


def test_what_was_said_is_kept_without_markup():
    chat = Chat()
    chat.says("怎么开发票")
    chat.sends(m.Image("M1"))

    lines = [(line.who, line.text.partition("\n")[0]) for line in chat.session.history]

    assert lines[:3] == [("user", "怎么开发票"), ("bot", "在订单页点「开发票」。"), ("user", "[图片]")]
    assert "<" not in "".join(line.text for line in chat.session.history)


def test_an_unverified_account_answers_all_the_same():
    assert text_of(Chat(a_bot_only_script()).says("怎么退款")) == "在订单页点「申请退款」。"


@pytest.mark.parametrize("words", ["[捂脸]", "[玫瑰][玫瑰]", "/:rose", "/::) /:,@-D", "[OK]", "/:<L>/:handclap"])
def test_wechats_own_emoticons_are_stickers_and_no_miss(words):
    chat = missed(1)

    turn = chat.says(words)

    assert turn.rule in ("sticker", "blank")
    assert (chat.session.misses, turn.questions) == (1, ())


def test_an_emoticon_that_operators_answer_is_answered():
    assert Chat(a_script(an_answer("rose", "[玫瑰]"))).says("[玫瑰]").rule == "answered"


def test_many_broken_emoticons_are_read_in_no_time():
    assert Chat().says("/:" * 5000 + "火星").rule == "missed"


def test_small_talk_is_never_suggested():
    script = a_script(an_answer("bored", "哈哈哈真好玩", smalltalk=True))

    assert Chat(script).says("哈哈真好").rule == "missed"


@pytest.mark.parametrize("words", ["电话", "客服电话多少？", "请问联系方式"])
def test_the_contact_book_can_be_asked_for(words):
    assert text_of(Chat().says(words)).startswith("我们的官方电话：\n客服热线：400-000-0000")


def test_without_a_contact_book_a_question_for_it_is_a_question_like_any_other():
    script = a_script(an_answer("phone", "电话", "本公众号就是客服。"), contacts=Contacts())

    assert text_of(Chat(script).says("电话")) == "本公众号就是客服。"
