"""The address of the webhook, good and in every bad state, over real HTTP."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, Response, redirect, request

from tests.service.doctor_parts import found, marks
from wxbot.adapters.wechat.codec import sign
from wxbot.adapters.wechat.doorstep import HttpDoorstep
from wxbot.sandbox.server import LocalServer
from wxbot.service.doctor import address
from wxbot.service.doctor.content import Source
from wxbot.service.doctor.finding import Finding

TOKEN = "token4wxbot"
Answer = Callable[[], object]


def honest() -> object:
    """As a webhook should."""
    query = request.args
    if sign(TOKEN, query["timestamp"], query["nonce"]) != query["signature"]:
        return Response("forbidden", 403)
    return Response(query["echostr"], mimetype="text/plain")


def gullible() -> str:
    return request.args["echostr"]


def sleepy() -> object:
    time.sleep(address.SLOW_S + 0.1)
    return honest()


ANSWERS: dict[str, tuple[Answer, str]] = {
    "a page": (lambda: "<html>登录</html>", "回答的不是 wxbot"),
    "quotes": (lambda: f'"{request.args["echostr"]}"', "多了别的字符"),
    "a line break": (lambda: f"{request.args['echostr']}\n", "多了别的字符"),
    "a redirect": (lambda: redirect(f"https://www.example.com/?{request.query_string.decode()}"), "跳转到了"),
    "another token": (lambda: Response("forbidden", 403), "验证被拒绝"),
    "no such page": (lambda: Response("", 404), "HTTP 404"),
    "no bot behind nginx": (lambda: Response("", 502), "HTTP 502"),
    "a crash": (lambda: Response("", 500), "HTTP 500"),
    "anybody's signature": (gullible, "签名不对的请求也通过了"),
}


class Site:
    """A server whose answers are set. ready: what `/readyz` says, None for no such page."""

    def __init__(self) -> None:
        self.answer: Answer = honest
        self.ready: dict[str, object] | None = None
        app = Flask("site")
        app.add_url_rule("/wechat", "wechat", lambda: self.answer())
        app.add_url_rule("/readyz", "readyz", lambda: self.ready or Response("", 404))
        self.server = LocalServer(app)
        self.url = f"{self.server.url}/wechat"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.server.start()
    yield site
    site.server.stop()


def look(url: str, *, rehearsal: bool = True) -> tuple[Finding, ...]:
    return found(lambda: address.look_at_address(url, HttpDoorstep(TOKEN), time.time, rehearsal=rehearsal))


def look_behind(site: Site, source: Source = "files", *, rehearsal: bool = True) -> tuple[Finding, ...]:
    return found(lambda: address.look_at_processes(site.url, HttpDoorstep(TOKEN), source, rehearsal=rehearsal))


def test_a_webhook_that_echoes_and_refuses_forgeries_is_fine(site):
    assert marks(look(site.url)) == "f"


@pytest.mark.parametrize(("answer", "words"), ANSWERS.values(), ids=ANSWERS)
def test_what_answers_otherwise_is_a_fault(site, answer, words):
    site.answer = answer

    finding, *_ = look(site.url) if answer is not gullible else look(site.url)[1:]

    assert finding.mark == "fault"
    assert words in finding.text
    assert finding.cure
    assert "signature" not in finding.text


def test_a_slow_answer_is_told(site):
    site.answer = sleepy

    (finding,) = look(site.url)

    assert finding.mark == "doubt"
    assert "5 秒" in finding.cure


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://bot.example.com/", "路径是 /"),
        ("https://bot.example.com:8443/wechat", "80 和 443"),
        ("http://bot.example.com:443/wechat", "80 和 443"),
        ("https://bot.example.com:x/wechat", "80 和 443"),
        ("https://192.168.1.8/wechat", "内网"),
        ("https://localhost/wechat", "内网"),
        ("bot.example.com/wechat", "不完整"),
        ("http://[abc/wechat", "不完整"),
    ],
)
def test_an_address_that_wechat_would_not_take_is_a_fault(url, words):
    finding, *_ = look(url, rehearsal=False)

    assert finding.mark == "fault"
    assert words in finding.text


def test_a_name_that_does_not_exist_is_told_beside_the_missing_https():
    insecure, unknown = look("http://bot.invalid/wechat", rehearsal=False)

    assert (insecure.mark, unknown.mark) == ("doubt", "fault")
    assert "DNS" in unknown.cure


def test_a_closed_port_is_told(site):
    site.server.stop()
    site.server = LocalServer(Flask("another"))
    site.server.start()

    (finding,) = look(site.url)

    assert finding.text == "连接被拒绝"


@pytest.mark.parametrize(
    ("promised", "pause_s", "words"), [(100, 0, "连接中途断开"), (4, 6, "等不到回答")], ids=["cut off", "stalled"]
)
def test_an_answer_that_breaks_off_midway_is_told(promised, pause_s, words):
    with half_an_answer(promised, pause_s) as url:
        (finding,) = look(url)

    assert finding.mark == "fault"
    assert words in finding.text


@contextmanager
def half_an_answer(promised: int, pause_s: float) -> Iterator[str]:
    """A server that sends two bytes of so many, and waits before it hangs up."""
    ended = threading.Event()

    class Half(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.readline()
            self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {promised}\r\n\r\nok".encode())
            ended.wait(pause_s)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Half) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/wechat"
        ended.set()
        server.shutdown()


def test_without_an_address_it_says_how_to_give_one():
    (finding,) = look("")

    assert finding.mark == "doubt"
    assert "--url" in finding.cure


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"ready": True, "redis": True, "content": {"source": "files"}, "content_problems": 0}, "f"),
        ({"ready": True, "redis": True, "content": {"source": "files"}, "content_problems": 2}, "x"),
        ({"ready": True, "redis": True, "content": {"source": "kept"}, "content_problems": 0}, "x"),
        ({"ready": False, "redis": False, "content": {"source": "files"}, "content_problems": 0}, "x"),
        (None, "f"),
    ],
)
def test_the_process_tells_of_its_redis_and_its_content(site, state, expected):
    site.ready = state

    assert marks(look_behind(site)) == expected


@pytest.mark.parametrize(("source", "cure"), [("files", "自动生效"), ("published", "wxbot publish")])
def test_what_mends_the_content_goes_by_where_it_comes_from(site, source, cure):
    site.ready = {"ready": True, "redis": True, "content": {"source": "kept"}, "content_problems": 0}

    (finding,) = look_behind(site, source)

    assert cure in finding.cure
