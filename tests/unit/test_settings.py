"""The environment, read once."""

import pytest

from wxbot.errors import SettingsError
from wxbot.settings import load_settings, require_page

KEY = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("url", ["https://help.example.com", "https://help.example.com:8443/", "http://127.0.0.1:8000"])
def test_a_page_has_its_place_below_the_public_address(url):
    settings = load_settings({"WXBOT_PUBLIC_URL": url})

    assert settings.page_url == f"{url.rstrip('/')}/my"


@pytest.mark.parametrize(
    "url", ["http://help.example.com", "https://a/b", "help.example.com", "https://a?x", "https://a b"]
)
def test_cookies_go_nowhere_but_over_https_to_a_host(url):
    with pytest.raises(SettingsError, match="WXBOT_PUBLIC_URL looks like https://host"):
        load_settings({"WXBOT_PUBLIC_URL": url})


def test_without_an_address_there_is_no_page_and_nothing_is_needed():
    settings = load_settings({})

    require_page(settings)
    assert settings.page_url == ""


def test_a_page_needs_secrets():
    settings = load_settings({"WXBOT_PUBLIC_URL": "https://a.example.com"})

    with pytest.raises(SettingsError) as problem:
        require_page(settings)
    assert problem.value.problems == ("WECHAT_APPSECRET is not set", "SECRET_KEY is not set")


def test_a_key_that_can_be_guessed_is_refused_and_never_repeated():
    with pytest.raises(SettingsError) as problem:
        load_settings({"SECRET_KEY": "short-key"})

    assert "short-key" not in str(problem.value)
    assert KEY not in repr(load_settings({"SECRET_KEY": KEY}))


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("REDIS_URL", "redis://:hush[hush@host"),
        ("REDIS_URL", "redis://:hush/hush@host:6379"),
        ("WECHAT_API_BASE", "http://[hush"),
        ("SMTP_URL", "smtp://bot:hush[hush@host?from=bot@example.com"),
        ("SMTP_URL", "smtp://bot:hush/hush@host?from=bot@example.com"),
    ],
)
def test_a_password_that_is_not_quoted_is_a_problem_like_any_other(name, url):
    with pytest.raises(SettingsError) as problem:
        load_settings({name: url})

    assert [told.partition(" ")[0] for told in problem.value.problems] == [name]
    assert "hush" not in str(problem.value)
