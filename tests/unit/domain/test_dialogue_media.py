"""Pictures and voices find their words, their ticket and their agent."""

from tests.factories import Chat, a_bot_only_script, a_script, text_of
from wxbot.domain import message as m
from wxbot.domain.flow import Field, Form
from wxbot.domain.job import SaveMedia
from wxbot.domain.reply import Silence, Transfer
from wxbot.domain.ticket import Media
from wxbot.domain.turn import Turn

FORM = Form("problem", "反馈问题", (Field("description", "请描述", "text", "描述"),), confirm=False)
PICTURE = Media("image", "M1", "http://mmbiz.qpic.cn/1")


def a_chat() -> Chat:
    return Chat(a_script(forms={"problem": FORM}))


def a_picture(id: str = "M1") -> m.Image:
    return m.Image(id, "http://mmbiz.qpic.cn/1")


def saved(turn: Turn) -> list[SaveMedia]:
    return [job.task for job in turn.jobs if isinstance(job.task, SaveMedia)]


def opens_a_ticket(chat: Chat, words: str = "打不开文件") -> Turn:
    chat.says("", tap_id="ticket:problem")
    return chat.says(words)


def test_a_picture_before_the_words_goes_along_with_the_ticket():
    chat = a_chat()
    chat.sends(a_picture())

    turn = opens_a_ticket(chat)

    assert turn.entries[0].media == (PICTURE,)
    assert [(task.media, task.ticket) for task in saved(turn)] == [(PICTURE, turn.tickets[0].after.number)]


def test_it_goes_along_with_one_ticket_only():
    chat = a_chat()
    chat.sends(a_picture())
    opens_a_ticket(chat)

    assert opens_a_ticket(chat, "换一件事，打印机卡纸了").entries[0].media == ()


def test_a_picture_between_the_questions_of_a_form_goes_along_and_the_question_is_asked_again():
    chat = a_chat()
    chat.says("", tap_id="ticket:problem")

    assert "请描述" in text_of(chat.sends(a_picture()))
    assert chat.says("打不开文件").entries[0].media == (PICTURE,)


def test_a_picture_of_long_ago_belongs_to_nothing():
    chat = a_chat()
    chat.sends(a_picture())
    chat.waits(6 * 60)

    assert opens_a_ticket(chat).entries[0].media == ()


def test_pictures_sent_together_get_one_answer():
    chat = a_chat()
    first, second = chat.sends(a_picture("M1")), chat.sends(a_picture("M2"))

    assert "先替您留着" in text_of(first)
    assert second.reply == Silence()
    assert [medium.media_id for medium in opens_a_ticket(chat).entries[0].media] == ["M1", "M2"]


def test_more_than_nine_at_once_are_too_many():
    chat = a_chat()
    for number in range(12):
        chat.sends(a_picture(f"M{number}"))

    assert len(opens_a_ticket(chat).entries[0].media) == 9


def test_what_is_said_is_text_and_its_sound_stays_with_the_ticket():
    chat = a_chat()
    chat.says("", tap_id="ticket:problem")

    turn = chat.sends(m.Voice("V1", "amr", "打不开文件"))

    assert turn.entries[0].values[0].text == "打不开文件"
    assert turn.entries[0].media == (Media("voice", "V1"),)


def test_a_picture_before_the_request_for_a_person_is_saved_with_the_handoff():
    chat = a_chat()
    chat.sends(a_picture())

    turn = chat.says("转人工")

    assert [(task.media, task.handoff) for task in saved(turn)] == [(PICTURE, turn.handoffs[0].id)]
    assert chat.session.loose == ()


def test_a_picture_while_waiting_goes_to_the_agents_and_is_saved_once():
    chat = a_chat()
    chat.says("转人工")

    turn = chat.sends(a_picture())

    assert turn.reply == Transfer()
    assert [task.media for task in saved(turn)] == [PICTURE]
    assert saved(chat.says("看图")) == []


def test_where_nothing_could_come_of_it_nothing_is_kept_or_promised():
    chat = Chat(a_bot_only_script())

    assert text_of(chat.sends(a_picture())).startswith("图片收到了，不过")
    assert chat.session.loose == ()
