"""The main journey of the kiosk over the AT-SPI bus: what a screen reader of the system hears and presses.

Run by the system's Python, which has gi. Rules. Nothing is known but role and name; every control on the way must have
both. Prints one line a step; exits 1 with the names that were there when something is missing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE_S = 240.0
AGAIN_S = 20.0
BUTTONS = ("push button", "button")
OPERABLE = (*BUTTONS, "check box", "radio button", "text", "entry", "link", "list item", "page tab")


def plain(name: str) -> str:
    return name.replace("\u00a0", " ").replace("\u00ad", "").replace("\u2060", "")


def below(node: Any, depth: int = 0) -> Iterator[Any]:
    if node is None or depth > 60:
        return
    yield node
    for at in range(node.get_child_count()):
        yield from below(node.get_child_at_index(at), depth + 1)


def showing() -> Iterator[Any]:
    desktop = Atspi.get_desktop(0)
    for at in range(desktop.get_child_count()):
        for node in below(desktop.get_child_at_index(at)):
            if node.get_state_set().contains(Atspi.StateType.SHOWING):
                yield node


def look(found: Callable[[Any], bool], patience_s: float = PATIENCE_S) -> Any:
    """Waits until something on the screen is as asked; None when it does not come before the last patience is out."""
    until = time.monotonic() + patience_s
    seen: list[str] = []
    while time.monotonic() < until:
        seen = []
        try:
            for node in showing():
                seen.append(f"{node.get_role_name()}: {plain(node.get_name() or '')}")
                if found(node):
                    return node
        except GLib.Error:  # it went while it was looked at
            pass
        time.sleep(0.05)
    if patience_s < PATIENCE_S:
        return None
    sys.exit("it is not there; what is:\n" + "\n".join(seen))


def named(name: str, *roles: str) -> Any:
    return look(
        lambda node: plain(node.get_name() or "").startswith(name) and (not roles or node.get_role_name() in roles)
    )


def press(name: str) -> None:
    """A control's own action; the screen says what it is called."""
    node = named(name, *OPERABLE)
    actions = node.get_action_iface()
    names = [actions.get_action_name(at) for at in range(actions.get_n_actions())]
    for wanted in ("Press", "Toggle"):
        if wanted in names:
            actions.do_action(names.index(wanted))
            print("pressed", name, flush=True)
            return
    sys.exit(f"{name} has no action but {names}")


def write(name: str, text: str) -> None:
    """Into a field, as a speech or braille input does; else by the keys on the screen."""
    node = named(name, "text", "entry")
    editable = node.get_editable_text_iface()
    if editable is None or not editable.set_text_contents(text):
        sys.exit(f"{name} takes no text")
    print("wrote into", name, flush=True)


def go(pressed: str, name: str) -> None:
    """Press what leads to a page, once more where the page that goes was hit instead of the one that came."""
    for _ in range(int(PATIENCE_S / AGAIN_S)):
        press(pressed)
        if look(
            lambda node: node.get_role_name() == "heading" and plain(node.get_name() or "").startswith(name), AGAIN_S
        ):
            break
    heading(name)


def heading(name: str) -> None:
    named(name, "heading")
    nameless = [node.get_role_name() for node in showing() if node.get_role_name() in OPERABLE and not node.get_name()]
    if nameless:
        sys.exit(f"on {name} there are controls without a name: {nameless}")
    print("heard", name, flush=True)


def main() -> None:
    go("Коснитесь, чтобы начать", "Чем помочь?")
    go("Документы", "Документы")
    service = "Выдача паспорта гражданина РФ взамен утраченного"
    go(service, service)
    go("Начать заявление", "Что случилось с паспортом?")
    press("Потерян")
    go("Продолжить", "Когда пропал паспорт?")
    press("Вчера")
    go("Продолжить", "Как вас зовут?")
    write("Фамилия, имя", "Соколова Анна")
    press("Готово")
    go("Продолжить", "Проверьте ответы")
    press("Всё верно")
    go("Отправить заявление", "Мы приняли заявление")
    press("Выход")


main()
