"""The SPARQL query that shows a gap: what it was found in, with its own things filled in."""

from __future__ import annotations

import re

from graph.model import Finding
from graph.query import shipped

BOUND = {
    # Variables of queries/gaps/<detector>.rq in the order of subject and objects.
    "D1": ("input",), "D2": ("plant", "input"), "D3": ("plant", "input"), "D4": ("zone",), "D5": ("plant",),
    "D6": ("plant",), "D7": ("input",), "D8": ("plant",), "D9": ("actor",), "D10": ("thing",),
    "D11": ("zone",), "D12": ("thing",), "D13": ("from", "to"), "D14": ("plant", "input"),
}  # fmt: skip
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def gap_query(finding: Finding, language: str) -> str:
    """The query of the detector for this finding, with its title as a comment and names in the language.

    Raises ValueError for a finding whose things have no ids that can stand in a query.
    """
    query = shipped(f"gaps/{finding.detector}")
    text = query.titled(language)
    for name, thing in zip(BOUND[finding.detector], (finding.subject, *finding.objects), strict=False):
        if not SLUG.fullmatch(thing):
            raise ValueError(f"{thing!r} is no id")
        text = re.sub(rf"VALUES \?{name} \{{[^}}]*\}}", f"VALUES ?{name} {{ id:{thing} }}", text)
    return text.replace('= "vi"', f'= "{language}"')
