"""menus.yaml: from its schema to the domain, and what is wrong with it beyond the schema."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wxbot.adapters.content import flows
from wxbot.adapters.content.complaints import Checked
from wxbot.adapters.content.document import Loc
from wxbot.adapters.content.entries import too_long
from wxbot.adapters.content.format import (
    ButtonSection,
    MarkedGreeting,
    MenusFile,
    SceneGreeting,
)
from wxbot.adapters.content.section import OptionSection
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.domain.account import CAPABILITIES, Capability
from wxbot.domain.action import Action, Option
from wxbot.domain.menu import (
    CONDITIONAL_DOMAINS,
    Button,
    ConditionalMenu,
    Menu,
    breaches,
    link_domains,
    squeezed,
)
from wxbot.domain.script import Greeting, Welcome
from wxbot.errors import Problem

File = Checked[MenusFile]

_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Targets:
    """
    What actions may lead to.

    complete: every answer file could be read, so that what is not there does not exist.
    """

    answers: Collection[str]
    categories: Collection[str]
    complete: bool
    guides: Collection[str] = ()
    forms: Collection[str] = ()


def welcome_of(content: MenusFile, default: str) -> Welcome:
    """default: the greeting where none is written."""
    section = content.welcome
    return Welcome(
        first=Greeting(section.text or default, _options(section.options)),
        returning=_greeting(section.returning) if section.returning else None,
        closed=section.closed,
        scenes=MappingProxyType({scene: _marked(greeting) for scene, greeting in section.scenes.items()}),
    )


def menu_of(content: MenusFile) -> Menu:
    return Menu(
        buttons=_buttons(content.menu or []),
        conditional=tuple(
            ConditionalMenu(_buttons(section.menu), section.match.tag or "", section.match.client or "")
            for section in content.conditional_menus
        ),
    )


def old_keys_of(content: MenusFile) -> Mapping[str, Action]:
    return MappingProxyType(dict(content.old_keys))


def has_agents(content: MenusFile) -> bool:
    return content.human.enabled and Capability.AGENTS in CAPABILITIES[content.account.type]


def problems_of(file: File, targets: Targets) -> Iterator[Problem]:
    lost = list(_action_problems(file, targets))
    yield from lost
    yield from _welcome_problems(file)
    yield from _menu_problems(file)
    yield from _key_problems(file)
    yield from _account_problems(file)
    # What is broken may be the way in.
    if not file.problems and not lost:
        yield from _unopened_problems(file)


def _greeting(section: SceneGreeting) -> Greeting:
    return Greeting(section.text, _options(section.options))


def _marked(section: MarkedGreeting) -> Greeting:
    return Greeting(section.text, _options(section.options), section.tier, section.region)


def _options(sections: list[OptionSection]) -> tuple[Option, ...]:
    return tuple(Option(section.label, section.action) for section in sections)


def _buttons(sections: list[ButtonSection]) -> tuple[Button, ...]:
    return tuple(
        Button(
            name=section.name,
            action=section.action,
            tap=section.tap,
            key=section.key,
            fallback=section.fallback or "",
            material=section.material,
            items=_buttons(section.items or []),
        )
        for section in sections
    )


def _menus(content: MenusFile) -> Iterator[tuple[Loc, list[ButtonSection]]]:
    if content.menu is not None:
        yield ("menu",), content.menu
    for number, section in enumerate(content.conditional_menus):
        yield ("conditional_menus", number, "menu"), section.menu


def _every_button(loc: Loc, sections: list[ButtonSection]) -> Iterator[tuple[Loc, ButtonSection]]:
    for number, section in enumerate(sections):
        yield (*loc, number), section
        yield from _every_button((*loc, number, "items"), section.items or [])


def _every_greeting(content: MenusFile) -> Iterator[tuple[Loc, str | None, list[OptionSection]]]:
    welcome = content.welcome
    yield ("welcome",), welcome.text, welcome.options
    if welcome.returning:
        yield ("welcome", "returning"), welcome.returning.text, welcome.returning.options
    for scene, greeting in welcome.scenes.items():
        yield ("welcome", "scenes", scene), greeting.text, greeting.options


def _every_action(content: MenusFile) -> Iterator[tuple[Loc, Action]]:
    for loc, _, options in _every_greeting(content):
        for number, option in enumerate(options):
            yield (*loc, "options", number, "action"), option.action
    for loc, sections in _menus(content):
        for place, section in _every_button(loc, sections):
            if section.action:
                yield (*place, "action"), section.action
    for key, action in content.old_keys.items():
        yield ("old_keys", key), action
    yield from flows.every_action(content)
    if content.official and content.official.report:
        yield ("official", "report"), content.official.report
    if content.human.ticket:
        yield ("human", "ticket"), Action("ticket", content.human.ticket)


def _action_problems(file: File, targets: Targets) -> Iterator[Problem]:
    for loc, action in _every_action(file.content):
        yield from _target_problems(file, loc, action, targets)
        if action.kind == "human" and not has_agents(file.content):
            off, kind = not file.content.human.enabled, file.content.account.type
            message = f"这个动作找不到人工：{'human.enabled 是 false' if off else f'账号类型是{kind}'}"
            yield file.sound.problem(loc, message, "用户会看到没有人工的说明，请换成别的动作", severity="warning")


def _target_problems(file: File, loc: Loc, action: Action, targets: Targets) -> Iterator[Problem]:
    """An action that leads to nothing."""
    kinds = {
        "answer": (targets.answers, "没有 id 为「{}」的答案", "请检查 answers/ 里的文件"),
        "browse": (targets.categories, "没有名为「{}」的分类", "请检查 answers/ 里的文件"),
        "guide": (targets.guides, "没有名为「{}」的引导流程", "先在 menus.yaml 的 guides 里写它"),
        "ticket": (targets.forms, "没有名为「{}」的工单表单", "先在 menus.yaml 的 forms 里写它"),
    }
    known, what, hint = kinds.get(action.kind, ((), "", ""))
    sure = targets.complete or action.kind in ("guide", "ticket")
    if what and sure and action.target and action.target not in known:
        yield file.sound.problem(loc, what.format(action.target), did_you_mean(action.target, known) or hint)


def _welcome_problems(file: File) -> Iterator[Problem]:
    texts = [((*loc, "text"), text) for loc, text, _ in _every_greeting(file.content) if text]
    texts.append((("welcome", "closed"), file.content.welcome.closed))
    for loc, text in texts:
        yield from too_long(file.sound, loc, text)
        for name in _PLACEHOLDER.findall(text):
            if name != "name":
                message = f"欢迎语里没有「{{{name}}}」可以填"
                yield file.sound.problem_within(loc, f"{{{name}}}", message, "只能用 {name}，即公众号的名字")


def _menu_problems(file: File) -> Iterator[Problem]:
    content, document = file.content, file.sound
    for loc, sections in _menus(content):
        for breach in breaches(_buttons(sections)):
            yield document.problem(_at(loc, breach.path), breach.message, "请改短或减少")
        for breach in squeezed(_buttons(sections)):
            hint = "请改短；再长的名字，手机上会显示不全"
            yield document.problem((*_at(loc, breach.path), "name"), breach.message, hint, severity="warning")
        for place, section in _every_button(loc, sections):
            if _EMOJI.search(section.name):
                message = f"菜单名「{section.name}」里有表情符号，有些手机显示不出来"
                yield document.problem((*place, "name"), message, "请换成文字", severity="warning")
    if content.conditional_menus and not file.whole.steps(("menu",)):
        message = "有 conditional_menus 却没有 menu"
        yield document.problem(("conditional_menus",), message, "微信要求先有默认菜单，请加上 menu:", key=True)
    domains = link_domains(button for menu in menu_of(content).conditional for button in menu.buttons)
    if len(domains) > CONDITIONAL_DOMAINS:
        message = f"个性化菜单里的链接用了 {len(domains)} 个域名，微信最多允许 {CONDITIONAL_DOMAINS} 个"
        yield document.problem(("conditional_menus",), message, "、".join(sorted(domains)), key=True)


def _at(loc: Loc, path: tuple[int, ...]) -> Loc:
    steps: list[str | int] = []
    for number in path:
        steps += [number] if not steps else ["items", number]
    return (*loc, *steps)


def _key_problems(file: File) -> Iterator[Problem]:
    """Two buttons that send the same key can do only one thing."""
    seen: dict[str, Action] = {}
    for loc, sections in _menus(file.content):
        for place, section in _every_button(loc, sections):
            if section.action and section.key and seen.setdefault(section.key, section.action) != section.action:
                message = f"按键值「{section.key}」已经用在别的动作上"
                yield file.sound.problem((*place, "key"), message, "请换一个 key")
    for key, action in file.content.old_keys.items():
        if seen.get(key, action) != action:
            message = f"菜单里也有按键值「{key}」，以菜单的动作为准"
            yield file.sound.problem(("old_keys", key), message, "请删掉这一行", key=True, severity="warning")


def _account_problems(file: File) -> Iterator[Problem]:
    content = file.content
    can, kind = CAPABILITIES[content.account.type], content.account.type
    if content.menu is not None and Capability.MENU_API not in can:
        message = f"账号类型是{kind}，不能用接口发布菜单"
        yield file.sound.problem(("menu",), message, "请在公众平台手工设置菜单", key=True, severity="warning")
    if "enabled" in content.human.model_fields_set and content.human.enabled and Capability.AGENTS not in can:
        message = f"账号类型是{kind}，不能转人工客服"
        yield file.sound.problem(("human", "enabled"), message, "请改成 enabled: false", severity="warning")


def _unopened_problems(file: File) -> Iterator[Problem]:
    """Guides and forms with no way in."""
    content = file.content
    opened = {(action.kind, action.target) for _, action in _every_action(content)}
    opened.add(("ticket", content.human.ticket or ""))
    for key, kind, sections in (("guides", "guide", content.guides), ("forms", "ticket", content.forms)):
        for id, section in sections.items():
            if not section.words and (kind, id) not in opened:
                hint = f"给它写上 words，或在菜单、选项里写 action: {kind}:{id}"
                yield file.sound.problem((key, id), f"没有办法打开「{id}」", hint, key=True, severity="warning")
