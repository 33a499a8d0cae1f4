"""Every error code that the doctor knows, provoked at the stand-in for WeChat and told with its cure."""

import pytest

from tests.service.doctor_parts import api_of, found
from wxbot.adapters.redis.connect import connect
from wxbot.adapters.redis.probe import RedisProbe
from wxbot.adapters.redis.queue import RedisQueue
from wxbot.adapters.redis.store import RedisStore
from wxbot.adapters.wechat.errors import MEANINGS
from wxbot.domain.job import Job, LearnTags, Timer
from wxbot.domain.outbound import Template
from wxbot.domain.reply import TextPart
from wxbot.domain.script import Script
from wxbot.errors import WeChatError
from wxbot.sandbox.faults import SEEN_ADDRESS
from wxbot.sandbox.platform import Platform
from wxbot.service.doctor import account, store
from wxbot.service.doctor.cures import CURES

USER = "oZx81uKq3bT0dVn5LrYp7mWc2HsE"
TOKEN, ANY = "cgi-bin/stable_token", "cgi-bin/getcallbackip"
MENU, CHECK, AGENTS = "cgi-bin/menu/get", "cgi-bin/callback/check", "cgi-bin/customservice/getkflist"
SEND, TEMPLATE = "cgi-bin/message/custom/send", "cgi-bin/message/template/send"
SESSION = "customservice/kfsession/create"

LOOKS = {
    TOKEN: lambda api: account.look_at_key(api),
    ANY: lambda api: account.look_at_key(api),
    MENU: lambda api: account.look_at_kind(Script(), api),
    CHECK: lambda api: account.look_at_way(api),
    AGENTS: lambda api: account.look_at_agents(Script(), api.desk, 0),
}
BY_CHECK = {
    TOKEN: [
        *[-1, 40013, 40125, 40164, 40243, 41002, 41004, 45009, 45011],
        *[50002, 50004, 50007, 61004, 89501, 89503, 89506, 89507],
    ],
    ANY: [40001, 40014, 42001],
    MENU: [40200, 48001, 48004],
    CHECK: [40201],
    AGENTS: [61450, 65400],
}
DEEDS = {
    SEND: lambda api: api.send(USER, TextPart("您好")),
    TEMPLATE: lambda api: api.send_template(USER, Template("T", {}), id="1"),
    SESSION: lambda api: api.desk.open_session(USER, "kf2001@shop"),
}
BY_JOB = {
    SEND: [40003, 40007, 43004, 45002, 45015, 45047, 45064, 48002, 50005],
    TEMPLATE: [40037, 47003],
    SESSION: [65401, 65402, 65415],
}


def each(codes_by_path):
    return [(path, code) for path, codes in codes_by_path.items() for code in codes]


def test_every_known_code_is_provoked_and_has_a_meaning():
    assert sorted(code for _, code in each(BY_CHECK) + each(BY_JOB)) == sorted(CURES)
    assert CURES.keys() <= MEANINGS.keys()


@pytest.mark.parametrize(("path", "code"), each(BY_CHECK))
def test_a_check_that_meets_a_code_tells_meaning_cure_and_page(path, code):
    with Platform() as platform:
        platform.faults.refuse(path, code, times=9)

        finding = found(lambda: LOOKS[path](api_of(platform)))[-1]

    assert (finding.mark, finding.code) == ("doubt" if CURES[code].passes else "fault", code)
    assert str(code) in finding.text
    assert finding.cure
    assert finding.page == CURES[code].page


@pytest.mark.parametrize(("path", "code"), each(BY_JOB))
def test_a_job_that_failed_of_a_code_is_told_with_its_cure(path, code, redis_url, appid):
    link = connect(redis_url)
    queue, probe = RedisQueue(link, appid), RedisProbe(link, appid)
    with Platform() as platform:
        platform.faults.refuse(path, code)
        with pytest.raises(WeChatError) as refused:
            DEEDS[path](api_of(platform))
    bury(queue, str(refused.value))

    (finding,) = found(lambda: store.look_at_failures(probe, RedisStore(link, appid, "Asia/Shanghai"), lambda: 0))

    assert finding.mark == "doubt"
    assert finding.text.startswith("1 个任务失败了")
    assert finding.cure.startswith(CURES[code].text)
    assert finding.page == CURES[code].page


def bury(queue: RedisQueue, why: str) -> None:
    queue.set_timer(Timer("t", 0, Job("j", LearnTags(USER))))
    (claimed,) = queue.claim("w", limit=1, block_s=0)
    queue.bury(claimed, why)


@pytest.mark.parametrize("code", [40164, 61004])
def test_the_whitelist_is_told_with_the_address_that_wechat_saw(code):
    with Platform() as platform:
        platform.faults.refuse(TOKEN, code)

        (finding,) = found(lambda: account.look_at_key(api_of(platform)))

    assert SEEN_ADDRESS in finding.cure
    assert "白名单" in finding.cure


def test_a_wrong_secret_is_found_without_any_fault_on_demand():
    with Platform() as platform:
        (finding,) = found(lambda: account.look_at_key(api_of(platform, secret="not-the-secret")))

    assert (finding.mark, finding.code) == ("fault", 40125)
    assert "not-the-secret" not in finding.text


def test_a_code_that_nobody_knows_is_still_told():
    with Platform() as platform:
        platform.faults.refuse(TOKEN, 99999)

        (finding,) = found(lambda: account.look_at_key(api_of(platform)))

    assert (finding.mark, finding.code) == ("fault", 99999)
    assert "全局返回码" in finding.cure


def test_an_api_that_cannot_be_reached_is_a_matter_of_the_network():
    with Platform() as platform:
        platform.faults.drop(TOKEN, times=9)

        (finding,) = found(lambda: account.look_at_key(api_of(platform)))

    assert (finding.mark, finding.code) == ("fault", None)
    assert "DNS" in finding.cure
