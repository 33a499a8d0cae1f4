"""Whatever goes wrong is one WeChatError that says what it means and gives nothing away (protocol 6.4)."""

import logging
import socket
import traceback

import pytest
import responses

from tests.adapters.wechat_api.conftest import FOLLOWER
from wxbot.adapters.wechat import transport
from wxbot.adapters.wechat.api import WeChatApi
from wxbot.adapters.wechat.errors import MEANINGS
from wxbot.domain.reply import TextPart
from wxbot.errors import WeChatError

SEND = "cgi-bin/message/custom/send"


def failure(api: WeChatApi) -> WeChatError:
    """How sending a message fails now."""
    with pytest.raises(WeChatError) as raised:
        api.send(FOLLOWER, TextPart("您好"))
    return raised.value


def test_a_busy_platform_may_be_asked_again(api, platform):
    platform.faults.refuse(SEND, -1)

    error = failure(api)

    assert (error.code, error.retryable, error.delivered) == (-1, True, "no")


def test_an_error_page_is_no_answer(api, platform):
    platform.faults.html(SEND)

    error = failure(api)

    assert (error.code, error.retryable, error.delivered) == (None, True, "maybe")
    assert "不是 JSON" in str(error)


@pytest.mark.parametrize(("status", "retryable", "delivered"), [(502, True, "maybe"), (404, False, "no")])
def test_a_bad_status_is_told(api, platform, status, retryable, delivered):
    platform.faults.status(SEND, status)

    error = failure(api)

    assert (error.retryable, error.delivered) == (retryable, delivered)
    assert str(status) in str(error)


def test_a_redirect_is_not_followed(api, platform):
    platform.faults.status(SEND, 302)

    assert "302" in str(failure(api))


def test_a_late_answer_may_have_taken_effect(api, platform, monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT_S", (1.0, 0.2))
    api.callback_ips()
    platform.faults.slow(SEND, 0.5)

    error = failure(api)

    assert (error.retryable, error.delivered) == (True, "maybe")
    assert len(platform.inbox(FOLLOWER)) == 1


@pytest.mark.parametrize("after", [True, False])
def test_a_cut_connection_may_have_taken_effect(api, platform, after):
    platform.faults.drop(SEND, after=after)

    assert failure(api).delivered == "maybe"


def test_a_refused_connection_has_no_effect(platform, vault):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = WeChatApi("wx1", "secret-0123", vault, api_base=f"http://127.0.0.1:{taken.getsockname()[1]}")

        error = failure(closed)

    assert (error.retryable, error.delivered) == (True, "no")


def test_an_unknown_host_has_no_effect(vault):
    error = failure(WeChatApi("wx1", "secret-0123", vault, api_base="http://wechat.invalid"))

    assert (error.retryable, error.delivered) == (True, "no")


@responses.activate
@pytest.mark.parametrize(
    "body", ['{"expires_in": 7200}', '{"access_token": "t"}', '{"access_token": "t", "expires_in": "x"}']
)
def test_a_token_answer_with_something_missing_is_an_error(vault, body):
    responses.post("https://api.weixin.qq.com/cgi-bin/stable_token", body=body)

    assert "缺少" in str(failure(WeChatApi("wx1", "secret-0123", vault)))


@responses.activate
@pytest.mark.parametrize("body", ["", "null", "[]", '{"errcode": "x"}', b"\xff\xfe"])
def test_an_answer_of_another_shape_is_an_error(vault, body):
    vault.token = "token-0123456789"
    responses.post(f"https://api.weixin.qq.com/{SEND}", body=body)

    assert failure(WeChatApi("wx1", "secret-0123", vault)).delivered == "maybe"


@responses.activate
def test_a_list_that_is_missing_is_named(vault):
    vault.token = "token-0123456789"
    responses.get("https://api.weixin.qq.com/cgi-bin/customservice/getonlinekflist", json={})

    with pytest.raises(WeChatError, match="kf_online_list"):
        WeChatApi("wx1", "secret-0123", vault).desk.online_agents()


@responses.activate
def test_the_message_of_wechat_and_its_request_id_are_kept_and_secrets_are_not(vault):
    vault.token = "token-0123456789"
    message = "bad token-0123456789\nof secret-0123, see https://e.com/?access_token=x rid: 6123abcd-11112222-33334444"
    responses.post(f"https://api.weixin.qq.com/{SEND}", json={"errcode": 40003, "errmsg": message})

    text = str(failure(WeChatApi("wx1", "secret-0123", vault)))

    assert text == (
        "message/custom/send：openid 不对，或不属于这个公众号"
        "（错误码 40003，bad *** of ***, see，rid: 6123abcd-11112222-33334444）"
    )


FAULTS = {
    "refused": lambda faults: faults.refuse("", 45009, times=9),
    "token rejected": lambda faults: faults.refuse(SEND, 40001, times=9),
    "cut": lambda faults: faults.drop(SEND),
    "page": lambda faults: faults.html(SEND),
    "status": lambda faults: faults.status(SEND, 500),
}


@pytest.mark.parametrize("break_it", FAULTS.values(), ids=FAULTS)
def test_no_secret_and_no_token_shows_in_errors_or_logs(api, platform, vault, caplog, break_it):
    caplog.set_level(logging.DEBUG)
    break_it(platform.faults)

    error = failure(api)

    shown = "".join(traceback.format_exception(error)) + caplog.text + "".join(r.getMessage() for r in caplog.records)
    assert platform.tokens.secret not in shown
    assert not [token for token in platform.tokens.issued if token in shown]
    assert platform.url not in str(error)


def test_the_log_of_requests_keeps_its_lines_without_the_token(api, platform, caplog):
    caplog.set_level(logging.DEBUG, "urllib3")

    api.callback_ips()

    lines = [record.getMessage() for record in caplog.records if "getcallbackip" in record.getMessage()]
    assert "access_token=***" in lines[0]


@pytest.mark.parametrize("code", MEANINGS)
def test_every_meaning_is_one_line(code):
    assert MEANINGS[code]
    assert "\n" not in MEANINGS[code]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/x", "http://qpic.cn.evil.example/x", "http://evilqpic.cn/x", "http://mmbiz.qpic.cn@10.0.0.1/x",
     "http://mmbiz.qpic.cn:8080/x", "file:///etc/passwd", "//mmbiz.qpic.cn/x", ""],
)  # fmt: skip
def test_a_picture_is_not_fetched_from_anywhere_but_wechat(api: WeChatApi, url: str) -> None:
    with pytest.raises(WeChatError, match="不是微信的地址"):
        api.picture(url)


def test_an_expired_medium_says_so(api: WeChatApi) -> None:
    with pytest.raises(WeChatError) as error:
        api.download("never-was")

    assert (error.value.code, error.value.retryable) == (40007, False)
