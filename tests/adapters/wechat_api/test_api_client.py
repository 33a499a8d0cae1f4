"""wechatpy's methods through our transport: right host, whole bodies, time-outs (protocol 6.4)."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import requests
from flask import Flask, Response, jsonify, request

from wxbot.adapters.wechat.client import Client
from wxbot.adapters.wechat.token import Tokens
from wxbot.adapters.wechat.transport import TIMEOUT_S, UPLOAD_TIMEOUT_S, Transport
from wxbot.sandbox.server import LocalServer

TOKEN, SECRET = "token-0123456789", "secret-0123456789"


@dataclass
class Recorder:
    """Takes every call. seen: (path, query, body). answers: codes of the next answers, then 0."""

    url: str = ""
    seen: list = field(default_factory=list)
    codes: list = field(default_factory=list)

    def take(self, path: str) -> Response:
        files = {name: file.read() for name, file in request.files.items()}
        self.seen.append((path, request.args.to_dict(), files or request.get_data()))
        code = self.codes.pop(0) if self.codes else 0
        return jsonify(errcode=code, errmsg="", sessionlist=[], kf_list=[], list=[])


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder, app = Recorder(), Flask("recorder")
    app.add_url_rule("/<path:path>", "take", recorder.take, methods=["GET", "POST"])
    server = LocalServer(app)
    server.start()
    recorder.url = server.url
    yield recorder
    server.stop()


@pytest.fixture
def client(recorder, vault) -> Client:
    vault.token = TOKEN
    transport = Transport(recorder.url, (SECRET,))
    return Client("wx1", SECRET, transport, Tokens(transport, vault, "wx1", SECRET))


CALLS = {
    "customservice/kfaccount/add": lambda c: c.customservice.add_account("kf1@s", "客服", "x"),
    "customservice/kfaccount/update": lambda c: c.customservice.update_account("kf1@s", "客服", "x"),
    "customservice/kfaccount/del": lambda c: c.customservice.delete_account("kf1@s"),
    "customservice/kfaccount/uploadheadimg": lambda c: c.customservice.upload_headimg("kf1@s", io.BytesIO(b"x")),
    "customservice/kfsession/create": lambda c: c.customservice.create_session("o1", "kf1@s"),
    "customservice/kfsession/close": lambda c: c.customservice.close_session("o1", "kf1@s"),
    "customservice/kfsession/getsession": lambda c: c.customservice.get_session("o1"),
    "customservice/kfsession/getsessionlist": lambda c: c.customservice.get_session_list("kf1@s"),
    "customservice/kfsession/getwaitcase": lambda c: c.customservice.get_wait_case(),
    "customservice/msgrecord/getmsglist": lambda c: c.customservice.get_records(1, 2),
    "cgi-bin/customservice/getkflist": lambda c: c.customservice.get_accounts(),
    "cgi-bin/media/upload": lambda c: c.media.upload("image", io.BytesIO(b"x")),
    "cgi-bin/media/get": lambda c: c.media.download("M"),
    "cgi-bin/user/info": lambda c: c.user.get("o1"),
    "datacube/getusersummary": lambda c: c.datacube.get_user_summary("2026-01-01", "2026-01-02"),
}


@pytest.mark.parametrize(("path", "make"), CALLS.items(), ids=CALLS)
def test_every_call_goes_to_the_configured_host_with_the_token(client, recorder, path, make):
    make(client)

    assert [(seen_path, query["access_token"]) for seen_path, query, _ in recorder.seen] == [(path, TOKEN)]


@pytest.mark.parametrize("path", ["customservice/kfaccount/del", "cgi-bin/user/info", "customservice/kfsession/create"])
def test_any_call_is_made_again_with_a_new_token(client, recorder, vault, path):
    recorder.codes = [40001]
    vault.drop_if = lambda token: vault.put("fresh-token", 60)

    CALLS[path](client)

    assert [query["access_token"] for _, query, _ in recorder.seen] == [TOKEN, "fresh-token"]


def test_a_retried_upload_sends_the_whole_file_again(client, recorder):
    recorder.codes = [42001]
    client._tokens.drop = lambda token: None

    client.media.upload("image", io.BytesIO(b"x" * 5000))

    assert [files["media"] for _, _, files in recorder.seen] == [b"x" * 5000] * 2


def test_a_named_upload_sends_the_whole_file_again(client, recorder):
    recorder.codes = [42001]
    client._tokens.drop = lambda token: None

    client.post("media/upload", files={"media": ("a.jpg", io.BytesIO(b"x" * 5000), "image/jpeg")})

    assert [files["media"] for _, _, files in recorder.seen] == [b"x" * 5000] * 2


def test_bodies_are_raw_utf8(client, recorder):
    client.customservice.add_account("kf1@s", "客服", "x")

    assert "客服".encode() in recorder.seen[0][2]


def test_every_call_has_a_time_out_and_uploads_a_longer_one(client, monkeypatch):
    waits = []
    send = requests.Session.request
    monkeypatch.setattr(
        requests.Session, "request", lambda *args, **options: waits.append(options["timeout"]) or send(*args, **options)
    )

    client.customservice.get_wait_case()
    client.media.upload("image", io.BytesIO(b"x"))

    assert waits == [TIMEOUT_S, UPLOAD_TIMEOUT_S]


def test_other_hosts_than_the_api_s_are_left_alone(client, recorder):
    address = client._transport._address

    assert address("https://api.weixin.qq.com/a?b=1") == f"{recorder.url}/a?b=1"
    assert address("https://mp.weixin.qq.com/a") == "https://mp.weixin.qq.com/a"
    assert address("https://api.weixin.qq.com.evil.example/a") == "https://api.weixin.qq.com.evil.example/a"
