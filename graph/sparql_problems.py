"""What the SPARQL endpoint refuses and how a query can fail: each case with its status and its words."""

from __future__ import annotations

from typing import Any

from graph.namespaces import BASE

PROBLEMS = {
    "query-missing": (
        400,
        "There is no query",
        "Send a SPARQL query as the parameter query, or POST it as application/sparql-query.",
    ),
    "example-unknown": (404, "There is no such example", "No shipped question is called %(name)s."),
    "thing-unknown": (
        400,
        "This thing is not known",
        "%(name)s is “%(text)s”. Choose a name from the list, or search for it in the field at the top.",
    ),
    "date-unreadable": (
        400,
        "This date cannot be read",
        "%(name)s is “%(text)s”. Type a day as year-month-day, for example 2025-06-30.",
    ),
    "number-unreadable": (
        400,
        "This number cannot be read",
        "%(name)s is “%(text)s”. Type a number of 0 or more, for example 50.",
    ),
    "parameter-repeated": (400, "A parameter is given twice", "Give %(parameter)s once."),
    "syntax-error": (
        400,
        "The query cannot be read",
        "The error is at line %(line)d, column %(column)d, or soon after.",
    ),
    "unsupported": (
        400,
        "The query asks for what this endpoint does not have",
        "The engine says: %(reason)s",
    ),
    "service-refused": (
        403,
        "SERVICE is not offered",
        "Line %(line)d, column %(column)d: this endpoint answers from its own data and contacts no other.",
    ),
    "update-refused": (
        403,
        "Updates are not offered",
        "This endpoint only reads; %(word)s would change data.",
    ),
    "graph-not-loaded": (
        400,
        "That graph is not loaded",
        "%(graph)s is not among the loaded graphs, and no address is fetched. Loaded are, for example: "
        "%(loaded)s. SELECT ?g { GRAPH ?g { } } lists all.",
    ),
    "encoding": (400, "The query cannot be read", "Send it as UTF-8."),
    "charset": (415, "The query cannot be read", "Send it as UTF-8."),
    "format-unknown": (400, "Unknown format", "%(format)s is none of %(known)s."),
    "show-unknown": (400, "Unknown view of the result", "show is “%(show)s”. Type one of %(known)s."),
    "timeout-invalid": (400, "Unknown time limit", "timeout is a number of seconds above 0."),
    "update-operation": (
        405,
        "Updates are not offered",
        "This endpoint only reads, and %(word)s asks for an update. Send a query as the parameter query, "
        "or POST it as application/sparql-query.",
    ),
    "method-not-allowed": (405, "Method not allowed", "Use GET, HEAD, POST or OPTIONS."),
    "cancelled": (409, "The query was cancelled", "It was stopped because its sender asked for that."),
    "not-acceptable": (406, "No such format for this query", "This query can be answered as %(known)s."),
    "request-too-long": (413, "The query is too long", "A query may have %(limit)d bytes."),
    "media-type": (
        415,
        "Unknown kind of request body",
        "POST application/x-www-form-urlencoded or application/sparql-query.",
    ),
    "failed": (500, "The query could not be answered", "The engine says: %(reason)s"),
    "deadline": (503, "The query was stopped", "It ran for %(elapsed)s s; the limit is %(limit)s s."),
    "busy": (503, "All query processes are busy", "The query waited for %(elapsed)s s and was not run."),
    "memory": (503, "The query was stopped", "It needed more memory than a query may use."),
    "died": (503, "The query could not be answered", "Its process ended unexpectedly."),
    "answer-too-large": (503, "The answer is too large", "The result is larger than this endpoint sends."),
}
"""Status, title and detail by problem code."""

HINTS = {
    "deadline": "Add a LIMIT, name more of the things, or write MINUS in place of FILTER NOT EXISTS.",
    "busy": "Try again in a moment.",
    "memory": "Add a LIMIT, or sort and group fewer rows.",
    "died": "Try again in a moment.",
    "answer-too-large": "Add a LIMIT, or fetch the data in parts with ORDER BY and OFFSET.",
}

ADVICE = HINTS | {
    "query-missing": "/sparql shows how a query is written, and has questions to begin with.",
    "example-unknown": "Take a name from the list of questions at /sparql, for example "
    "/sparql?example=x14-made-in-a-park.",
    "thing-unknown": "/api/search finds ids by name; diacritics may be left out.",
    "date-unreadable": "Write the year first, with two digits each for month and day.",
    "number-unreadable": "Write digits, with a point before decimals and no unit.",
    "parameter-repeated": "Look for the same name in the address and in the body: both count.",
    "syntax-error": "The members line, column and reason say where the reading stopped, expected what may "
    "stand there. Often a bracket, a point or a prefix is missing before that place.",
    "unsupported": "Write the query without the feature that the answer names.",
    "service-refused": "Ask the other endpoint yourself and join the answers, or fetch /data/vehec.nq.",
    "update-refused": "The records come from tables: the README of the project says how to change one.",
    "update-operation": "The records come from tables: the README of the project says how to change one.",
    "graph-not-loaded": "Name a loaded graph, or leave GRAPH and FROM out: the default graph holds every "
    "statement once.",
    "encoding": "Save or encode the text as UTF-8 before it is sent.",
    "charset": "Leave charset out of Content-Type, or write charset=utf-8.",
    "format-unknown": "Leave format out and send an Accept header, or take one of the names.",
    "show-unknown": "Leave show out for the view that suits the result.",
    "timeout-invalid": "Leave timeout out for the longest time, or send for example timeout=2.5.",
    "method-not-allowed": "A query may go into the address (GET) or into the body (POST).",
    "cancelled": "Send the query again if the answer is still wanted.",
    "not-acceptable": "Send one of these media types as Accept, or leave the header out.",
    "request-too-long": "Put long lists of values into several queries.",
    "media-type": "Set Content-Type to one of the two.",
    "failed": "Simplify the query until it answers; the part taken out last is the one to write otherwise.",
}
"""What to do about each problem, for the page that its type leads to."""


class Problem(Exception):
    """A refusal or failure, to be sent as RFC 9457 problem details."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
        self.status, self.title, self.detail = PROBLEMS[code]
        self.hint = HINTS.get(code, "")

    @property
    def type(self) -> str:
        """The IRI of this kind of problem."""
        return f"{BASE}problem/{self.code}"

    def explained(self) -> str:
        """The problem in English sentences: what is wrong, where, what may stand there, what to do."""
        found = self.as_dict()
        expected = ", ".join(found.get("expected", ())[:8])
        there = found.get("source", "")[found.get("column", 1) - 1 :][:60].strip()
        parts = (
            f"{found['title']}.",
            found["detail"],
            there and f"There: {there!r}.",
            found.get("reason"),
            expected and f"Expected: {expected}.",
            found.get("hint"),
        )
        return " ".join(filter(None, parts))

    def as_dict(self) -> dict[str, Any]:
        """The problem as JSON members, in English; the values stand next to the sentence that uses them."""
        written = {
            name: f"{value:.3g}" if isinstance(value, float) else value for name, value in self.values.items()
        }
        members = {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail % written,
        }
        return members | self.values | ({"hint": self.hint} if self.hint else {})
