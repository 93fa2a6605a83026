"""Other readings of what was typed: on the wrong keyboard layout, or Russian in Latin letters.

Rules. Pure and general: no word is special. A layout is read key by key (ЙЦУКЕН and QWERTY). Latin letters are
compared by a key in which every usual way to write Russian in them is one: sch, shch and щ, ya, ja and я, ts, c and ц,
y, j, i, ы and й, ie and e; soft and hard signs are nothing, and letters do not stand twice. It does not decide which
reading is meant (search.py does, by what the index knows).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable

_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_ENGLISH_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_SHIFTED = str.maketrans('{}:"<>~', "[];',.`")
_TO_RUSSIAN = str.maketrans(_ENGLISH_KEYS, _RUSSIAN_KEYS)
_TO_ENGLISH = str.maketrans(_RUSSIAN_KEYS, _ENGLISH_KEYS)

_CYRILLIC_KEY = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхцыэ", "abvgdezijklmnoprstufhcie", strict=True)),
        **{"й": "i", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ё": "e", "ъ": "", "ь": ""},
    }
)
_LATIN_WAYS = (
    (re.compile("shch|sch|sh"), "sh"),
    (re.compile("kh|x"), "h"),
    (re.compile("ts|tz"), "c"),
    (re.compile("[yj]u"), "iu"),
    (re.compile("[yj]a"), "ia"),
    (re.compile("[yj][eo]"), "e"),
    (re.compile("ck|q"), "k"),
    (re.compile("w"), "v"),
    (re.compile("[yj]"), "i"),
)
_IE = re.compile("i+e")
_TWICE = re.compile(r"([a-z])\1+")


def as_russian_keys(text: str) -> str:
    """What the same keys give on a Russian keyboard."""
    return text.lower().translate(_SHIFTED).translate(_TO_RUSSIAN)


def as_english_keys(text: str) -> str:
    """What the same keys give on an English keyboard."""
    return text.lower().translate(_TO_ENGLISH)


def key_of_latin(word: str) -> str:
    """The key of a word in Latin letters (folded)."""
    for way, letters in _LATIN_WAYS:
        word = way.sub(letters, word)
    return _TWICE.sub(r"\1", _IE.sub("e", word))


def keys_of_russian(known: Iterable[str]) -> list[str]:
    """The keys of folded Russian words."""
    return _TWICE.sub(r"\1", _IE.sub("e", "\n".join(known).translate(_CYRILLIC_KEY))).split("\n")


class RussianInLatin:
    """Finds the Russian word that was meant by Latin letters, among known words.

    `often` says how many services have a word; of several words with one key the most frequent is meant.
    """

    def __init__(self, known: Iterable[str], often: Callable[[str], int]) -> None:
        words = [word for word in known if not word.isascii()]
        self._often = often
        self._words: dict[str, str] = {}
        for key, word in zip(keys_of_russian(words), words, strict=True):
            other = self._words.get(key)
            if other is None or often(word) > often(other):
                self._words[key] = word
        self._keys = sorted(self._words)
        self._by_length: dict[int, list[str]] = {}
        for key in self._keys:
            self._by_length.setdefault(len(key), []).append(key)

    def word(self, latin: str) -> str | None:
        """The known word with this key."""
        return self._words.get(key_of_latin(latin))

    def beginning(self, latin: str) -> str | None:
        """The first letters of the most frequent known word that begins so."""
        key = key_of_latin(latin)
        best: str | None = None
        at = bisect_left(self._keys, key)
        while at < len(self._keys) and self._keys[at].startswith(key):
            word = self._words[self._keys[at]]
            if best is None or self._often(word) > self._often(best):
                best = word
            at += 1
        if best is None:
            return None
        lengths = range(1, len(best) + 1)
        return next((best[:size] for size in lengths if len(keys_of_russian([best[:size]])[0]) >= len(key)), best)

    def nearest(self, latin: str) -> str | None:
        """The known word whose key is nearest: one slip up to 6 letters, two from 7 on."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        key = key_of_latin(latin)
        if len(key) < 4:
            return None
        slips = 1 if len(key) <= 6 else 2
        best: tuple[float, int, str] | None = None
        for length in range(len(key) - slips, len(key) + slips + 1):
            choices = self._by_length.get(length, ())
            for choice, distance, _ in process.extract(key, choices, scorer=OSA.distance, score_cutoff=slips, limit=4):
                word = self._words[choice]
                found = (distance + (0.5 if choice[0] != key[0] else 0.0), -self._often(word), word)
                if best is None or found < best:
                    best = found
        return best[2] if best else None
