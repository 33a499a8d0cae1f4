"""One spelling for what people type in many: width, case, script, and what carries no meaning left out."""

import re
import unicodedata

import zhconv_rs

_NOISE = re.compile(
    r"[^\w+#.]|_"
    r"|(?<![0-9a-z+#])[+#]+"  # c++ and c# keep theirs
    r"|(?<!\d)\.|\.(?!\d)"  # so does version 3.5
)


def normalise(text: str) -> str:
    """
    Fold a text to the spelling that is compared.

    Compatibility forms (full width, ①), case, traditional characters and regional words (網路 → 网络) are folded;
    spaces, punctuation, emoji and control characters are dropped, except what belongs to a name or a version.

    Returns:
        '' when nothing is left. Any text is legal; normalising twice changes nothing.
    """
    # A fold can open the way for another (a dropped space joins a word of two characters); three rounds have
    # always been enough, and most texts need one to change and one to see that nothing changes.
    for _ in range(4):
        folded = _fold(text)
        if folded == text:
            break
        text = folded
    return text


def _fold(text: str) -> str:
    if text.isascii():
        return _NOISE.sub("", text.lower())
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())
    return zhconv_rs.zhconv(plain, "zh-cn")
