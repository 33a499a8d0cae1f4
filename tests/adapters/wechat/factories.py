"""Deliveries as WeChat makes them, signed, encrypted and opened by wechatpy: our codec is checked against another."""

from xml.etree import ElementTree

from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from wxbot.adapters.wechat.codec import Codec
from wxbot.domain.message import Inbound, Text
from wxbot.settings import Settings

TOKEN, APPID, KEY = "Wire0Token", "wx0123456789abcdef", "Abc0123456789" * 3 + "Wxyz"
OLD_KEY = KEY.swapcase()
ACCOUNT, USER = "gh_7c1e20f3a9b4", "oZx81uKq3bT0dVn5LrYp7mWc2HsE"
NOW, NONCE = 1767225601, "415670741"


def a_codec(mode="safe", **changes):
    return Codec(Settings(**{"token": TOKEN, "appid": APPID, "aes_key": KEY, "mode": mode} | changes))


def an_inbound(**changes):
    return Inbound(**{"id": "m1", "user": USER, "account": ACCOUNT, "at": NOW, "content": Text("你好")} | changes)


def a_message(kind="text", inner="", **fields):
    """XML of one message. inner: XML put in as it is. A field that is None is left out."""
    envelope = {"ToUserName": ACCOUNT, "FromUserName": USER, "CreateTime": NOW, "MsgType": kind}
    rows = (f"<{name}><![CDATA[{value}]]></{name}>" for name, value in (envelope | fields).items() if value is not None)
    return f"<xml>{''.join(rows)}{inner}</xml>"


def a_text(content="你好", **fields):
    return a_message(**{"Content": content, "MsgId": 24817360019283746} | fields)


def an_event(name, inner="", **fields):
    return a_message("event", inner, Event=name, **fields)


def a_signature(*parts, token=TOKEN):
    signer = WeChatSigner()
    signer.add_data(token, *map(str, parts))
    return signer.signature


def a_signed_query(encrypted=None, *, at=NOW, nonce=NONCE, token=TOKEN, **changes):
    """encrypted: what msg_signature covers; None for a query of the plain mode. A change to None leaves that out."""
    query = {"signature": a_signature(at, nonce, token=token), "timestamp": str(at), "nonce": nonce, "openid": USER}
    if encrypted is not None:
        query |= {"encrypt_type": "aes", "msg_signature": a_signature(at, nonce, encrypted, token=token)}
    return {name: value for name, value in (query | changes).items() if value is not None}


def a_ciphertext(xml, *, key=KEY, appid=APPID):
    return elements(WeChatCrypto(TOKEN, key, appid).encrypt_message(xml, NONCE))["Encrypt"]


def an_encrypted_body(encrypted, plain=""):
    """plain: XML beside <Encrypt>, as the compatible mode sends it."""
    return f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>{plain}<Encrypt>{encrypted}</Encrypt></xml>".encode()


def a_safe_delivery(xml, *, key=KEY, appid=APPID, **query):
    """(query, body) of one message in safe mode."""
    encrypted = a_ciphertext(xml, key=key, appid=appid)
    return a_signed_query(encrypted, **query), an_encrypted_body(encrypted)


def opened(answer, key=KEY):
    """The reply inside an encrypted answer; raises unless MsgSignature, key and appid are right."""
    envelope = elements(answer)
    signed = envelope["MsgSignature"], envelope["TimeStamp"], envelope["Nonce"]
    return elements(WeChatCrypto(TOKEN, key, APPID).decrypt_message(answer, *signed))


def elements(xml):
    """Every element without children: its name → its text."""
    return {node.tag: node.text or "" for node in ElementTree.fromstring(xml).iter() if not len(node)}  # noqa: S314
