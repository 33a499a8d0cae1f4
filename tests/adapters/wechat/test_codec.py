from base64 import b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.wechat.factories import (
    ACCOUNT,
    KEY,
    NONCE,
    NOW,
    OLD_KEY,
    TOKEN,
    a_ciphertext,
    a_codec,
    a_message,
    a_safe_delivery,
    a_signature,
    a_signed_query,
    a_text,
    an_encrypted_body,
    an_inbound,
    elements,
    opened,
)
from wxbot.adapters.wechat.codec import FRESH_S, SUCCESS, Cipher, Envelope
from wxbot.domain.message import Text
from wxbot.domain.reply import Silence, TextPart
from wxbot.errors import Refused, Unreadable

# --- Tencent's own examples (protocol 1.2) ---

OFFICIAL_APPID, OFFICIAL_KEY = "wxba5fad812f8e6fb9", "A" * 43
OFFICIAL_ENCRYPT = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8X"
    "GT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIj"
    "df8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
OFFICIAL_TEXT = (
    '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,'
    '"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
OFFICIAL_QUERY = {
    "timestamp": "1714112445",
    "nonce": "415670741",
    "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
    "encrypt_type": "aes",
}


def the_official_codec():
    return a_codec(token="AAAAA", appid=OFFICIAL_APPID, aes_key=OFFICIAL_KEY)


class OfficialCipher(Cipher):
    """Encrypts the official answer with the official 16 bytes, whatever it is given."""

    def get_random_string(self):
        return b"707722b803182950"

    def encrypt(self, text, app_id):
        return super().encrypt('{"demo_resp":"good luck"}', app_id)


@pytest.mark.parametrize(
    ("timestamp", "nonce", "signature"),
    [
        pytest.param("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696", id="get"),
        pytest.param("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78", id="plain-post"),
        pytest.param("1714112445", "415670741", "6c5c811b55cc85e0e1b54100749188c20beb3f5d", id="safe-post"),
    ],
)
def test_an_official_signature_is_accepted(timestamp, nonce, signature):
    query = {"timestamp": timestamp, "nonce": nonce, "signature": signature}

    the_official_codec().verify(query, float(timestamp))


def test_the_official_ciphertext_opens_to_the_official_text():
    assert Cipher(b64decode(f"{OFFICIAL_KEY}=")).decrypt(OFFICIAL_ENCRYPT, OFFICIAL_APPID) == OFFICIAL_TEXT


def test_the_official_safe_request_is_authentic_but_its_json_is_left_unread():
    with pytest.raises(Unreadable, match="XML"):
        the_official_codec().decode(OFFICIAL_QUERY, an_encrypted_body(OFFICIAL_ENCRYPT), 1714112445)


def test_the_official_answer_is_encrypted_and_signed_to_the_byte():
    envelope = Envelope("415670741", OfficialCipher(b64decode(f"{OFFICIAL_KEY}=")))

    answer = the_official_codec().encode(TextPart("好"), an_inbound(), envelope, at=1, now=1713424427.9)

    assert elements(answer) == {
        "Encrypt": "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==",
        "MsgSignature": "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        "TimeStamp": "1713424427",
        "Nonce": "415670741",
    }


# --- who is let in: the signed query (protocol 1.2, 1.3) ---

FRESH = [
    pytest.param({}, id="now"),
    pytest.param({"at": NOW - FRESH_S}, id="as-old-as-may-be"),
    pytest.param({"at": NOW + FRESH_S}, id="as-new-as-may-be"),
    pytest.param({"nonce": "aZ-9_"}, id="nonce-of-letters"),
    pytest.param({"openid": None}, id="no-openid"),
]
FORGED = [
    pytest.param({"signature": None}, id="no-signature"),
    pytest.param({"signature": ""}, id="empty-signature"),
    pytest.param({"signature": "0" * 40}, id="wrong-signature"),
    pytest.param({"signature": "签名\ud800"}, id="signature-not-ascii"),
    pytest.param({"signature": a_signature(NOW, NONCE).upper()}, id="upper-case-signature"),
    pytest.param({"token": "AnotherToken"}, id="another-token"),
    pytest.param({"token": ""}, id="empty-token"),
    pytest.param({"at": NOW - FRESH_S - 1}, id="stale"),
    pytest.param({"at": NOW + FRESH_S + 1}, id="from-the-future"),
    pytest.param({"at": f"-{NOW}"}, id="negative-timestamp"),
    pytest.param({"at": f"{NOW}.0"}, id="timestamp-with-a-point"),
    pytest.param({"at": f"+{NOW}"}, id="timestamp-with-a-sign"),
    pytest.param({"at": "１７６７２２５６０１"}, id="timestamp-in-full-width-digits"),
    pytest.param({"at": "١٧٦٧٢٢٥٦٠١"}, id="timestamp-in-arabic-digits"),
    pytest.param({"at": "soon"}, id="timestamp-in-words"),
    pytest.param({"at": "9" * 5000}, id="timestamp-of-5000-digits"),
    pytest.param({"at": f"{NOW}\n"}, id="timestamp-with-a-line-end"),
    pytest.param({"timestamp": None}, id="no-timestamp"),
    pytest.param({"timestamp": "\ud800"}, id="timestamp-of-a-lone-surrogate"),
    pytest.param({"nonce": ""}, id="empty-nonce"),
    pytest.param({"nonce": "]]><x/>"}, id="nonce-that-breaks-out"),
    pytest.param({"nonce": "1" * 129}, id="endless-nonce"),
    pytest.param({"nonce": f"{NONCE}\n"}, id="nonce-with-a-line-end"),
]


@pytest.mark.parametrize("query", FRESH)
@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_a_query_signed_lately_is_accepted_in_every_mode(mode, query):
    a_codec(mode).verify(a_signed_query(**query), NOW)


@pytest.mark.parametrize("query", FORGED)
def test_a_query_that_was_not_signed_lately_is_refused(query):
    with pytest.raises(Refused):
        a_codec().verify(a_signed_query(**query), NOW)


@pytest.mark.parametrize("query", FORGED)
def test_an_encrypted_message_does_not_make_up_for_a_bad_query(query):
    request, body = a_safe_delivery(a_text(), **query)

    with pytest.raises(Refused):
        a_codec().decode(request, body, NOW)


def test_a_nonce_that_is_missing_is_refused():
    query = a_signed_query(nonce="")
    del query["nonce"]

    with pytest.raises(Refused):
        a_codec().verify(query, NOW)


# --- the three modes (protocol 1.3, 1.4) ---


def test_plain_mode_reads_the_body():
    inbound, envelope = a_codec("plain").decode(a_signed_query(), a_text("退款").encode(), NOW)

    assert inbound.content == Text("退款")
    assert envelope == Envelope(NONCE, None)


def test_safe_mode_reads_what_is_encrypted():
    inbound, envelope = a_codec().decode(*a_safe_delivery(a_text("退款")), NOW)

    assert inbound.content == Text("退款")
    assert envelope.nonce == NONCE


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param("<Content>伪造</Content><MsgType>text</MsgType>", id="forged"),
        pytest.param("<Content><![CDATA[<Encrypt>x</Encrypt>]]></Content>", id="encrypt-as-typed-words"),
        pytest.param("<Content><![CDATA[\b\x00]]></Content>", id="control-characters"),
    ],
)
def test_compatible_mode_never_looks_at_the_plaintext(plain):
    encrypted = a_ciphertext(a_text("真的"))

    inbound, _ = a_codec("compatible").decode(a_signed_query(encrypted), an_encrypted_body(encrypted, plain), NOW)

    assert inbound.content == Text("真的")


@pytest.mark.parametrize("mode", ["compatible", "safe"])
@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"msg_signature": None}, id="no-msg-signature"),
        pytest.param({"msg_signature": ""}, id="empty-msg-signature"),
        pytest.param({"msg_signature": a_signature(NOW, NONCE)}, id="signature-as-msg-signature"),
        pytest.param({"msg_signature": a_signature(NOW, NONCE, a_ciphertext(a_text()))}, id="of-another-message"),
        pytest.param({"encrypt_type": None}, id="no-encrypt-type"),
        pytest.param({"encrypt_type": "raw"}, id="raw"),
        pytest.param({"encrypt_type": "AES"}, id="upper-case-encrypt-type"),
    ],
)
def test_an_encrypted_message_needs_its_own_signature(mode, query):
    request, body = a_safe_delivery(a_text(), **query)

    with pytest.raises(Refused):
        a_codec(mode).decode(request, body, NOW)


@pytest.mark.parametrize("mode", ["compatible", "safe"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(a_text().encode(), id="plaintext"),
        pytest.param(b"", id="nothing"),
        pytest.param(b'{"Encrypt": "x"}', id="json"),
        pytest.param(b"<xml><Encrypt><a>x</a></Encrypt></xml>", id="encrypt-with-children"),
        pytest.param(b"<xml><Encrypt>x</Encrypt><Encrypt>x</Encrypt></xml>", id="encrypt-twice"),
        pytest.param(b"<xml>x</xml>", id="no-elements"),
        pytest.param(b"<html><Encrypt>x</Encrypt></html>", id="another-root"),
        pytest.param(b"<xml><Encrypt>x</Encrypt>", id="cut-off"),
        pytest.param(b"<!DOCTYPE xml SYSTEM 'file:///etc/passwd'><xml><Encrypt>x</Encrypt></xml>", id="doctype"),
        pytest.param(b"<?xml version='1.0' encoding='hex'?><xml><Encrypt>x</Encrypt></xml>", id="odd-encoding"),
        pytest.param("<xml><Encrypt>x</Encrypt></xml>".encode("utf-16"), id="utf-16"),
        pytest.param("<xml><Encrypt>密</Encrypt></xml>".encode("gbk"), id="gbk"),
    ],
)
def test_a_body_without_a_signed_ciphertext_is_refused_however_well_the_query_is_signed(mode, body):
    with pytest.raises(Refused):
        a_codec(mode).decode(a_signed_query("x"), body, NOW)


def test_a_captured_plain_query_does_not_downgrade_a_safe_deployment():
    with pytest.raises(Refused):
        a_codec("safe").decode(a_signed_query(), a_text("伪造").encode(), NOW)


@pytest.mark.parametrize(
    "encrypted",
    [
        pytest.param("", id="empty"),
        pytest.param("A", id="short-base64"),
        pytest.param("!!!!", id="not-base64"),
        pytest.param("密文", id="not-ascii"),
        pytest.param("QUJD", id="not-a-multiple-of-16"),
        pytest.param("A" * 64, id="garbage"),
        pytest.param(a_ciphertext(a_text(), key=OLD_KEY), id="another-key"),
        pytest.param(a_ciphertext(a_text(), appid="wxffffffffffffffff"), id="another-appid"),
        pytest.param(a_ciphertext(a_text())[:-24], id="cut-off"),
    ],
)
def test_a_signed_ciphertext_that_is_not_for_us_is_refused(encrypted):
    with pytest.raises(Refused):
        a_codec().decode(a_signed_query(encrypted), an_encrypted_body(encrypted), NOW)


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param("", id="nothing"),
        pytest.param("<xml><MsgType>text</MsgType>", id="cut-off"),
        pytest.param("你好", id="words"),
        pytest.param(a_message(None), id="no-type"),
        pytest.param("<!DOCTYPE xml><xml/>", id="doctype"),
    ],
)
def test_an_authentic_message_that_makes_no_sense_is_unreadable_but_not_refused(xml):
    with pytest.raises(Unreadable):
        a_codec().decode(*a_safe_delivery(xml), NOW)


def test_an_encrypted_body_in_plain_mode_is_unreadable():
    with pytest.raises(Unreadable):
        a_codec("plain").decode(*a_safe_delivery(a_text()), NOW)


def test_a_message_to_another_account_is_unreadable():
    codec = a_codec(account=ACCOUNT)

    assert codec.decode(*a_safe_delivery(a_text()), NOW)
    with pytest.raises(Unreadable):
        codec.decode(*a_safe_delivery(a_text(ToUserName="gh_another")), NOW)


@pytest.mark.parametrize("key", [pytest.param(KEY, id="current"), pytest.param(OLD_KEY, id="previous")])
def test_while_keys_rotate_the_answer_is_encrypted_with_the_key_that_opened_the_message(key):
    codec = a_codec(aes_key=KEY, aes_key_previous=OLD_KEY)

    inbound, envelope = codec.decode(*a_safe_delivery(a_text(), key=key), NOW)
    answer = codec.encode(TextPart("收到"), inbound, envelope, at=NOW, now=NOW)

    assert opened(answer, key)["Content"] == "收到"


# --- the answer (protocol 1.5) ---


def an_answer(reply, mode="safe"):
    codec = a_codec(mode)
    delivery = (a_signed_query(), a_text().encode()) if mode == "plain" else a_safe_delivery(a_text())
    inbound, envelope = codec.decode(*delivery, NOW)
    return codec.encode(reply, inbound, envelope, at=NOW - 7, now=NOW + 0.9)


@pytest.mark.parametrize("mode", ["compatible", "safe"])
def test_an_answer_is_signed_by_the_clock_and_with_the_nonce_of_its_request(mode):
    answer = elements(an_answer(TextPart("收到"), mode))

    assert (answer["TimeStamp"], answer["Nonce"]) == (str(NOW), NONCE)
    assert answer["MsgSignature"] == a_signature(NOW, NONCE, answer["Encrypt"], token=TOKEN)


def test_every_delivery_gets_the_time_of_the_first_answer():
    assert opened(an_answer(TextPart("收到")))["CreateTime"] == str(NOW - 7)


def test_plain_mode_answers_plainly():
    assert elements(an_answer(TextPart("收到"), "plain"))["Content"] == "收到"


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
@pytest.mark.parametrize("reply", [Silence(), TextPart(""), TextPart(" \n"), TextPart("\x00\ud800")])
def test_having_nothing_to_show_is_the_bare_word_success_in_every_mode(mode, reply):
    assert an_answer(reply, mode) is SUCCESS


def test_two_equal_answers_are_encrypted_differently():
    assert an_answer(TextPart("收到")) != an_answer(TextPart("收到"))


# --- anything at all ---

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
QUERIES = st.dictionaries(st.sampled_from([*a_signed_query(""), "echostr"]), ANY_TEXT)
SCRAPS = [
    *("<xml>", "</xml>", "<xml a='1'>", "<!--", "-->", "<![CDATA[", "]]>", "&#xD800;", "&a;", "&amp;", "9", "\n", "爱"),
    *("<MsgType>text</MsgType>", "<MsgType>event</MsgType>", "<Event>", "</Event>", "<EventKey/>", "subscribe"),
    *("<CreateTime>1</CreateTime>", "<FromUserName>a</FromUserName>", "<ToUserName>a</ToUserName>"),
    *("<MsgId>", "</MsgId>", "qrscene_", "\x00", "\ud800", "\ufeff"),
    *("<Encrypt>", "</Encrypt>", "<!DOCTYPE xml [<!ENTITY a 'b'>]>", "<?xml version='1.0' encoding='gbk'?>"),
]
MARKUP = st.lists(st.sampled_from(SCRAPS), max_size=30).map("".join)
BODIES = st.binary(max_size=200) | MARKUP.map(lambda text: f"<xml>{text}</xml>".encode("utf-8", "surrogatepass"))


def readings(codec, query, body):
    """What comes out; anything but a value, Refused and Unreadable fails the test."""
    try:
        return codec.decode(query, body, NOW)
    except (Refused, Unreadable) as reason:
        return str(reason)


@pytest.mark.parametrize("mode", ["plain", "safe"])
@settings(max_examples=100)
@given(query=QUERIES, body=BODIES)
def test_any_query_with_any_body_is_answered_in_order(mode, query, body):
    assert readings(a_codec(mode), query, body)
    assert readings(a_codec(mode), a_signed_query("x") | query, body)


@settings(max_examples=300)
@given(body=BODIES)
def test_any_signed_body_is_answered_in_order(body):
    assert readings(a_codec("plain"), a_signed_query(), body)
    assert readings(a_codec("safe"), a_signed_query("x"), body)


@settings(max_examples=150)
@given(encrypted=st.text("A+/=b0", max_size=64) | st.text(max_size=40))
def test_any_signed_ciphertext_is_answered_in_order(encrypted):
    body = an_encrypted_body(encrypted.replace("<", "").replace("&", ""))

    assert readings(a_codec(), a_signed_query(encrypted.strip()), body)


@settings(max_examples=150)
@given(xml=st.text(max_size=200) | MARKUP.map(lambda text: text.replace("\ud800", "")))
def test_any_encrypted_content_is_answered_in_order(xml):
    assert readings(a_codec(), *a_safe_delivery(xml))
