"""The account at the stand-in for WeChat, in good and bad states."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.service.doctor_parts import api_of, found, marks
from wxbot.adapters.wechat.api import WeChatApi
from wxbot.domain.account import AccountType
from wxbot.domain.action import Action
from wxbot.domain.hours import Hours
from wxbot.domain.menu import Button, Menu
from wxbot.domain.outbound import SpareWays, Template
from wxbot.domain.script import Script
from wxbot.domain.staffing import Staffing
from wxbot.sandbox.platform import Platform
from wxbot.service.doctor import account

MENU = Menu((Button("常见问题", Action("browse")),))
TYPES = list(AccountType)


@pytest.fixture
def platform() -> Iterator[Platform]:
    with Platform() as platform:
        yield platform


@pytest.fixture
def api(platform: Platform) -> WeChatApi:
    return api_of(platform)


def test_a_good_key_is_fine(api):
    assert marks(found(lambda: account.look_at_key(api))) == "f"


@pytest.mark.parametrize(("skew_s", "mark"), [(0, "f"), (60, "d"), (-60, "d"), (900, "x"), (-900, "x")])
def test_a_clock_that_is_off_is_told_by_how_much(api, skew_s, mark):
    (finding,) = found(lambda: account.look_at_clock(api, lambda: time.time() + skew_s))

    assert marks([finding]) == mark
    assert ("快" if skew_s > 0 else "慢") in finding.text or skew_s == 0


@pytest.mark.parametrize("declared", TYPES)
def test_the_kind_that_is_declared_is_held_against_what_wechat_allows(platform, api, declared):
    states = {"认证服务号": (True, "service"), "认证订阅号": (True, "subscription"), "未认证": (False, "service")}
    for actual, (verified, kind) in states.items():
        platform.world.account.verified, platform.world.account.type = verified, kind

        (finding,) = found(lambda: account.look_at_kind(Script(account_type=declared), api))

        as_declared = actual == declared or (declared == AccountType.TEST and actual == "认证服务号")
        assert (finding.mark == "fine") == as_declared, actual


def test_an_unverified_account_that_is_declared_verified_is_sent_to_verification(platform, api):
    platform.verified = False

    (finding,) = found(lambda: account.look_at_kind(Script(), api))

    assert (finding.mark, finding.code) == ("fault", 48001)
    assert "微信认证" in finding.page


def test_agents_who_are_online_are_counted(platform, api):
    platform.agents.hire("kf2001@shop")

    assert "1 位在线" in found(lambda: account.look_at_agents(Script(), api.desk, 0))[0].text


def test_nobody_online_matters_within_service_hours_only(platform, api):
    platform.agents.hire("kf2001@shop", online=False)
    closed = Script(hours=Hours(weekly=((),) * 7))

    assert marks(found(lambda: account.look_at_agents(Script(), api.desk, 0))) == "d"
    assert marks(found(lambda: account.look_at_agents(closed, api.desk, 0))) == "f"


def test_a_desk_without_agents_is_a_fault_unless_nobody_is_wanted(api):
    assert marks(found(lambda: account.look_at_agents(Script(), api.desk, 0))) == "x"
    assert marks(found(lambda: account.look_at_agents(Script(agents=False), api.desk, 0))) == "f"


def test_a_group_with_an_agent_who_does_not_exist_is_a_fault(platform, api):
    platform.agents.hire("kf2001@shop")
    script = Script(staffing=Staffing(groups={"会员组": ("kf2001@shop", "kf2999@shop")}))

    unknown, _ = found(lambda: account.look_at_agents(script, api.desk, 0))

    assert unknown.mark == "fault"
    assert "kf2999@shop" in unknown.text


def test_the_live_menu_is_compared_with_the_file(api):
    before = found(lambda: account.look_at_menu(Script(menu=MENU), api))
    api.menu_create([{"type": "click", "name": "常见问题", "key": "browse"}])

    assert marks(before) == "d"
    assert "menu push" in before[0].cure
    assert marks(found(lambda: account.look_at_menu(Script(menu=MENU), api))) == "f"


def test_a_template_that_is_gone_is_a_fault(platform, api):
    made = platform.world.templates.add("进度通知", "进度：{{thing1.DATA}}")
    used = Script(spare_ways=SpareWays(template=Template(made.template_id)))

    assert "进度通知" in found(lambda: account.look_at_templates(used, api))[0].text
    gone = replace(used, spare_ways=SpareWays(template=Template("gone")))
    assert marks(found(lambda: account.look_at_templates(gone, api))) == "x"


@pytest.mark.parametrize(("left", "expected"), [(0, "xf"), (100, "df"), (900, "f")])
def test_a_quota_that_runs_out_is_told_before_it_does(platform, api, left, expected):
    platform.quotas.leave("cgi-bin/menu/create", left)

    assert marks(found(lambda: account.look_at_quotas(api))) == expected


def test_the_way_from_wechat_to_us_is_tried(platform, api):
    assert found(lambda: account.look_at_way(api))[0].code == 40201

    platform.world.account.bot = "http://127.0.0.1:1/wechat"
    assert marks(found(lambda: account.look_at_way(api))) == "f"
