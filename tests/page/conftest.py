"""The page on a loopback port, the sandbox platform for WeChat, and followers with browsers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.e2e.processes import free_port
from tests.factories import a_script
from tests.page.browsing import Browser
from wxbot.bootstrap import build_desk, build_media_records, build_page, build_tickets
from wxbot.domain.flow import Field, Form
from wxbot.domain.promises import Promise, TicketRules, UrgencyRule
from wxbot.domain.rating import RatingRules
from wxbot.domain.script import Script
from wxbot.entrypoints.page import create_page
from wxbot.sandbox.platform import Platform
from wxbot.sandbox.server import LocalServer
from wxbot.service.keeper import MediaRecords
from wxbot.service.tickets import Tickets
from wxbot.settings import Settings

PROBLEM = Form(
    "problem",
    "反馈问题",
    (
        Field("description", "请描述问题", name="描述", min=4, max=200),
        Field("system", "什么系统", kind="choice", name="系统", choices=("Windows", "macOS")),
        Field("contact", "手机号", kind="phone", name="手机号", optional=True, remember=True),
        Field("shots", "请选截图", kind="pictures", name="截图", optional=True, max=3),
    ),
    type="技术问题",
)
FEATURE = Form("feature", "功能建议", (Field("idea", "您的建议", name="建议"),))
BINDING = Form("binding", "绑定账号", (Field("account", "您的账号"),), ends="binding")
RULES = TicketRules({"一般": Promise(days=1)}, (UrgencyRule("一般"),), nudges=1)


@pytest.fixture
def script() -> Script:
    forms = {form.id: form for form in (PROBLEM, FEATURE, BINDING)}
    return a_script(forms=forms, tickets=RULES, ratings=RatingRules(ticket=True))


@pytest.fixture
def platform() -> Iterator[Platform]:
    with Platform() as platform:
        yield platform


@pytest.fixture
def settings(platform: Platform, redis_url: str, tmp_path: Path) -> Settings:
    """All tests share the platform's account; what keeps them apart are their followers."""
    return Settings(
        appid=platform.tokens.appid,
        appsecret=platform.tokens.secret,
        api_base=platform.url,
        redis_url=redis_url,
        data=tmp_path,
        public_url=f"http://127.0.0.1:{free_port()}",
        secret_key="0123456789abcdef0123456789abcdef",
    )


@pytest.fixture
def page(settings: Settings, script: Script) -> Iterator[str]:
    """Its address."""
    app = create_page(build_page(settings, lambda: script))
    server = LocalServer(app, port=int(settings.public_url.rpartition(":")[2]))
    server.start()
    yield settings.page_url
    server.stop()


@pytest.fixture
def a_browser(page: str, platform: Platform) -> Callable[[], Browser]:
    """Of a new follower."""

    def make() -> Browser:
        openid = f"o{uuid4().hex}"
        platform.user_followed(openid)
        return Browser(page, openid)

    return make


@pytest.fixture
def browser(a_browser: Callable[[], Browser]) -> Browser:
    return a_browser()


@pytest.fixture
def ratings(settings: Settings, browser: Browser) -> Callable[[], list[tuple[int, str]]]:
    """Marks and reasons that this follower has given, oldest first."""
    desk = build_desk(settings)
    return lambda: [(each.mark, each.reason) for each in desk.ratings(0) if each.user == browser.openid]


@pytest.fixture
def records(settings: Settings) -> MediaRecords:
    return build_media_records(settings)


@pytest.fixture
def staff(settings: Settings, script: Script) -> Tickets:
    return build_tickets(settings, lambda: script)
