"""Binding an account: from the form to the tier, with an account book that does as it is told."""

from dataclasses import dataclass, field, replace

import pytest

from tests.factories import USER, Chat, a_script, a_session, text_of
from wxbot.adapters.memory import MemoryStore
from wxbot.domain.binding import Binding
from wxbot.domain.dialogue.binding import bound
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.facts import Facts
from wxbot.domain.flow import Field, Form
from wxbot.domain.job import Bind, Job, Send, Timer
from wxbot.domain.message import Inbound, Prompted
from wxbot.domain.reply import TextPart
from wxbot.domain.script import Script
from wxbot.errors import HookFailed
from wxbot.service.binding import TRIES
from wxbot.service.changes import Changes
from wxbot.service.jobs import run
from wxbot.service.tools import Tools

FORM = Form("bind", "绑定账号", (Field("contact", "手机号？", "phone"),), confirm=False, ends="binding")
SCRIPT: Script = replace(a_script(), forms={"bind": FORM})


@dataclass
class Company:
    """Answers in this order, one a call; the last one ever after."""

    answers: list[Binding | None]
    asked: list[dict[str, str]] = field(default_factory=list)

    def bind(self, user: str, form: str, values: dict[str, str], *, id: str) -> Binding:
        self.asked.append(values)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise HookFailed("没有回答（ReadTimeout）", delivered="maybe")
        return answer


class Office:
    """A worker with one request to bind in its queue, and the clock in its hand."""

    def __init__(self, company: Company | None) -> None:
        self.now = 1_790_000_000.0
        self.store = MemoryStore(lambda: self.now)
        ids = iter(f"id{number}" for number in range(1000))
        changes = Changes(self.store, lambda: SCRIPT, lambda: self.now, ids)
        nobody = None
        self.tools = Tools(
            self.store, nobody, nobody, changes, nobody, nobody, nobody, nobody, lambda: self.now, accounts=company
        )  # type: ignore[arg-type]
        self.store.set_timer(Timer("t", 0, Job("job-1", Bind(USER, "bind", {"contact": "13800138001"}))))

    def works(self) -> str:
        """Everything about binding; what the follower is told."""
        told = ""
        for _ in range(10):
            for claimed in self.store.claim("w", limit=1, block_s=0):
                if isinstance(claimed.job.task, Send):
                    told += "".join(part.text for part in claimed.job.task.parts if isinstance(part, TextPart))
                    self.store.done(claimed)
                else:
                    run(claimed, self.tools)
            self.now += 60
        return told

    @property
    def tier(self) -> str:
        session = self.store.begin(USER, "next").session
        return session.tier if session else ""


def test_the_end_of_the_form_asks_the_operators_system_and_opens_no_ticket():
    chat = Chat(SCRIPT)
    chat.says("转人工", tap_id="ticket:bind")

    turn = chat.says("13800138001")

    assert "正在核对" in text_of(turn)
    assert [job.task for job in turn.jobs] == [Bind(USER, "bind", {"contact": "13800138001"})]
    assert turn.tickets == ()


def test_a_known_customer_gets_the_tier_and_hears_of_it():
    office = Office(Company([Binding(True, "企业版")]))

    assert "绑定成功，您是企业版用户" in office.works()
    assert office.tier == "企业版"


@pytest.mark.parametrize(("reason", "told"), [("这个号码没有注册", "这个号码没有注册"), ("", "没有找到对应的账号")])
def test_an_unknown_customer_hears_why(reason, told):
    office = Office(Company([Binding(False, reason=reason)]))

    assert told in office.works()
    assert office.tier == ""


def test_a_system_that_is_away_for_a_moment_is_asked_again():
    company = Company([None, Binding(True, "会员")])

    assert "绑定成功" in Office(company).works()
    assert len(company.asked) == 2


def test_a_system_that_stays_away_keeps_nobody_waiting():
    company = Company([None])

    assert Office(company).works() == "抱歉，核对系统暂时连不上，请过一会儿再试。您的提问不受影响。"
    assert len(company.asked) == TRIES


def test_where_no_system_is_configured_the_follower_is_told_at_once():
    assert "暂时连不上" in Office(None).works()


def test_a_bound_account_can_be_given_up():
    chat = Chat(SCRIPT, a_session(tier="企业版", tier_from="binding", bound=True))

    assert "已解除绑定" in text_of(chat.says("解绑"))
    assert chat.session.tier == ""


def test_a_binding_without_a_tier_leaves_the_tier_that_a_tag_gave():
    chat = Chat(SCRIPT, a_session(tier="会员", tier_from="tag"))

    chat.session = bound(a_talk_of(chat), Binding(True)).session
    turn = chat.says("解绑")

    assert turn.rule == "unbound"
    assert (turn.session.tier, turn.session.tier_from) == ("会员", "tag")


def test_another_account_without_a_tier_ends_that_of_the_first():
    chat = Chat(SCRIPT, a_session(tier="企业版", tier_from="binding", bound=True))

    assert bound(a_talk_of(chat), Binding(True)).session.tier == ""


def a_talk_of(chat: Chat) -> Talk:
    inbound = Inbound("change:1", USER, "", chat.now, Prompted())
    return Talk(chat.script, chat.session, inbound, Facts(now=chat.now, ids=chat.ids))


def test_who_is_not_bound_means_something_else():
    assert Chat(SCRIPT, a_session()).says("解绑").rule != "unbound"
