"""What the two founding articles say is in the graph, each fact in the graph of the article that states it."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from pyoxigraph import QueryBoolean, Store

from graph.namespaces import PREFIXES

FORUM, GIAO_THONG = "src:forum-article-2024-12", "src:baogiaothong-2024-12-12"
BOTH = (FORUM, GIAO_THONG)
NINE_MONTHS = "'2024-01/2024-09'"


class Fact(NamedTuple):
    """A statement of the articles: in words, as a graph pattern, and the articles that make it."""

    words: str
    pattern: str
    articles: tuple[str, ...]


def growth(area: str, percent: str, indicator: str = "id:grdp-growth") -> str:
    return (
        f"?figure sdmx-dimension:refArea {area} ; vx:indicator {indicator} ; sdmx-dimension:refPeriod {NINE_MONTHS} ;"
        f" sdmx-measure:obsValue ?value FILTER(?value = {percent})"
    )


def claim(subject: str, *words: str) -> str:
    """A claim about a thing whose Vietnamese sentence holds these words."""
    said = " && ".join(f"CONTAINS(LCASE(?said), '{word}')" for word in words)
    return f"?claim a vx:Claim ; vx:aboutSubject {subject} ; vx:statement ?said FILTER({said})"


def office(person: str, organization: str, title: str) -> str:
    return (
        f"?office a vx:OfficeHolding ; org:member {person} ; org:organization {organization} ; vx:roleTitle ?title"
        f" FILTER(CONTAINS(?title, '{title}'))"
    )


FACTS = (
    Fact("VCCI as Liên đoàn", "id:vcci rdfs:label 'Liên đoàn Thương mại và Công nghiệp Việt Nam'@vi", BOTH),
    Fact("VCCI as Phòng", "id:vcci skos:altLabel 'Phòng Thương mại và Công nghiệp Việt Nam'", BOTH),
    Fact(
        "legal department",
        "id:vcci-legal org:subOrganizationOf id:vcci ; rdfs:label 'Ban Pháp chế VCCI'@vi",
        BOTH,
    ),
    Fact("zone authority", "id:qeza rdfs:label 'Ban Quản lý Khu kinh tế tỉnh Quảng Ninh'@vi", BOTH),
    Fact("magazine", "id:dddn rdfs:label 'Tạp chí Diễn đàn Doanh nghiệp'@vi", BOTH),
    Fact("agreement", "id:vehec-agreement a vx:Agreement ; vx:signedOn '2022-07-28'^^xsd:date", BOTH),
    Fact(
        "parties of the agreement",
        "id:vehec-agreement vx:signatory id:vcci, id:ppc-qn, id:ppc-hp, id:ppc-hd, id:ppc-hy ;"
        " vx:coversLocality id:quang-ninh, id:hai-phong, id:hai-duong, id:hung-yen",
        BOTH,
    ),
    Fact("council", "id:vehec-council a org:Organization ; vx:kind code:organization-kind-council", BOTH),
    Fact("forum of 2023", "id:ev-2023-08-31-forum a vx:Event ; vx:organiser id:vcci, id:vehec-council", BOTH),
    Fact(
        "theme of 2023",
        "id:ev-2023-08-31-forum vx:theme 'Liên kết phát triển hạ tầng khu công nghiệp 4 tỉnh trục cao tốc phía Đông'@vi",
        BOTH,
    ),
    Fact(
        "forum of 2024 in Hạ Long",
        "id:ev-2024-12-12-forum schema:startDate '2024-12-12'^^xsd:date ; vx:locatedIn id:quang-ninh ;"
        " vx:placeText ?place FILTER(CONTAINS(?place, 'Hạ Long'))",
        BOTH,
    ),
    Fact(
        "theme of 2024",
        "id:ev-2024-12-12-forum vx:theme 'Liên kết thúc đẩy phát triển chuỗi cung ứng sản xuất thông minh'@vi",
        BOTH,
    ),
    Fact("organisers of 2024", "id:ev-2024-12-12-forum vx:organiser id:vcci-legal, id:qeza, id:dddn", BOTH),
    Fact("report", "id:doc-vehec-report a vx:Document ; dcterms:publisher id:vcci", BOTH),
    Fact("growth of Hải Phòng", growth("id:hai-phong", "9.77"), (FORUM,)),
    Fact("growth of Quảng Ninh", growth("id:quang-ninh", "8.02"), (FORUM,)),
    Fact("growth of Hải Dương", growth("id:hai-duong", "9.31"), (FORUM,)),
    Fact("growth of Hưng Yên", growth("id:hung-yen", "8.07"), (FORUM,)),
    Fact("growth of the country", growth("id:viet-nam", "6.82", "id:gdp-growth"), (FORUM,)),
    Fact(
        "growth of 9 to 12 % a year",
        "?figure sdmx-dimension:refArea id:vehec ; vx:indicator id:grdp-growth-per-year ;"
        " sdmx-measure:obsValue ?low ; vx:valueTo ?high FILTER(?low = 9 && ?high = 12)",
        (FORUM,),
    ),
    Fact("Phạm Tấn Công", office("id:pham-tan-cong", "id:vcci", "Chủ tịch"), (FORUM,)),
    Fact("Phan Hữu Thắng, institute", office("id:phan-huu-thang", "id:isc", "Chủ tịch"), (FORUM,)),
    Fact("Phan Hữu Thắng, agency", office("id:phan-huu-thang", "id:fia", "nguyên Cục trưởng"), (FORUM,)),
    Fact("speech of Phạm Tấn Công", "?claim a vx:Claim ; vx:statedBy id:pham-tan-cong", (FORUM,)),
    Fact("speech of Phan Hữu Thắng", "?claim a vx:Claim ; vx:statedBy id:phan-huu-thang", (FORUM,)),
    Fact("obstacle: technology", claim("id:vehec", "khó khăn", "công nghệ"), (FORUM,)),
    Fact("obstacle: cost of investment", claim("id:vehec", "khó khăn", "chi phí đầu tư"), (FORUM,)),
    Fact("obstacle: green parks", claim("id:vehec", "khu công nghiệp xanh", "khó"), (FORUM,)),
    Fact("aim: coordination", claim("id:vehec", "cơ chế phối hợp"), (FORUM,)),
    Fact("aim: cooperation between provinces", claim("id:vehec", "hợp tác liên tỉnh"), (FORUM,)),
    Fact("aim: centre of industry", claim("id:vehec", "trung tâm công nghiệp", "phát triển xanh"), BOTH),
    Fact(
        "aim: smart supply chains",
        claim("id:ev-2024-12-12-forum", "chuỗi cung ứng sản xuất thông minh"),
        BOTH,
    ),
    Fact("projects of Samsung", claim("id:vehec", "dự án lớn", "samsung"), (FORUM,)),
    Fact("projects of LG", claim("id:vehec", "dự án lớn", "của lg"), (FORUM,)),
    Fact("projects of Foxconn", claim("id:vehec", "dự án lớn", "foxconn"), (FORUM,)),
)

NOT_SAID = (
    # In the graph, with other sources: no article is credited with it.
    Fact("seats of the council", "?membership org:organization id:vehec-council ; vx:seats ?seats", BOTH),
    Fact("plant of LG Display", "id:lgd-trang-due vx:operatedBy id:lg-display-vn", BOTH),
    Fact("merger of 2025", "?change vx:inputUnit id:hai-duong ; vx:outputUnit id:hai-phong-2025", BOTH),
    Fact("end of an office", "?office org:member id:pham-tan-cong ; vx:validTo ?day", BOTH),
    Fact("council approved in 2023", "id:ev-2023-02-28-council a vx:Event", BOTH),
    Fact("result of a check", "?claim a vx:Claim ; vx:checkStatus ?status", BOTH),
    Fact("growth figures", growth("id:hai-phong", "9.77"), (GIAO_THONG,)),
    Fact("projects of Samsung", claim("id:vehec", "dự án lớn", "samsung"), (GIAO_THONG,)),
)


def says(store: Store, source: str, pattern: str) -> bool:
    found = store.query(f"ASK {{ GRAPH {source} {{ {pattern} }} }}", prefixes=PREFIXES)
    assert isinstance(found, QueryBoolean)
    return bool(found)


def holds(store: Store, pattern: str) -> bool:
    return bool(store.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.words)
def test_the_articles_say_it(corridor: Any, fact: Fact) -> None:
    silent = [article for article in fact.articles if not says(corridor.store, article, fact.pattern)]
    assert silent == [], "state the fact in data/ with this source"


@pytest.mark.parametrize("fact", NOT_SAID, ids=lambda fact: fact.words)
def test_no_article_is_credited_with_what_it_does_not_say(corridor: Any, fact: Fact) -> None:
    assert holds(corridor.store, fact.pattern), "the pattern must match something, or the test proves nothing"
    assert [article for article in fact.articles if says(corridor.store, article, fact.pattern)] == []


def test_the_council_has_ten_seats(corridor: Any) -> None:
    query = "SELECT (SUM(?n) AS ?seats) { ?m org:organization id:vehec-council ; vx:seats ?n }"
    (row,) = corridor.store.query(query, prefixes=PREFIXES)
    assert row["seats"].value == "10"
