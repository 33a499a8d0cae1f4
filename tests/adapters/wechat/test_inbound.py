import pytest
from wechatpy.events import EVENT_TYPES

from tests.adapters.wechat.factories import ACCOUNT, NOW, USER, a_message, a_text, an_event
from wxbot.adapters.wechat.inbound import parse
from wxbot.domain import message as m
from wxbot.errors import Unreadable

KF, OTHER_KF = "kf2001@myshop", "kf2002@myshop"

# --- what WeChat sends (protocol 2.1 to 2.3; invented values) ---

MESSAGES = [
    pytest.param(a_text("我的订单什么时候发货"), m.Text("我的订单什么时候发货"), id="text"),
    pytest.param(a_text("看这里", MsgDataId=2650001234, Idx=1), m.Text("看这里"), id="text-from-an-article"),
    pytest.param(a_text("已解决", bizmsgmenuid=101), m.Text("已解决", "101"), id="tapped-link"),
    pytest.param(a_text("付款", bizmsgmenuid="付款方式"), m.Text("付款", "付款方式"), id="tapped-link-in-words"),
    pytest.param(a_text("\n 退款 \t"), m.Text("退款"), id="text-with-space-around"),
    pytest.param(a_text(" \n"), m.Text(""), id="blank-text"),
    pytest.param(a_text(None), m.Text(""), id="text-without-content"),
    pytest.param(a_text("/::) [微笑] 😀"), m.Text("/::) [微笑] 😀"), id="emoji"),
    pytest.param(a_text("【收到不支持的消息类型，暂无法显示】"), m.Sticker(), id="sticker"),
    pytest.param(a_text("【收到不支援的訊息類型，無法顯示】"), m.Sticker(), id="sticker-in-traditional"),
    pytest.param(a_text("[Unsupported Message]"), m.Sticker(), id="sticker-in-english"),
    pytest.param(a_text("[Unsupported message]"), m.Sticker(), id="sticker-in-lower-case"),
    pytest.param(a_text("为什么显示[Unsupported Message]"), m.Text("为什么显示[Unsupported Message]"), id="quoted"),
    pytest.param(
        a_message("image", PicUrl="http://mmbiz.qpic.cn/abc/0", MediaId="img_1", MsgId=2),
        m.Image("img_1", "http://mmbiz.qpic.cn/abc/0"),
        id="image",
    ),
    pytest.param(a_message("voice", MediaId="v1", Format="amr", MsgId=3), m.Voice("v1", "amr"), id="voice"),
    pytest.param(
        a_message("voice", MediaId="v1", Format="amr", Recognition="退货怎么操作", MediaId16K="v16", MsgId=3),
        m.Voice("v1", "amr", "退货怎么操作", "v16"),
        id="voice-recognised",
    ),
    pytest.param(
        a_message("voice", MediaId="v1", Format="amr", Recognition="", MsgId=3),
        m.Voice("v1", "amr"),
        id="unheard",
    ),
    pytest.param(a_message("video", MediaId="v2", ThumbMediaId="t", MsgId=4), m.Video("v2", "t"), id="video"),
    pytest.param(a_message("shortvideo", MediaId="v3", ThumbMediaId="t", MsgId=5), m.Video("v3", "t"), id="shortvideo"),
    pytest.param(
        a_message("location", Location_X="30.25", Location_Y="120.21", Scale=15, Label="某路1号", MsgId=6),
        m.Location("30.25", "120.21", "某路1号"),
        id="location",
    ),
    pytest.param(
        a_message("link", Title="一篇文章", Description="摘要", Url="https://mp.weixin.qq.com/s/x", MsgId=7),
        m.Link("一篇文章", "https://mp.weixin.qq.com/s/x", "摘要"),
        id="link",
    ),
    pytest.param(a_message("file", Title="a.pdf", FileKey="k", FileTotalLen=9, MsgId=8), m.File("a.pdf"), id="file"),
    pytest.param(
        a_message("miniprogrampage", Title="小程序", MsgId=9), m.OtherMessage("miniprogrampage"), id="miniprogrampage"
    ),
    pytest.param(a_message("Hologram", MsgId=10), m.OtherMessage("hologram"), id="unknown-type"),
]
CODE = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult><![CDATA[SF123]]></ScanResult></ScanCodeInfo>"
PICTURE = "<item><PicMd5Sum><![CDATA[5a75aaca956d97be686719218f275c6b]]></PicMd5Sum></item>"
PLACE = "<SendLocationInfo><Location_X>30.25</Location_X><Label>某路1号</Label><Poiname/></SendLocationInfo>"


def pictures(count):
    return f"<SendPicsInfo><Count>{count}</Count><PicList>{PICTURE * 2}</PicList></SendPicsInfo>"


EVENTS = [
    pytest.param(an_event("subscribe"), m.Follow(), id="follow"),
    pytest.param(an_event("subscribe", EventKey=""), m.Follow(), id="follow-with-empty-key"),
    pytest.param(an_event("subscribe", EventKey="last_trade_no_4000"), m.Follow(), id="follow-after-payment"),
    pytest.param(an_event("subscribe", EventKey="scanbarcode|EAN_13|69"), m.Follow(), id="follow-from-a-product"),
    pytest.param(an_event("subscribe", EventKey="qrscene_store_0012", Ticket="g"), m.Follow("store_0012"), id="scene"),
    pytest.param(an_event("subscribe", EventKey="qrscene_"), m.Follow(), id="follow-from-an-empty-scene"),
    pytest.param(an_event("unsubscribe", EventKey=""), m.Unfollow(), id="unfollow"),
    pytest.param(an_event("SCAN", EventKey="store_0012", Ticket="g"), m.Scan("store_0012"), id="scan"),
    pytest.param(
        an_event("LOCATION", Latitude="30.2", Longitude="120.2", Precision="65.0"), m.LocationReport(), id="report"
    ),
    pytest.param(an_event("CLICK", EventKey="MENU_HUMAN"), m.MenuClick("MENU_HUMAN"), id="click"),
    pytest.param(an_event("CLICK", EventKey="answer:退款"), m.MenuClick("answer:退款"), id="click-on-an-action"),
    pytest.param(
        an_event("VIEW", EventKey="https://a.example/?x=1&y=2", MenuId=43),
        m.MenuVisit("https://a.example/?x=1&y=2", "43"),
        id="view",
    ),
    pytest.param(
        an_event("view_miniprogram", EventKey="pages/a", MenuId=44), m.MenuVisit("pages/a", "44"), id="view-miniprogram"
    ),
    pytest.param(an_event("scancode_push", CODE, EventKey="K"), m.ScanCode("K", "SF123"), id="pushes"),
    pytest.param(an_event("scancode_waitmsg", CODE, EventKey="K"), m.ScanCode("K", "SF123"), id="scan-wait"),
    pytest.param(an_event("scancode_waitmsg", EventKey="K"), m.ScanCode("K", ""), id="scan-without-result"),
    pytest.param(an_event("pic_sysphoto", pictures(1), EventKey="K"), m.PicturesPicked("K", 1), id="pic-sysphoto"),
    pytest.param(an_event("pic_photo_or_album", pictures(2), EventKey="K"), m.PicturesPicked("K", 2), id="pic-album"),
    pytest.param(an_event("pic_weixin", EventKey="K"), m.PicturesPicked("K", 0), id="pic-weixin-without-pictures"),
    pytest.param(an_event("pic_weixin", pictures(-1), EventKey="K"), m.PicturesPicked("K", 0), id="pic-minus-one"),
    pytest.param(an_event("pic_weixin", pictures("9" * 5000)), m.PicturesPicked("", 0), id="pic-endless-count"),
    pytest.param(an_event("location_select", PLACE, EventKey="K"), m.LocationPicked("K", "某路1号"), id="place"),
    pytest.param(an_event("location_select", EventKey="K"), m.LocationPicked("K"), id="location-select-without-place"),
    pytest.param(an_event("kf_create_session", KfAccount=KF), m.AgentJoined(KF), id="kf-create"),
    pytest.param(an_event("kf_close_session", KfAccount=KF, CloseType="KF"), m.AgentLeft(KF), id="kf-close"),
    pytest.param(
        an_event("kf_switch_session", FromKfAccount=KF, ToKfAccount=OTHER_KF),
        m.AgentSwitched(KF, OTHER_KF),
        id="kf-switch",
    ),
    pytest.param(
        an_event("TEMPLATESENDJOBFINISH", MsgID=3301, Status="failed:user block"),
        m.TemplateFinished("3301", "failed:user block"),
        id="template-finished",
    ),
    pytest.param(a_message("event"), m.OtherEvent(""), id="event-without-a-name"),
    pytest.param(a_message("device_text", MsgId=1), m.OtherEvent("device_text"), id="device-text"),
    pytest.param(
        a_message("device_event", Event="bind", DeviceID="1"), m.OtherEvent("device_event"), id="device-event"
    ),
]
UNDERSTOOD = {
    *("subscribe", "subscribe_scan", "subscribe_scan_product", "unsubscribe", "scan", "location", "click", "view"),
    *("view_miniprogram", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin"),
    *("location_select", "kf_create_session", "kf_close_session", "kf_switch_session", "templatesendjobfinish"),
}
UNKNOWN_TO_WECHATPY = {
    *("subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event", "PUBLISHJOBFINISH"),
    *("media_id", "view_limited", "article_id", "article_view_limited", "user_info_modified", "ENTER", "debug_demo"),
    *("user_authorization_revoke", "user_authorization_cancellation", "WifiConnected", "tomorrow's event"),
}


@pytest.mark.parametrize(("xml", "content"), MESSAGES)
def test_a_message_is_read(xml, content):
    inbound = parse(xml)

    assert inbound.content == content
    assert inbound.is_message


@pytest.mark.parametrize(("xml", "content"), EVENTS)
def test_an_event_is_read(xml, content):
    inbound = parse(xml)

    assert inbound.content == content
    assert not inbound.is_message


@pytest.mark.parametrize("name", sorted({*EVENT_TYPES} - UNDERSTOOD | UNKNOWN_TO_WECHATPY))
def test_an_event_that_asks_nothing_of_us_keeps_its_name(name):
    assert parse(an_event(name)).content == m.OtherEvent(name.lower())


def test_an_event_with_repeated_children_is_read():
    rows = "<List><TemplateId>A</TemplateId></List>" * 2

    inbound = parse(an_event("subscribe_msg_popup_event", f"<SubscribeMsgPopupEvent>{rows}</SubscribeMsgPopupEvent>"))

    assert inbound.content == m.OtherEvent("subscribe_msg_popup_event")


def test_the_envelope_tells_who_wrote_to_whom_and_when():
    inbound = parse(a_text())

    assert (inbound.user, inbound.account, inbound.at) == (USER, ACCOUNT, NOW)


# --- odd, but somebody's message ---

NESTED = f"{'<a>' * 9000}{'</a>' * 9000}"


@pytest.mark.parametrize(
    ("xml", "content"),
    [
        pytest.param(a_text("<!DOCTYPE html><p>&nbsp;"), m.Text("<!DOCTYPE html><p>&nbsp;"), id="typed-doctype"),
        pytest.param(a_text("<!ENTITY a 'b'>&a;"), m.Text("<!ENTITY a 'b'>&a;"), id="typed-entity"),
        pytest.param(a_text("</xml>"), m.Text("</xml>"), id="typed-end"),
        pytest.param(a_text("退\b款\x00"), m.Text("退款"), id="control-characters"),
        pytest.param(a_text("退\uffff款"), m.Text("退款"), id="not-a-character"),
        pytest.param(a_text(None, inner="<Content>a &lt; b &#x9000;</Content>"), m.Text("a < b 退"), id="no-cdata"),
        pytest.param("\ufeff" + a_text("好"), m.Text("好"), id="byte-order-mark"),
        pytest.param(f"<?xml version='1.0' encoding='UTF-8'?>\n{a_text('好')}", m.Text("好"), id="declaration"),
        pytest.param(f"<?xml version='1.0' encoding='gbk'?>{a_text('好')}", m.Text("好"), id="wrong-declaration"),
        pytest.param(a_message("TEXT", Content="好", MsgId=1), m.Text("好"), id="upper-case-type"),
        pytest.param(a_text("好", inner=NESTED), m.Text("好"), id="deeply-nested-element"),
        pytest.param(a_text("好", inner=NESTED, MsgId=None), m.Text("好"), id="deeply-nested-element-without-id"),
        pytest.param(a_text("好", inner="<a/>" * 3000), m.Text("好"), id="3000-siblings"),
        pytest.param(a_text("好", FromUserName="o-_.@9"), m.Text("好"), id="odd-openid"),
        pytest.param(a_text("好", MsgId=2**64 - 1), m.Text("好"), id="largest-message-id"),
    ],
)
def test_an_odd_message_is_read_all_the_same(xml, content):
    assert parse(xml.encode()).content == content


# --- no message at all (the exceptions of protocol 2.1, and worse) ---

LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \n", id="blank"),
        pytest.param("你好", id="words"),
        pytest.param('{"MsgType": "text"}', id="json"),
        pytest.param(a_text()[:-1], id="cut-off"),
        pytest.param(a_text() + a_text(), id="two-messages"),
        pytest.param(a_text().encode("gbk"), id="gbk"),
        pytest.param(b"<?xml version='1.0' encoding='gbk'?>" + a_text().encode("gbk"), id="gbk-declared"),
        pytest.param(a_text().encode("utf-16"), id="utf-16"),
        pytest.param(a_text().encode()[:-40] + b"\xff</xml>", id="broken-utf-8"),
        pytest.param(a_text(None, inner="<Content>&#xD800;</Content>"), id="reference-to-a-lone-surrogate"),
        pytest.param(a_text(None, inner="<Content>&#8;</Content>"), id="reference-to-a-control-character"),
        pytest.param(a_text(None, inner="<Content>&nbsp;</Content>"), id="undefined-entity"),
        pytest.param(a_text("]]>"), id="cdata-that-ends-early"),
        pytest.param(a_text().replace("xml>", "html>"), id="another-root"),
        pytest.param(a_text().replace("xml>", "xmlish>"), id="root-that-begins-alike"),
        pytest.param("<xml></xml>", id="empty-root"),
        pytest.param("<xml>你好</xml>", id="root-of-words"),
        pytest.param("<xml a='1'/>", id="root-of-attributes"),
        pytest.param(("<a>" * 100_000)[: 64 * 1024], id="100000-nested-elements-cut"),
        pytest.param(("<xml>" + "<a>" * 100_000)[: 64 * 1024], id="100000-nested-elements-cut-in-a-message"),
        pytest.param(" " * 64 * 1024, id="64-kb-of-blanks"),
        pytest.param("<?xml" * 13_000, id="64-kb-of-declarations"),
        pytest.param("<!DOCTYPE xml>" + a_text(), id="doctype"),
        pytest.param("<!DOCTYPE xml SYSTEM 'http://127.0.0.1/x.dtd'>" + a_text(), id="doctype-elsewhere"),
        pytest.param("<!DOCTYPE xml [<!ENTITY a 'b'>]>" + a_text("&a;"), id="entity"),
        pytest.param("<!DOCTYPE xml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + a_text(), id="entity-of-a-file"),
        pytest.param(f"<!DOCTYPE xml [<!ENTITY l0 'ha'>{LAUGHS}]>{a_text()}", id="billion-laughs"),
        pytest.param(f"<?a <xml ?><!DOCTYPE xml [<!ENTITY a 'b'>]>{a_text()}", id="entity-behind-an-instruction"),
        pytest.param(f"<!-- <xml> -->{a_text()}", id="comment-first"),
        pytest.param(a_message(None), id="no-type"),
        pytest.param(a_message(""), id="empty-type"),
        pytest.param(a_message(inner="<MsgType>text</MsgType>"), id="type-twice"),
        pytest.param(a_message(None, inner="<MsgType a='1'>text</MsgType>"), id="type-with-an-attribute"),
        pytest.param(an_event(""), id="empty-event"),
        pytest.param(an_event("CLICK", "<Event>CLICK</Event>"), id="event-twice"),
        pytest.param(an_event("CLICK", "<EventKey><a>1</a></EventKey>"), id="key-with-children"),
        pytest.param(an_event("subscribe", "<EventKey>a</EventKey><EventKey>b</EventKey>"), id="key-twice"),
        pytest.param(a_text(None, inner="<Content><b>好</b></Content>"), id="content-with-children"),
        pytest.param(a_text(CreateTime=None), id="no-time"),
        pytest.param(a_text(CreateTime="[1682391258]"), id="time-in-brackets"),
        pytest.param(a_text(CreateTime="-1"), id="negative-time"),
        pytest.param(a_text(CreateTime="1e9"), id="time-with-an-exponent"),
        pytest.param(a_text(CreateTime="１７６７２２５６０１"), id="time-in-full-width-digits"),
        pytest.param(a_text(CreateTime="9" * 11), id="time-out-of-range"),
        pytest.param(a_text(CreateTime="9" * 5000), id="endless-time"),
        pytest.param(a_text(MsgId="abc"), id="id-in-words"),
        pytest.param(a_text(MsgId="-5"), id="negative-id"),
        pytest.param(a_text(MsgId="9" * 21), id="id-out-of-range"),
        pytest.param(a_text(FromUserName=None), id="no-sender"),
        pytest.param(a_text(FromUserName=""), id="empty-sender"),
        pytest.param(a_text(FromUserName="o:1"), id="openid-with-a-colon"),
        pytest.param(a_text(FromUserName="o 1"), id="openid-with-a-space"),
        pytest.param(a_text(FromUserName="o{1}"), id="openid-with-a-hash-tag"),
        pytest.param(a_text(FromUserName="用户"), id="openid-not-ascii"),
        pytest.param(a_text(FromUserName="o" * 65), id="endless-openid"),
        pytest.param(a_text(ToUserName=None), id="no-account"),
        pytest.param(a_text(ToUserName="gh_1<x>"), id="account-with-markup"),
    ],
)
def test_what_is_no_message_is_unreadable(xml):
    with pytest.raises(Unreadable):
        parse(xml)


# --- one id a message (protocol 3.1) ---


@pytest.mark.parametrize("xml", [row.values[0] for row in MESSAGES + EVENTS], ids=[row.id for row in MESSAGES + EVENTS])
def test_a_retry_has_the_id_of_the_first_delivery(xml):
    assert parse(xml).id == parse(xml.encode()).id


def test_a_message_is_known_by_its_number_whatever_else_a_retry_says():
    assert parse(a_text("好", CreateTime=NOW)).id == parse(a_text("好", CreateTime=NOW + 5)).id


TOLD_APART = [
    pytest.param(a_text(MsgId=1), a_text(MsgId=2), id="two-messages"),
    pytest.param(a_text("一", MsgId=None), a_text("二", MsgId=None), id="two-messages-without-a-number"),
    pytest.param(an_event("subscribe"), an_event("unsubscribe"), id="follow-and-unfollow"),
    pytest.param(an_event("subscribe"), an_event("subscribe", EventKey="qrscene_1"), id="follow-and-scene"),
    pytest.param(an_event("subscribe", EventKey="qrscene_1"), an_event("SCAN", EventKey="1"), id="follow-and-scan"),
    pytest.param(an_event("CLICK", EventKey="A"), an_event("CLICK", EventKey="B"), id="two-clicks"),
    pytest.param(an_event("CLICK", EventKey="A"), an_event("CLICK", EventKey="A", CreateTime=NOW + 1), id="a-second"),
    pytest.param(an_event("VIEW", EventKey="A", MenuId=1), an_event("VIEW", EventKey="A", MenuId=2), id="two-menus"),
    pytest.param(an_event("LOCATION", Latitude="1"), an_event("LOCATION", Latitude="2"), id="two-positions"),
    pytest.param(
        an_event("kf_create_session", KfAccount=KF), an_event("kf_create_session", KfAccount=OTHER_KF), id="two-agents"
    ),
    pytest.param(
        an_event("kf_switch_session", FromKfAccount=KF, ToKfAccount=OTHER_KF),
        an_event("kf_switch_session", FromKfAccount=OTHER_KF, ToKfAccount=KF),
        id="switched-there-and-back",
    ),
    pytest.param(
        an_event("TEMPLATESENDJOBFINISH", MsgID=1), an_event("TEMPLATESENDJOBFINISH", MsgID=2), id="two-templates"
    ),
    pytest.param(an_event("x" * 40 + "1"), an_event("x" * 40 + "2"), id="two-long-names"),
    pytest.param(a_text(MsgId=NOW), an_event("CLICK", EventKey="A"), id="message-and-event"),
]


@pytest.mark.parametrize(("one", "other"), TOLD_APART)
def test_two_things_in_one_second_have_two_ids(one, other):
    assert parse(one).id != parse(other).id


def test_a_number_that_two_users_share_is_told_apart_by_the_user():
    one, other = parse(a_text(MsgId=1)), parse(a_text(MsgId=1, FromUserName="oAnother"))

    assert (one.user, one.id) != (other.user, other.id)


@pytest.mark.parametrize("name", ["CLICK", "a\nb", "{a}:b", "x" * 5000, "取号"])
def test_an_id_is_short_and_plain_enough_for_a_key_and_a_log_line(name):
    identifier = parse(an_event(name, EventKey="任意 key\n{}")).id

    assert len(identifier) < 64
    assert identifier.replace(":", "").isalnum()
    assert identifier.isascii()
