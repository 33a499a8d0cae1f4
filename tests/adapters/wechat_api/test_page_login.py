"""Who looks at a page, asked of the stand-in for WeChat."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.adapters.wechat_api.conftest import FOLLOWER
from wxbot.adapters.wechat.page_login import WeChatLogin
from wxbot.errors import WeChatError

BACK = "https://help.example.com/my/enter"


@pytest.fixture
def login(platform):
    return WeChatLogin(platform.tokens.appid, platform.tokens.secret, api_base=platform.url)


@pytest.fixture
def code(login):
    """As the browser of the follower brings it back."""
    page = requests.get(
        login.address(BACK, "s1"), params={"rehearsal_user": FOLLOWER}, allow_redirects=False, timeout=5
    )
    return parse_qs(urlsplit(page.headers["Location"]).query)["code"][0]


def test_the_browser_is_sent_to_wechat_in_the_order_that_it_wants():
    address = WeChatLogin("wx1", "secret").address(BACK, "s1")

    assert address == (
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1"
        "&redirect_uri=https%3A%2F%2Fhelp.example.com%2Fmy%2Fenter&response_type=code&scope=snsapi_base&state=s1"
        "#wechat_redirect"
    )


def test_a_code_tells_who_looks_and_only_once(login, code):
    assert login.visitor(code) == FOLLOWER
    assert login.visitor(code) is None


def test_an_invented_code_tells_nothing(login):
    assert login.visitor("x") is None


def test_what_wechat_refuses_otherwise_is_an_error_without_the_secret(platform):
    with pytest.raises(WeChatError) as refused:
        WeChatLogin(platform.tokens.appid, "not-the-secret", api_base=platform.url).visitor("x")

    assert refused.value.code == 40125
    assert "not-the-secret" not in str(refused.value)
