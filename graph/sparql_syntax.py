"""A lexer for SPARQL 1.1 queries and the few questions we ask before a query runs.

It reads tokens, not text: a variable `?service`, a comment, a string, an IRI or a prefixed name that
contains a keyword is never mistaken for the keyword. The engine also reads keywords that are glued together
(`SERVICESILENT<x>`, `ASKFROM<x>`, `LIMIT5`), so words are compared with that in mind. All this is a courtesy
that explains refusals; the query processes reach neither network nor files whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urljoin

from graph.namespaces import BASE, PREFIXES

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = frozenset("INSERT DELETE LOAD CLEAR DROP CREATE ADD MOVE COPY".split())
CHANGING = frozenset("NOW RAND UUID STRUUID BNODE".split())
"""Functions whose answer differs from run to run: such results are not cached."""

_NAME = r"[^\W\d_][\w.\-]{0,60}"
_LOCAL = r"(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\[^\s\w])*(?<!\.)"
_LONG = r"{q}{q}{q}(?:[^{q}\\]|\\.?|{q}(?!{q}{q}))*+(?:{q}{q}{q}|\Z)"
_SHORT = r"{q}(?:[^{q}\\\r\n]|\\.?)*+(?:{q}|(?=[\r\n])|\Z)"
_STRING = "|".join(form.replace("{q}", quote) for form in (_LONG, _SHORT) for quote in "\"'")
_TOKEN = re.compile(
    rf"""
      (?P<space>\s+|\#[^\r\n]*)
    | (?P<iri><[^<>"{{}}|^`\x00-\x20]*>)
    | (?P<string>{_STRING})
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<blank>_:\w(?:[\w.\-]*[\w\-])?)
    | (?P<name>(?:{_NAME})?:{_LOCAL})
    | (?P<word>(?i:limit|offset)(?=\d)|[A-Za-z]\w*)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""Every alternative is linear: an open string runs to the end of its line or text, a prefix has a bound."""
_NOTABLE = re.compile("|".join(("SERVICE", "FROM", *UPDATES, *CHANGING)))
_START = re.compile(rf"\s*({'|'.join(FORMS)})\b", re.ASCII | re.IGNORECASE)
_SIGN = re.compile(r'"((?:[^"\\]|\\.)+)"')
_CLASS = re.compile(r"\[(?:'(?:[^'\\]|\\.[^']*)'|[^\]'])*\]")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class Token(NamedTuple):
    """A token: `kind` is iri, string, variable, language, blank, name, word, number or other."""

    kind: str
    text: str
    start: int
    depth: int
    """How many `{` are open before the token."""
    keyword: str
    """Upper-case keyword, or the empty string for anything but a bare word."""

    @property
    def end(self) -> int:
        """Index of the first character after the token."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Syntax:
    """What a query text says about itself. Reading never fails: the engine reports syntax errors."""

    text: str
    form: str
    """SELECT, ASK, CONSTRUCT, DESCRIBE, or empty when no form was found."""
    service: Token | None = None
    update: Token | None = None
    default_graphs: tuple[str, ...] = ()
    """IRIs after FROM."""
    named_graphs: tuple[str, ...] = ()
    """IRIs after FROM NAMED."""
    repeatable: bool = True
    """False when the query calls a function that changes from run to run."""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens of the text."""
        return tuple(tokenize(self.text))


def read(text: str, prefixes: Mapping[str, str]) -> Syntax:
    """The syntax of a query; `prefixes` are those declared without a PREFIX line."""
    if not _NOTABLE.search(text.upper()):  # most queries: the first word or the first few tokens are enough
        start = _START.match(text)
        return Syntax(text, start[1].upper() if start else _form(tokenize(text)))
    tokens = tuple(tokenize(text))
    words = [token for token in tokens if token.kind == "word"]
    declared, default_graphs, named_graphs = _prologue(tokens, prefixes)
    return Syntax(
        text=text,
        form=_form(words),
        service=next((token for token in tokens if _is_service(token, declared)), None),
        update=next((token for token in words if token.keyword in UPDATES), None),
        default_graphs=default_graphs,
        named_graphs=named_graphs,
        repeatable=not any(token.keyword in CHANGING for token in words),
    )


def _form(tokens: Iterable[Token]) -> str:
    return next((form for token in tokens for form in FORMS if token.keyword.startswith(form)), "")


def _is_service(token: Token, declared: Mapping[str, str]) -> bool:
    if token.kind == "name":  # SERVICE:x is the keyword and a name when there is no prefix "SERVICE:"
        prefix = token.text.partition(":")[0]
        return "SERVICE" in prefix.upper() and prefix not in declared
    return "SERVICE" in token.keyword


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of a query without white space and comments."""
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "space":
            continue
        if match[0] == "}":
            depth = max(0, depth - 1)
        yield Token(kind, match[0], match.start(), depth, match[0].upper() if kind == "word" else "")
        if match[0] == "{":
            depth += 1


def _prologue(
    tokens: tuple[Token, ...], prefixes: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Declared prefixes, FROM graphs and FROM NAMED graphs."""
    declared, base = dict(prefixes), BASE
    default_graphs: list[str] = []
    named_graphs: list[str] = []
    for index, token in enumerate(tokens):
        if not token.keyword:
            continue
        following = tokens[index + 1 : index + 3]
        kinds = [t.kind for t in following]
        if token.keyword == "BASE" and kinds[:1] == ["iri"]:
            base = _iri(following[0], declared, base)
        elif token.keyword == "PREFIX" and kinds == ["name", "iri"]:
            declared[following[0].text[:-1]] = _iri(following[1], declared, base)
        elif token.keyword.endswith("FROM") and kinds[:1] and kinds[0] in ("iri", "name"):
            default_graphs.append(_iri(following[0], declared, base))
        elif token.keyword.endswith("NAMED") and kinds[:1] and kinds[0] in ("iri", "name"):
            named_graphs.append(_iri(following[0], declared, base))
    return declared, tuple(default_graphs), tuple(named_graphs)


def _iri(token: Token, declared: Mapping[str, str], base: str) -> str:
    """The IRI a token stands for; the token's own text when it stands for none (the engine objects)."""
    if token.kind == "iri":
        iri = _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)), token.text[1:-1])
        return urljoin(base, iri)
    prefix, colon, local = token.text.partition(":")
    if colon and prefix in declared:
        return declared[prefix] + re.sub(r"\\(.)", r"\1", local)
    return token.text


def outer_limit(syntax: Syntax) -> int | None:
    """The LIMIT of the whole query, not of a sub-query."""
    token = _limit_number(syntax)
    return int(token.text) if token else None


def with_limit(syntax: Syntax, rows: int) -> str:
    """The same query with at most `rows` rows: order, dataset clauses and prologue stay as they are."""
    number = _limit_number(syntax)
    if number:
        return syntax.text[: number.start] + str(min(rows, int(number.text))) + syntax.text[number.end :]
    values = next((t for t in syntax.tokens if t.depth == 0 and t.keyword == "VALUES"), None)
    if values:
        return f"{syntax.text[: values.start]}LIMIT {rows} {syntax.text[values.start :]}"
    return f"{syntax.text[: syntax.tokens[-1].end]}\nLIMIT {rows}"


def _limit_number(syntax: Syntax) -> Token | None:
    for token, following in zip(syntax.tokens, syntax.tokens[1:], strict=False):
        if token.depth == 0 and token.keyword == "LIMIT" and following.kind == "number":
            return following
    return None


@dataclass(frozen=True)
class SyntaxProblem:
    """Where a query is wrong, in one-based line and column, and what was expected there."""

    line: int
    column: int
    reason: str
    """A statement such as "Prefix not found", or the empty string."""
    expected: tuple[str, ...]
    """Signs that would have been possible; empty when they are too many to help."""
    source: str
    """The line of the query that holds the error."""


def explain(text: str, message: str) -> SyntaxProblem:
    """Reads the engine's message ("error at 1:33: expected one of ...") and points at the culprit.

    The engine tries a keyword as a block and reports the place after it: for `LOAD <x>` it says column 10,
    the length of CONSTRUCT plus one. So when nothing but keywords was expected, their length is taken off;
    when a whole name or IRI is at fault, the place is moved to its start. The error is at that place or soon
    after it.
    """
    head = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", message, re.DOTALL)
    if not head:
        return SyntaxProblem(1, 1, message, (), text.partition("\n")[0])
    offset = min(offset_of(text, int(head[1]), int(head[2])), len(text))
    signs = tuple(sign.replace('\\"', '"') for sign in _SIGN.findall(head[3]))
    words = [part.strip() for part in _SIGN.sub("", _CLASS.sub("", head[3])).split(",")]
    keywords = [word for word in words if re.fullmatch(r"[A-Z_]{2,}", word)]
    reason = next((word for word in words if " " in word and word[:1].isupper()), "")
    tokens = list(tokenize(text))
    if reason:
        signs = ()
        offset = next((t.start for t in tokens if t.end == offset and t.kind in ("iri", "name")), offset)
    elif keywords and not signs and not _CLASS.search(head[3].replace("[_]", "")):
        offset = max(0, offset - min(len(word) for word in keywords))
    elif offset == len(text) and signs:
        reason = "The query ends too early"
    elif offset == len(text) and tokens:
        offset = tokens[-1].start
    at = next((token for token in tokens if token.start == offset and token.kind == "name"), None)
    if at and not reason and at.text.partition(":")[0] not in _prologue(tuple(tokens), PREFIXES)[0]:
        reason, signs = "Prefix not found", ()
    if tokens and offset <= tokens[0].start and not any(token.keyword in FORMS for token in tokens):
        signs = FORMS
    line = text.count("\n", 0, offset) + 1
    begin = text.rfind("\n", 0, offset) + 1
    source = text[begin:].partition("\n")[0].rstrip("\r")
    return SyntaxProblem(line, offset - begin + 1, reason, signs if len(signs) <= 6 else (), source)


def offset_of(text: str, line: int, column: int) -> int:
    """The place of a one-based line and column; only a line feed ends a line, as for the engine."""
    begin = 0
    for _ in range(line - 1):
        begin = text.find("\n", begin) + 1
    return begin + column - 1
