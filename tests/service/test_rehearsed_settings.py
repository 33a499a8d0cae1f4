"""What a rehearsal takes over from the environment of an operator: nothing that leads to people or stores."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from flask import Flask

from wxbot.entrypoints.rehearsal import Address, folder_of, settings_here
from wxbot.sandbox.server import LocalServer
from wxbot.settings import Settings

ROBOT = "https://robot.example.com/key"


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """The data folder with which a rehearsal is running."""
    app = Flask("web")
    app.add_url_rule("/healthz", view_func=lambda: "ok", endpoint="healthz")
    server = LocalServer(app)
    server.start()
    key = "kWxb0tAesKeyForTestsOnly0123456789abcdefghA"
    address = Address(
        f"{server.url}/wechat", "http://127.0.0.1:1", "wx0123456789abcdef", "s" * 32, "token4wxbot", key, "k" * 32
    )
    folder_of(tmp_path).mkdir()
    (folder_of(tmp_path) / "rehearsal.json").write_text(json.dumps(asdict(address)), encoding="utf-8")
    yield tmp_path
    server.stop()


def rehearsed(data: Path, **environment: str) -> Settings:
    settings = settings_here({"WXBOT_DATA": str(data), **environment})
    assert settings.api_base == "http://127.0.0.1:1"
    return settings


def test_no_channel_of_the_operators_is_taken_over(data: Path) -> None:
    settings = rehearsed(
        data,
        NOTICE_WECOM_URL=ROBOT,
        NOTICE_DINGTALK_URL=ROBOT,
        NOTICE_FEISHU_URL=ROBOT,
        NOTICE_EMAIL_TO="staff@example.com",
        SMTP_URL="smtp://mail.example.com?from=bot@example.com",
        SMS_HOOK_URL=ROBOT,
        SMS_HOOK_SECRET="s" * 16,
        WXBOT_MEDIA="s3://pictures",
    )

    assert (settings.notice_wecom_url, settings.notice_dingtalk_url, settings.notice_feishu_url) == ("", "", "")
    assert (settings.notice_email_to, settings.smtp_url, settings.sms_hook_url, settings.media) == ((), "", "", "")


@pytest.mark.parametrize("name", ["BINDING_HOOK_SECRET", "SECRET_KEY", "WECHAT_APPSECRET", "NOTICE_FEISHU_SECRET"])
def test_a_secret_that_comes_as_a_file_is_left_out_too(data: Path, name: str) -> None:
    (data / "secret").write_text("of-the-operators-own-server-and-long-enough", encoding="utf-8")

    settings = rehearsed(data, **{f"{name}_FILE": str(data / "secret")})

    assert "of-the-operators" not in str(asdict(settings))


def test_the_store_is_the_one_that_was_chosen_for_it(data: Path) -> None:
    assert rehearsed(data, REDIS_URL="redis://127.0.0.1:7").redis_url == "redis://127.0.0.1:7"
    assert rehearsed(data).redis_url == ""
