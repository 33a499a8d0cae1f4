"""WeChat's bytes ↔ our values: signatures, encryption, XML. No network, no clock (protocol 1, 8.4)."""

import hashlib
import hmac
import re
import secrets
import struct
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import WeChatException

from wxbot.adapters.wechat.inbound import parse
from wxbot.adapters.wechat.markup import elements
from wxbot.adapters.wechat.outbound import render
from wxbot.domain.message import Inbound
from wxbot.domain.reply import Reply
from wxbot.errors import Refused, Unreadable
from wxbot.settings import Settings

FRESH_S = 600
"""Seconds that a request's timestamp may lie from now; a captured signature is worthless after that (protocol 1.3)."""

SUCCESS = b"success"
"""Says "received, show nothing"; never encrypted (protocol 1.5)."""

Query = Mapping[str, str]

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,128}")

_DECRYPTION_FAULTS = (WeChatException, ValueError, IndexError, struct.error)


class Cipher(PrpCrypto):  # type: ignore[misc]
    """AES-256-CBC as WeChat uses it (protocol 1.4)."""

    def get_random_string(self) -> bytes:
        # The 16 bytes are the only thing that differs between two equal texts, since the IV is fixed (protocol 8.3).
        return secrets.token_bytes(16)


@dataclass(frozen=True, slots=True)
class Envelope:
    """How the answer to one request is to be packed: with its nonce and the key that opened it; None is plain."""

    nonce: str
    cipher: Cipher | None


class Codec:
    """One account's wire. The mode is the configured one; what a request says of itself cannot lower it."""

    def __init__(self, settings: Settings) -> None:
        self._token = settings.token
        self._appid = settings.appid
        self._account = settings.account
        self._encrypted = settings.mode != "plain"
        keys = (settings.aes_key, settings.aes_key_previous) if self._encrypted else ()
        self._ciphers = tuple(Cipher(b64decode(f"{key}=")) for key in keys if key)

    def verify(self, query: Query, now: float) -> None:
        """
        Check that the query was signed with our token, lately (protocol 1.2).

        Raises:
            Refused: it was not.
        """
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not (_TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
            raise Refused("timestamp or nonce is missing or malformed")
        if not _same(self._sign(timestamp, nonce), query.get("signature", "")):
            raise Refused("signature is missing or wrong")
        if abs(now - int(timestamp)) > FRESH_S:
            raise Refused("timestamp is too old or too new")

    def decode(self, query: Query, body: bytes, now: float) -> tuple[Inbound, Envelope]:
        """
        Verify, decrypt and read one POST.

        Raises:
            Refused: it does not come from WeChat.
            Unreadable: it does, but it is nothing we can answer.
        """
        self.verify(query, now)
        nonce = query.get("nonce", "")
        if self._encrypted:
            xml, cipher = self._decrypt(query, body)
            inbound, envelope = parse(xml), Envelope(nonce, cipher)
        else:
            inbound, envelope = parse(body), Envelope(nonce, None)
        if self._account and inbound.account != self._account:
            raise Unreadable("is for another account")
        return inbound, envelope

    def encode(self, reply: Reply, inbound: Inbound, envelope: Envelope, *, at: int, now: float) -> bytes:
        """
        Pack a reply for the request that `envelope` came with (protocol 1.5, 3.2).

        at: CreateTime of the reply, the same for every delivery. now: time of this answer. Both unix seconds.
        """
        xml = render(reply, inbound, at)
        if not xml:
            return SUCCESS
        if envelope.cipher is None:
            return xml.encode()
        timestamp = str(int(now))
        encrypted: str = envelope.cipher.encrypt(xml, self._appid).decode()
        signature = self._sign(timestamp, envelope.nonce, encrypted)
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp>"
            f"<Nonce><![CDATA[{envelope.nonce}]]></Nonce></xml>"
        ).encode()

    def _decrypt(self, query: Query, body: bytes) -> tuple[str, Cipher]:
        """Only `msg_signature` covers the content; plaintext beside <Encrypt> is never looked at (protocol 1.3)."""
        encrypted = _encrypted_part(body)
        expected = self._sign(query.get("timestamp", ""), query.get("nonce", ""), encrypted)
        if query.get("encrypt_type") != "aes" or not _same(expected, query.get("msg_signature", "")):
            raise Refused("msg_signature is missing or wrong")
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(encrypted, self._appid), cipher
            except _DECRYPTION_FAULTS:
                continue
        raise Refused("cannot be decrypted with our keys, or is for another appid")

    def _sign(self, *parts: str) -> str:
        return sign(self._token, *parts)


def sign(token: str, *parts: str) -> str:
    """WeChat's signature of what a request carries (protocol 1.2, 1.4)."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode(), usedforsecurity=False).hexdigest()


def _same(expected: str, given: str) -> bool:
    """Constant-time; wechatpy's own comparison is not (protocol 8.3)."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def _encrypted_part(body: bytes) -> str:
    try:
        encrypted = elements(body).get("Encrypt")
    except ValueError as error:
        raise Refused("body is not XML") from error
    if not isinstance(encrypted, str):
        raise Refused("body has no <Encrypt>")
    return encrypted
