"""Lookups of one thing, answered where they arrive.

Handing a query to a query process costs more than most lookups do, and the processes may all be busy with
slow queries. What is recognised here can never be slow: one triple pattern whose subject is given, with no
filter, path or order, and at most MOST rows. Everything else goes to a process with a deadline.
"""

from __future__ import annotations

import re
import time

from pyoxigraph import QuerySolutions, Store

from graph.evaluation import ROW_FORMATS, ROW_MARKS, QueryError, Reply, Request, Sink, TooManyRows, ask

MOST = 5_000
_IRI = r'<[^<>"{}|^`\\\x00-\x20]*>'
_NAME = r"[A-Za-z][\w-]*:[\w-]+"
_VARIABLE = r"\?\w+"
_LOOKUP = re.compile(
    rf"""\s*(?:PREFIX\s+[A-Za-z][\w-]*:\s*{_IRI}\s*)*
    SELECT\s*(?:\*|(?:{_VARIABLE}\s*)+)\s*(?:WHERE\s*)?
    \{{\s*(?:{_IRI}|{_NAME})\s+(?:{_VARIABLE}|{_IRI}|{_NAME}|a)\s+(?:{_VARIABLE}|{_IRI}|{_NAME})\s*\.?\s*\}}
    \s*(?:LIMIT\s+(?P<limit>\d{{1,9}}))?\s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def look_up(store: Store, request: Request) -> Reply | None:
    """The answer to a lookup; None for what is not one, has too many rows or cannot be read."""
    if request.default_graphs or request.named_graphs or request.format not in ROW_FORMATS:
        return None
    lookup = _LOOKUP.fullmatch(request.query)
    if lookup is None:
        return None
    started = time.perf_counter()
    most = min(MOST, request.rows)
    try:
        found = ask(store, request, request.query)
        assert isinstance(found, QuerySolutions)
        if lookup["limit"] and int(lookup["limit"]) <= most:
            body = found.serialize(format=ROW_FORMATS[request.format]) or b""
        else:
            sink = Sink(ROW_MARKS[request.format], most=most - 1)
            found.serialize(sink, format=ROW_FORMATS[request.format])
            body = sink.getvalue()
    except (QueryError, TooManyRows):
        return None
    return Reply(body, "rows", None, False, time.perf_counter() - started)
