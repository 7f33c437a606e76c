"""Tests that the engine fails, by folder and name, with what it does instead."""

from __future__ import annotations

LANGUAGE = "GROUP_CONCAT of texts in one language keeps the language tag; the standard has a plain text."
CONSTANT = (
    "A path of length zero from or to a constant that the data do not mention gives no row; the standard has "
    "one, the constant itself."
)
GRAPH_LATE = (
    "GRAPH ?g around a part that reads no statement (a subquery that counts, VALUES) is worked out "
    "once, not once per graph."
)
WRITTEN = "Numbers are stored by value, so 1.0E6 is written 1000000"

KNOWN = {
    ("aggregates", "agg-groupconcat-04"): LANGUAGE,
    ("aggregates", "agg-groupconcat-06"): LANGUAGE,
    ("aggregates", "agg-empty-group-count-graph"): GRAPH_LATE,
    ("bindings", "graph"): GRAPH_LATE,
    ("csv-tsv-res", "csv03"): WRITTEN + ".",
    ("csv-tsv-res", "tsv03"): WRITTEN + ", and xsd:negativeInteger becomes xsd:integer.",
    (
        "functions",
        "bnode01",
    ): "BNODE of the same text gives the same node in every row; the standard has one per row.",
    ("negation", "graph-minus"): "MINUS inside GRAPH ?g takes ?g as a shared variable and removes rows.",
    ("property-path", "zero_or_more_set_end"): CONSTANT,
    ("property-path", "zero_or_more_set_start"): CONSTANT,
    ("property-path", "zero_or_one_set_end"): CONSTANT,
    ("property-path", "zero_or_one_set_start"): CONSTANT,
}
