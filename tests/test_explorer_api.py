"""The explorer for programs: things, paths, lines, chosen sets and the panel, with what a bad question gets."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

JSON = {"Accept": "application/json"}


def get(client: FlaskClient, address: str) -> Any:
    answer = client.get(address, headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ("/api/path", 400, "from"),
        ("/api/path?from=apple", 400, "lgd-trang-due"),
        ("/api/path?from=apple&to=apple", 400, "two different"),
        ("/api/path?from=apple&to=nope", 404, "nope"),
        ("/api/path?from=apple&to=lg&relation=friendship", 400, "supply"),
        ("/api/path?from=apple&to=lg&limit=9", 400, "1 to 5"),
        ("/api/link", 400, "link-002"),
        ("/api/link?id=link-999", 404, "link-999"),
        ("/api/link?id=%3Cscript%3E", 404, "<script>"),
        ("/api/graph?things=,", 400, "trang-due,lgd-trang-due"),
        ("/api/graph?things=" + ",".join(f"x{n}" for n in range(301)), 400, "300"),
        ("/?things=,", 400, "things"),
    ],
)
def test_a_bad_question_says_what_to_type(client: FlaskClient, address: str, status: int, word: str) -> None:
    address += ("&" if "?" in address else "?") + "lang=en"
    answer = client.get(address, headers=JSON)
    assert answer.status_code == status
    assert word in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"ids": ["trang-due"]}, 200),
        ({"ids": [], "among": []}, 200),
        ({}, 200),
        ([], 400),
        ("trang-due", 400),
        ({"ids": "trang-due"}, 400),
        ({"ids": [1]}, 400),
        ({"ids": ["x"] * 601}, 400),
        ({"ids": ["x"] * 600}, 200),
        ({"ids": [], "among": {"a": 1}}, 400),
    ],
)
def test_what_things_may_be_asked(client: FlaskClient, body: Any, status: int) -> None:
    answer = client.post("/api/things?lang=en", json=body)
    assert answer.status_code == status
    if status == 400:
        assert "trang-due" in answer.get_json()["detail"] or "600" in answer.get_json()["detail"]


def test_no_json_at_all_is_refused(client: FlaskClient) -> None:
    assert client.post("/api/things", data="{").status_code == 400


def test_things_with_their_lines(client: FlaskClient) -> None:
    answer = client.post(
        "/api/things?lang=en", json={"ids": ["trang-due", "nope"], "among": ["lgd-trang-due"]}
    ).get_json()
    assert [node["id"] for node in answer["nodes"]] == ["trang-due"]
    assert [edge["id"] for edge in answer["edges"]] == ["lgd-trang-due|in_zone|trang-due"]
    assert (answer["unknown"], answer["left_out"]) == (["nope"], [])


def test_things_obey_the_filters(client: FlaskClient) -> None:
    body = {"ids": ["trang-due", "lgd-trang-due", "lg"]}
    answer = client.post("/api/things?kind=zone", json=body).get_json()
    assert [node["id"] for node in answer["nodes"]] == ["trang-due"]
    assert answer["left_out"] == ["lgd-trang-due", "lg"]


def test_things_obey_the_date(client: FlaskClient) -> None:
    body = {"ids": ["trang-due"], "among": ["hai-phong-2025"]}
    lines = {
        day: [edge["id"] for edge in client.post(f"/api/things?as_of={day}", json=body).get_json()["edges"]]
        for day in ("2025-06-30", "2025-07-01")
    }
    assert lines == {"2025-06-30": [], "2025-07-01": ["trang-due|located_in|hai-phong-2025"]}


def test_a_path(client: FlaskClient) -> None:
    found = get(client, "/api/path?from=lgd-trang-due&to=vinfast-cathai&lang=en")
    assert [path["length"] for path in found["paths"]] == [4, 4]
    nodes, edges = ({item["id"] for item in found[key]} for key in ("nodes", "edges"))
    for path in found["paths"]:
        assert (path["ids"][0], path["ids"][-1]) == ("lgd-trang-due", "vinfast-cathai")
        assert set(path["ids"]) <= nodes
        assert set(path["edges"]) <= edges
        assert len(path["steps"]) == path["length"]
        assert all(path["steps"])
    on = {row["relation"]: row["on"] for row in found["relations"]}
    assert (on["supply"], on["place"], on["missing"]) == (True, False, False)
    assert "Localities and countries are passed over" in found["message"]
    assert not found["truncated"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "No recorded path joins the two by these relations. That does not mean there is none."),
        ("vi", "Chưa ghi nhận đường nào nối hai mục này qua các liên kết đã chọn."),
    ],
)
def test_no_path_is_said_in_words(client: FlaskClient, lang: str, words: str) -> None:
    found = get(client, f"/api/path?from=lgd-trang-due&to=vinfast-cathai&relation=supply&lang={lang}")
    assert (found["paths"], found["nodes"], found["edges"]) == ([], [], [])
    assert words in found["message"]


@pytest.mark.parametrize("chosen", ["relation=supply,missing", "relation=supply&relation=missing"])
def test_a_path_through_a_missing_need_says_so(client: FlaskClient, chosen: str) -> None:
    found = get(client, f"/api/path?from=driver-ic&to=lgd-trang-due&{chosen}&lang=en")
    assert found["paths"][0]["missing"] is True
    assert "it is a question, not a link" in found["message"]
    plain = get(client, "/api/path?from=driver-ic&to=lgd-trang-due&lang=en")
    assert not any(path["missing"] for path in plain["paths"])
    assert "question" not in plain["message"]


def test_filters_say_what_of_a_path_is_not_drawn(client: FlaskClient) -> None:
    found = get(client, "/api/path?from=lgd-trang-due&to=apple&limit=1&kind=facility&lang=en")
    assert found["left_out"] == ["apple"]
    assert "1 thing on the way does not match the filters" in found["message"]


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("link-002", "stated", "supplies Apple Inc. with OLED display module."),
        ("lgd-trang-due|in_zone|trang-due", "stated", "stands in Trang Due Industrial Park."),
        ("access-001", "stated", "Trang Due Industrial Park is 6 km from Hanoi - Hai Phong Expressway."),
        ("lgd-trang-due|group_plants|lg", "derived", "is a plant of the group LG Group."),
        ("claim-008|evidence|samsung-sevt-tn", "derived", "is checked against"),
        ("driver-ic|missing|lgd-trang-due", "missing", "needs display driver IC; no corridor supply recorded."),
    ],
)  # fmt: skip
def test_a_line_in_a_sentence(client: FlaskClient, name: str, kind: str, sentence: str) -> None:
    found = get(client, f"/api/link?id={name.replace('|', '%7C')}&lang=en")
    assert found["kind"] == kind
    assert sentence in found["sentence"]
    assert {"from", "to", "relation", "label", "facts", "sources"} <= set(found)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("parker-hy|makes|surface-treatment", "cung cấp dịch vụ xử lý bề mặt, nhiệt luyện."),
        ("lgd-trang-due|makes|oled-display-module", "sản xuất mô-đun hiển thị OLED."),
    ],
)
def test_a_line_says_that_a_service_is_provided(client: FlaskClient, name: str, sentence: str) -> None:
    found = get(client, f"/api/link?id={name.replace('|', '%7C')}&lang=vi")
    assert found["sentence"].endswith(sentence)


def test_a_supply_link_has_its_evidence(client: FlaskClient) -> None:
    found = get(client, "/api/link?id=link-002&lang=en")
    facts = {fact["property"]: fact for fact in found["facts"]}
    assert facts["status"]["values"][0]["text"] == "current"
    assert facts["validFrom"]["values"][0]["text"] == "2018"
    assert facts["suppliedProduct"]["sources"][0]["slug"] == "bizlive-2017-12-05"
    assert "supplier" not in facts, "the ends of the line say it"
    assert {source["grade"] for source in found["sources"]} <= set("ABCD")
    assert all(source["url"] for source in found["sources"])
    assert found["page"] == "/page/link-002"


def test_a_computed_line_says_what_it_follows_from(client: FlaskClient) -> None:
    found = get(client, "/api/link?id=lgd-trang-due%7Cgroup_plants%7Clg&lang=en")
    assert [row["id"] for row in found["basis"]] == [
        "lgd-trang-due|operated_by|lg-display-vn",
        "lg-display-vn|sub_organization_of|lg",
    ]
    assert all(row["sources"] for row in found["basis"])
    assert found["sources"] == []


def test_a_missing_need_leads_to_its_finding(client: FlaskClient, findings: Any) -> None:
    finding = next(f for f in findings if f.detector == "D1" and f.subject == "driver-ic")
    found = get(client, "/api/link?id=driver-ic%7Cmissing%7Clgd-trang-due&lang=en")
    assert found["account"] == finding.message["en"]
    assert found["confidence"] == pytest.approx(finding.confidence)
    assert found["gap"] == f"/gaps/{finding.id}"
    assert client.get(found["gap"]).status_code == 200


def test_a_judgement_of_ours_is_called_so(client: FlaskClient) -> None:
    found = get(client, "/api/link?id=req-mobile-phone-needs-pcb-assembly")
    assert (found["kind"], found["curated"], found["sources"]) == ("stated", True, [])


def test_a_chosen_set_is_a_page_and_json(client: FlaskClient) -> None:
    found = get(client, "/api/graph?things=trang-due,lgd-trang-due,nope&lang=en")
    assert found["mode"] == "chosen"
    assert {node["id"] for node in found["nodes"]} == {"trang-due", "lgd-trang-due"}
    assert "nope" in found["subtitle"]
    page = client.get("/?things=trang-due,lgd-trang-due&lang=en").text
    assert "2 chosen things" in page
    assert 'href="/page/lgd-trang-due"' in page


# Panel


def test_the_panel_has_conflicts_and_history(client: FlaskClient) -> None:
    found = get(client, "/api/thing/trang-due?lang=en")
    (area,) = (conflict for conflict in found["conflicts"] if conflict["label"].startswith("Area"))
    assert area["values"][0]["text"] == "401"
    assert [value["used"] for value in area["values"]].count(True) == 1
    assert all(value["sources"] for value in area["values"])
    assert [row["date"] for row in found["history"]] == ["01.07.2025"]
    assert get(client, "/api/thing/trang-due?as_of=2025-06-30")["history"] == []


@pytest.mark.parametrize(
    ("thing", "day", "there"),
    [
        ("hai-phong-2025", "2025-06-30", "2025-07-01"),
        ("hai-phong", "2025-07-01", "2025-06-30"),
        ("hai-phong", "2025-06-30", None),
        ("trang-due", "2025-06-30", None),
    ],
)
def test_what_is_not_there_on_a_date(client: FlaskClient, thing: str, day: str, there: str | None) -> None:
    absent = get(client, f"/api/thing/{thing}?as_of={day}&lang=en")["absent"]
    if there is None:
        assert absent is None
    else:
        assert absent["text"] == f"Not recorded as existing on {'.'.join(reversed(day.split('-')))}."
        assert f"as_of={there}" in absent["href"]
        assert get(client, f"/api/thing/{thing}?as_of={there}")["absent"] is None


def test_figures_come_with_their_periods(client: FlaskClient) -> None:
    figures = get(client, "/api/thing/hai-phong-2025?lang=en")["figures"]
    assert figures
    assert all(value["period"] and value["sources"] for row in figures for value in row["values"])


@pytest.mark.parametrize("digits", ["0" * 12 + "9" * 5000, "9" * 30])
def test_a_number_of_endless_digits_is_refused(client: Any, digits: str) -> None:
    answer = client.get(f"/api/expand?id=trang-due&relation=in_zone&direction=in&after={digits}")
    assert answer.status_code == 400


@pytest.mark.parametrize("body", ['{"ids": ["\\ud800"]}', "[" * 100_000])
@pytest.mark.parametrize("path", ["/api/things", "/api/links"])
def test_json_that_no_answer_could_repeat_is_refused(client: Any, path: str, body: str) -> None:
    assert client.post(path, data=body, content_type="application/json").status_code == 400
