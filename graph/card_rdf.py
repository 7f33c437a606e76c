"""The card of the data set as RDF: DCAT 3, VoID, and DQV for what is complete and what is weak.

The data set and its parts keep their permanent IRIs; addresses to download from belong to the host that
answers, so the caller passes its `root`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.card import Card
from graph.model import Text
from graph.namespaces import BASE, ID, ONTOLOGY_GRAPH, PREFIXES, curie

DATASET = BASE + "data"
TERMS = DATASET + "#"
DCAT, VOID = "http://www.w3.org/ns/dcat#", "http://rdfs.org/ns/void#"
DQV, OA = "http://www.w3.org/ns/dqv#", "http://www.w3.org/ns/oa#"
CARD_PREFIXES = PREFIXES | {"dcat": DCAT, "void": VOID, "dqv": DQV, "oa": OA, "data": TERMS}
MEDIA = "https://www.iana.org/assignments/media-types/"
FORMATS = "http://www.w3.org/ns/formats/"
LANGUAGE = "http://id.loc.gov/vocabulary/iso639-1/"
DUMPS = (("vehec.trig", "application/trig", "TriG"), ("vehec.nq", "application/n-quads", "N-Quads"))
BY_LOCALITY, BY_TABLE, ACCURACY = "coverage-by-locality", "coverage-by-table", "accuracy"
Node = NamedNode | BlankNode
Term = Node | Literal


class _Sheet:
    """Collects triples by subject, written with prefixed names."""

    def __init__(self) -> None:
        self.by_subject: dict[Node, list[Triple]] = {}
        self.blank = 0

    def node(self) -> BlankNode:
        """A new blank node; the same sheet gives the same ones on every run."""
        self.blank += 1
        return BlankNode(f"b{self.blank}")

    def add(self, subject: Node, **values: Term | Iterable[Term]) -> Node:
        """States values by property, its colon written as an underscore: `dcterms_title`."""
        for name, found in values.items():
            prefix, _, local = name.partition("_")
            predicate = NamedNode(CARD_PREFIXES[prefix] + local)
            terms = [found] if isinstance(found, NamedNode | BlankNode | Literal) else found
            triples = self.by_subject.setdefault(subject, [])
            triples.extend(Triple(subject, predicate, term) for term in terms)
        return subject


def card_triples(card: Card, root: str) -> list[Triple]:
    """The card as triples; `root` is the address of this host, ending in a slash."""
    sheet = _Sheet()
    dataset = NamedNode(DATASET)
    _describe(sheet, card, dataset, root)
    _distribute(sheet, card, dataset, root)
    _count(sheet, card, dataset)
    _measure(sheet, card, dataset)
    _warn(sheet, card, dataset)
    return [triple for triples in sheet.by_subject.values() for triple in triples]


def _describe(sheet: _Sheet, card: Card, dataset: NamedNode, root: str) -> None:
    words = card.words
    sheet.add(
        dataset,
        rdf_type=[_term(DCAT, "Dataset"), _term(VOID, "Dataset")],
        dcterms_title=_texts(words["title"]),
        dcterms_license=NamedNode(words["licence"]),
        dcterms_identifier=Literal(DATASET),
        dcterms_language=[NamedNode(LANGUAGE + lang) for lang in ("vi", "en")],
        dcterms_conformsTo=NamedNode(ONTOLOGY_GRAPH),
        dcterms_spatial=[
            NamedNode(row["locality"]) for row in card.answers["coverage"] if row.get("party") == "true"
        ],
        dcat_landingPage=NamedNode(root + "data"),
        foaf_homepage=NamedNode(root + "data"),
        owl_versionInfo=Literal(card.generation),
    )
    for name in ("issued", "modified"):
        if name in words:
            sheet.add(dataset, **{f"dcterms_{name}": _typed(words[name].isoformat(), "date")})
    if "version" in words:
        sheet.add(dataset, dcat_version=Literal(words["version"]))
    if "description" in words:
        sheet.add(dataset, dcterms_description=_texts(words["description"]))
    if "state" in words:
        statement = _term(PREFIXES["dcterms"], "ProvenanceStatement")
        state = sheet.add(sheet.node(), rdf_type=statement, rdfs_label=_texts(words["state"]))
        sheet.add(dataset, dcterms_provenance=state)
    if "publisher" in words:
        agent = _term(PREFIXES["foaf"], "Agent")
        publisher = sheet.add(sheet.node(), rdf_type=agent, foaf_name=Literal(words["publisher"]))
        sheet.add(dataset, dcterms_publisher=publisher)
    for lang, keywords in words.get("keywords", {}).items():
        sheet.add(dataset, dcat_keyword=[Literal(word, language=lang) for word in keywords])


def _distribute(sheet: _Sheet, card: Card, dataset: NamedNode, root: str) -> None:
    endpoint = NamedNode(root + "sparql")
    service = sheet.add(
        NamedNode(BASE + "sparql"),
        rdf_type=_term(DCAT, "DataService"),
        dcterms_title=[
            Literal("SPARQL endpoint", language="en"),
            Literal("Điểm truy vấn SPARQL", language="vi"),
        ],
        dcat_endpointURL=endpoint,
        dcat_endpointDescription=endpoint,
        dcat_servesDataset=dataset,
        dcterms_conformsTo=NamedNode("https://www.w3.org/TR/sparql11-protocol/"),
    )
    queried = sheet.add(
        sheet.node(),
        rdf_type=_term(DCAT, "Distribution"),
        dcat_accessURL=endpoint,
        dcat_accessService=service,
    )
    sheet.add(dataset, dcat_distribution=queried, void_sparqlEndpoint=endpoint)
    for file, media, form in DUMPS:
        address = NamedNode(f"{root}data/{file}")
        part = _distribution(sheet, card, dataset, f"/{file}", media, address)
        sheet.add(part, dcterms_title=Literal(f"{form}, {file}"))
        sheet.add(dataset, void_dataDump=address)
    for table in card.tables:
        address = NamedNode(f"{root}data/tables/{table.file}")
        part = _distribution(sheet, card, dataset, f"/tables/{table.file}", "text/csv", address)
        sheet.add(part, dcterms_title=Literal(table.file), void_class=NamedNode(table.iri))
        sheet.add(part, dcterms_conformsTo=NamedNode(root + "data/tables/csv-metadata.json"))
    sheet.add(
        dataset,
        void_uriSpace=Literal(ID),
        void_exampleResource=[NamedNode(ID + slug) for slug in card.words.get("examples", ())],
        void_feature=[
            NamedNode(FORMATS + name) for name in ("Turtle", "TriG", "N-Quads", "JSON-LD", "RDF_XML")
        ],
        void_vocabulary=[NamedNode(namespace) for namespace in _vocabularies(card)],
    )


def _distribution(
    sheet: _Sheet, card: Card, dataset: NamedNode, path: str, media: str, address: NamedNode
) -> Node:
    part = sheet.add(
        NamedNode(DATASET + path),
        rdf_type=_term(DCAT, "Distribution"),
        dcat_accessURL=address,
        dcat_downloadURL=address,
        dcat_mediaType=NamedNode(MEDIA + media),
        dcterms_license=NamedNode(card.words["licence"]),
    )
    sheet.add(dataset, dcat_distribution=part)
    return part


def _vocabularies(card: Card) -> list[str]:
    """Namespaces of the properties and classes in use."""
    used = {row["property"] for row in card.answers["properties"]}
    used |= {row["class"] for row in card.answers["classes"]}
    return sorted({PREFIXES[name.partition(":")[0]] for iri in used if (name := curie(iri)) != iri})


def _count(sheet: _Sheet, card: Card, dataset: NamedNode) -> None:
    (totals,) = card.answers["statements"]
    classes = card.answers["classes"]
    sheet.add(
        dataset,
        void_triples=_integer(totals["statements"]),
        void_distinctSubjects=_integer(totals["subjects"]),
        void_distinctObjects=_integer(totals["values"]),
        void_properties=_integer(totals["properties"]),
        void_classes=_integer(len(classes)),
    )
    for row in classes:
        part = sheet.add(
            sheet.node(),
            void_class=NamedNode(row["class"]),
            void_entities=_integer(row["things"]),
            void_triples=_integer(row["statements"]),
        )
        sheet.add(dataset, void_classPartition=part)
        for inner in card.answers["properties"]:
            if inner["class"] == row["class"]:
                used = sheet.add(
                    sheet.node(),
                    void_property=NamedNode(inner["property"]),
                    void_distinctSubjects=_integer(inner["things"]),
                    void_triples=_integer(inner["statements"]),
                )
                sheet.add(part, void_propertyPartition=used)
    for row in card.answers["uses"]:
        used = sheet.add(
            sheet.node(), void_property=NamedNode(row["property"]), void_triples=_integer(row["statements"])
        )
        sheet.add(dataset, void_propertyPartition=used)


def _measure(sheet: _Sheet, card: Card, dataset: NamedNode) -> None:
    for name, label in card.words["dimensions"].items():
        sheet.add(NamedNode(TERMS + name), rdf_type=_term(DQV, "Dimension"), skos_prefLabel=_texts(label))
    for name, label in card.words["measures"].items():
        metric = _metric(sheet, name, label, BY_LOCALITY, "integer")
        for row in card.answers["coverage"]:
            measurement = _measurement(sheet, dataset, metric, _integer(row[name]))
            sheet.add(measurement, **{"sdmx-dimension_refArea": NamedNode(row["locality"])})
    for name, label in card.words["table_measures"].items():
        metric = _metric(sheet, name, label, BY_TABLE, "integer")
        for table in card.tables:
            part = NamedNode(f"{DATASET}/tables/{table.file}")
            value = {"rows": table.rows, "onlyC": table.low}[name]
            if value is not None:
                _measurement(sheet, part, metric, _integer(value))
    if audit := card.words.get("audit"):
        metric = _metric(sheet, "auditedCells", audit["measure"], ACCURACY, "decimal")
        share = _typed(f"{audit['cells_stated'] / audit['cells']:.3f}", "decimal")
        measurement = _measurement(sheet, dataset, metric, share)
        sheet.add(
            measurement, dcterms_date=_typed(audit["date"], "gYearMonth"), rdfs_comment=_texts(audit["text"])
        )


def _metric(sheet: _Sheet, name: str, label: Text, dimension: str, datatype: str) -> Node:
    return sheet.add(
        NamedNode(f"{TERMS}measure-{name}"),
        rdf_type=_term(DQV, "Metric"),
        skos_prefLabel=_texts(label),
        dqv_inDimension=NamedNode(TERMS + dimension),
        dqv_expectedDataType=_term(PREFIXES["xsd"], datatype),
    )


def _measurement(sheet: _Sheet, about: NamedNode, metric: Node, value: Literal) -> Node:
    measurement = sheet.add(
        sheet.node(),
        rdf_type=_term(DQV, "QualityMeasurement"),
        dqv_computedOn=about,
        dqv_isMeasurementOf=metric,
        dqv_value=value,
    )
    sheet.add(about, dqv_hasQualityMeasurement=measurement)
    return measurement


def _warn(sheet: _Sheet, card: Card, dataset: NamedNode) -> None:
    """The known weak spots, as annotations a catalogue can show."""
    for weakness in card.weak:
        said = {lang: text.format(**weakness.figures) for lang, text in weakness.text.items()}
        body = sheet.add(sheet.node(), rdf_type=_term(OA, "TextualBody"), rdf_value=_texts(said))
        note = sheet.add(
            NamedNode(f"{TERMS}weak-{weakness.id}"),
            rdf_type=_term(DQV, "QualityAnnotation"),
            rdfs_label=_texts(weakness.title),
            rdfs_comment=_texts(said),
            oa_hasTarget=dataset,
            oa_hasBody=body,
            oa_motivatedBy=_term(DQV, "qualityAssessment"),
        )
        sheet.add(dataset, dqv_hasQualityAnnotation=note)


def _texts(texts: Text) -> Iterator[Literal]:
    return (Literal(text, language=lang) for lang, text in texts.items())


def _integer(value: int) -> Literal:
    return _typed(str(value), "integer")


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + datatype))


def _term(namespace: str, name: str) -> NamedNode:
    return NamedNode(namespace + name)
