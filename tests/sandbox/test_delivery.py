"""The push side, against a bot that answers by the book or not at all; wechatpy reads what arrives."""

import time

import pytest
from flask import Response
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

from tests.sandbox.bots import ACCOUNT, AES_KEY, APPID, NOW, TOKEN, Bot, reply_to
from wxbot.sandbox.delivery import Delivery, InvalidAnswer, NoValidAnswer

FOLLOWER = "oZx81uKq3bT0dVn5LrYp7mWc2HsE"


def delivery(bot: Bot, mode: str = "plain", **options) -> Delivery:
    return Delivery(bot.url, APPID, TOKEN, AES_KEY, mode, ACCOUNT, clock=lambda: NOW, **options)


def reply(*parts: str, to: str = FOLLOWER) -> str:
    return reply_to(to, *parts)


def text_reply(content: str = "您好", **options) -> str:
    return reply(f"<MsgType>text</MsgType><Content><![CDATA[{content}]]></Content>", **options)


def encrypted(xml: str):
    crypto = WeChatCrypto(TOKEN, AES_KEY, APPID)
    return lambda query: crypto.encrypt_message(xml, query["nonce"], str(NOW))


SENT = {
    "text": (lambda d: d.text(FOLLOWER, "退款]]>", "tap1"), "TextMessage", {"content": "退款]]>"}),
    "image": (lambda d: d.image(FOLLOWER, "M"), "ImageMessage", {"media_id": "M"}),
    "voice": (lambda d: d.voice(FOLLOWER, "M", "退货"), "VoiceMessage", {"recognition": "退货"}),
    "video": (lambda d: d.video(FOLLOWER, "M", "T"), "VideoMessage", {"thumb_media_id": "T"}),
    "location": (lambda d: d.location(FOLLOWER, "30.2", "120.1"), "LocationMessage", {"location": ("30.2", "120.1")}),
    "link": (lambda d: d.link(FOLLOWER, "t", "https://e.com"), "LinkMessage", {"url": "https://e.com"}),
    "file": (lambda d: d.file(FOLLOWER, "a.pdf"), "UnknownMessage", {}),
    "follow": (lambda d: d.follow(FOLLOWER), "SubscribeEvent", {"key": ""}),
    "follow by QR code": (lambda d: d.follow(FOLLOWER, "s1"), "SubscribeScanEvent", {"scene_id": "s1"}),
    "unfollow": (lambda d: d.unfollow(FOLLOWER), "UnsubscribeEvent", {}),
    "scan": (lambda d: d.scan(FOLLOWER, "s1"), "ScanEvent", {"scene_id": "s1"}),
    "click": (lambda d: d.click(FOLLOWER, "browse"), "ClickEvent", {"key": "browse"}),
    "view": (lambda d: d.view(FOLLOWER, "https://e.com"), "ViewEvent", {"url": "https://e.com"}),
    "mini program": (lambda d: d.view_miniprogram(FOLLOWER, "p"), "ViewMiniProgramEvent", {"page_path": "p"}),
    "scan button": (lambda d: d.scancode(FOLLOWER, "K", "R"), "ScanCodeWaitMsgEvent", {"scan_result": "R"}),
    "pictures": (lambda d: d.pictures(FOLLOWER, "K", ["a", "b"]), "PicPhotoOrAlbumEvent", {"count": 2}),
    "place": (lambda d: d.location_select(FOLLOWER, "K", "某路"), "LocationSelectEvent", {"label": "某路"}),
    "position": (lambda d: d.location_report(FOLLOWER, "30.2", "120.1"), "LocationEvent", {"latitude": 30.2}),
    "agent joins": (lambda d: d.agent_joined(FOLLOWER, "kf1@s"), "KfCreateSessionEvent", {"account": "kf1@s"}),
    "agent leaves": (lambda d: d.agent_left(FOLLOWER, "kf1@s"), "KfCloseSessionEvent", {"account": "kf1@s"}),
    "agents change": (
        lambda d: d.agent_switched(FOLLOWER, "kf1@s", "kf2@s"),
        "KfSwitchSessionEvent",
        {"to_account": "kf2@s"},
    ),
    "template": (lambda d: d.template_finished(FOLLOWER, 33), "TemplateSendJobFinishEvent", {"status": "success"}),
}


@pytest.mark.parametrize(("send", "kind", "attributes"), SENT.values(), ids=SENT)
def test_what_is_sent_is_read_as_that(bot, send, kind, attributes):
    send(delivery(bot))

    message = parse_message(bot.seen[0][1])

    assert (type(message).__name__, message.source, message.target) == (kind, FOLLOWER, ACCOUNT)
    assert {name: getattr(message, name) for name in attributes} == attributes


def test_a_tapped_link_carries_its_id(bot):
    delivery(bot).text(FOLLOWER, "转人工", tap_id="human")

    assert parse_message(bot.seen[0][1])._data["bizmsgmenuid"] == "human"


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_every_request_is_signed_and_names_the_follower(bot, mode):
    delivery(bot, mode).text(FOLLOWER, "您好")

    query = bot.seen[0][0]

    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    assert query["openid"] == FOLLOWER


@pytest.mark.parametrize("mode", ["compatible", "safe"])
def test_an_encrypted_request_opens_with_the_key_and_its_own_signature(bot, mode):
    delivery(bot, mode).text(FOLLOWER, "您好")

    query, body = bot.seen[0]
    crypto = WeChatCrypto(TOKEN, AES_KEY, APPID)
    opened = crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])

    assert parse_message(opened).content == "您好"
    with pytest.raises(InvalidSignatureException):
        crypto.decrypt_message(body, query["signature"], query["timestamp"], query["nonce"])


def test_only_compatible_mode_shows_the_words_beside(bot):
    delivery(bot, "compatible").text(FOLLOWER, "您好")
    delivery(bot, "safe").text(FOLLOWER, "您好")

    assert ["您好".encode() in body for _, body in bot.seen] == [True, False]


REPLIES = {
    "text": (text_reply("您好\n再见"), {"kind": "text", "text": "您好\n再见"}),
    "image": (
        reply("<MsgType>image</MsgType><Image><MediaId>M</MediaId></Image>"),
        {"kind": "image", "media_id": "M"},
    ),
    "video": (
        reply("<MsgType>video</MsgType><Video><MediaId>M</MediaId><Title>t</Title></Video>"),
        {"kind": "video", "media_id": "M", "title": "t"},
    ),
    "transfer": (reply("<MsgType>transfer_customer_service</MsgType>"), {"kind": "transfer", "account": ""}),
    "transfer to one agent": (
        reply(
            "<MsgType>transfer_customer_service</MsgType><TransInfo><KfAccount>kf1@s</KfAccount></TransInfo>",
        ),
        {"kind": "transfer", "account": "kf1@s"},
    ),
    "success": ("success", {"kind": "silence"}),
    "an empty body": ("", {"kind": "silence"}),
}


@pytest.mark.parametrize(("answer", "seen"), REPLIES.values(), ids=REPLIES)
def test_the_follower_sees_the_reply(bot, answer, seen):
    bot.answers = [answer]

    shown = delivery(bot).text(FOLLOWER, "您好")

    assert {name: getattr(shown, name) for name in seen} == seen


def test_an_encrypted_reply_is_opened(bot):
    bot.answers = [encrypted(text_reply("收到"))]

    assert delivery(bot, "safe").text(FOLLOWER, "您好").text == "收到"


def news(count: int) -> str:
    items = "<item><Title>t</Title><Url>https://e.com</Url></item>" * count
    return reply(f"<MsgType>news</MsgType><ArticleCount>{count}</ArticleCount><Articles>{items}</Articles>")


def test_a_message_shows_one_article_and_an_event_eight(bot):
    bot.answers = [news(9)]

    after_message, after_event = delivery(bot).text(FOLLOWER, "您好"), delivery(bot).click(FOLLOWER, "browse")

    assert (len(after_message.articles), len(after_event.articles)) == (1, 8)


INVALID = {
    "JSON": ("plain", '{"ok": true}'),
    "a page": ("plain", "<html><p>500</html>"),
    "success in quotes": ("plain", '"success"'),
    "the wrong receiver": ("plain", text_reply(to="somebody")),
    "no content": ("plain", text_reply("")),
    "too much content": ("plain", text_reply("a" * 2049)),
    "an unknown type": ("plain", reply("<MsgType>hologram</MsgType>")),
    "no articles": ("plain", reply("<MsgType>news</MsgType><ArticleCount>1</ArticleCount>")),
    "a wrong count": ("plain", news(2).replace("<ArticleCount>2", "<ArticleCount>1")),
    "plain in safe mode": ("safe", text_reply()),
    "encrypted in plain mode": ("plain", encrypted(text_reply())),
    "another nonce": ("safe", lambda query: encrypted(text_reply())({"nonce": "other"})),
    "another key": ("safe", lambda q: WeChatCrypto(TOKEN, "B" * 43, APPID).encrypt_message("<xml/>", q["nonce"], "1")),
}


@pytest.mark.parametrize(("mode", "answer"), INVALID.values(), ids=INVALID)
def test_an_invalid_answer_is_told(bot, mode, answer):
    bot.answers = [answer]

    with pytest.raises(NoValidAnswer) as told:
        delivery(bot, mode).text(FOLLOWER, "您好")

    assert len(told.value.reasons) == 3


def test_a_retry_is_the_same_request_and_its_reply_counts(bot):
    bot.answers = [Response(status=500), text_reply()]

    shown = delivery(bot).text(FOLLOWER, "您好")

    assert (shown.text, shown.tries) == ("您好", 2)
    assert bot.seen[0] == bot.seen[1]


def test_a_slow_bot_is_asked_three_times(bot):
    bot.answers = [lambda query: time.sleep(0.3)]

    with pytest.raises(NoValidAnswer) as told:
        delivery(bot, timeout_s=0.05).text(FOLLOWER, "您好")

    assert told.value.reasons == ("ReadTimeout",) * 3


def test_two_messages_have_two_ids_and_events_none(bot):
    delivering = delivery(bot)
    delivering.text(FOLLOWER, "一")
    delivering.text(FOLLOWER, "二")
    delivering.click(FOLLOWER, "browse")

    ids = [parse_message(body)._data.get("MsgId") for _, body in bot.seen]

    assert len(set(ids)) == 3
    assert ids[2] is None


def test_the_address_is_verified_by_its_echo(bot):
    assert delivery(bot).verify("12345") == "12345"


def test_a_wrong_echo_is_told(bot):
    bot.echoes = False

    with pytest.raises(InvalidAnswer):
        delivery(bot).verify()


def test_anything_can_be_posted(bot):
    delivery(bot).raw("<xml>", {"signature": "forged"})

    assert bot.seen == [({"signature": "forged"}, b"<xml>")]
