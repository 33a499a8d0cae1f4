"""`tickets:` of menus.yaml: from its schema to the domain, and what is wrong beyond the schema."""

from collections.abc import Iterator
from types import MappingProxyType

from wxbot.adapters.content.complaints import Checked
from wxbot.adapters.content.document import Loc
from wxbot.adapters.content.flows import written_ids
from wxbot.adapters.content.format import MenusFile
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.adapters.content.ticket_format import TicketsSection, UrgencySection
from wxbot.answering.normalise import normalise
from wxbot.domain.promises import TicketRules, UrgencyRule
from wxbot.errors import Problem


def rules_of(content: MenusFile) -> TicketRules:
    section = content.tickets
    return TicketRules(
        promises=MappingProxyType(dict(section.promise)),
        urgency=tuple(map(_rule, section.urgency)),
        nudges=section.nudges,
        close_after_s=section.close_after,
        remind_before_s=section.remind_before,
        overdue_every_s=section.overdue_every,
        waiting_after_s=section.waiting_after,
    )


def problems_of(file: Checked[MenusFile]) -> Iterator[Problem]:
    section, forms, levels = file.content.tickets, written_ids(file, "forms"), _written_levels(file)
    for number, rule in enumerate(section.urgency):
        loc: Loc = ("tickets", "urgency", number)
        if rule.name not in levels:
            hint = did_you_mean(rule.name, levels) or f"在 promise 里加一行“{rule.name}: 8小时”"
            yield file.sound.problem((*loc, "is"), f"promise 里没有写「{rule.name}」多久回复", hint)
        if rule.when.form and rule.when.form not in forms:
            hint = did_you_mean(rule.when.form, forms) or "写 forms 里的 id"
            yield file.sound.problem((*loc, "when", "form"), f"没有名为「{rule.when.form}」的表单", hint)
        for at, word in enumerate(rule.when.words):
            if not normalise(word):
                message = f"「{word}」里没有文字，永远匹配不上"
                yield file.sound.problem((*loc, "when", "words", at), message, "请删掉它", severity="warning")
    yield from _unreached(file, section)


def _rule(section: UrgencySection) -> UrgencyRule:
    words = tuple(filter(None, map(normalise, section.when.words)))
    return UrgencyRule(section.name, section.when.form or "", words, section.when.tier)


def _written_levels(file: Checked[MenusFile]) -> set[str]:
    """Whether what is promised for them is sound or not."""
    data = file.whole.data
    for key in ("tickets", "promise"):
        data = data.get(key) if isinstance(data, dict) else None
    return set(data) if isinstance(data, dict) else set()


def _unreached(file: Checked[MenusFile], section: TicketsSection) -> Iterator[Problem]:
    """Rules behind one that fits everything, and promises that no rule gives."""
    rules = [_rule(rule) for rule in section.urgency]
    last = next((number for number, rule in enumerate(rules) if not (rule.form or rule.words or rule.tier)), len(rules))
    for number in range(last + 1, len(rules)):
        message = f"前面的第 {last + 1} 条没有条件，轮不到这一条"
        yield file.sound.problem(("tickets", "urgency", number), message, "请把没有条件的放在最后", severity="warning")
    for name in section.promise.keys() - {rule.urgency for rule in rules}:
        message = f"没有规则会把工单分到「{name}」"
        hint = f"在 urgency 里加一条“is: {name}”，或删掉它"
        yield file.sound.problem(("tickets", "promise", name), message, hint, key=True, severity="warning")
