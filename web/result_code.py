"""The query of the page as commands for other programs: curl and Python, ready to run."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

Pairs = Sequence[tuple[str, str]]


def curl(address: str, pairs: Pairs) -> str:
    """A command that prints the answer as CSV."""
    asked = "".join(f" --data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in pairs)
    return f"curl -H 'Accept: text/csv'{asked} {shlex.quote(address)}"


def python(address: str, pairs: Pairs) -> str:
    """A script of the standard library that prints the answer as rows."""
    given = "\n".join(f"    ({json.dumps(name)}, {literal(value)})," for name, value in pairs)
    return f"""import csv
from urllib.parse import urlencode
from urllib.request import Request, urlopen

asked = [
{given}
]
request = Request({json.dumps(address)}, urlencode(asked).encode(), {{"Accept": "text/csv"}})
with urlopen(request) as answer:
    for row in csv.reader(answer.read().decode().splitlines()):
        print(row)
"""


def literal(text: str) -> str:
    """A text as Python source, over several lines where it has them.

    >>> print(literal("a'b")), print(literal("SELECT *\\nWHERE"))
    "a'b"
    \"\"\"SELECT *
    WHERE\"\"\"
    (None, None)
    """
    if "\n" in text and "\\" not in text and '"""' not in text and not text.endswith('"'):
        return f'"""{text}"""'
    return json.dumps(text) if text.isascii() else repr(text)
