"""Whether a condition can be asked: words in order, names that exist, values that occur, kinds that fit, bounded cost.

I decide which part of CEL a guideline may use: comparisons of facts, joined by &&, || and !. The compiler calls me
before an edition is published. I never evaluate: what I let pass cannot fail when it is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from taktvoll.adapters.guidelines.tokens import Token, tokens_of
from taktvoll.base.errors import Refused
from taktvoll.base.limits import GUIDELINE_CHARS_MAX, GUIDELINE_COST_MAX, GUIDELINE_DEPTH_MAX
from taktvoll.domain.conversation.guidelines import FACTS

Kind = Literal["number", "text", "truth", "list"]

_COMPARES = ("==", "!=", "<", "<=", ">", ">=")
_TEXT_CALLS = ("startsWith", "endsWith", "contains")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a condition: its kind, how it reads, the fact it names, the texts or the number it is."""

    kind: Kind
    shown: str
    fact: str | None = None
    texts: tuple[Token, ...] = ()
    number: float | None = None


def check_expression(name: str, when: str) -> frozenset[str]:
    """Check a condition word for word.

    Gives:  the names it asks about.
    Raises: Refused("guideline.…") with the guideline's name, the place, and what to do.
    """
    if len(when) > GUIDELINE_CHARS_MAX:
        raise Refused("guideline.long", name=name, field="when", limit=GUIDELINE_CHARS_MAX)
    tokens = tokens_of(name, when)
    if len(tokens) > GUIDELINE_COST_MAX:
        raise Refused("guideline.cost", name=name, limit=GUIDELINE_COST_MAX)
    reading = _Reading(name, tokens)
    reading.whole()
    return frozenset(reading.names)


class _Reading:
    """One pass over the words of a condition, from left to right."""

    def __init__(self, name: str, tokens: list[Token]) -> None:
        self._name = name
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self.names: set[str] = set()

    def whole(self) -> None:
        """Read everything; what it comes to must be a yes or no."""
        first = self._token
        node = self._either()
        if self._token.sort != "end":
            raise self._misfit(self._token)
        self._truth(node, first)

    def _either(self) -> Node:
        return self._joined("||", self._both)

    def _both(self) -> Node:
        return self._joined("&&", self._compared)

    def _joined(self, sign: str, part: Callable[[], Node]) -> Node:
        """Parts that are all a yes or no, joined by one sign."""
        first = self._token
        left = part()
        while self._takes(sign):
            self._truth(left, first)
            after = self._token
            right = part()
            self._truth(right, after)
            left = Node("truth", f"{left.shown} {sign} {right.shown}")
        return left

    def _compared(self) -> Node:
        left = self._single()
        sign = self._token
        if sign.text == "in" and sign.sort == "name":
            self._place += 1
            return self._within(left, self._single(), sign)
        if sign.sort != "sign" or sign.text not in _COMPARES:
            return left
        self._place += 1
        right = self._single()
        ordered = sign.text not in ("==", "!=")
        if left.kind != right.kind or left.kind == "list" or (ordered and left.kind != "number"):
            raise self._kinds(sign, left, right)
        for fact, other in ((left, right), (right, left)):
            self._occurs(fact, other)
        return Node("truth", f"{left.shown} {sign.text} {right.shown}")

    def _within(self, item: Node, many: Node, sign: Token) -> Node:
        if item.kind != "text" or many.kind != "list":
            raise self._kinds(sign, item, many)
        self._occurs(many, item)
        self._occurs(item, many)
        return Node("truth", f"{item.shown} in {many.shown}")

    def _single(self) -> Node:
        """One thing: a negation, a bracket, a list, a number, a text, a name or a call."""
        token = self._token
        self._place += 1
        self._depth += 1
        if self._depth > GUIDELINE_DEPTH_MAX:
            raise Refused("guideline.cost", name=self._name, limit=GUIDELINE_DEPTH_MAX)
        node = self._of(token)
        self._depth -= 1
        return self._called(node) if self._token.text == "." else node

    def _of(self, token: Token) -> Node:
        if token.text == "!":
            after = self._token
            self._truth(self._single(), after)
            return Node("truth", "!")
        if token.text == "(":
            inner = self._either()
            self._expect(")")
            return inner
        if token.text == "[":
            return self._list(token)
        if token.text == "-" and self._token.sort == "number":
            self._place += 1
            return Node("number", f"-{self._before.text}", number=-float(self._before.text))
        if token.sort == "number":
            return Node("number", token.text, number=float(token.text))
        if token.sort == "text":
            return Node("text", token.text, texts=(token,))
        if token.sort == "name":
            return self._named(token)
        raise self._misfit(token)

    def _list(self, opened: Token) -> Node:
        """Texts between square brackets."""
        texts = list[Token]()
        while self._token.sort == "text":
            texts.append(self._token)
            self._place += 1
            if not self._takes(","):
                break
        self._expect("]")
        if not texts:
            raise self._misfit(opened)
        return Node("list", "[" + ", ".join(t.text for t in texts) + "]", texts=tuple(texts))

    def _named(self, token: Token) -> Node:
        if token.text in ("true", "false"):
            return Node("truth", token.text)
        if token.text == "size" and self._takes("("):
            many = self._single()
            if many.kind != "list":
                raise self._kinds(token, many, many)
            self._expect(")")
            return Node("number", f"size({many.shown})")
        if token.text not in FACTS:
            near = get_close_matches(token.text, FACTS, n=3, cutoff=0.5) or sorted(FACTS)
            raise Refused(
                "guideline.name",
                name=self._name,
                position=token.position,
                found=token.text[:40],
                near=", ".join(near),
            )
        self.names.add(token.text)
        return Node(FACTS[token.text].kind, token.text, fact=token.text)

    def _called(self, node: Node) -> Node:
        """A question to a text: startsWith, endsWith, contains."""
        self._expect(".")
        call = self._token
        if call.text not in _TEXT_CALLS or node.kind != "text":
            raise self._misfit(call)
        self._place += 1
        self._expect("(")
        part = self._single()
        if part.kind != "text":
            raise self._kinds(call, node, part)
        self._expect(")")
        return Node("truth", f"{node.shown}.{call.text}({part.shown})")

    def _occurs(self, fact: Node, other: Node) -> None:
        """Refuse a comparison with what the fact can never be: it is a slip, and a silent one."""
        if fact.fact is None or not FACTS[fact.fact].values:
            return
        values = FACTS[fact.fact].values
        if other.number is not None and not float(values[0]) <= other.number <= float(values[1]):
            raise self._never(self._before, fact.fact, other.shown, f"{values[0]} … {values[1]}")
        for text in other.texts:
            if text.text[1:-1] not in values:
                known = ", ".join(f'"{v}"' for v in values)
                raise self._never(text, fact.fact, text.text[1:-1], known)

    @property
    def _token(self) -> Token:
        return self._tokens[min(self._place, len(self._tokens) - 1)]

    @property
    def _before(self) -> Token:
        return self._tokens[self._place - 1]

    def _takes(self, sign: str) -> bool:
        taken = self._token.sort == "sign" and self._token.text == sign
        self._place += taken
        return taken

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise self._misfit(self._token)

    def _truth(self, node: Node, at: Token) -> None:
        if node.kind != "truth":
            raise Refused("guideline.truth", name=self._name, position=at.position, found=node.shown[:40])

    def _kinds(self, sign: Token, left: Node, right: Node) -> Refused:
        return Refused(
            "guideline.kinds", name=self._name, position=sign.position, found=sign.text, left=left.shown[:40],
            right=right.shown[:40],
        )  # fmt: skip

    def _never(self, at: Token, fact: str, found: str, values: str) -> Refused:
        return Refused(
            "guideline.never", name=self._name, position=at.position, field=fact, found=found[:40], values=values
        )  # fmt: skip

    def _misfit(self, token: Token) -> Refused:
        if token.sort == "end":
            return Refused("guideline.ends", name=self._name, position=token.position)
        return Refused("guideline.syntax", name=self._name, position=token.position, found=token.text[:40])
