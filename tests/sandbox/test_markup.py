"""What of a text can be tapped (protocol 3.3)."""

import pytest

from wxbot.sandbox.markup import parts

TAP = {"content": "转人工", "id": "9"}
TEXTS = {
    "plain words": ("您好\n再见", [{"text": "您好\n再见"}]),
    "nothing": ("", []),
    "a link between words": (
        '看<a href="https://e.com?a=1&b=2">这里</a>。',
        [{"text": "看"}, {"text": "这里", "url": "https://e.com?a=1&b=2"}, {"text": "。"}],
    ),
    "a tap link": (
        '<a href="weixin://bizmsgmenu?msgmenucontent=转人工&msgmenuid=9">人工</a>',
        [{"text": "人工", "tap": TAP}],
    ),
    "its parameters the other way round, encoded": (
        "<a href='weixin://bizmsgmenu?msgmenuid=9&msgmenucontent=%E8%BD%AC%E4%BA%BA%E5%B7%A5'>人工</a>",
        [{"text": "人工", "tap": TAP}],
    ),
    "a tap link without id": ('<a href="weixin://bizmsgmenu?msgmenucontent=x">人工</a>', [{"text": "人工"}]),
    "a mini program": (
        '<a href="http://f" data-miniprogram-appid="wx1" data-miniprogram-path="p">店</a>',
        [{"text": "店", "url": "http://f", "miniprogram": {"appid": "wx1", "path": "p"}}],
    ),
    "other markup": ("<b>粗</b> &lt;", [{"text": "<b>粗</b> &lt;"}]),
    "a link that is not closed": ('<a href="x">y', [{"text": '<a href="x">y'}]),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_a_text_comes_apart_at_its_links(text, expected):
    assert parts(text) == expected
