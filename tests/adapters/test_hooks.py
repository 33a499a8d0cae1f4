"""The operator's SMS hook, over real HTTP."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask, Response, request

from wxbot.adapters.hooks import SmsHook
from wxbot.errors import SpareWayFailed
from wxbot.sandbox.server import LocalServer

SECRET = "a-secret-of-the-operator"


@dataclass
class Operator:
    """status: what the hook answers with. got: bodies; headers: of the last one."""

    status: int = 200
    url: str = ""
    got: list[bytes] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def take(self) -> Response:
        self.got.append(request.get_data())
        self.headers = dict(request.headers)
        return Response(status=self.status)


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
    SmsHook(operator.url, SECRET, lambda: 1_790_000_000).send("13800000000", "工单有进展", id="job-1")

    assert operator.got == ['{"id": "job-1", "phone": "13800000000", "text": "工单有进展"}'.encode()]
    signed = b"1790000000." + operator.got[0]
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert operator.headers["X-Wxbot-Signature"] == expected


@pytest.mark.parametrize(("status", "delivered"), [(400, "no"), (302, "no"), (503, "maybe")])
def test_a_refusal_says_whether_the_text_may_have_gone_out(operator, status, delivered):
    operator.status = status

    with pytest.raises(SpareWayFailed) as failure:
        SmsHook(operator.url, SECRET).send("13800000000", "工单有进展", id="job-1")

    assert failure.value.delivered == delivered
    assert "13800000000" not in str(failure.value)
