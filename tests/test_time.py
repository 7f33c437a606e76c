"""The date and the reading: where things lie, which groups there are, what links carry, what is refused."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from typing import Any

import pytest
from playwright.sync_api import expect

from graph import find_gaps, project
from graph.model import LAST_DAY
from graph.query import Query
from graph.workers import PLACES
from server import THREADS
from web.serving import http_server
from web.views import MOST_VIEWS, MOST_WAITING, Busy, View, Views, When

BROWSER = {"Accept": "text/html"}
BEFORE, AFTER = "2025-06-30", "2025-07-02"
FOUR = ["hung-yen", "hai-duong", "hai-phong", "quang-ninh"]
UNITS = ["hung-yen-2025", "hai-phong-2025", "quang-ninh"]


def text_of(client: Any, address: str) -> str:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200, address
    return answer.text


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# The network


@pytest.mark.parametrize(
    ("day", "reading", "home", "unit", "groups"),
    [
        (BEFORE, "agreement", "hai-duong", "hai-duong", FOUR),
        (BEFORE, "units", "hai-duong", "hai-duong", FOUR),
        ("2025-07-01", "agreement", "hai-duong", "hai-phong-2025", FOUR),
        ("2025-07-01", "units", "hai-phong-2025", "hai-phong-2025", UNITS),
        (AFTER, "agreement", "hai-duong", "hai-phong-2025", FOUR),
        (AFTER, "units", "hai-phong-2025", "hai-phong-2025", UNITS),
    ],
)
def test_where_a_park_of_hai_duong_lies(
    corridor: Any, day: str, reading: str, home: str, unit: str, groups: list[str]
) -> None:
    network = project(corridor, day, reading)
    for thing in ("dai-an", "kefico-daian-1"):
        node = network.nodes[thing]
        assert (node["home"], node["locality"], node["locality_stated"]) == (home, unit, "hai-duong")
    assert sorted(network.graph["groups"]) == sorted(groups)
    assert network.has_edge("dai-an", "hai-phong-2025") is (unit == "hai-phong-2025")


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_the_corridor_and_the_findings_are_the_same_in_both_readings(corridor: Any, day: str) -> None:
    agreement, units = project(corridor, day), project(corridor, day, "units")
    assert set(agreement) == set(units)
    for thing in ("inside", "operator"):
        assert dict(agreement.nodes(data=thing)) == dict(units.nodes(data=thing))
    assert agreement.graph["corridor"] == units.graph["corridor"]
    found = [{f.id: (f.severity, f.confidence) for f in find_gaps(network)} for network in (agreement, units)]
    assert found[0] == found[1]


def test_an_unknown_reading_is_refused(corridor: Any) -> None:
    with pytest.raises(ValueError, match="agreement, units"):
        project(corridor, BEFORE, "provinces")


def test_a_former_thai_binh_plant_is_counted_but_not_of_the_agreement(client: Any) -> None:
    def bands(address: str) -> dict[str, str]:
        return {band["id"]: band["sub"] for band in client.get(address).json["bands"]}

    after = bands(f"/api/graph?as_of={AFTER}&reading=units&lang=en")
    assert list(after) == UNITS
    assert "not of the agreement" in after["hung-yen-2025"]
    assert "not of the agreement" not in after["hai-phong-2025"]
    assert list(bands(f"/api/graph?as_of={AFTER}")) == FOUR


# Which facilities changed province without moving: the graph can be asked

MOVED = """
SELECT ?facility WHERE {
  ?facility a vx:Facility ; vx:locatedIn ?before .
  ?before vx:validTo ?day ; vx:successor ?after .
  ?after vx:validFrom ?day .
  ?change vx:inputUnit ?before ; vx:outputUnit ?after ; vx:effectiveDate ?day .
  FILTER(?before != ?after)
}
"""
ON_A_DAY = """
SELECT ?unit WHERE {
  VALUES ?day { "%s" }
  id:dai-an vx:locatedIn/vx:successor* ?unit .
  ?unit a vx:Locality .
  OPTIONAL { ?unit vx:validFrom ?from }
  OPTIONAL { ?unit vx:validTo ?to }
  FILTER(COALESCE(STR(?from) <= ?day, true) && COALESCE(?day < STR(?to), true))
}
"""


def ask(corridor: Any, text: str) -> set[str]:
    return {row[0].value.rpartition("/")[2] for row in Query("test", text, {}, {}).run(corridor.store)}


@pytest.mark.parametrize(("day", "unit"), [(BEFORE, "hai-duong"), (AFTER, "hai-phong-2025")])
def test_the_unit_of_a_park_on_a_day_can_be_asked(corridor: Any, day: str, unit: str) -> None:
    assert ask(corridor, ON_A_DAY % day) == {unit}


def test_which_plants_changed_province_can_be_asked(corridor: Any) -> None:
    found = ask(corridor, MOVED)
    assert {"kefico-daian-1", "lgd-trang-due"} <= found
    assert "jinko-solar-pv-songkhoai" not in found and not any(p.endswith("-qn") for p in found)


# Pages


@pytest.mark.parametrize(
    ("address", "there", "absent"),
    [
        (f"/page/dai-an?as_of={BEFORE}", ["Khu công nghiệp, Tỉnh Hải Dương"], ["Thành phố Hải Phòng (từ"]),
        (
            f"/page/dai-an?as_of={AFTER}",
            ["Thành phố Hải Phòng (trước 01.07.2025: Tỉnh Hải Dương)", "(từ 01.07.2025) suy ra"],
            [],
        ),
        (
            f"/page/dai-an?as_of={AFTER}&lang=en",
            ["Hải Phòng City (before 01.07.2025: Hải Dương Province)"],
            [],
        ),
        (f"/page/hai-duong?as_of={BEFORE}", ["có hiệu lực vào ngày này; đến 01.07.2025"], ["không còn từ"]),
        (f"/page/hai-duong?as_of={AFTER}", ["không còn từ 01.07.2025", "202/2025/QH15", "Sáp nhập"], []),
        (f"/page/hai-phong-2025?as_of={BEFORE}", ["chưa có vào ngày này; từ 01.07.2025"], []),
        (f"/page/hai-phong-2025?as_of={AFTER}", ["Sáp nhập", "Tỉnh Hải Dương"], ["chưa có vào ngày này"]),
        ("/page/lgd-trang-due?as_of=2010-01-01", ["chưa bắt đầu vào ngày này"], []),
        ("/page/lgd-trang-due", ["Nhà máy"], ["chưa bắt đầu vào ngày này"]),
        ("/page/pham-tan-cong", ["đến 03.11.2025 đã kết thúc"], ["chưa bắt đầu"]),
        ("/page/pham-tan-cong?as_of=2022-01-01", ["từ 28.02.2023 chưa bắt đầu"], ["đã kết thúc"]),
        (f"/gaps?as_of={AFTER}&reading=units", ["HY HP QN"], ["HD"]),
        (f"/gaps?as_of={AFTER}", ["HY HD HP QN"], []),
        (f"/search?q=dai+an&all=1&as_of={AFTER}&reading=units", ["Thành phố Hải Phòng"], []),
        (f"/search?q=dai+an&all=1&as_of={AFTER}", ["Tỉnh Hải Dương"], []),
    ],
)
def test_what_a_page_says_on_a_date(client: Any, address: str, there: list[str], absent: list[str]) -> None:
    text = plain(text_of(client, address))
    for words in there:
        assert words in text
    for words in absent:
        assert words not in text


def test_a_facility_keeps_its_address_through_the_merger(client: Any) -> None:
    pages = [text_of(client, f"/page/kefico-daian-1?as_of={day}") for day in (BEFORE, AFTER)]
    assert all("https://w3id.org/vehec/id/kefico-daian-1" in page for page in pages)
    api = [client.get(f"/api/thing/kefico-daian-1?as_of={day}").json for day in (BEFORE, AFTER)]
    assert api[0]["id"] == api[1]["id"]
    assert api[0]["place"] == "Hải Dương"
    assert api[1]["place"] == "Hải Phòng (trước 01.07.2025: Hải Dương)"


@pytest.mark.parametrize("pair", [("kefico-daian-1", "kefico-daian-2"), ("toto-tl2-3", "toto-tl2-4")])
def test_two_plants_of_a_firm_in_a_park_have_two_names(network: Any, pair: tuple[str, str]) -> None:
    one, other = (network.nodes[plant] for plant in pair)
    assert one["label"] != other["label"]
    assert one["told_apart"] != other["told_apart"]
    assert network.nodes["lgd-trang-due"]["told_apart"] is None


def test_a_park_counts_its_plants_one_way(client: Any) -> None:
    view = client.get("/api/graph").json
    for node in [n for n in view["nodes"] if n["kind"] == "zone" and n["mark"] == "park"]:
        relations = client.get(f"/api/expand?id={node['id']}").json["relations"]
        assert [r["count"] for r in relations if r["relation"] == "in_zone" and r["direction"] == "in"] == [
            node["number"]
        ], node["id"]


# Addresses

PAGES = ("/", "/gaps", "/page/dai-an", "/search?q=dai&all=1", "/sources", "/claims")


@pytest.mark.parametrize("address", PAGES)
def test_links_carry_the_date_and_the_reading(client: Any, address: str) -> None:
    mark = "&" if "?" in address else "?"
    page = text_of(client, f"{address}{mark}as_of={BEFORE}&reading=units")
    links = re.findall(r'<a[^>]* href="(/(?:page|gaps|search)?[^"]*)"', page)
    assert links
    timeless = ("/data", "/sparql", "/proof", "/api")
    bare = [link for link in links if not link.startswith(timeless) and f"as_of={BEFORE}" not in link]
    assert bare == []
    assert all("reading=units" in link for link in links if "as_of" in link)
    assert not re.search(r'"/static/[^"]*as_of', page)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("usual", ["", "as_of=&reading=", "as_of={today}&reading=agreement"])
def test_links_stay_clean_when_nothing_else_is_asked(client: Any, address: str, usual: str) -> None:
    mark = "&" if "?" in address else "?"
    today = client.application.extensions["vehec"].day
    page = text_of(client, f"{address}{mark}{usual.format(today=today)}")
    here = re.sub(r'<div class="lang">.*?</div>', "", page, flags=re.S)
    assert not re.search(r'href="[^"]*(as_of|reading)=', here)
    assert 'class="dateline"' not in page


@pytest.mark.parametrize("address", ["/gaps", "/sources", "/claims"])
@pytest.mark.parametrize(("lang", "words"), [("vi", "(cho hôm nay)"), ("en", "(for today)")])
def test_queries_answer_for_today_and_say_so(client: Any, address: str, lang: str, words: str) -> None:
    links = {
        day: re.findall(
            r'<a class="ask" href="([^"]*)"[^>]*>([^<]*)</a>', text_of(client, f"{address}?lang={lang}{day}")
        )
        for day in ("", f"&as_of={BEFORE}")
    }
    usual, other = links.values()
    assert [href for href, _ in usual] == [href for href, _ in other] != []
    assert not any("as_of" in href for href, _ in other)
    assert all(words in text for _, text in other)
    assert not any(words in text for _, text in usual)


def test_the_query_page_shows_no_date(client: Any) -> None:
    page = text_of(client, f"/sparql?as_of={BEFORE}&lang=en")
    assert "dateline" not in page and 'class="menu when"' not in page
    assert not re.search(r'href="/(?!sparql)[^"]*as_of', page)
    assert 'class="menu when"' in text_of(client, "/gaps")


BAD = (
    "as_of=2025-02-31", "as_of=2025-6-1", "as_of=30.06.2025", "as_of=20250630", "as_of=1899-12-31",
    "as_of=2101-01-01", "as_of=x", "as_of=%00", "as_of=2025-06-30&as_of=2025-07-02", "reading=province",
    "as_of=" + "9" * 5000, "as_of=２０２５-06-30",
)  # fmt: skip
ROUTES = ("/", "/api/graph", "/api/expand?id=dai-an", "/api/thing/dai-an", "/api/search?q=a", "/page/dai-an",
          "/gaps", "/gaps.json", "/gaps.csv", "/search?q=a", "/export/graph.graphml", "/export/explorer.html",
          "/sources", "/claims")  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_date_or_reading_says_what_to_type(client: Any, bad: str) -> None:
    answer = client.get(f"/api/graph?{bad}&lang=en")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert ("as_of=2025-06-30" in answer.json["detail"]) or ("reading=units" in answer.json["detail"])
    assert len(answer.json["detail"]) < 300
    page = client.get(f"/?{bad}&lang=vi", headers=BROWSER)
    assert page.status_code == 400
    assert "Không đọc được ngày này" in page.text or "Không có cách nhóm" in page.text


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_takes_a_date_and_refuses_a_bad_one(client: Any, route: str) -> None:
    mark = "&" if "?" in route else "?"
    assert client.get(f"{route}{mark}as_of={BEFORE}&reading=units").status_code == 200
    assert client.get(f"{route}{mark}as_of=2025-02-31").status_code == 400


@pytest.mark.parametrize("day", ["1900-01-01", LAST_DAY])
def test_the_first_and_the_last_day_are_read(client: Any, day: str) -> None:
    assert client.get(f"/api/graph?as_of={day}").status_code == 200


def test_files_of_two_dates_differ(client: Any) -> None:
    files = [client.get(f"/gaps.json?as_of={day}").text for day in (BEFORE, AFTER, BEFORE)]
    assert files[0] == files[2] != files[1]
    days = ("2001-02-03", "2001-02-04")
    graphs = [client.get(f"/export/graph.graphml?as_of={day}").text for day in days]
    assert [days[0] in graph for graph in graphs] == [True, False]


def test_an_unknown_address_is_refused_in_vietnamese(client: Any) -> None:
    text = client.get("/no-such-page", headers=BROWSER).text
    assert "Không có trang nào ở địa chỉ này" in text
    assert "The requested URL" not in text


# The views


@pytest.fixture
def views(corridor: Any, network: Any, findings: Any) -> Views:
    return Views(corridor, View(network, findings))


def test_the_usual_view_is_the_one_of_the_site(views: Views, network: Any) -> None:
    assert views.get(When(network.graph["as_of"], "agreement")).network is network


def test_only_the_last_views_are_kept(views: Views, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr("web.views.project", lambda corridor, day, reading: calls.append(day) or day)
    monkeypatch.setattr("web.views.find_gaps", lambda network: ())
    days = [f"20{year:02}-01-01" for year in range(MOST_VIEWS + 1)]
    for day in [*days, days[-1], days[0]]:
        views.get(When(day, "units"))
    assert calls == [*days, days[0]], "the newest was kept, the oldest computed again"


def test_a_view_that_fails_is_tried_again(views: Views, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("web.views.project", fail)
    for _ in range(2):
        with pytest.raises(MemoryError):
            views.get(When(AFTER, "units"))
    monkeypatch.undo()
    assert views.get(When(AFTER, "units")).when == (AFTER, "units")


class Slow:
    """Stands for `project`: says when it began with a date, and ends when it is let go."""

    def __init__(self) -> None:
        self.began, self.go, self.days = threading.Semaphore(0), threading.Event(), list[str]()

    def __call__(self, corridor: Any, day: str, reading: str) -> Any:
        self.days.append(day)
        self.began.release()
        assert self.go.wait(60)
        return project(corridor, day, reading)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    slow = Slow()
    monkeypatch.setattr("web.views.project", slow)
    monkeypatch.setattr("web.views.find_gaps", lambda network: ())
    yield slow
    slow.go.set()


class Places(threading.BoundedSemaphore):
    """Says how many places were taken."""

    def __init__(self, value: int) -> None:
        super().__init__(value)
        self.taken = threading.Semaphore(0)

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        got = super().acquire(blocking, timeout)
        if got:
            self.taken.release()
        return got


def test_a_reading_is_refused_when_too_many_wait(views: Views, slow: Slow, network: Any) -> None:
    views._places = places = Places(MOST_WAITING)
    days = [f"2001-01-0{number + 1}" for number in range(MOST_WAITING)]
    got: list[View] = []
    threads = [
        threading.Thread(target=lambda day=day: got.append(views.get(When(day, "units")))) for day in days
    ]
    for thread in threads:
        thread.start()
    assert all(places.taken.acquire(timeout=60) for _ in days) and slow.began.acquire(timeout=60)
    for day in ("2002-01-01", *days):
        with pytest.raises(Busy):
            views.get(When(day, "units"))
    assert views.get(When(network.graph["as_of"], "agreement")).network is network
    slow.go.set()
    for thread in threads:
        thread.join()
    assert sorted(view.when.as_of for view in got) == days
    assert views.get(When("2002-01-01", "units")).when == ("2002-01-01", "units"), "the places are free again"


def test_a_view_is_computed_once_for_all_who_wait(views: Views, slow: Slow) -> None:
    views._places = places = Places(MOST_WAITING)
    got: list[View] = []
    threads = [
        threading.Thread(target=lambda: got.append(views.get(When(AFTER, "units"))))
        for _ in range(MOST_WAITING)
    ]
    for thread in threads:
        thread.start()
    assert all(places.taken.acquire(timeout=60) for _ in threads)
    slow.go.set()
    for thread in threads:
        thread.join()
    assert slow.days == [AFTER]
    assert len(got) == MOST_WAITING and len({id(view) for view in got}) == 1


def test_a_reading_that_takes_too_long_is_waited_for_no_longer(
    views: Views, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.views.WAIT_SECONDS", 0.0)
    first = threading.Thread(target=views.get, args=(When(BEFORE, "units"),))
    first.start()
    assert slow.began.acquire(timeout=60)
    for day in (BEFORE, AFTER):
        with pytest.raises(Busy):
            views.get(When(day, "units"))
    slow.go.set()
    first.join()
    assert [views.get(When(day, "units")).when.as_of for day in (BEFORE, AFTER)] == [BEFORE, AFTER]


def test_readings_leave_threads_for_pages() -> None:
    assert THREADS - PLACES - MOST_WAITING >= 1


def test_more_dates_than_threads_leave_the_site_answering(
    app: Any, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = app.extensions["vehec"]
    monkeypatch.setattr(
        fresh, "views", Views(fresh.corridor, View(fresh.network, fresh.findings, fresh.index))
    )
    server = http_server(app, "127.0.0.1", 0, THREADS)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()

    def get(path: str) -> tuple[int, str | None, str]:
        connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=60)
        try:
            connection.request("GET", path, headers=BROWSER)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Retry-After"), answer.read().decode()
        finally:
            connection.close()

    days = [f"2011-07-{day:02}" for day in range(1, THREADS + 5)]
    try:
        with ThreadPoolExecutor(len(days)) as clients:
            asked = [clients.submit(get, f"/page/hai-phong?as_of={day}&lang=en") for day in days]
            refused = list(islice(as_completed(asked, timeout=60), len(days) - MOST_WAITING))
            for answer in refused:
                status, later, page = answer.result()
                assert status == 503 and int(later or 0) > 0 and "Try again in a moment" in page
            assert get("/healthz")[0] == get("/page/hai-phong")[0] == 200
            slow.go.set()
            served = [answer.result(timeout=60)[0] for answer in asked if answer not in refused]
        assert served == [200] * MOST_WAITING
        assert len(slow.days) == MOST_WAITING, "each date was read once"
    finally:
        slow.go.set()
        server.close()


def test_a_request_reads_its_date_once(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[When] = []
    get = Views.get
    monkeypatch.setattr(Views, "get", lambda self, when: asked.append(when) or get(self, when))
    text_of(client, f"/page/hai-phong?as_of={BEFORE}")
    assert asked == [(BEFORE, "agreement")]


# The control in a browser


def test_the_date_control_leads_to_the_day_and_back(page: Any) -> None:
    page.goto("/page/dai-an")
    expect(page.locator(".dateline")).to_have_count(0)
    page.click(".when > summary")
    page.fill("#as-of", AFTER)
    page.select_option("#reading-of-places", "units")
    page.click(".when button")
    expect(page).to_have_url(re.compile(rf"as_of={AFTER}&reading=units"))
    expect(page.locator(".dateline")).to_contain_text("02.07.2025")
    page.click(".page .acts a.solid")
    page.wait_for_selector("#main[data-ready=true]")
    expect(page).to_have_url(re.compile(rf"as_of={AFTER}"))
    expect(page.locator("#panel .kicker")).to_contain_text("Hải Phòng (trước 01.07.2025: Hải Dương)")
    with page.expect_response(lambda answer: "/api/graph" in answer.url) as asked:
        page.click(".up")
    assert f"as_of={AFTER}" in asked.value.url and "reading=units" in asked.value.url
    expect(page.locator("#panel")).to_be_hidden()
    assert page.locator("#list a[data-id=hai-phong-2025]").count() == 1
    page.click(".dateline a")
    expect(page.locator(".dateline")).to_have_count(0)
    assert "as_of" not in page.url
