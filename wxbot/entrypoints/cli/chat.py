"""`wxbot chat`: talk to the bot in the terminal, through the real webhook."""

import logging
import os
import uuid
from pathlib import Path

import click

from wxbot.bootstrap import check_content
from wxbot.entrypoints.lines import PlatformLine, WebhookLine
from wxbot.entrypoints.rehearsal import folder_of, rehearsal, running
from wxbot.entrypoints.terminal import HELP, Chat, talk
from wxbot.sandbox.delivery import Delivery
from wxbot.service.live_menu import declared
from wxbot.settings import Settings, load_settings, require_webhook


@click.command()
@click.option("--url", default="", help="和这个地址上的机器人对话，密钥取自环境变量；默认用本机的 wxbot demo")
@click.option("--user", default="", help="用这个 openid 对话；默认每次是一个新用户")
@click.pass_obj
def command(folder: Path, url: str, user: str) -> None:
    """在终端里和机器人对话：每句话都按微信的格式签名、加密，发到真实的接口。"""
    script = check_content(folder).script
    settings = load_settings(os.environ)
    openid = user or f"o{uuid.uuid4().hex[:27]}"
    if url:
        talk_to(Chat(WebhookLine(_delivery(settings, url), openid, declared(script.menu).default)))
        return
    address = running(settings.data)
    if address:
        talk_to(Chat(PlatformLine(address.platform, openid)))
        return
    click.echo("本机没有正在运行的 wxbot demo，先启动一个……")
    logging.disable(logging.CRITICAL)
    home = folder_of(settings.data)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        (home / "web.log").open("w", encoding="utf-8") as output,
        rehearsal(settings, folder, port=0, output=output) as address,
    ):
        talk_to(Chat(PlatformLine(address.platform, openid)))


def talk_to(chat: Chat) -> None:
    """Follow the account, then talk."""
    click.echo(f"{HELP}\n")
    chat.follow()
    talk(chat)


def _delivery(settings: Settings, url: str) -> Delivery:
    require_webhook(settings)
    account = settings.account or "gh_7c1e20f3a9b4"
    return Delivery(url, settings.appid, settings.token, settings.aes_key, settings.mode, account)
