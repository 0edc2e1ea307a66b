"""What a program sends: unknown keys and wrong values are refused field by field, in the reader's words."""

from flask.testing import FlaskClient


def test_a_key_nobody_reads_is_refused_by_name(client: FlaskClient) -> None:
    body = {"schedule": "计价格[2002]1980号", "date": "2012-06-01", "inputs": {}}
    answer = client.post("/api/v1/fee-calculations", json=body)
    assert (answer.status_code, answer.get_json()["errors"]) == (422, {"json": {"date": ["没有这个字段，检查拼写"]}})


def test_what_is_wrong_is_said_in_the_readers_language(client: FlaskClient) -> None:
    for language, sentence in (("zh-CN", "填写这一项"), ("en", "Fill this in")):
        answer = client.post("/api/v1/fee-calculations", json={}, headers={"Accept-Language": language})
        assert answer.get_json()["errors"]["json"]["schedule"] == [sentence]


def test_an_unknown_word_in_an_address_is_left_aside(client: FlaskClient) -> None:
    assert client.get("/api/v1/needs?from=elsewhere").status_code == 200


def test_no_database_is_asked_for_a_nul(client: FlaskClient) -> None:
    for address in ("/rules/%00", "/guide/lives/need%00"):
        assert client.get(address).status_code == 404, address
    for address in ("/needs?town=%00&words=%00", "/help?q=%00", "/api/v1/needs?words=a%00", "/fees?q=%00"):
        assert client.get(address).status_code == 200, address
