"""Who gets in, and what is refused or shown harmlessly."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.page.browsing import Browser
from tests.page.pictures import a_photo, chosen
from wxbot.bootstrap import build_page
from wxbot.domain.ticket import WORDS_CHARACTERS
from wxbot.entrypoints.page import AT_ONCE, HEADERS, create_page
from wxbot.entrypoints.page.pictures import BODY_LIMIT_BYTES, PICTURE_LIMIT_BYTES
from wxbot.entrypoints.page.visit import LIMITS, SESSION_S
from wxbot.entrypoints.server import THREADS

SCRIPT = "<script>alert(1)</script>"
PATHS = ("", "/new", "/new/problem", "/draft", "/261122-12345", "/261122-12345/0/0")


@pytest.fixture
def reported(browser):
    return browser.reports("文件打不开了", chosen("shots", a_photo()))


@pytest.fixture
def number(reported):
    return reported.url.rpartition("/")[2]


def way_to_wechat(browser, path=""):
    """Where a browser is sent that nobody knows."""
    return browser.opens(path, allow_redirects=False).headers["Location"]


def way_back(browser):
    """The address with a code, at which the browser comes back from WeChat."""
    return browser.http.get(way_to_wechat(browser), allow_redirects=False, timeout=5).headers["Location"]


def a_cookie(settings, script, **session):
    """As this deployment signs it."""
    app = create_page(build_page(settings, lambda: script))
    return app.session_interface.get_signing_serializer(app).dumps(session)


# ---- who is here


@pytest.mark.parametrize("path", PATHS)
def test_who_is_not_known_is_sent_to_wechat(platform, browser, path):
    assert way_to_wechat(browser, path).startswith(f"{platform.url}/connect/oauth2/authorize?")


def test_nothing_can_be_sent_by_who_is_not_known(browser):
    answer = browser.post(f"{browser.url}/new/problem", {}, allow_redirects=False)

    assert answer.status_code == 401


def test_what_is_sent_by_who_is_not_known_is_not_even_read(browser, a_browser):
    reported, stranger = browser.reports("文件打不开了"), a_browser()

    with ExitStack() as stack:
        lines = [stack.enter_context(a_slow_form(stranger)) for _ in range(AT_ONCE)]
        answers = [line.recv(12) for line in lines]

    assert answers == [b"HTTP/1.1 401"] * AT_ONCE
    assert browser.sends(reported, "/more", text="快一点").status_code == 200


def test_after_the_way_in_one_is_where_one_wanted_to_be(browser):
    page = browser.opens("/new/problem")

    assert page.url.partition("#")[0] == f"{browser.url}/new/problem"
    assert page.status_code == 200


def test_a_link_from_the_chat_asks_wechat_anew(browser, a_browser):
    browser.reports("文件打不开了")
    browser.http.cookies.set("rehearsal_user", a_browser().openid, domain="127.0.0.1")

    assert "文件打不开了" in browser.opens().text
    assert "您还没有工单" in browser.opens("/enter").text


def test_a_way_back_works_once(browser):
    back = way_back(browser)
    cookies = dict(browser.http.cookies)

    first = browser.http.get(back, timeout=5)
    replayed = requests.get(back, cookies=cookies, timeout=5)

    assert first.status_code == 200
    assert replayed.status_code == 403
    assert "重新进入" in replayed.text


def test_the_way_back_of_another_browser_does_not_let_in(a_browser):
    back = way_back(a_browser())
    stranger = a_browser()
    stranger.opens(allow_redirects=False)

    assert stranger.http.get(back, timeout=5).status_code == 403


def test_who_comes_back_twice_and_is_in_already_just_goes_on(browser):
    back = way_back(browser)
    browser.http.get(back, timeout=5)

    assert browser.http.get(back, timeout=5).url == browser.url


@pytest.mark.parametrize("code", ["", "x"])
def test_an_invented_code_does_not_let_in(browser, code):
    state = parse_qs(urlsplit(way_to_wechat(browser)).query)["state"][0]

    assert browser.opens("/enter", params={"code": code, "state": state}).status_code == 403


def test_a_forged_cookie_lets_nobody_in(platform, settings, script, browser):
    forged = a_cookie(replace(settings, secret_key="x" * 32), script, user=browser.openid, since=int(time.time()))
    browser.http.cookies.set("wxbot_my", forged, domain="127.0.0.1", path="/my")

    assert way_to_wechat(browser).startswith(platform.url)


@pytest.fixture
def time_passes(settings, script, browser):
    """So many seconds, since the browser looked at the page for the last time."""
    app = create_page(build_page(settings, lambda: script))
    signer = app.session_interface.get_signing_serializer(app)

    def passes(seconds):
        session = signer.loads(browser.http.cookies["wxbot_my"])
        older = signer.dumps({**session, "since": session["since"] - seconds})
        browser.http.cookies.set("wxbot_my", older, domain="127.0.0.1", path="/my")

    return passes


def test_a_session_ends_after_an_hour(platform, browser, time_passes):
    browser.opens()

    time_passes(SESSION_S)

    assert way_to_wechat(browser).startswith(platform.url)


def test_who_looks_at_the_page_stays_known(browser, time_passes):
    browser.opens()

    for _ in range(3):
        time_passes(SESSION_S - 10)
        page = browser.opens("/new/problem", allow_redirects=False)

    assert page.status_code == 200


def test_a_form_that_is_sent_too_late_is_told_to_be_lost(browser, time_passes):
    page = browser.opens("/new/problem")
    time_passes(SESSION_S)

    late = browser.sends(page, "/new/problem", description="文件打不开了", system="macOS")

    assert late.status_code == 401
    assert "刚才的内容没有提交" in late.text
    assert "您还没有工单" in browser.opens().text


def test_the_cookie_is_for_this_page_and_no_script(browser):
    set_cookie = browser.opens(allow_redirects=False).headers["Set-Cookie"]

    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie
    assert "Path=/my" in set_cookie


def test_over_https_the_cookie_is_for_https_alone(settings, script):
    secure = replace(settings, public_url="https://help.example.com")
    client = create_page(build_page(secure, lambda: script)).test_client()

    answer = client.get("/my", base_url="https://help.example.com")

    assert "Secure" in answer.headers["Set-Cookie"]
    assert "redirect_uri=https%3A%2F%2Fhelp.example.com%2Fmy%2Fenter" in answer.headers["Location"]


# ---- room


def a_slow_form(browser):
    """Its body does not come; closing the line ends it."""
    address, cookies = urlsplit(browser.url), "; ".join(f"{key}={value}" for key, value in browser.http.cookies.items())
    line = socket.create_connection((address.hostname, address.port), timeout=10)
    head = f"POST /my/new/problem HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookies}\r\nContent-Length: 100\r\n"
    line.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())
    return line


def is_refused(line):
    """What is let in waits for its body and says nothing."""
    line.settimeout(0.5)
    with suppress(TimeoutError):
        return line.recv(12) == b"HTTP/1.1 503"
    return False


@contextmanager
def slow_forms(browser):
    """As many as get in."""
    with ExitStack() as lines:
        while not is_refused(lines.enter_context(a_slow_form(browser))):
            pass
        yield


def test_half_of_the_threads_stay_for_wechat():
    assert AT_ONCE * 2 <= THREADS


def test_slow_forms_leave_room_for_whoever_just_looks(browser, reported):
    with slow_forms(browser):
        sent = browser.sends(reported, "/more", text="快一点")
        looked = [
            browser.opens(path).status_code for path in ("", "/new/problem", "/static/page.css", "/static/page.js")
        ]

    assert sent.status_code == 503
    assert looked == [200] * 4


def test_pictures_that_are_asked_for_at_once_all_come(browser, reported):
    address = re.findall(r'<img src="/my(/[^"]+)"', reported.text)[0]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: browser.opens(address).status_code, range(16)))

    assert answers == [200] * 16


# ---- what is another's


def test_anothers_ticket_is_not_there(a_browser, number):
    stranger = a_browser()
    pages = [stranger.opens(path) for path in (f"/{number}", f"/{number}/0/0", "/261122-00000", "/x")]

    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r"\s+", " ", page.text) for page in pages}) == 1


@pytest.mark.parametrize("deed", ["more", "nudge", "solved", "reopen"])
def test_nothing_can_be_done_with_anothers_ticket(staff, a_browser, reported, number, deed):
    stranger = a_browser()
    tokens = stranger.sheet(stranger.opens("/new/problem"), "/new/problem").fields

    answer = stranger.post(f"{stranger.url}/{number}/{deed}", {**tokens, "text": "mine"})

    assert answer.status_code == 404
    assert len(staff.record(number).entries) == 1


# ---- forged requests


def test_a_form_without_its_token_is_refused(browser):
    sheet = browser.sheet(browser.opens("/new/problem"), "/new/problem")
    fields = {"once": sheet.fields["once"], "description": "文件打不开了", "system": "macOS"}

    answer = browser.post(f"{browser.url}/new/problem", fields)

    assert answer.status_code == 400
    assert "页面放太久了" in answer.text
    assert "您还没有工单" in browser.opens().text


def test_the_token_of_another_is_refused(browser, a_browser):
    other = a_browser()
    token = other.sheet(other.opens("/new/problem"), "/new/problem").fields["csrf_token"]

    answer = browser.sends(browser.opens("/new/problem"), "/new/problem", csrf_token=token, description="打不开了")

    assert answer.status_code == 400


@pytest.mark.parametrize("path", [*PATHS, "/static/page.css", "/nothing/here"])
def test_every_answer_carries_the_policy(browser, path):
    browser.opens()

    answer = browser.opens(path)

    assert HEADERS.items() <= answer.headers.items()
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert ("no-store" in answer.headers["Cache-Control"]) is not path.startswith("/static/")


# ---- what is sent


@pytest.mark.parametrize(
    ("contents", "why"),
    [
        ([b"<html><script>alert(1)</script>"], "有文件不是图片"),
        ([b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"], "有文件不是图片"),
        ([b"GIF89a<script>alert(1)</script>"], "有文件不是图片"),
        ([a_photo()[:200]], "有文件不是图片"),
        ([a_photo(), b"%PDF-1.7"], "有文件不是图片"),
        ([a_photo()] * 4, "最多 3 张"),
        ([b"\xff\xd8\xff" + b"x" * PICTURE_LIMIT_BYTES], "超过 10 MB"),
    ],
    ids=["html", "svg", "polyglot", "torn", "one of two", "too many", "too big"],
)
def test_what_is_no_fit_picture_is_refused_whatever_it_is_called(browser, contents, why):
    page = browser.reports("文件打不开了", chosen("shots", *contents))

    assert page.status_code == 422
    assert why in page.text
    assert "您还没有工单" in browser.opens().text


def test_a_picture_that_hides_a_script_is_drawn_without_it(browser):
    photo = a_photo() + SCRIPT.encode()

    page = browser.reports("文件打不开了", chosen("shots", photo, name="shot.html", type="text/html"))
    picture = browser.opens(re.findall(r'<img src="/my(/[^"]+)"', page.text)[0])

    assert picture.headers["Content-Type"] == "image/jpeg"
    assert SCRIPT.encode() not in picture.content


def test_more_than_a_form_may_hold_is_refused_by_its_size(browser):
    page = browser.opens("/new/problem")

    answer = browser.sends(page, "/new/problem", chosen("shots", b"x" * BODY_LIMIT_BYTES), description="打不开了")

    assert answer.status_code == 413
    assert "内容太大了" in answer.text


def test_a_script_in_any_field_is_only_text(staff, browser):
    page = browser.reports(
        f"{SCRIPT} 打不开", chosen("shots", a_photo(), name=f'"><{SCRIPT}'), contact=SCRIPT, system=SCRIPT
    )
    report = browser.reports(f"{SCRIPT} 打不开")
    number = report.url.rpartition("/")[2]
    browser.sends(report, "/more", text=SCRIPT)
    staff.reply(number, SCRIPT, SCRIPT)

    for html in (page.text, report.text, browser.opens().text, browser.opens(f"/{number}").text):
        assert SCRIPT not in html
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "path", [f"/{SCRIPT}", f"/new/{SCRIPT}", "/..%2f..%2fetc%2fpasswd", "/%00", "/261122-12345%0a"]
)
def test_a_strange_address_is_not_there(browser, path):
    page = browser.opens(path)

    assert page.status_code == 404
    assert SCRIPT not in page.text


def test_a_very_long_addition_is_refused(browser, reported):
    assert browser.sends(reported, "/more", text="长" * 2001).status_code == 422


def test_a_long_word_of_staff_is_shown_whole_in_the_history(staff, browser, number):
    staff.reply(number, "好" * (WORDS_CHARACTERS + 50), "小美")

    assert "好" * (WORDS_CHARACTERS + 50) in browser.opens(f"/{number}").text


def test_who_does_too_much_is_told_to_wait(browser):
    limit, _ = LIMITS["open"]

    pages = [browser.reports("文件打不开了") for _ in range(limit + 1)]

    assert [page.status_code for page in pages] == [200] * limit + [429]
    assert pages[-1].headers["Retry-After"]
    assert "操作太频繁了" in pages[-1].text


def test_what_is_sent_back_for_a_typo_is_no_new_ticket(browser):
    limit, _ = LIMITS["open"]
    for _ in range(limit):
        browser.reports("")

    assert browser.reports("文件打不开了").status_code == 200


# ---- when something is down


def test_who_sends_a_form_in_vain_is_not_told_that_it_is_kept(browser, reported):
    with slow_forms(browser):
        answer = browser.sends(reported, "/more", text="快一点")

    assert "可能还没有提交成功" in answer.text
    assert "不会丢" not in answer.text


def test_without_redis_the_page_says_so(settings, script):
    parts = build_page(replace(settings, redis_url="unix:///nowhere.sock"), lambda: script)
    app = create_page(parts)
    with app.test_client() as client:
        with client.session_transaction(path="/my") as session:
            session.update(user="oX", since=int(time.time()))
        page = client.get("/my")

    assert page.status_code == 503
    assert "暂时打不开" in page.get_data(as_text=True)


def test_without_wechat_the_page_says_so(platform, browser):
    platform.faults.refuse("sns/oauth2/access_token", -1)

    page = browser.opens()

    assert page.status_code == 503
    assert "暂时打不开" in page.text


def test_neither_openids_nor_codes_get_into_the_log(browser, reported, caplog):
    browser.opens("/261122-00000")
    Browser(browser.url, browser.openid).opens("/enter", params={"code": "a-code", "state": "s"})

    assert browser.openid not in caplog.text
    assert "a-code" not in caplog.text
