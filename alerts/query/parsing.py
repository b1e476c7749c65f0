"""Reading a query: recursive descent over its tokens.

or    = and { (或 | OR | "|") and }
and   = not { [与 | 且 | AND | "&"] not }         in a list of values a blank means 或
not   = { 非 | NOT | "!" | "-" } near
near  = one [ (近 | NEAR) ["/" number] one ]
one   = word | "phrase" | "(" or ")" | field (word | "phrase" | "(" or ")")
"""

from collections.abc import Collection

from alerts.query.errors import QueryError
from alerts.query.fields import SINGLE, Field
from alerts.query.leaves import leaf
from alerts.query.scanning import Sign, Token, tokens
from alerts.query.tree import EVERYTHING, And, Kind, Near, Node, Not, Or, Term, Value

LONGEST = 4000
DEEPEST = 50
_PAIRS = 64
_EXPECTED = {
    Sign.CLOSE: ("括号里是空的，或多了一个右括号。", "nothing in these brackets, or one bracket too many."),
    Sign.AND: ("“与”的左边应有词。", "AND wants something on its left."),
    Sign.OR: ("“或”的左边应有词。", "OR wants something on its left."),
    Sign.NEAR: ("“近”的左边应有词。", "NEAR wants a word on its left."),
    Sign.END: ("这里应还有一个词、短语、字段或左括号。", "expected a word, a phrase, a field or an opening bracket."),
}
_HINT = "写法见 docs/queries.md: the language and its examples."
_WORDED = "要把它当词来找，请加引号。 To look for it as a word, put it in quotes."


class Parser:
    """Reads one text, once. `sites` are the sites there are, where they are known."""

    def __init__(self, text: str, sites: Collection[str] = ()) -> None:
        if len(text) > LONGEST:
            raise QueryError(
                text,
                LONGEST,
                f"查询太长：最多 {LONGEST} 个字符。",
                f"the query is too long: {LONGEST} characters at most.",
                hint="请拆成几个订阅。 Make several subscriptions of it.",
            )
        self.text = text
        self._sites = sites
        self._rest = tokens(text)
        self._next = next(self._rest)
        self._depth = 0

    def query(self) -> Node:
        """The whole text; EVERYTHING for none."""
        if self._at(Sign.END):
            return EVERYTHING
        found = self._or(None)
        if not self._at(Sign.END):
            raise self._error(self._next, "多了一个右括号。", "one closing bracket too many.")
        return found

    def _at(self, *signs: Sign) -> bool:
        return self._next.sign in signs

    def _take(self) -> Token:
        taken = self._next
        if taken.sign is not Sign.END:
            self._next = next(self._rest)
        return taken

    def _or(self, field: Field | None) -> Node:
        items = [self._and(field)]
        while self._at(Sign.OR):
            self._take()
            items.append(self._and(field))
        return items[0] if len(items) == 1 else Or(tuple(items))

    def _and(self, field: Field | None) -> Node:
        """What stands side by side: all of it; of a list of values, any of it."""
        listed = field is not None and isinstance(field.holds, Kind)
        items, any_of = [self._not(field)], False
        while not self._at(Sign.END, Sign.CLOSE, Sign.OR):
            operator, start = self._take() if self._at(Sign.AND) else None, self._next
            item = self._not(field)
            by_blank = listed and operator is None and not isinstance(item, Not)
            if not by_blank and any(_exclude(one, item) for one in items):
                raise self._error(
                    start,
                    "一篇不会同时有这两个值：请用“或”。",
                    "no page has both of these values: use OR.",
                    hint="例如 For example: site:(a 或 b), 类型:(新 或 改).",
                )
            any_of = any_of or by_blank
            items.append(item)
        if len(items) == 1:
            return items[0]
        return Or(tuple(items)) if any_of else And(tuple(items))

    def _not(self, field: Field | None) -> Node:
        if not self._at(Sign.NOT):
            return self._near(field)
        self._deeper(self._take())
        item = self._not(field)
        self._depth -= 1
        return Not(item)

    def _near(self, field: Field | None) -> Node:
        start = self._next
        left = self._one(field)
        if not self._at(Sign.NEAR):
            return left
        operator, after = self._take(), self._next
        right = self._one(field)
        if self._at(Sign.NEAR):
            raise self._error(
                self._next,
                "“近”一次只连两边。",
                "NEAR joins two sides only.",
                hint="请写成 Write: (甲 近/10 乙) 与 (乙 近/10 丙).",
            )
        near = Near(self._side(start, left), self._side(after, right), operator.distance)
        if len(near.left) * len(near.right) > _PAIRS:
            raise self._error(operator, f"“近”两边的词最多配成 {_PAIRS} 对。", f"NEAR makes {_PAIRS} pairs at most.")
        return near

    def _side(self, token: Token, node: Node) -> tuple[Term, ...]:
        """The terms that may stand on one side: a word, or words with 或 between them, none with a field of its own."""
        items = node.items if isinstance(node, Or) else (node,)
        terms = tuple(item for item in items if isinstance(item, Term))
        if token.sign is Sign.FIELD or len(terms) < len(items) or len({term.zone for term in terms}) != 1:
            raise self._error(
                token,
                "“近”的两边应是词、短语或（词 或 词）。",
                "NEAR joins words, phrases or (word OR word).",
                hint="字段写在括号外面 Put the field outside the brackets: 标题:(招商 近/10 项目).",
            )
        return terms

    def _one(self, field: Field | None) -> Node:
        token = self._take()
        if token.sign in (Sign.WORD, Sign.PHRASE):
            return leaf(self.text, token, field, self._sites)
        if token.sign is Sign.OPEN:
            return self._bracket(token, field)
        if token.sign is Sign.FIELD:
            return self._field(token, field)
        chinese, english = _EXPECTED[token.sign]
        raise self._error(token, chinese, english, hint=None if token.sign in (Sign.END, Sign.CLOSE) else _WORDED)

    def _bracket(self, token: Token, field: Field | None) -> Node:
        self._deeper(token)
        found = self._or(field)
        self._depth -= 1
        if not self._at(Sign.CLOSE):
            raise self._error(token, "这个括号没有收尾，应有“)”。", 'this bracket is never closed; expected ")".')
        self._take()
        return found

    def _field(self, token: Token, outer: Field | None) -> Node:
        field = token.field
        assert field is not None
        if outer is not None:
            raise self._error(
                token, f"{outer.chinese}的括号里不能再有字段。", f"no field within the brackets of {outer.name}."
            )
        if field.holds is not None and token.compares not in (":", "="):
            raise self._error(
                token, "只有级别可以比大小。", "only severity can be compared.", hint="级别>=3, severity>=3."
            )
        value = self._next
        if value.sign in (Sign.WORD, Sign.PHRASE):
            return leaf(self.text, self._take(), field, self._sites, token.compares)
        if value.sign is Sign.OPEN and field.holds is not None:
            return self._bracket(self._take(), field)
        raise self._error(
            value, f"“{token.text}”后面应有值。", f"expected a value after {token.text}.", hint=_example(field)
        )

    def _deeper(self, token: Token) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._error(token, f"嵌套太深：最多 {DEEPEST} 层。", f"nested too deep: {DEEPEST} levels at most.")

    def _error(self, token: Token, chinese: str, english: str, *, hint: str | None = None) -> QueryError:
        return QueryError(self.text, token.start, chinese, english, hint=hint or _HINT)


def _exclude(left: Node, right: Node) -> bool:
    """Two values of a field that has one at a time."""
    if not (isinstance(left, Value) and isinstance(right, Value)):
        return False
    return left.kind is right.kind and left.kind in SINGLE and left != right


def _example(field: Field) -> str:
    value = next(iter(field.values), "3" if field.holds is None else "…")
    return f"例如 For example: {field.chinese}:{value}, {field.name}:{value}."
