"""Who looks at a page of the account."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from wxbot.sandbox.account import APPID

PAGE = "http://127.0.0.1:9/mine?tab=1"


@pytest.fixture(autouse=True)
def user(platform):
    platform.user_followed("oLooks")
    platform.followers.get("oLooks").name = "小林"
    return "oLooks"


@pytest.fixture
def browser():
    with requests.Session() as browser:
        yield browser


def open_page(platform, browser, scope="snsapi_base", **change):
    query = {
        "appid": APPID, "redirect_uri": PAGE, "response_type": "code", "scope": scope, "state": "s1", **change
    }  # fmt: skip
    return browser.get(f"{platform.url}/connect/oauth2/authorize", params=query, allow_redirects=False)


def code_from(response):
    return parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]


@pytest.fixture
def tell(platform):
    def tell(path, **query):
        return requests.get(f"{platform.url}/sns/{path}", params=query).json()

    return tell


@pytest.fixture
def exchange(platform, browser, tell, user, credentials):
    """`exchange(scope)` is what a page gets for the code that the user's browser brings."""

    def exchange(scope="snsapi_base"):
        code = code_from(open_page(platform, browser, scope, rehearsal_user=user))
        return tell("oauth2/access_token", **{**credentials, "grant_type": "authorization_code", "code": code})

    return exchange


def test_the_first_page_asks_who_looks_and_the_next_one_knows(platform, browser, user):
    asked = open_page(platform, browser)
    chosen = open_page(platform, browser, rehearsal_user=user)
    known = open_page(platform, browser)

    assert (asked.status_code, "小林" in asked.text) == (200, True)
    assert (chosen.status_code, known.status_code) == (302, 302)
    assert parse_qs(urlsplit(known.headers["Location"]).query)["state"] == ["s1"]
    assert known.headers["Location"].startswith("http://127.0.0.1:9/mine?tab=1&code=")


def test_a_link_on_the_phone_opens_the_bots_page_as_who_holds_it(platform, browser, user):
    platform.world.account.bot = "http://127.0.0.1:9/wechat"
    opening = f"{platform.url}/connect/open"

    opened = browser.get(opening, params={"user": user, "url": PAGE}, allow_redirects=False)
    elsewhere = browser.get(opening, params={"user": user, "url": "https://example.com/"}, allow_redirects=False)
    nobody = browser.get(opening, params={"user": "oNobody", "url": PAGE}, allow_redirects=False)

    assert opened.headers["Location"] == PAGE
    assert code_from(open_page(platform, browser))
    assert (elsewhere.status_code, nobody.status_code) == (400, 400)


def test_a_page_that_wants_the_profile_asks_every_time(platform, browser, user):
    open_page(platform, browser, rehearsal_user=user)

    assert open_page(platform, browser, "snsapi_userinfo").status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"appid": "wxother"}, {"scope": "all"}, {"response_type": "token"}, {"redirect_uri": "javascript:alert(1)"}],
)
def test_a_wrong_request_gets_a_page_that_says_so(platform, browser, user, change):
    assert open_page(platform, browser, **{"rehearsal_user": user, **change}).status_code == 400


def test_a_code_tells_who_looks(exchange, tell, user):
    told = exchange()

    assert (told["openid"], told["scope"]) == (user, "snsapi_base")
    assert tell("auth", access_token=told["access_token"], openid=user)["errcode"] == 0
    assert tell("userinfo", access_token=told["access_token"], openid=user)["errcode"] == 48001


def test_a_profile_is_told_to_a_page_that_asked_for_it(exchange, tell, user):
    token = exchange("snsapi_userinfo")["access_token"]

    assert tell("userinfo", access_token=token, openid=user)["nickname"] == "小林"


def test_a_token_is_refreshed(exchange, tell, clock, user):
    told = exchange()
    clock.pass_s(7200)

    fresh = tell("oauth2/refresh_token", appid=APPID, grant_type="refresh_token", refresh_token=told["refresh_token"])

    assert tell("auth", access_token=told["access_token"], openid=user)["errcode"] == 40001
    assert tell("auth", access_token=fresh["access_token"], openid=user)["errcode"] == 0


def test_a_code_works_once_and_for_five_minutes(platform, browser, tell, user, credentials, clock):
    codes = [code_from(open_page(platform, browser, rehearsal_user=user)) for _ in range(2)]
    asked = {**credentials, "grant_type": "authorization_code"}

    first, again = (tell("oauth2/access_token", **asked, code=codes[0]) for _ in range(2))
    clock.pass_s(300)
    late = tell("oauth2/access_token", **asked, code=codes[1])

    assert (first["openid"], again["errcode"], late["errcode"]) == (user, 40163, 40029)


REFUSED = {
    "no code": ("oauth2/access_token", {"grant_type": "authorization_code"}, 41008),
    "an unknown code": ("oauth2/access_token", {"grant_type": "authorization_code", "code": "x"}, 40029),
    "a wrong grant": ("oauth2/access_token", {"grant_type": "password", "code": "x"}, 40002),
    "a wrong secret": ("oauth2/access_token", {"grant_type": "authorization_code", "secret": "x"}, 40125),
    "another appid": ("oauth2/access_token", {"grant_type": "authorization_code", "appid": "x"}, 40013),
    "no refresh token": ("oauth2/refresh_token", {"grant_type": "refresh_token"}, 41003),
    "an unknown refresh token": ("oauth2/refresh_token", {"grant_type": "refresh_token", "refresh_token": "x"}, 40030),
    "a refresh without appid": ("oauth2/refresh_token", {"appid": ""}, 41002),
    "a forged token": ("auth", {"access_token": "x", "openid": "oLooks"}, 40001),
}


@pytest.mark.parametrize(("path", "change", "code"), REFUSED.values(), ids=REFUSED)
def test_what_a_page_may_not_ask_is_refused(tell, credentials, path, change, code):
    assert tell(path, **{**credentials, **change})["errcode"] == code


def test_a_token_is_for_one_user(exchange, tell):
    assert tell("auth", access_token=exchange()["access_token"], openid="other")["errcode"] == 40003
