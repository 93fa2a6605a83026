"""Reads texts for the index: each text, and each word of it, once.

Rules. A text is cut into folded words by the catalogue (analysis.words_of). The analysis is asked for all new words of
many texts together, so that an index of thousands of services costs one call and as many stems as there are different
words. What is remembered lives as long as one update.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from kiosk.catalogue import analysis
from kiosk.catalogue.ports import Analyse
from kiosk.model.text import Language


class Reader:
    """Words and terms of texts in one language. `read` comes first, for all texts that will be asked for."""

    def __init__(self, analyse: Analyse, language: Language) -> None:
        self.language = language
        self._analyse = analyse
        self._terms: dict[str, str] = {}
        self._indexed: dict[str, str] = {"": ""}
        self._words: dict[str, list[str]] = {"": []}

    def read(self, texts: Iterable[str]) -> None:
        """Cut and analyse what has not been read yet."""
        new = [text for text in dict.fromkeys(texts) if text not in self._words]
        cut = analysis.words_of(new)
        self._words.update(zip(new, cut, strict=True))
        unknown = [word for word in dict.fromkeys(chain.from_iterable(cut)) if word not in self._terms]
        self._terms.update(zip(unknown, self._analyse(" ".join(unknown), self.language), strict=True))
        term = self._terms.__getitem__
        for text, found in zip(new, cut, strict=True):
            self._indexed[text] = f" {' '.join(map(term, found))} " if found else ""

    def words(self, text: str) -> list[str]:
        """The words of a text in order, folded."""
        return self._words[text]

    def term(self, word: str) -> str:
        """The term of one folded word."""
        return self._terms[word]

    def terms(self, text: str) -> str:
        """The terms of a text between single spaces, with a space at both ends; "" where there is none."""
        return self._indexed[text]
