from base64 import b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.wechat.factories import ACCOUNT, KEY, NONCE, NOW, USER, a_codec, an_inbound, elements, opened
from wxbot.adapters.wechat.codec import SUCCESS, Cipher, Envelope
from wxbot.adapters.wechat.outbound import render
from wxbot.domain.reply import (
    TEXT_LIMIT_BYTES,
    ArticlePart,
    ImagePart,
    Silence,
    TextPart,
    Transfer,
    VideoPart,
    VoicePart,
    split_text,
)

ENVELOPE = {"ToUserName": USER, "FromUserName": ACCOUNT, "CreateTime": str(NOW)}
ARTICLE = {"Title": "退货", "Description": "三步完成", "PicUrl": "https://a/p.jpg", "Url": "https://a/?x=1&y=2"}


def shown(reply):
    return elements(render(reply, an_inbound(), NOW))


@pytest.mark.parametrize(
    ("reply", "fields"),
    [
        pytest.param(TextPart("您好\n在"), {"MsgType": "text", "Content": "您好\n在"}, id="text"),
        pytest.param(ImagePart("img_1"), {"MsgType": "image", "MediaId": "img_1"}, id="image"),
        pytest.param(VoicePart("v_1"), {"MsgType": "voice", "MediaId": "v_1"}, id="voice"),
        pytest.param(
            VideoPart("v_2", "演示", "一分钟", "thumb"),
            {"MsgType": "video", "MediaId": "v_2", "Title": "演示", "Description": "一分钟"},
            id="video",
        ),
        pytest.param(
            VideoPart("v_2"), {"MsgType": "video", "MediaId": "v_2", "Title": "", "Description": ""}, id="bare-video"
        ),
        pytest.param(
            ArticlePart("退货", "https://a/?x=1&y=2", "三步完成", "https://a/p.jpg"),
            {"MsgType": "news", "ArticleCount": "1", **ARTICLE},
            id="article",
        ),
        pytest.param(Transfer(), {"MsgType": "transfer_customer_service"}, id="transfer"),
        pytest.param(
            Transfer("kf2001@myshop"),
            {"MsgType": "transfer_customer_service", "KfAccount": "kf2001@myshop"},
            id="transfer-to-one-agent",
        ),
    ],
)
def test_a_reply_says_what_wechat_needs_to_show_it(reply, fields):
    assert shown(reply) == ENVELOPE | fields


@pytest.mark.parametrize(
    "account", ["kf2001", "@myshop", "kf 1@myshop", "客服@myshop", "a@b]]>", "a@b</KfAccount>", "a@b\n"]
)
def test_a_bad_agent_name_is_left_out_and_any_agent_may_take_it(account):
    assert shown(Transfer(account)) == shown(Transfer())


def test_an_agent_is_named_where_wechat_looks_for_it():
    xml = render(Transfer("kf2001@myshop"), an_inbound(), NOW)

    assert "<TransInfo><KfAccount><![CDATA[kf2001@myshop]]></KfAccount></TransInfo></xml>" in xml


@pytest.mark.parametrize(
    ("text", "content"),
    [
        pytest.param("a]]>b", "a]]>b", id="end-of-cdata"),
        pytest.param("]]]]>>]]", "]]]]>>]]", id="ends-of-cdata"),
        pytest.param("]\x00]>", "]]>", id="end-of-cdata-hidden-by-a-control-character"),
        pytest.param("<a href='https://a/?x&y'>点</a> &amp;", "<a href='https://a/?x&y'>点</a> &amp;", id="markup"),
        pytest.param("{content} {0} %s", "{content} {0} %s", id="template-marks"),
        pytest.param("密\x00码\x1b\ufffe", "密码", id="control-characters"),
        pytest.param("a\ud800b", "ab", id="lone-surrogate"),
        pytest.param("😀𠮷", "😀𠮷", id="four-byte-characters"),
        pytest.param("a\tb\r\nc", "a\tb\nc", id="white-space"),
    ],
)
def test_any_characters_leave_the_xml_whole(text, content):
    assert shown(TextPart(text))["Content"] == content
    assert shown(ArticlePart(text, "https://a"))["Title"] == content


def test_a_text_too_long_for_wechat_is_cut_between_characters():
    content = shown(TextPart("爱" * 1667))["Content"]

    assert content == "爱" * (TEXT_LIMIT_BYTES // 3)


@pytest.mark.parametrize("reply", [Silence(), TextPart(""), TextPart(" \n\t"), TextPart("\x00"), TextPart("\ud800\n")])
def test_nothing_to_show_is_no_xml(reply):
    assert render(reply, an_inbound(), NOW) == ""


# --- any text in any field ---

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=50) | st.text(
    "]>[<&!\r\n\x00\ud800\ufffe爱a", max_size=20
)
REPLIES = st.one_of(
    st.builds(TextPart, ANY_TEXT),
    st.builds(ImagePart, ANY_TEXT),
    st.builds(VoicePart, ANY_TEXT),
    st.builds(VideoPart, ANY_TEXT, ANY_TEXT, ANY_TEXT),
    st.builds(ArticlePart, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT),
    st.builds(Transfer, ANY_TEXT),
)
NAMES = {
    "text": "Content",
    "media_id": "MediaId",
    "title": "Title",
    "description": "Description",
    "url": "Url",
    "picture": "PicUrl",
}


def is_legal(character):
    """Char of XML 1.0, section 2.2."""
    code = ord(character)
    return character in "\t\n\r" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def as_read(text):
    """What an XML parser makes of the text: illegal characters gone, line ends as in section 2.11."""
    return "".join(filter(is_legal, text)).replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=250)
@given(reply=REPLIES)
def test_any_text_in_any_field_comes_back_from_an_encrypted_answer(reply):
    answer = a_codec().encode(reply, an_inbound(), Envelope(NONCE, Cipher(b64decode(f"{KEY}="))), at=NOW, now=NOW)

    if isinstance(reply, TextPart) and not split_text("".join(filter(is_legal, reply.text))):
        assert answer is SUCCESS
        return
    fields = opened(answer)
    for attribute, name in NAMES.items():
        if hasattr(reply, attribute):
            assert fields[name].strip("\n") == as_read(getattr(reply, attribute)).strip("\n")
