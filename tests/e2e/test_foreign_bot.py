"""
A bot that is not ours, in wechatpy alone, runs on the platform.

So the stand-in is held to the protocol: whatever it asks of a bot, wechatpy gives, and the other way round.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import requests
from wechatpy import WeChatClient

from tests.doors import Door
from tests.e2e.processes import await_true, free_port
from wxbot.sandbox.account import Account
from wxbot.sandbox.platform import Platform

ECHO_BOT = """
import os

from flask import Flask, Response, request
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.replies import TransferCustomerServiceReply
from wechatpy.utils import check_signature

app = Flask(__name__)
token, appid = os.environ["WECHAT_TOKEN"], os.environ["WECHAT_APPID"]
crypto = WeChatCrypto(token, os.environ["WECHAT_AES_KEY"], appid)


def answer_to(message):
    if message.type == "event":
        return create_reply("欢迎" if message.event == "subscribe" else None, message)
    if message.type != "text":
        return create_reply(f"收到一个 {message.type}", message)
    if message.content == "人工":
        return TransferCustomerServiceReply(message=message)
    return create_reply(f"你说：{message.content}", message)


@app.route("/", methods=["GET", "POST"])
def wechat():
    query = request.args
    try:
        check_signature(token, query["signature"], query["timestamp"], query["nonce"])
        if request.method == "GET":
            return Response(query["echostr"], mimetype="text/plain")
        xml = crypto.decrypt_message(request.data, query["msg_signature"], query["timestamp"], query["nonce"])
    except InvalidSignatureException:
        return Response(status=403)
    reply = answer_to(parse_message(xml)).render()
    return Response(crypto.encrypt_message(reply, query["nonce"], query["timestamp"]) if reply else "success")


app.run(port=int(os.environ["PORT"]))
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    port = free_port()
    account = Account(token="token4echo", aes_key="e" * 43, bot=f"http://127.0.0.1:{port}/")
    program = tmp_path_factory.mktemp("echo") / "echo_bot.py"
    program.write_text(ECHO_BOT, encoding="utf-8")
    bot = start(program, account, port)
    with Platform(account=account) as platform:
        await_true(lambda: verified(platform), 30, every_s=0.1)
        yield platform
    bot.terminate()
    bot.wait()


def start(program: Path, account: Account, port: int) -> subprocess.Popen[bytes]:
    """Far from wxbot: in a folder of its own, with nothing of ours on its path."""
    environment = {
        "WECHAT_TOKEN": account.token,
        "WECHAT_APPID": account.appid,
        "WECHAT_AES_KEY": account.aes_key,
        "PORT": str(port),
    }
    command = [sys.executable, "-P", str(program)]
    silent = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=program.parent, env=environment, stdout=silent, stderr=silent)


def verified(platform: Platform) -> bool:
    return requests.post(f"{platform.url}/sandbox/verify", timeout=10).ok


@pytest.fixture
def door(platform: Platform) -> Door:
    return Door(platform.url)


@pytest.fixture
def does(door: Door) -> Callable[..., dict]:
    """`does(what, …)` of one user; the platform's answer."""
    return partial(door.does, door.joined())


def test_its_url_is_checked_and_its_welcome_and_echo_are_read(does):
    followed, said = does("follow"), does("text", content="& <b>你好</b> 🙂")

    assert followed["bubbles"][-1]["text"] == "欢迎"
    assert (said["outcome"], said["tries"], said["bubbles"][-1]["text"]) == ("reply", 1, "你说：& <b>你好</b> 🙂")


def test_its_broken_answer_reads_as_it_would_on_a_phone(does):
    """wechatpy lets `]]>` break the XML (protocol 3.4)."""
    does("follow")

    assert does("text", content="]]>")["bubbles"][-1]["code"] == "failed"


def test_every_kind_of_message_is_one_that_wechatpy_knows(does):
    does("follow")

    kinds = [
        does("image"), does("voice"), does("video"), does("location", latitude=30.2, longitude=120.1),
        does("link", title="t", url="https://e.com"),
    ]  # fmt: skip

    shown = [done["bubbles"][-1]["text"].removeprefix("收到一个 ") for done in kinds]
    assert shown == ["image", "voice", "video", "location", "link"]


def test_its_transfer_leads_to_an_agent_and_back(does, door):
    does("follow")
    agent = door.hires(auto_accept=True)

    transferred, served = does("text", content="人工"), does("text", content="在吗")
    (session,) = door.get("state")["agents"][0]["serving"]
    door.agent(agent, "close", openid=session["openid"])

    assert (transferred["outcome"], served["outcome"]) == ("transfer", "agent")
    assert does("text", content="再见")["bubbles"][-1]["text"] == "你说：再见"


def client_of(platform: Platform) -> WeChatClient:
    """wechatpy fetches tokens from the real host only (protocol 6.4-6)."""
    account = platform.world.account
    request = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    client = WeChatClient(account.appid, account.secret, platform.tokens.give_stable(request)["access_token"])
    client.API_BASE_URL = f"{platform.url}/cgi-bin/"
    return client


def test_wechatpys_own_client_works_on_the_platform(does, platform):
    does("follow")
    client = client_of(platform)
    user = client.user.get_followers()["data"]["openid"][-1]
    tag = client.tag.create("企业版")["id"]
    client.tag.tag_user(tag, user)
    ticket = client.qrcode.create({"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "s"}}})

    client.menu.create({"button": [{"type": "click", "name": "你好", "key": "HI"}]})
    client.message.send_text(user, "一条客服消息")

    assert client.user.get(user)["tagid_list"] == [tag]
    assert ticket["url"].startswith("http://weixin.qq.com/q/")
    assert client.menu.try_match(user)["button"][0]["key"] == "HI"
