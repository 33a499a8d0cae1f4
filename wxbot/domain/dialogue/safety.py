"""Secrets that a follower tells, and the question whether a number, link or account is really ours (product J)."""

from collections.abc import Iterable
from dataclasses import replace

from wxbot.domain import message as m
from wxbot.domain.action import Option
from wxbot.domain.dialogue.handover import contact_options
from wxbot.domain.dialogue.talk import Talk, speak
from wxbot.domain.official import MentionKind, mentions
from wxbot.domain.personal import Secret, SecretKind, secrets_in, without_secrets
from wxbot.domain.script import Script
from wxbot.domain.turn import Turn

SECRETS: dict[SecretKind, str] = {
    "password": "secret_password",
    "code": "secret_code",
    "identity": "secret_identity",
    "card": "secret_card",
}
MENTIONS: dict[MentionKind, str] = {
    "phone": "official_phone",
    "address": "official_address",
    "link": "official_link",
    "account": "official_account",
}


def shield(talk: Talk) -> Talk:
    """The talk without the secrets in its words, so that nothing stores them, and with a warning to the follower."""
    secrets = secrets_in(talk.inbound.words)
    if not secrets:
        return talk
    inbound = replace(talk.inbound, content=_shielded(talk.inbound.content))
    return replace(talk, inbound=inbound, warning=warning_about(talk.script, secrets))


def _shielded(content: m.UserMessage | m.Event) -> m.UserMessage | m.Event:
    match content:
        case m.Text(words):
            return replace(content, content=without_secrets(words))
        case m.Voice(recognition=words):
            return replace(content, recognition=without_secrets(words))
    return content


def warning_about(script: Script, secrets: Iterable[Secret]) -> str:
    """What to tell somebody who gave these away; '' for none."""
    kinds = dict.fromkeys(script.say(SECRETS[secret.kind]) for secret in secrets)
    return script.say("secret_warning", secrets="、".join(kinds)) if kinds else ""


def asked_if_official(talk: Talk) -> Turn | None:
    """ "400-… 是你们的电话吗": answered from the register, and nothing else."""
    if not talk.script.words.has_doubts(talk.facts.text):
        return None
    asked_for = next(mentions(talk.inbound.words), None)
    if asked_for is None:
        return None
    register, kind = talk.script.official, talk.say(MENTIONS[asked_for.kind])
    if asked_for in register:
        return speak(talk, "official", talk.say("official_yes", what=asked_for.text, kind=kind))
    report = (Option(talk.say("official_report"), talk.script.report),) if talk.script.report else ()
    words = talk.say("official_no" if register.kept else "official_unsure", what=asked_for.text, kind=kind)
    return speak(talk, "official", words, options=(*report, *contact_options(talk)))
