"""What followers do with tickets."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.factories import DAY, HOUR, NOW, USER, Chat, a_script, a_session, a_text, a_turn, labels, text_of
from wxbot.domain import message as m
from wxbot.domain.account import AccountType
from wxbot.domain.dialogue import own_tickets
from wxbot.domain.dialogue.drafts import open_undecided
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.dialogue.tickets import open_ticket
from wxbot.domain.facts import Facts
from wxbot.domain.flow import Field, Form
from wxbot.domain.hours import Hours, Span
from wxbot.domain.job import CancelTimer, FlagTicket, TicketAlarm, Timer
from wxbot.domain.promises import Promise, TicketRules, UrgencyRule
from wxbot.domain.session import Session
from wxbot.domain.ticket import Attention, Event, Media, State, Ticket
from wxbot.domain.turn import Turn

FORM = Form(
    "problem",
    "反馈问题",
    (
        Field("description", "请描述问题", name="描述"),
        Field("phone", "手机号", "phone"),
        Field("shots", "截图", "pictures"),
    ),
    type="技术问题",
)
RULES = TicketRules(
    promises={"紧急": Promise(seconds=2 * HOUR), "一般": Promise(days=1)},
    urgency=(UrgencyRule("紧急", words=("打不开",)), UrgencyRule("一般")),
    nudges=2,
)
WORKING = Hours(weekly=((Span(540, 720), Span(780, 1080)),) * 5 + ((),) * 2)
SHOP = a_script(forms={"problem": FORM}, tickets=RULES, hours=WORKING)
NUMBER = "261123-00001"


def a_ticket(number: str = NUMBER, **changes: object) -> Ticket:
    fields = {"user": USER, "form": "problem", "type": "技术问题", "title": "打印不出来", "opened": NOW - HOUR}
    return Ticket(number, **{**fields, **changes})


def a_chat(*tickets: Ticket, **changes: object) -> Chat:
    return Chat(SHOP, a_session(tickets=tickets, **changes))


def sent(chat: Chat, description: str, **values: object) -> Turn:
    """The form, filled in and sent."""
    chat.now += 5
    inbound = m.Inbound(f"m{chat.now}", USER, "", chat.now, m.Text("提交"))
    talk = Talk(chat.script, chat.session, inbound, Facts(now=chat.now, ids=chat.ids))
    turn = open_ticket(talk, FORM, {"description": description, **values})
    chat.session = turn.session or Session(USER)
    chat.turns.append(turn)
    return turn


def head(turn: Turn) -> Ticket:
    assert turn.session is not None
    (change,) = turn.tickets
    assert change.after in turn.session.tickets
    return change.after


def test_a_receipt_names_the_number_and_a_promise_in_service_hours():
    turn = sent(a_chat(), "文件打不开", phone="13800000000", shots=(Media("image", "m1"),))

    ticket = head(turn)
    assert f"工单号是 {ticket.number}，我们会在今天 13:00前回复您" in text_of(turn)
    assert (ticket.urgency, ticket.title, ticket.contact) == ("紧急", "文件打不开", "13800000000")
    (entry,) = turn.entries
    assert [(each.label, each.text) for each in entry.values] == [("描述", "文件打不开"), ("手机号", "13800000000")]
    assert entry.media == (Media("image", "m1"),)


def test_days_are_promised_as_days_of_service():
    turn = sent(a_chat(), "怎么换字体")

    assert "在明天（周二）18:00前回复您" in text_of(turn)


def test_nothing_is_promised_where_operators_promise_nothing():
    turn = sent(Chat(replace(SHOP, tickets=TicketRules())), "打不开")

    assert "我们会尽快回复您" in text_of(turn)
    assert head(turn).due == 0


def test_operators_may_word_the_receipt_themselves():
    form = replace(FORM, done="收到！{number}，{promise}回。100% {真的}")
    turn = sent(Chat(replace(SHOP, forms={"problem": form})), "打不开")

    assert text_of(turn).startswith(f"收到！{head(turn).number}，在今天 13:00前回。100% {{真的}}")


def test_the_clock_is_set_for_before_the_promise():
    turn = sent(a_chat(), "打不开")

    (timer,) = turn.timers
    assert isinstance(timer, Timer)
    assert timer.due == head(turn).due - RULES.remind_before_s
    assert timer.job.task == TicketAlarm(USER, head(turn).number)


def test_the_same_problem_again_is_offered_to_join_the_first():
    chat = a_chat()
    first = head(sent(chat, "文件打不开"))

    again = sent(chat, "文件打不开了")
    joined = chat.says("1")

    assert again.tickets == ()
    assert "很像" in text_of(again)
    assert head(joined).number == first.number
    assert joined.entries[0].values[0].text == "文件打不开了"
    assert chat.session.draft is None


PICTURE = Media("image", "M1")


def a_chat_with_a_draft() -> Chat:
    chat = a_chat()
    sent(chat, "文件打不开")
    sent(chat, "文件打不开了", shots=(PICTURE,))
    return chat


def changed(chat: Chat, change: Callable[[Talk], Turn | None]) -> Turn | None:
    """What no message does."""
    inbound = m.Inbound("change:1", USER, "", chat.now, m.Prompted())
    return change(Talk(chat.script, chat.session, inbound, Facts(now=chat.now, ids=chat.ids)))


@pytest.mark.parametrize("settle", [lambda chat: chat.says("追加进去"), lambda chat: changed(chat, own_tickets.merge)])
def test_what_was_to_join_a_ticket_that_is_closed_by_now_becomes_another(settle):
    chat = a_chat_with_a_draft()
    (ticket,) = chat.session.tickets
    chat.session = replace(chat.session, tickets=(replace(ticket, state=State.CLOSED),))

    turn = settle(chat)

    assert head(turn).number != ticket.number
    assert turn.entries[0].media == (PICTURE,)
    assert turn.session.draft is None


@pytest.mark.parametrize("deed", ["merge", "another"])
def test_a_tap_below_another_ticket_decides_nothing(deed):
    chat = a_chat_with_a_draft()
    chat.session = replace(chat.session, tickets=(*chat.session.tickets, a_ticket()))

    assert chat.says("", tap_id=f"my-tickets:{NUMBER}/{deed}").rule == "ticket"
    assert chat.session.draft is not None


def test_what_nobody_decides_on_becomes_a_ticket_of_its_own_after_a_day():
    chat = a_chat_with_a_draft()
    (timer,) = chat.turns[-1].timers
    assert changed(chat, open_undecided) is None

    chat.now = timer.due
    turn = changed(chat, open_undecided)

    assert turn.entries[0].media == (PICTURE,)
    assert f"另开了一张工单：{head(turn).number}" in turn.jobs[0].task.parts[0].text
    assert turn.session.draft is None


def test_who_decides_stops_the_clock():
    turn = a_chat_with_a_draft().says("追加进去")

    assert CancelTimer(f"draft:{USER}") in turn.timers


def test_a_second_draft_loses_nothing_of_the_first():
    chat = a_chat_with_a_draft()

    turn = sent(chat, "文件打不开啊")

    assert head(turn).title == "文件打不开了"
    assert head(turn).number in text_of(turn)
    assert chat.session.draft.report.title == "文件打不开啊"


def test_another_report_leaves_the_draft_waiting():
    chat = a_chat_with_a_draft()

    sent(chat, "会员退款")

    assert chat.session.draft is not None


def test_what_only_looks_the_same_becomes_a_ticket_of_its_own():
    chat = a_chat()
    first = head(sent(chat, "文件打不开"))
    sent(chat, "文件打不开了")

    another = chat.says("另开一张")

    assert head(another).number != first.number
    assert len(chat.session.tickets) == 2


@pytest.mark.parametrize(
    "other",
    [
        a_ticket(title="文件打不开", opened=NOW - 2 * DAY),
        a_ticket(title="文件打不开", form="x"),
        a_ticket(title="会员退款"),
    ],
)
def test_old_and_other_tickets_are_no_repetition(other):
    assert head(sent(a_chat(other), "文件打不开")) is not None


@pytest.mark.parametrize("words", ["我的工单", "查一下进度", "请问我的工单"])
def test_my_tickets_are_listed_newest_first(words):
    chat = a_chat(a_ticket(), a_ticket("261123-00002", state=State.CLOSED, title="<script>"))

    turn = chat.says(words if words != "查一下进度" else "查进度")

    assert labels(turn) == [f"{NUMBER} 等待受理 打印不出来", "261123-00002 已关闭 ＜script＞"]


@pytest.mark.parametrize("words", [NUMBER, "查询进度 26112300001", "１", "工单261123 00001怎么样了"])
def test_progress_is_told_by_number_or_by_picking(words):
    chat = a_chat(a_ticket(due=NOW + HOUR, words="正在查"))
    chat.says("我的工单")

    turn = chat.says(words)

    assert text_of(turn).startswith(f"工单 {NUMBER}\n打印不出来\n状态：等待受理\n提交：今天 9:00\n我们会在今天 11:00前")
    assert "客服：正在查" in text_of(turn)


@pytest.mark.parametrize("words", ["261122-48213", "追加 261122-48213 密码多少", "催办261122-48213"])
def test_other_peoples_numbers_are_refused(words):
    turn = a_chat(a_ticket()).says(words)

    assert text_of(turn).startswith("没有找到您的工单 261122-48213")
    assert turn.tickets == ()


def test_a_forged_tap_reaches_no_other_ticket():
    turn = a_chat().says("x", tap_id="my-tickets%3A261122-48213%2Fsolved")

    assert turn.tickets == ()


@pytest.mark.parametrize("tickets", [(), (a_ticket(),)])
def test_my_tickets_leads_to_the_page_where_there_is_one(tickets):
    turn = a_turn(SHOP, a_session(tickets=tickets), a_text("我的工单"), page="https://a.example.com/my/enter")

    assert '<a href="https://a.example.com/my/enter">在网页上查看和提交</a>' in text_of(turn)


@pytest.mark.parametrize("account", [AccountType.VERIFIED_SUBSCRIPTION, AccountType.UNVERIFIED])
def test_an_account_that_may_not_ask_who_looks_has_no_page(account):
    script = replace(SHOP, account_type=account)

    assert "网页" not in text_of(a_turn(script, a_session(), a_text("我的工单"), page="https://a.example.com/my/enter"))


@pytest.mark.parametrize(
    ("page", "told"), [("", "更早的回复工单号"), ("https://a.example.com/my/enter", "更早的在网页上看")]
)
def test_who_has_more_tickets_than_are_listed_hears_where_they_are(page, told):
    tickets = tuple(a_ticket(f"261123-000{number:02}") for number in range(10))

    turn = a_turn(SHOP, a_session(tickets=tickets), a_text("我的工单"), page=page)

    assert told in text_of(turn)
    assert "261123-00009" not in text_of(turn)


def test_who_has_no_tickets_hears_so_and_other_wishes_go_to_the_engine():
    chat = a_chat()

    assert text_of(chat.says("我的工单")) == "您还没有工单。"
    assert chat.says("解决了").rule == "missed"


def test_what_is_sent_after_looking_is_appended():
    chat = a_chat(a_ticket())
    chat.says(NUMBER)

    words = chat.says("驱动是去年的")
    picture = chat.sends(m.Image("media-1", "https://mmbiz.example/1"))

    assert (words.entries[0].event, words.entries[0].text) == (Event.APPENDED, "驱动是去年的")
    assert picture.entries[0].media == (Media("image", "media-1", "https://mmbiz.example/1"),)
    assert f"已追加到工单 {NUMBER}" in text_of(picture)


@pytest.mark.parametrize("words", ["怎么退款", "转人工", "分类", "我的工单"])
def test_questions_and_commands_after_looking_are_none_of_the_tickets(words):
    chat = a_chat(a_ticket())
    chat.says(NUMBER)

    assert chat.says(words).entries == ()


def test_after_ten_minutes_pictures_belong_to_no_ticket():
    chat = a_chat(a_ticket())
    chat.says(NUMBER)
    chat.waits(11 * 60)

    assert chat.sends(m.Image("media-1")).entries == ()


def test_words_behind_the_number_are_appended_at_once():
    turn = a_chat(a_ticket(), a_ticket("261123-00002")).says(f"追加 {NUMBER} 重启过了，没用")

    assert turn.entries[0].text == "重启过了，没用"


def test_who_says_append_is_taken_at_the_next_word():
    chat = a_chat(a_ticket())
    chat.says(f"追加 {NUMBER}")

    assert chat.says("怎么退款").entries[0].text == "怎么退款"


def test_the_next_words_of_who_was_asked_are_the_answer():
    ticket = a_ticket(state=State.WAITING)
    chat = a_chat(ticket, attention=Attention(NUMBER, NOW + DAY, strict=True))

    thanks, answer = chat.says("你好"), chat.says("怎么退款")

    assert thanks.entries == ()
    assert (answer.entries[0].event, head(answer).state) == (Event.ANSWERED, State.OPEN)
    assert "已经转给同事" in text_of(answer)


def test_urging_has_a_limit_a_day():
    chat = a_chat(a_ticket())

    turns = [chat.says("催一下") for _ in range(3)]
    chat.waits(DAY)

    assert [len(turn.tickets) for turn in turns] == [1, 1, 0]
    assert "今天已经催过 2 次" in text_of(turns[2])
    assert len(head(chat.says("催办")).nudges) == 1


def test_with_several_tickets_a_wish_asks_which():
    chat = a_chat(a_ticket("261123-00002"), a_ticket())

    assert text_of(chat.says("催办")).startswith("请选择工单")
    assert head(chat.says("2")).number == NUMBER


def test_the_follower_closes_and_opens_again():
    chat = a_chat(a_ticket(state=State.RESOLVED, since=NOW, answered=NOW))

    closed, opened = chat.says("解决了"), chat.says(f"还没解决 {NUMBER}")

    assert (head(closed).state, head(opened).state) == (State.CLOSED, State.OPEN)
    assert head(opened).is_promised is False
    assert "已重新打开" in text_of(opened)


def test_solved_may_be_said_of_anything_so_a_ticket_in_work_is_asked_about():
    turn = a_chat(a_ticket(state=State.OPEN)).says("解决了")

    assert (turn.tickets, text_of(turn)[:6]) == ((), "请选择工单：")


def test_adding_to_what_is_called_solved_opens_it_again():
    chat = a_chat(a_ticket(state=State.RESOLVED, urgency="紧急"))
    chat.says(NUMBER)

    turn = chat.says("又出现了")

    assert head(turn).state is State.OPEN
    assert head(turn).due > NOW
    assert "已重新打开" in text_of(turn)


def test_a_closed_ticket_takes_nothing_but_reopening():
    chat = a_chat(a_ticket(state=State.CLOSED))

    assert "已关闭，不能这样做" in text_of(chat.says(f"催办{NUMBER}"))
    assert labels(chat.turns[-1]) == ["还没解决"]


def test_without_the_store_no_ticket_is_promised():
    chat = Chat(SHOP, degraded=True)

    assert text_of(chat.says(NUMBER)).startswith("系统正在维护")


def flagged(turn: Turn) -> list[Event]:
    return [job.task.entry.event for job in turn.jobs if isinstance(job.task, FlagTicket)]


def test_staff_hear_of_what_is_theirs_to_act_on():
    chat = a_chat(a_ticket(state=State.WAITING), attention=Attention(NUMBER, NOW + DAY, strict=True))

    turns = [chat.says(words) for words in ("型号 M1", "就这些了", "催办", f"已解决 {NUMBER}", f"没解决 {NUMBER}")]

    assert [flagged(turn) for turn in turns] == [[Event.ANSWERED], [], [Event.NUDGED], [], [Event.REOPENED]]
    assert flagged(sent(a_chat(), "打不开")) == [Event.OPENED]


def test_tickets_outlive_unfollowing():
    turn = a_chat(a_ticket()).sends(m.Unfollow())

    assert turn.session is not None
    assert turn.session.tickets == (a_ticket(),)
