"""Pictures that come with a form."""

from collections.abc import Sequence
from itertools import islice

from flask import request
from werkzeug.datastructures import FileStorage

from wxbot.entrypoints.page.words import t

PICTURE_LIMIT_MB = 10
"""As much as WeChat takes of a picture in the chat (protocol 6.2)."""
PICTURE_LIMIT_BYTES = PICTURE_LIMIT_MB * 1024 * 1024
TOGETHER_MB = 30
"""All pictures of one form."""
BODY_LIMIT_BYTES = (TOGETHER_MB + 2) * 1024 * 1024
"""Of a form, with its words."""
APPENDED = 5
"""Pictures that can be added at a time."""


class Unfit(Exception):
    """These pictures cannot be taken; the text says why to the visitor."""


def pictures_in(field: str, *, fewest: int = 0, most: int = APPENDED) -> Sequence[bytes]:
    """
    What was chosen for a field.

    Raises:
        Unfit: too many, too few or too big; what they are is checked when they are kept.
    """
    # A browser sends an empty part where nothing was chosen.
    chosen = list(islice((file for file in request.files.getlist(field) if file.filename), most + 1))
    if len(chosen) > most:
        raise Unfit(t("wrong.pictures.count", max=most))
    if len(chosen) < fewest:
        raise Unfit(t("wrong.pictures.few", min=fewest))
    return [_content(file) for file in chosen]


def _content(file: FileStorage) -> bytes:
    content = file.stream.read(PICTURE_LIMIT_BYTES + 1)
    if len(content) > PICTURE_LIMIT_BYTES:
        raise Unfit(t("wrong.pictures.size", size=PICTURE_LIMIT_MB))
    return content
