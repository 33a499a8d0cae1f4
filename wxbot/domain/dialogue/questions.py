"""Words that the user typed: small commands, then the answer engine, then the stages of not knowing."""

import re
from dataclasses import replace

from wxbot.domain import message as m
from wxbot.domain.action import Action, Option
from wxbot.domain.dialogue.actions import browse, give, gone, is_number, perform
from wxbot.domain.dialogue.handover import other_ways
from wxbot.domain.dialogue.talk import Effects, Talk, speak
from wxbot.domain.facts import Found
from wxbot.domain.turn import Question, Turn

MISSES_FOR_BROWSING = 2
FOLLOW_UP_LENGTH = 12
"""Characters up to which a text may lean on what was said before."""

_FOLLOW_UP = re.compile(r"(?:那么?|如果是|要是|换成|还有)(.+?)(?:呢|怎么办|怎么样|怎样|可以吗|行吗)?|(.+?)呢")

_EMOTICONS = re.compile(r"(?:\s*(?:\[[^\W\d_]{1,12}\]|/:[!-.0-~]{1,10}))+\s*")
"""Only WeChat's own emoticons, which arrive as codes such as [捂脸] and /:rose (protocol 2.2)."""

SENTENCES: dict[type, str] = {
    m.Sticker: "sticker",
    m.Image: "image",
    m.Voice: "voice",
    m.Video: "video",
    m.Location: "location",
    m.Link: "link",
    m.File: "file",
}


def not_words(talk: Talk) -> Turn | None:
    """A fitting sentence for what the bot cannot read; a voice that WeChat has put into words is read as text."""
    content = talk.inbound.content
    if isinstance(content, m.Voice) and content.recognition:
        return None
    name = SENTENCES.get(type(content))
    return speak(talk, name, talk.say(name)) if name else None


def blank(talk: Talk) -> Turn | None:
    """Only punctuation, emoji or white space."""
    return None if talk.facts.text else speak(talk, "blank", talk.say("blank"))


def more(talk: Talk) -> Turn | None:
    """The rest of a long answer, where it could not be sent by itself; else the next page of a list."""
    if talk.facts.text not in talk.script.words.more:
        return None
    if talk.session.pending:
        return speak(talk, "more", *talk.session.pending)
    onward = (option.action for option in talk.session.options if option.action.page > 1)
    return next((perform(talk, action) for action in onward), None)


def asked_to_browse(talk: Talk) -> Turn | None:
    """ "分类", or the name of a category."""
    content = talk.inbound.content
    name = content.content.strip() if isinstance(content, m.Text) else ""
    if name in talk.script.categories or talk.facts.text in talk.script.words.browse:
        return browse(talk, Action("browse", name if name in talk.script.categories else ""))
    return None


def answered(talk: Talk) -> Turn:
    """Ask the engine: an answer where it is sure, else the stages of `_unsure`."""
    found = _in_context(talk, talk.facts.find(words_of(talk)))
    if found.outcome != "answer":
        return _unsure(talk, found)
    answer = talk.script.answers[found.ids[0]]
    return give(talk, answer, "answered", _asked(talk, found))


def _in_context(talk: Talk, found: Found) -> Found:
    """
    "那企业版呢": what makes little sense by itself is asked together with what was answered last.

    The same answer again would be no answer to it.
    """
    topic = talk.script.answers.get(talk.session.topic)
    follow_up = _FOLLOW_UP.fullmatch(talk.facts.text)
    if found.outcome == "answer" or topic is None or follow_up is None or len(talk.facts.text) > FOLLOW_UP_LENGTH:
        return found
    together = talk.facts.find(f"{follow_up[1] or follow_up[2]}{topic.question}")
    others = tuple(name for name in together.ids if name != topic.id)
    if not others:
        return found
    return replace(together, ids=others, outcome="suggest" if topic.id in together.ids else together.outcome)


def _unsure(talk: Talk, found: Found) -> Turn:
    """Suggestions; else, miss by miss: say it another way, look through the categories, talk to a person."""
    if _EMOTICONS.fullmatch(words_of(talk)):
        return speak(talk, "sticker", talk.say("sticker"))
    near = [talk.script.answers[name] for name in found.ids if not talk.script.answers[name].smalltalk]
    if is_number(talk.facts.text) and not near:
        # While the store is away there is no list to which a number could refer.
        return speak(talk, "degraded", talk.say("degraded")) if talk.facts.degraded else gone(talk)
    misses = talk.session.misses + 1
    effects = _asked(talk, found)
    options = tuple(Option(answer.question, Action("answer", answer.id)) for answer in near)
    if misses >= talk.script.staffing.misses and (last_resort := _last_resort(talk)):
        words, ways_out = last_resort
        return speak(talk, "missed_human", words, options=options + ways_out, effects=effects, misses=misses)
    if options:
        return speak(talk, "suggested", talk.say("suggest"), options=options, effects=effects, misses=misses)
    if misses >= MISSES_FOR_BROWSING and talk.script.categories:
        options = tuple(Option(name, Action("browse", name)) for name in talk.script.categories)
        return speak(talk, "missed_browse", talk.say("miss_browse"), options=options, effects=effects, misses=misses)
    return speak(talk, "missed", talk.say("miss_first"), effects=effects, misses=misses)


def _last_resort(talk: Talk) -> tuple[str, tuple[Option, ...]] | None:
    """The words and the options that lead to people; None where there is no way to them at all."""
    if talk.script.has_people:
        return talk.say("miss_human"), (Option(talk.say("miss_human_label"), Action("human")),)
    ways = other_ways(talk)
    return (talk.say("miss_no_human"), ways) if ways else None


def _asked(talk: Talk, found: Found) -> Effects:
    best = found.ids[0] if found.ids else ""
    question = Question(
        talk.inbound.user, talk.now, words_of(talk)[:300], found.outcome, best, round(found.confidence, 4)
    )
    return Effects(questions=(question,))


def words_of(talk: Talk) -> str:
    content = talk.inbound.content
    return content.content if isinstance(content, m.Text) else getattr(content, "recognition", "")
