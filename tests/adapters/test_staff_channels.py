"""Robots and mail that staff hear through, on a server of our own."""

import base64
import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import requests
import responses

from wxbot.adapters.mail import SmtpMailer
from wxbot.adapters.notices import WECOM_BYTES, DingTalk, Feishu, Mail, WeCom
from wxbot.errors import NoticeError, SpareWayFailed

NOW = 1_790_000_000.5
ROBOT = "https://robot.example.com/hook?key=secret-key"
FINE = {"errcode": 0, "errmsg": "ok"}


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as web:
        yield web


def sent(web: responses.RequestsMock) -> dict:
    return json.loads(web.calls[0].request.body)


def test_wecom_gets_plain_text_that_fits(web):
    web.post(ROBOT.partition("?")[0], json=FINE)

    WeCom(ROBOT)("有用户需要人工", "字" * 3000, "job-1")

    assert sent(web)["msgtype"] == "text"
    assert sent(web)["text"]["content"].startswith("有用户需要人工\n字")
    assert len(sent(web)["text"]["content"].encode()) <= WECOM_BYTES


def test_dingtalk_is_signed_with_milliseconds_and_secret(web):
    web.post(ROBOT.partition("?")[0], json=FINE)

    DingTalk(ROBOT, "SEC0123456789", lambda: NOW)("标题", "正文", "job-1")

    at = str(int(NOW * 1000))
    digest = hmac.new(b"SEC0123456789", f"{at}\nSEC0123456789".encode(), hashlib.sha256).digest()
    query = web.calls[0].request.params
    assert (query["timestamp"], query["sign"]) == (at, base64.b64encode(digest).decode())
    assert sent(web)["text"]["content"] == "标题\n正文"


def test_feishu_is_signed_in_its_body_with_seconds_and_secret_as_the_key(web):
    web.post(ROBOT.partition("?")[0], json={"code": 0, "msg": "success"})

    Feishu(ROBOT, "SEC0123456789", lambda: NOW)("标题", "正文", "job-1")

    digest = hmac.new(f"{int(NOW)}\nSEC0123456789".encode(), b"", hashlib.sha256).digest()
    assert (sent(web)["timestamp"], sent(web)["sign"]) == (str(int(NOW)), base64.b64encode(digest).decode())
    assert (sent(web)["msg_type"], sent(web)["content"]) == ("text", {"text": "标题\n正文"})


@pytest.mark.parametrize("robot", [WeCom(ROBOT), Feishu(ROBOT)])
def test_nobody_is_called_by_what_a_follower_wrote(web, robot):
    web.post(ROBOT.partition("?")[0], json={})

    robot("<@boss>", '<at user_id="all">所有人</at>', "job-1")

    (words,) = (sent(web).get("content") or sent(web)["text"]).values()
    assert words == '＜@boss>\n＜at user_id="all">所有人＜/at>'


def test_dingtalk_is_asked_to_call_nobody(web):
    web.post(ROBOT.partition("?")[0], json=FINE)

    DingTalk(ROBOT)("标题", "@all @13800000000", "job-1")

    assert sent(web) == {"msgtype": "text", "text": {"content": "标题\n@all @13800000000"}}


@pytest.mark.parametrize("robot", [DingTalk(ROBOT), Feishu(ROBOT)])
def test_without_a_secret_nothing_is_signed(web, robot):
    web.post(ROBOT.partition("?")[0], json={})

    robot("标题", "正文", "job-1")

    assert "sign" not in web.calls[0].request.url
    assert "sign" not in sent(web)


@pytest.mark.parametrize(
    ("answer", "retryable"),
    [
        ({"json": {"errcode": 45009}}, True),
        ({"json": {"errcode": 93000}}, False),
        ({"status": 502}, True),
        ({"status": 404}, False),
        ({"body": "<html>"}, True),
        ({"body": requests.ConnectionError()}, True),
    ],
)
def test_what_went_wrong_is_told_without_the_address(web, answer, retryable):
    web.post(ROBOT.partition("?")[0], **answer)

    with pytest.raises(NoticeError) as raised:
        WeCom(ROBOT)("标题", "正文", "job-1")

    assert raised.value.retryable is retryable
    assert "secret-key" not in str(raised.value)


@dataclass
class Post:
    """What a mail server was told. refusals: its answers, by command."""

    lines: list[str] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)


class Clerk(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as a client needs."""

    def handle(self) -> None:
        self._say("220 post")
        while line := self.rfile.readline().decode().strip():
            command = line.split(" ")[0].split(":")[0].upper()
            self.server.post.lines.append(line)
            if command == "DATA":
                self._say("354 go on")
                while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    self.server.post.lines.append(line)
            self._say(self.server.post.refusals.get(command, "250 fine"))

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def mail() -> Iterator[tuple[str, Post]]:
    """URL of a mail server, and what it hears."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clerk) as server:
        server.daemon_threads, server.post = True, Post()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}?from=bot@example.com", server.post
        server.shutdown()
        thread.join()


def test_a_mail_arrives_with_one_id_however_often_it_is_sent(mail):
    url, post = mail

    Mail(SmtpMailer(url), ("a@example.com", "b@example.com"))("有用户\n需要人工", "正文", "job-1:email")

    assert "To: a@example.com, b@example.com" in post.lines
    assert "Message-ID: <job-1%3Aemail@example.com>" in post.lines
    # Commands are written as the release of Python has it, in capitals or not.
    assert [line.lower() for line in post.lines if line.lower().startswith("rcpt")] == [
        "rcpt to:<a@example.com>",
        "rcpt to:<b@example.com>",
    ]


def test_a_mail_that_is_refused_was_not_delivered(mail):
    url, post = mail
    post.refusals["RCPT"] = "550 nobody here"

    with pytest.raises(SpareWayFailed) as raised:
        SmtpMailer(url).send("a@example.com", "标题", "正文", id="job-1")

    assert raised.value.delivered == "no"


def test_a_mail_server_that_is_away_fails_the_notice_for_now():
    with pytest.raises(NoticeError) as raised:
        Mail(SmtpMailer("smtp://127.0.0.1:9?from=bot@example.com"), ("a@example.com",))("标题", "正文", "job-1")

    assert raised.value.retryable
