"""Tokens as protocol 6.1 has them."""

import pytest

STABLE, PLAIN, ANY_CALL = "cgi-bin/stable_token", "cgi-bin/token", "cgi-bin/getcallbackip"


def test_the_stable_token_stays_the_same_and_counts_down(call, credentials, clock):
    first = call(STABLE, credentials)
    clock.pass_s(1000)

    again = call(STABLE, credentials)

    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 6200)


def test_a_new_stable_token_comes_five_minutes_before_the_end_and_both_work(call, credentials, clock):
    first = call(STABLE, credentials)
    clock.pass_s(7200 - 300)

    second = call(STABLE, credentials)

    assert second["access_token"] != first["access_token"]
    assert "ip_list" in call(ANY_CALL, token=first["access_token"])
    assert "ip_list" in call(ANY_CALL, token=second["access_token"])


def test_a_forced_token_ends_the_one_before_and_may_not_be_forced_again_at_once(call, credentials):
    first = call(STABLE, credentials)

    call(STABLE, {**credentials, "force_refresh": True})
    again = call(STABLE, {**credentials, "force_refresh": True})

    assert call(ANY_CALL, token=first["access_token"])["errcode"] == 42001
    assert again["errcode"] == 45011


def test_the_plain_token_is_new_each_time_and_leaves_the_stable_one_alone(call, credentials, clock):
    stable = call(STABLE, credentials)["access_token"]
    first, second = (call(PLAIN, **credentials)["access_token"] for _ in range(2))

    assert first != second
    assert "ip_list" in call(ANY_CALL, token=first)
    clock.pass_s(301)
    assert call(ANY_CALL, token=first)["errcode"] == 42001
    assert "ip_list" in call(ANY_CALL, token=stable)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"appid": "wxother"}, 40013),
        ({"appid": ""}, 41002),
        ({"secret": "wrong"}, 40125),
        ({"secret": ""}, 41004),
        ({"grant_type": "password"}, 40002),
    ],
)
def test_wrong_credentials_are_told_apart(call, credentials, change, code):
    assert call(STABLE, {**credentials, **change})["errcode"] == code


@pytest.mark.parametrize(("token", "code"), [("", 41001), ("forged", 40001)])
def test_a_call_without_a_good_token_is_refused(call, token, code):
    assert call(ANY_CALL, token=token)["errcode"] == code


def test_a_token_expires_by_the_clock(call, credentials, clock):
    token = call(STABLE, credentials)["access_token"]
    clock.pass_s(7200)

    assert call(ANY_CALL, token=token)["errcode"] == 42001


def test_a_day_s_quota_ends_at_midnight_in_beijing(call, credentials, platform, clock):
    platform.quotas.daily[PLAIN] = 1
    call(PLAIN, **credentials)

    refused = call(PLAIN, **credentials)
    clock.pass_s(86400)

    assert refused["errcode"] == 45009
    assert "access_token" in call(PLAIN, **credentials)


def test_a_refusal_carries_a_request_id(call):
    assert "rid: " in call(ANY_CALL, token="forged")["errmsg"]
