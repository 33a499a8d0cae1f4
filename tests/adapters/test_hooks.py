"""The operator's own servers, over real HTTP."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask, Response, request

from wxbot.adapters.hooks import BindingHook, Hook, SmsHook
from wxbot.domain.binding import Binding
from wxbot.errors import HookFailed, SpareWayFailed
from wxbot.sandbox.server import LocalServer

SECRET = "a-secret-of-the-operator"


@dataclass
class Operator:
    """status, says: what the hook answers with. got: bodies; headers: of the last one."""

    status: int = 200
    says: str = ""
    url: str = ""
    got: list[bytes] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def take(self) -> Response:
        self.got.append(request.get_data())
        self.headers = dict(request.headers)
        return Response(self.says, status=self.status)


@pytest.fixture
def operator() -> Iterator[Operator]:
    operator, app = Operator(), Flask("operator")
    app.add_url_rule("/sms", "sms", operator.take, methods=["POST"])
    server = LocalServer(app)
    server.start()
    operator.url = f"{server.url}/sms"
    yield operator
    server.stop()


def test_the_hook_gets_the_text_under_a_signature(operator):
    SmsHook(Hook(operator.url, SECRET, lambda: 1_790_000_000)).send("13800000000", "工单有进展", id="job-1")

    assert operator.got == ['{"id": "job-1", "phone": "13800000000", "text": "工单有进展"}'.encode()]
    signed = b"1790000000." + operator.got[0]
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert operator.headers["X-Wxbot-Signature"] == expected


@pytest.mark.parametrize(("status", "delivered"), [(400, "no"), (302, "no"), (503, "maybe")])
def test_a_refusal_says_whether_the_text_may_have_gone_out(operator, status, delivered):
    operator.status = status

    with pytest.raises(SpareWayFailed) as failure:
        SmsHook(Hook(operator.url, SECRET)).send("13800000000", "工单有进展", id="job-1")

    assert failure.value.delivered == delivered
    assert "13800000000" not in str(failure.value)


@pytest.mark.parametrize(
    ("says", "binding"),
    [
        ('{"bound": true, "tier": "企业版", "region": "华东", "more": 1}', Binding(True, "企业版", "华东")),
        ('{"bound": true}', Binding(True)),
        ('{"bound": false, "reason": "没有这个账号"}', Binding(False, reason="没有这个账号")),
    ],
)
def test_the_operators_system_says_who_a_follower_is(operator, says, binding):
    operator.says = says

    assert BindingHook(Hook(operator.url, SECRET)).bind("oUser", "bind", {"contact": "13800138001"}, id="j") == binding
    assert b'"openid": "oUser", "form": "bind", "values": {"contact": "13800138001"}' in operator.got[0]


@pytest.mark.parametrize("says", ["", "[]", "<html>", '{"bound": "yes"}', '{"tier": "x"}'])
def test_an_answer_that_makes_no_sense_binds_nobody(operator, says):
    operator.says = says

    with pytest.raises(HookFailed, match="回答看不懂"):
        BindingHook(Hook(operator.url, SECRET)).bind("oUser", "bind", {}, id="j")


def test_a_system_that_is_not_there_says_so():
    with pytest.raises(HookFailed, match="没有回答"):
        BindingHook(Hook("http://127.0.0.1:9", SECRET)).bind("oUser", "bind", {}, id="j")
