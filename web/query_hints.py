"""What a reader may do about a query that cannot be read, by what stands where the reading stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext

from graph.namespaces import PREFIXES
from graph.sparql_syntax import Token, offset_of, read, tokenize

COUNTED = ("LIMIT", "OFFSET")
AFTER_SELECT = ("SELECT", "DISTINCT", "REDUCED")
COMPARED = frozenset("<>=!")


def hints(query: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Sentences for the values of a syntax error in a query, the most certain first; often there is none."""
    expected = values.get("expected") or ()
    before, at = _around(query, values["line"], values["column"])
    if values.get("reason") == "Prefix not found":
        yield gettext(
            "This prefix is not known. Declare it in a PREFIX line, "
            "or take one from the list at the foot of the page."
        )
    elif values.get("reason") == "The SELECT contains a variable that is unbound":
        yield gettext(
            "A variable in SELECT is neither grouped nor counted: name it in GROUP BY, "
            "or put it into a function such as COUNT or SAMPLE."
        )
    elif not read(query, PREFIXES).form:
        yield gettext(
            "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE. "
            "To search by name, use the field at the top of the page."
        )
    elif at and at.kind == "string" and (len(at.text) < 2 or at.text[-1] != at.text[0]):
        yield gettext("A text has no end: put a quotation mark after it.")
    elif before and before.keyword in AFTER_SELECT and at and at.kind == "word":
        yield gettext(
            "A variable begins with ?, as in ?%(name)s. Write it so, or * for all variables.",
            name=at.text[:40],
        )
    elif counted := next((each.keyword for each in (at, before) if each and each.keyword in COUNTED), ""):
        yield gettext("After %(word)s comes a whole number, as in %(word)s 100.", word=counted)
    elif at and at.text in COMPARED:
        yield gettext("A comparison stands in a FILTER, as in FILTER(?value > 5).")
    elif values.get("reason") == "The query ends too early":
        yield gettext("The query ends too early; often a closing bracket is missing.")
    if ":" in expected:
        yield gettext(
            "A name needs its prefix, as in vx:Facility. After an everyday word, Ctrl + Space in the editor "
            "finds the name; on a phone the button Complete a name does."
        )


def _around(query: str, line: int, column: int) -> tuple[Token | None, Token | None]:
    """The token before a place of a query, and the one that holds it or begins next; the last at the end."""
    start = offset_of(query, line, column)
    tokens = list(tokenize(query))
    n = next((n for n, token in enumerate(tokens) if token.end > start), len(tokens) - 1)
    return tokens[n - 1] if n > 0 else None, tokens[n] if tokens else None
