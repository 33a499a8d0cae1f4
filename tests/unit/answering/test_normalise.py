import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxbot.answering.normalise import normalise

ODD = "臺灣網路銀行軟體程式著乾隻後裏髮　Ａａ１。.+#😀 \ud800"
TYPED = st.text(max_size=40) | st.text(ODD, max_size=40)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＡＰＰ　怎么下载？", "app怎么下载"),
        ("網路銀行轉帳失敗", "网络银行转账失败"),
        ("我想退款😭😭！！", "我想退款"),
        ("C++ 和 C# 的插件", "c++和c#的插件"),
        ("升级到 V3.5。", "升级到v3.5"),
        ("密\u200b码\x00忘\ud800了", "密码忘了"),
        ("  。。。 ", ""),
    ],
)
def test_spellings_of_one_text_fold_to_one(typed, folded):
    assert normalise(typed) == folded


@settings(max_examples=500)
@given(TYPED)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)

    assert normalise(once) == once
