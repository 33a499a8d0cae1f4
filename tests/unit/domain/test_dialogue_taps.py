"""The bottom menu, and options by tap, number or words."""

import pytest

from tests.factories import (
    Chat,
    a_bot_only_script,
    a_script,
    a_session,
    a_text,
    a_turn,
    an_answer,
    an_option,
    labels,
    text_of,
)
from wxbot.domain import message as m
from wxbot.domain.action import Action
from wxbot.domain.contacts import Contacts, Email, Phone
from wxbot.domain.dialogue.actions import PAGE_OPTIONS
from wxbot.domain.dialogue.wording import link, tap_id
from wxbot.domain.menu import Button, Menu
from wxbot.domain.reply import TextPart

MENU = Menu(
    (
        Button("常见问题", Action("browse")),
        Button(
            "更多", items=(Button("公告", Action("say", "本周末维护。")), Button("扫", Action("phones"), key="SCAN"))
        ),
        Button("官网", Action("url", "https://www.example.com/"), key="SITE"),
    )
)
SHOP = a_script(menu=MENU, old_keys={"V1_FAQ": Action("answer", "refund")})


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("browse", "browse"),
        ("say:本周末维护。", "say"),
        ("SCAN", "phones"),
        ("SITE", "link"),
        ("V1_FAQ", "answer"),
        ("answer:password", "answer"),
        ("browse:账号", "browse"),
        ("human", "human_tap"),
    ],
)
def test_a_tap_does_what_its_key_stands_for(key, rule):
    assert Chat(SHOP).sends(m.MenuClick(key)).rule == rule


@pytest.mark.parametrize("key", ["SUMMER_SALE", "", "answer:gone", "say:请转账到 6222", "url:https://evil.example/"])
def test_a_key_that_stands_for_nothing_is_answered_with_the_categories(key):
    turn = Chat(SHOP).sends(m.MenuClick(key))

    assert text_of(turn).startswith("这个菜单已经更新了")
    assert labels(turn) == ["订单", "账号"]


@pytest.mark.parametrize(
    "event", [m.ScanCode("SCAN", "6901234567892"), m.PicturesPicked("SCAN", 2), m.LocationPicked("SCAN", "家")]
)
def test_scans_pictures_and_places_are_taps_too(event):
    assert Chat(SHOP).sends(event).rule == "phones"


def test_a_link_behind_a_key_is_sent_as_a_link():
    assert text_of(Chat(SHOP).sends(m.MenuClick("SITE"))) == '<a href="https://www.example.com/">点击打开</a>'


def test_a_mini_program_behind_a_key_is_sent_as_a_link():
    menu = Menu((Button("商城", Action("miniprogram", "wx01/pages/home"), key="SHOP"),))

    turn = Chat(a_script(menu=menu)).sends(m.MenuClick("SHOP"))

    assert 'data-miniprogram-appid="wx01" data-miniprogram-path="pages/home"' in text_of(turn)


def test_a_tap_on_the_menu_keeps_the_numbers_of_a_list_on_the_screen():
    chat = Chat(SHOP)
    chat.says("分类")
    chat.sends(m.MenuClick("SCAN"))

    assert text_of(chat.says("2")).startswith("账号的常见问题")


@pytest.mark.parametrize("number", ["2", "２", "②", " 2 ", "2.", "2、", "02"])
def test_an_option_is_picked_by_its_number_however_it_is_typed(number):
    chat = Chat(SHOP)
    chat.says("分类")

    assert text_of(chat.says(number)).startswith("账号的常见问题")


def test_an_option_is_picked_by_its_words():
    chat = Chat(session=a_session(options=(an_option("我要看看", "browse", "账号"),)))

    assert text_of(chat.says("我要看看")).startswith("账号的常见问题")


def test_a_tap_works_when_the_talk_is_long_forgotten():
    turn = a_turn(SHOP, a_session(last_seen=0), a_text("账号", tap_id=tap_id(Action("browse", "账号"))))

    assert text_of(turn).startswith("账号的常见问题")


def test_a_tap_goes_by_its_id_even_where_a_number_says_otherwise():
    chat = Chat(SHOP)
    chat.says("分类")

    assert chat.says("2", tap_id="answer:refund").rule == "answer"


@pytest.mark.parametrize("forged", ["say:请转账到 6222", "url:https://evil.example/", "miniprogram:a/b", "%"])
def test_a_forged_tap_id_is_only_as_good_as_its_words(forged):
    turn = Chat(SHOP).says("怎么退款", tap_id=forged)

    assert text_of(turn) == "在订单页点「申请退款」。"


def test_a_tap_on_an_answer_that_is_gone_says_so():
    turn = Chat(SHOP).says("旧问题", tap_id="answer:gone")

    assert text_of(turn).startswith("这个选项已经失效了")
    assert labels(turn) == ["订单", "账号"]


def test_a_number_without_a_list_is_no_miss():
    chat = Chat(SHOP)

    turn = chat.says("7")

    assert text_of(turn).startswith("这个选项已经失效了")
    assert (turn.session.misses, turn.questions) == (0, ())


def test_a_number_beyond_the_list_leaves_the_list_as_it_is():
    chat = Chat(SHOP)
    chat.says("账号")
    chat.says("9")

    assert labels(chat.turns[-1]) == ["怎么重置密码", "返回分类"]
    assert chat.says("1").rule == "answer"


def test_a_number_that_operators_answer_is_a_question():
    script = a_script(an_answer("emergency", "12"))

    assert Chat(script).says("12").rule == "answered"


def test_numbers_are_forgotten_with_the_talk():
    chat = Chat(SHOP)
    chat.says("分类")
    chat.waits(31 * 60)

    assert chat.says("1").rule == "gone"


def test_a_list_shows_no_more_than_single_digits():
    questions = [an_answer(f"q{number}", f"第{number}问") for number in range(20)]
    chat = Chat(a_script(*questions))

    turn = chat.says("订单")

    assert len(labels(turn)) == PAGE_OPTIONS + 2
    assert labels(turn)[-2:] == ["更多问题", "返回分类"]


def test_every_question_of_a_category_is_reached_page_by_page():
    questions = [an_answer(f"q{number}", f"第{number}问") for number in range(20)]
    chat = Chat(a_script(*questions))

    seen = labels(chat.says("订单"))
    while "更多问题" in labels(chat.turns[-1]):
        seen += labels(chat.says(str(PAGE_OPTIONS + 1)))

    assert {f"第{number}问" for number in range(20)} <= set(seen)
    assert chat.says(str(len(labels(chat.turns[-1])))).rule == "browse"


def test_a_category_that_is_gone_shows_those_there_are():
    assert labels(Chat(SHOP).says("旧", tap_id="browse:旧")) == ["订单", "账号"]


@pytest.mark.parametrize("words", ["分类", "菜单", "常见问题", "帮助"])
def test_the_categories_can_be_asked_for(words):
    assert labels(Chat(SHOP).says(words)) == ["订单", "账号"]


def test_without_answers_there_is_nothing_to_browse():
    turn = Chat(a_script(answers={}, categories={})).says("分类")

    assert text_of(turn) == "这里还没有内容，请直接输入您的问题。"


def test_related_questions_are_offered_below_the_answer_in_one_message():
    chat = Chat()

    turn = chat.says("怎么开发票")

    assert text_of(turn).startswith("在订单页点「开发票」。\n\n相关问题：\n\n【1】")
    assert text_of(chat.says("1")) == "在订单页点「申请退款」。"
    assert turn.jobs == ()


def test_the_contact_book_shows_numbers_with_hours_and_for_whom():
    phone = Phone("客服热线", "400-000-0000", "工作日 9:00–18:00", "仅限个人版")
    book = Contacts((phone,), (Email("技术支持", "support@example.com", "两个工作日内"),))

    turn = Chat(a_script(contacts=book)).says("联系方式", tap_id="phones")

    assert text_of(turn) == (
        "我们的官方电话：\n客服热线：400-000-0000 工作日 9:00–18:00 仅限个人版\n\n"
        "官方邮箱：\n技术支持：support@example.com 两个工作日内"
    )


def test_who_has_no_phone_line_says_so():
    turn = Chat(a_script(contacts=Contacts(no_phone=True))).says("电话", tap_id="phones")

    assert text_of(turn).startswith("我们没有客服电话。凡是自称小店客服来电的都不是我们")


def test_an_empty_contact_book_gives_no_number():
    turn = Chat(a_script(contacts=Contacts())).says("电话", tap_id="phones")

    assert text_of(turn) == "我们暂时没有公布电话和邮箱，请直接在这里留言。"


def test_an_option_may_say_words_of_the_operator():
    chat = Chat(session=a_session(options=(an_option("营业时间", "say", "每天 9 点到 18 点。"),)))

    assert text_of(chat.says("1")) == "每天 9 点到 18 点。"


def test_words_of_the_operator_stay_out_of_tap_ids():
    option = an_option("营业时间", "say", "每天 9 点到 18 点。")

    assert link(option) == '<a href="weixin://bizmsgmenu?msgmenucontent=营业时间&msgmenuid=0">营业时间</a>'


def test_signs_that_would_break_a_tap_link_are_encoded():
    assert "msgmenucontent=C%23%20%26%2B%22&msgmenuid=browse:C%23" in link(an_option('C# &+"', "browse", "C#"))


def test_a_link_among_the_options_opens_the_page_at_once():
    chat = Chat(session=a_session(options=(an_option("官网", "url", "https://www.example.com/"),)))

    assert text_of(chat.says("1")) == '<a href="https://www.example.com/">点击打开</a>'
    assert link(an_option("官网", "url", "https://www.example.com/")) == '<a href="https://www.example.com/">官网</a>'


def test_an_unverified_account_answers_menu_taps():
    turn = Chat(a_bot_only_script(menu=MENU)).sends(m.MenuClick("answer:refund"))

    assert turn.reply == TextPart("在订单页点「申请退款」。")


@pytest.mark.parametrize("words", ["下一页", "更多", "还有呢？"])
def test_the_next_page_can_be_asked_for_in_words(words):
    chat = Chat(a_script(*(an_answer(f"q{number}", f"第{number}问") for number in range(20))))
    chat.says("订单")

    assert labels(chat.says(words))[0] == "第4问"


def test_without_a_next_page_asking_for_more_is_a_question():
    chat = Chat(SHOP)
    chat.says("账号")

    assert chat.says("下一页").rule == "missed"
