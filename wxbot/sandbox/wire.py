"""What goes over the wire to the bot and back: XML, signatures, envelopes (protocol 1.2 to 1.5, 2, 3.2)."""

import hashlib
import secrets
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException

Mode = Literal["plain", "compatible", "safe"]
Value = str | int | Mapping[str, "Value"] | Sequence["Value"]
Fields = Mapping[str, Value]


class InvalidAnswer(Exception):
    """An answer that WeChat cannot show; the follower reads that the account is out of order (protocol 3.1)."""


@dataclass(frozen=True, slots=True)
class Push:
    """One request to the bot; posting it again is a retry."""

    query: Mapping[str, str]
    body: bytes


def to_xml(fields: Fields) -> str:
    """Strings become CDATA, numbers stay bare; a list repeats its tag."""
    return f"<xml>{_elements(fields)}</xml>"


def _elements(fields: Fields) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Value) -> str:
    match value:
        case str():
            return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
        case int():
            return f"<{name}>{value}</{name}>"
        case Mapping():
            return f"<{name}>{_elements(value)}</{name}>"
        case _:
            return "".join(_element(name, item) for item in value)


def from_xml(text: str) -> dict[str, Any]:
    """
    Read `<xml>…</xml>`; nested elements become dicts, repeated ones lists, empty ones None.

    Raises:
        InvalidAnswer: it is something else.
    """
    try:
        parsed = xmltodict.parse(text)
    except (ExpatError, ValueError) as error:
        raise InvalidAnswer(f"not XML: {error}") from None
    fields = parsed.get("xml")
    if not isinstance(fields, dict):
        raise InvalidAnswer("the root is not <xml> with fields in it")
    return fields


def signature(*values: str) -> str:
    return hashlib.sha1("".join(sorted(values)).encode()).hexdigest()  # noqa: S324 - the protocol's choice


@dataclass(frozen=True, slots=True)
class Wire:
    """Signs and encrypts for one account. aes_key: 43 characters, '' in plain mode."""

    appid: str
    token: str
    aes_key: str
    mode: Mode

    def signed(self, now: int) -> dict[str, str]:
        """The query that every request carries (protocol 1.2). now: unix seconds."""
        timestamp, nonce = str(now), str(secrets.randbelow(2**31))
        return {
            "signature": signature(self.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
        }

    def push(self, fields: Fields, now: int) -> Push:
        """The request that delivers this message or event (protocol 1.3)."""
        query = {**self.signed(now), "openid": str(fields.get("FromUserName", ""))}
        if self.mode == "plain":
            return Push(query, to_xml(fields).encode())
        encrypted = from_xml(self._crypto().encrypt_message(to_xml(fields), query["nonce"], query["timestamp"]))
        outer = fields if self.mode == "compatible" else {"ToUserName": fields.get("ToUserName", "")}
        body = to_xml({**outer, "Encrypt": encrypted["Encrypt"]}).encode()
        return Push({**query, "encrypt_type": "aes", "msg_signature": encrypted["MsgSignature"]}, body)

    def opened(self, body: bytes, nonce: str) -> dict[str, Any]:
        """
        The reply's fields, decrypted where that is due (protocol 1.5).

        Raises:
            InvalidAnswer: it is malformed, wrongly signed, or plain where it must be encrypted.
        """
        return from_xml(self.unwrapped(body, nonce))

    def unwrapped(self, body: bytes, nonce: str) -> str:
        """The reply's XML, decrypted where that is due; raises InvalidAnswer as `opened` does."""
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise InvalidAnswer("not UTF-8") from None
        fields = from_xml(text)
        if "Encrypt" not in fields:
            if self.mode == "safe":
                raise InvalidAnswer("safe mode wants an encrypted reply")
            return text
        if self.mode == "plain":
            raise InvalidAnswer("an encrypted reply in plain mode")
        return self._decrypted(fields, nonce)

    def _decrypted(self, envelope: dict[str, Any], nonce: str) -> str:
        if envelope.get("Nonce") != nonce:
            raise InvalidAnswer("the envelope does not carry the request's nonce")
        try:
            return str(self._crypto().decrypt_message(envelope, envelope["MsgSignature"], envelope["TimeStamp"], nonce))
        except (WeChatException, KeyError, ValueError, IndexError, TypeError, struct.error) as error:
            raise InvalidAnswer(f"cannot be decrypted: {type(error).__name__}") from None

    def _crypto(self) -> WeChatCrypto:
        return WeChatCrypto(self.token, self.aes_key, self.appid)
