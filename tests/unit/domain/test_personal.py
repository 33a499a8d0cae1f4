"""Numbers that name a person do not come through."""

import pytest

from wxbot.domain.personal import HIDDEN, masked


@pytest.mark.parametrize(
    "secret",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "１３８００１３８０００",
        "11010519491231002X",
        "6222 0212 3456 7890 123",
        "someone@example.com",
        "202611220001",
    ],
)
def test_numbers_and_addresses_are_hidden(secret: str) -> None:
    assert masked(f"我的是{secret}怎么改") == f"我的是{HIDDEN}怎么改"


def test_told_secrets_are_hidden() -> None:
    assert masked("密码是abc!23登不上") == f"密码{HIDDEN}登不上"
    assert masked("验证码 4821 不对") == f"验证码{HIDDEN} 不对"


@pytest.mark.parametrize(
    "text", ["密码是不是错了", "错误码 40029", "Windows 11 装不上", "3.5 版和 2.0 版", "30 天后", ""]
)
def test_ordinary_words_and_short_numbers_stay(text: str) -> None:
    assert masked(text) == text
