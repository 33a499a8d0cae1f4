"""One token for everybody, and what happens when WeChat rejects it (protocol 6.1)."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from wxbot.errors import WeChatError
from wxbot.sandbox.tokens import Token

TOKEN, IPS = "cgi-bin/stable_token", "cgi-bin/getcallbackip"


def test_eight_threads_fetch_one_token(api, platform):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: api.callback_ips(), range(8)))

    assert answers == [["127.0.0.1"]] * 8
    assert platform.calls.count(TOKEN) == 1


def test_the_token_is_kept_until_five_minutes_before_its_end(api, vault):
    api.callback_ips()

    assert vault.ttls[0] in (6899, 6900)


def test_a_token_that_ends_soon_is_kept_for_a_minute(api, platform, vault):
    platform.tokens.stable = platform.tokens.issued["ends-soon"] = Token("ends-soon", time.time() + 310)

    api.callback_ips()

    assert (vault.token, vault.ttls) == ("ends-soon", [60])


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_rejected_token_is_replaced_and_the_call_made_again_once(api, platform, code):
    platform.faults.refuse(IPS, code)

    assert api.callback_ips() == ["127.0.0.1"]
    assert platform.calls.count(TOKEN) == 2


def test_a_token_that_stays_rejected_is_an_error_after_one_retry(api, platform):
    platform.faults.refuse(IPS, 40001, times=9)

    with pytest.raises(WeChatError) as raised:
        api.callback_ips()

    assert (raised.value.code, raised.value.retryable) == (40001, True)
    assert platform.calls.count(TOKEN) == 2


def test_a_token_that_another_process_replaced_already_is_used(api, platform, vault):
    api.callback_ips()
    fresh, vault.token = vault.token, "stale"
    vault.drop_if = lambda token: vault.put(fresh, 60)

    api.callback_ips()

    assert platform.calls.count(TOKEN) == 1


def test_tokens_revoked_by_somebody_else_are_fetched_anew(api, platform):
    api.callback_ips()
    platform.tokens.revoke()

    assert api.callback_ips() == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("attribute", "code", "hint"),
    [("secret", 40125, "WECHAT_APPSECRET"), ("appid", 40013, "WECHAT_APPID")],
)
def test_wrong_credentials_name_the_setting_to_check(api, platform, attribute, code, hint):
    setattr(platform.tokens, attribute, "another")

    with pytest.raises(WeChatError, match=hint) as raised:
        api.callback_ips()

    assert (raised.value.code, raised.value.retryable) == (code, False)
    assert platform.calls == [TOKEN]


def test_an_unlisted_address_is_explained(api, platform):
    platform.faults.refuse(TOKEN, 40164)

    with pytest.raises(WeChatError, match="IP 白名单"):
        api.callback_ips()
