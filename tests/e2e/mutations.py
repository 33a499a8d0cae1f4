"""Requests that WeChat would never send: real ones, spoiled in every way that a broken or hostile sender might."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from wechatpy.crypto import PrpCrypto

from wxbot.sandbox.answer import SILENCE, Reply
from wxbot.sandbox.delivery import Delivery
from wxbot.sandbox.wire import Fields, Wire, signature, to_xml

Query = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request. how: it was spoiled. query: as in the URL."""

    how: str
    query: str
    body: bytes

    @property
    def target(self) -> str:
        return f"/wechat?{self.query}"


@dataclass(slots=True)
class Spoiler:
    """Spoils requests for one account by chance; the same seed gives the same requests, but for their time."""

    delivery: Delivery
    chance: Random
    messages: Sequence[Fields]

    def spoil(self) -> Attempt:
        """The next request; one in ten is left as it is."""
        spoil = self.chance.choice(_WAYS)
        query, body = spoil(self, self.chance.choice(self.messages))
        return Attempt(spoil.__name__, query if isinstance(query, str) else urlencode(query), body[:200_000])

    def now(self) -> int:
        return int(self.delivery.clock())

    def sealed(self, xml: bytes) -> tuple[Query, bytes]:
        """As WeChat would send this, whatever it is: signed, and encrypted where the mode wants it."""
        wire = self.delivery.wire
        query = [*wire.signed(self.now()).items(), ("openid", "oSpoiler")]
        if wire.mode == "plain":
            return query, xml
        return self.enveloped(query, encrypt(wire, xml))

    def enveloped(self, query: Query, encrypted: str) -> tuple[Query, bytes]:
        wire, given = self.delivery.wire, dict(query)
        signed = signature(wire.token, given["timestamp"], given["nonce"], encrypted)
        body = to_xml({"ToUserName": self.delivery.account, "Encrypt": encrypted}).encode()
        return [*query, ("encrypt_type", "aes"), ("msg_signature", signed)], body

    def whole(self, message: Fields) -> tuple[Query, bytes]:
        return self.sealed(to_xml(self.renewed(message)).encode())

    def renewed(self, message: Fields) -> dict[str, Any]:
        """With ids of its own, so that it is no repeat."""
        told_apart = {"FromUserName": f"oSpoiler-{self.chance.randrange(50)}", "CreateTime": self.now()}
        if "MsgId" in message:
            told_apart["MsgId"] = self.chance.randrange(10**17, 10**18)
        return {**message, **told_apart}


def encrypt(wire: Wire, text: bytes) -> str:
    encrypted: bytes = PrpCrypto(b64decode(f"{wire.aes_key}=")).encrypt(text, wire.appid)
    return encrypted.decode()


def every_message(delivery: Delivery) -> list[Fields]:
    """One of each kind that the platform can send."""
    catalogue = _Catalogue(delivery.url, delivery.appid, delivery.token, delivery.aes_key, delivery.mode)
    user = "oSpoiler"
    for words in ("怎么退款", "你好", "转人工", "取消", "1", "分类", "今晚吃什么", "继续"):
        catalogue.text(user, words)
    catalogue.text(user, "怎么退款", "answer:refund")
    catalogue.image(user, "media", "http://example.com/p.jpg")
    catalogue.voice(user, "media", "怎么退款")
    catalogue.video(user, "media", "thumb")
    catalogue.location(user, "30.25", "120.21", "杭州")
    catalogue.link(user, "标题", "https://example.com")
    catalogue.file(user, "报价.pdf")
    for scene in ("", "store_1"):
        catalogue.follow(user, scene)
    catalogue.unfollow(user)
    catalogue.scan(user, "store_1")
    for key in ("browse", "human", "answer:refund"):
        catalogue.click(user, key)
    catalogue.view(user, "https://example.com")
    catalogue.scancode(user, "SCAN", "https://example.com")
    catalogue.pictures(user, "PICS", ["5a75aaca956d97be686719218f275c6b"] * 2)
    catalogue.location_select(user, "PLACE", "杭州")
    catalogue.location_report(user, "30.25", "120.21")
    catalogue.agent_joined(user, "kf2001@shop")
    catalogue.agent_switched(user, "kf2001@shop", "kf2002@shop")
    catalogue.agent_left(user, "kf2001@shop")
    catalogue.template_finished(user, 200163836, "failed:user block")
    return catalogue.messages


@dataclass(slots=True)
class _Catalogue(Delivery):
    """Notes what it should deliver."""

    messages: list[Fields] = field(default_factory=list)

    def deliver(self, fields: Fields) -> Reply:
        self.messages.append(fields)
        return SILENCE


# Ways to spoil a request.


def untouched(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    return spoiler.whole(message)


_ODD_VALUES: tuple[Any, ...] = (
    "", " ", "\n\t", "0", "-1", "00", "1.5", "1e309", "NaN", "9" * 25, "9" * 5000, "１２３", "[1682391258]", "0x10",
    "null", "True", "]]>", "<b>粗</b>", "&lt;", "&amp;", "%s%n{0}{name}", "'; DROP TABLE", "../../etc/passwd",
    "\u202e倒", "🙂" * 300, "👨‍👩‍👧", "字" * 3000, "a" * 70_000, "\ufeff", "e\u0301" * 99, "text", "event", "EVENT",
    "subscribe", "qrscene_", "kf_create_session", "CLICK", "device_text", "hardware", "o" * 65, "o x", "o:x", "{x}",
    "human", "answer:refund", "answer:", "browse:订单#999999999999999999999", "browse:#", "say:x", "url:http://x",
    0, -1, 2**31, 2**63, 10**30, {"a": "b"}, {"item": {"item": {"item": ""}}}, ["a", "b"], [{"a": 1}, "b"],
)  # fmt: skip


def odd_values(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    fields = spoiler.renewed(message)
    for name in spoiler.chance.sample(sorted(fields), spoiler.chance.randint(1, 3)):
        fields[name] = spoiler.chance.choice(_ODD_VALUES)
    return spoiler.sealed(to_xml(fields).encode())


def missing_fields(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    fields = spoiler.renewed(message)
    for name in spoiler.chance.sample(sorted(fields), spoiler.chance.randint(1, len(fields))):
        del fields[name]
    return spoiler.sealed(to_xml(fields).encode())


def other_kinds(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    """The fields of one message under the type of another."""
    other = spoiler.chance.choice(spoiler.messages)
    kinds = {name: other[name] for name in ("MsgType", "Event") if name in other}
    return spoiler.whole({**message, **kinds})


def fields_in_fields(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    name = spoiler.chance.choice(sorted(message))
    return spoiler.sealed(to_xml({**spoiler.renewed(message), name: message}).encode())


def repeated_elements(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    xml = to_xml(spoiler.renewed(message))[len("<xml>") : -len("</xml>")]
    return spoiler.sealed(f"<xml>{xml * spoiler.chance.choice((2, 3, 100))}</xml>".encode())


def deep_elements(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    depth = spoiler.chance.choice((10, 500, 5000))
    nest = b"<a>" * depth + b"</a>" * spoiler.chance.choice((depth, depth - 1, 0))
    return spoiler.sealed(b"<xml>" + nest + to_xml(spoiler.renewed(message)).encode()[len("<xml>") :])


_STARTS = (
    b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n", b'<?xml version="1.0"?>', b'<?xml version="1.0" encoding="utf-16"?>',
    b'<?xml version="1.0" encoding="x-user-defined"?>', b"<!-- -->", b"<?php ?>", b"\x00", b"{", b"<html>", b"success",
    b"<!DOCTYPE xml>", b'<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    b'<!DOCTYPE xml SYSTEM "file:///etc/passwd">', b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
)  # fmt: skip


def other_starts(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    return spoiler.sealed(spoiler.chance.choice(_STARTS) + to_xml(spoiler.renewed(message)).encode())


def flipped_bits(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    return spoiler.sealed(_flip(spoiler.chance, to_xml(spoiler.renewed(message)).encode()))


def cut_off(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    return spoiler.sealed(_cut(spoiler.chance, to_xml(spoiler.renewed(message)).encode()))


def json_message(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    return spoiler.sealed(json.dumps(spoiler.renewed(message)).encode())


def noise(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    return spoiler.sealed(spoiler.chance.randbytes(spoiler.chance.choice((0, 1, 16, 31, 32, 1000))))


def flipped_bits_outside(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    query, body = spoiler.whole(message)
    return query, _flip(spoiler.chance, body)


def cut_off_outside(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    query, body = spoiler.whole(message)
    return query, _cut(spoiler.chance, body)


def padded_outside(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    query, body = spoiler.whole(message)
    return query, body + spoiler.chance.choice((b" ", b"\n", b"\0", b"x", b"<a/>")) * spoiler.chance.choice((1, 70_000))


def bad_ciphertexts(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    """Well signed, as by somebody who knows the token and not the key."""
    chance, wire = spoiler.chance, spoiler.delivery.wire
    good = encrypt(wire, to_xml(spoiler.renewed(message)).encode()) if wire.aes_key else "AAAA"
    blocks = b64decode(good)
    cut = chance.randrange(len(blocks))
    pieces = (blocks[cut:], blocks[:cut], blocks[16:], _flip(chance, blocks), chance.randbytes(64))
    words = (
        "",
        "=",
        "A",
        "AAAA",
        "中文",
        good[:-1],
        f"{good}=",
        good + good,
        good.lower(),
        f"{good}\n",
        f"\ufeff{good}",
    )
    bad = chance.choice((*words, *(b64encode(piece).decode() for piece in pieces)))
    return spoiler.enveloped([*wire.signed(spoiler.now()).items()], bad)


def odd_envelopes(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    query, body = spoiler.whole(message)
    inside = body[len(b"<xml>") : -len(b"</xml>")]
    wrapped = (
        b"<xml>" + inside * 2 + b"</xml>",
        b"<xml><a>" + inside + b"</a></xml>",
        b"<xml>" + inside.replace(b"<Encrypt>", b"<Encrypt><x/>") + b"</xml>",
        b"<xml>" + inside.replace(b"Encrypt", b"encrypt") + b"</xml>",
        b"<XML>" + inside + b"</XML>",
        b"<xml><Encrypt/></xml>",
        b"<xml/>",
        b"",
        json.dumps({"Encrypt": "AAAA"}).encode(),
    )
    return query, spoiler.chance.choice(wrapped)


def replays(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    """What was sent before, under a fresh signature of the time and nonce only."""
    query, body = spoiler.whole(message)
    fresh = spoiler.delivery.wire.signed(spoiler.now() + spoiler.chance.choice((0, 1, 599)))
    return [*{**dict(query), **fresh}.items()], body


def old_times(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    shift = spoiler.chance.choice((-(10**9), -86400, -601, 601, 10**9, 10**11))
    query, body = spoiler.whole(message)
    return [*{**dict(query), **spoiler.delivery.wire.signed(spoiler.now() + shift)}.items()], body


def swapped_modes(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    """Plain to who wants it encrypted, encrypted to who wants it plain."""
    query, _ = spoiler.whole(message)
    if spoiler.delivery.wire.mode == "plain":
        return spoiler.enveloped(query, "A" * 64)
    return query[:3], to_xml(spoiler.renewed(message)).encode()


def odd_queries(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    chance = spoiler.chance
    query, body = spoiler.whole(message)
    spot = chance.randrange(len(query))
    name, value = query[spot]
    odd = (
        [],
        [(name, value[:-1])],
        [(name, value.upper())],
        [(name, f"{value} ")],
        [(name, "")],
        [(name, "１２３")],
        [(name, "9" * 400)],
        [(name, "-1")],
        [(name, "\0")],
        [(f"{name}[]", value)],
        [(name, value), (name, "other")],
        [(name, "other"), (name, value)],
    )
    return [*query[:spot], *chance.choice(odd), *query[spot + 1 :]], body


def raw_queries(spoiler: Spoiler, message: Fields) -> tuple[str, bytes]:
    """Bytes that are no text, broken escapes, and no query at all."""
    query, body = spoiler.whole(message)
    spoiled = spoiler.chance.choice(("", "&&&=;=%", "%ff%fe=%zz", "signature", "a=" + "b" * 6000))
    encoded = urlencode(query)
    return spoiler.chance.choice(
        (spoiled, f"{spoiled}&{encoded}", encoded.replace("=", "=%ff", 1), quote(encoded))
    ), body


def wrong_signatures(spoiler: Spoiler, message: Fields) -> tuple[Query, bytes]:
    query, body = spoiler.whole(message)
    wrong = spoiler.chance.choice(("0" * 40, "", "é" * 40, signature("", "1"), "0" * 4000))
    name = spoiler.chance.choice(("signature", "msg_signature"))
    return [(key, wrong if key == name else value) for key, value in query], body


_WAYS: tuple[Callable[[Spoiler, Fields], tuple[Query | str, bytes]], ...] = (
    untouched, untouched, odd_values, odd_values, odd_values, missing_fields, other_kinds, fields_in_fields,
    repeated_elements, deep_elements, other_starts, flipped_bits, cut_off, json_message, noise, flipped_bits_outside,
    cut_off_outside, padded_outside, bad_ciphertexts, odd_envelopes, replays, old_times, swapped_modes, odd_queries,
    raw_queries, wrong_signatures,
)  # fmt: skip


def _flip(chance: Random, data: bytes) -> bytes:
    spoiled = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        if spoiled:
            spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


def _cut(chance: Random, data: bytes) -> bytes:
    start, end = sorted((chance.randrange(len(data)), chance.randrange(len(data) + 1)))
    return chance.choice((data[:end], data[start:], data[:start] + data[end:], data[:end] + data[start:]))
