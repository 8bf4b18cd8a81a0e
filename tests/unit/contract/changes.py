"""Every kind of change that Avito could make, each to a document of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.unit.contract.small import JSON, answer, operation

Change = Callable[[JSON], Any]
ANSWER, BODY = "answer 200", "body"


def _properties(document: JSON) -> JSON:
    found: JSON = answer(document)["properties"]
    return found


def _size(document: JSON) -> JSON:
    found: JSON = _properties(document)["parts"]["items"]
    return found


def _parameter(document: JSON, name: str) -> JSON:
    (found,) = (one for one in operation(document)["parameters"] if one["name"] == name)
    assert isinstance(found, dict)
    return found


def _sent(document: JSON) -> JSON:
    found: JSON = operation(document)["requestBody"]["content"]["application/json"]["schema"]
    return found


def field(name: str, **new: Any) -> Change:
    return lambda document: _properties(document)[name].update(new)


def field_less(name: str, key: str) -> Change:
    return lambda document: _properties(document)[name].pop(key)


def limit(**new: Any) -> Change:
    return lambda document: _parameter(document, "limit")["schema"].update(new)


def company(**new: Any) -> Change:
    return lambda document: _parameter(document, "X-Company")["schema"].update(new)


def method(**new: Any) -> Change:
    return lambda document: operation(document).update(new)


def parameter(**new: Any) -> Change:
    return lambda document: operation(document)["parameters"].append(new)


def no_parameter(name: str) -> Change:
    return lambda d: operation(d)["parameters"].remove(_parameter(d, name))


def path(new: str) -> Change:
    def change(document: JSON) -> None:
        (item,) = document["paths"].values()
        document["paths"] = {new: item}

    return change


def verb(new: str) -> Change:
    def change(document: JSON) -> None:
        (item,) = document["paths"].values()
        item[new] = item.pop("post")

    return change


def base(server: str, rest: str) -> Change:
    def change(document: JSON) -> None:
        document["servers"] = [{"url": server}]
        path(rest)(document)

    return change


def _path_type(document: JSON) -> None:
    next(iter(document["paths"].values()))["parameters"][0]["schema"]["type"] = "string"


def _no_client(document: JSON) -> None:
    document["components"]["securitySchemes"]["client"]["flows"] = {"authorizationCode": {}}


def _good(**new: Any) -> Change:
    return lambda document: operation(document)["responses"]["200"].update(new)


def _wildcard(document: JSON) -> None:
    answers = operation(document)["responses"]
    answers["4XX"] = answers.pop("404")


# what, how, where it is told, in which words, which feature it touches
CHANGED: dict[str, tuple[Change, str, str, str]] = {
    "type": (
        field("id", type="string"), f"{ANSWER} id", "type is now string, was integer", "who"),
    "type unstated": (
        field_less("id", "type"), f"{ANSWER} id", "type is now not stated, was integer", "who"),
    "nullable": (
        field("id", nullable=True), f"{ANSWER} id", "may now be null", "who"),
    "not nullable": (
        field_less("note", "nullable"), f"{ANSWER} note", "is no longer null", "what"),
    "new value": (
        field("kind", enum=["a", "b", "c"]),
        f"{ANSWER} kind", 'new in the list of values: "c"', "what"),
    "value gone": (
        field("kind", enum=["a"]),
        f"{ANSWER} kind", 'no longer in the list of values: "b"', "what"),
    "enum dropped": (
        field_less("kind", "enum"),
        f"{ANSWER} kind", 'may now be anything, not only "a", "b"', "what"),
    "format": (
        field("when", format="date"),
        f"{ANSWER} when", "format is now date, was date-time", "what"),
    "format dropped": (
        field_less("when", "format"),
        f"{ANSWER} when", "format date-time is no longer stated", "what"),
    "answer limit": (
        field("parts", maxItems=5), f"{ANSWER} parts", "maxItems is now 5, was 10", "size"),
    "not promised": (
        lambda d: answer(d).update(required=[]), f"{ANSWER} id", "is no longer required", "who"),
    "promised": (
        lambda d: answer(d).update(required=["id", "note"]),
        f"{ANSWER} note", "is now required", "what"),
    "items": (
        lambda d: _size(d).update(type="string"),
        f"{ANSWER} parts[]", "type is now string, was object", "size"),
    "deeper": (
        lambda d: _size(d)["properties"]["size"].update(type="string"),
        f"{ANSWER} parts[].size", "type is now string, was number", "size"),
    "maximum": (
        limit(maximum=50), "query limit", "maximum is now 50, was 100", "who"),
    "maximum raised": (
        limit(maximum=500), "query limit", "maximum is now 500, was 100", "who"),
    "maximum dropped": (
        lambda d: _parameter(d, "limit")["schema"].pop("maximum"),
        "query limit", "maximum 100 is no longer stated", "who"),
    "a limit where none was": (
        company(maxLength=3), "header X-Company", "maxLength is now 3", "who"),
    "parameter required": (
        lambda d: _parameter(d, "limit").update(required=True),
        "query limit", "is now required", "who"),
    "only some values may be sent": (
        company(enum=["1"]), "header X-Company", 'may now be only "1"', "who"),
    "type in the path": (
        _path_type, "path thing_id", "type is now string, was integer", "who"),
    "new parameter": (
        parameter(name="day", required=True, **{"in": "query"}),
        "method", "asks for day (query), which we do not send", "who"),
    "body limit": (
        lambda d: _sent(d)["properties"]["ids"].update(maxItems=20),
        f"{BODY} ids", "maxItems is now 20, was 100", "who"),
    "body element": (
        lambda d: _sent(d)["properties"]["ids"]["items"].update(type="integer"),
        f"{BODY} ids[]", "type is now integer, was string", "who"),
    "body asks for more": (
        lambda d: _sent(d).update(required=["ids", "reason"]),
        BODY, "asks for reason, which we do not send", "who"),
    "body required": (
        lambda d: operation(d)["requestBody"].update(required=True),
        BODY, "is now required", "who"),
    "host": (
        lambda d: d.update(servers=[{"url": "https://new.example.com"}]),
        "method", "is now at new.example.com, was at api.example.com", "who"),
    "access": (
        _no_client, "method", "no longer opened by a token of clientCredentials", "who"),
}  # fmt: skip

GONE: dict[str, tuple[Change, str, str]] = {
    "field": (lambda d: _properties(d).pop("kind"), f"{ANSWER} kind", "what"),
    "object": (lambda d: _properties(d).pop("parts"), f"{ANSWER} parts", "size"),
    "items": (lambda d: _properties(d)["parts"].pop("items"), f"{ANSWER} parts[]", "size"),
    "parameter": (no_parameter("limit"), "query limit", "who"),
    "header": (no_parameter("X-Company"), "header X-Company", "who"),
    "body": (lambda d: operation(d).pop("requestBody"), f"{BODY} application/json", "who"),
    "body field": (lambda d: _sent(d)["properties"].pop("ids"), f"{BODY} ids", "who"),
    "answer": (lambda d: operation(d)["responses"].pop("404"), "answer 404", "who"),
    "answer header": (_good(headers={}), f"{ANSWER} header X-Left", "who"),
    "content type": (_good(content={"text/xml": {}}), f"{ANSWER} application/json", "size"),
    "method": (path("/things/{id}/other"), "method", "size"),
}

DEPRECATED: dict[str, tuple[Change, str]] = {
    "method": (method(deprecated=True), "method"),
    "parameter": (lambda d: _parameter(d, "limit").update(deprecated=True), "query limit"),
    "field": (field("kind", deprecated=True), f"{ANSWER} kind"),
    "in words": (field("kind", description="*DEPRECATED* take another"), f"{ANSWER} kind"),
    "in Russian": (field("kind", description="Поле устарело, есть новое"), f"{ANSWER} kind"),
}

HARMLESS: dict[str, Change] = {
    "nothing": lambda d: None,
    "name in the path": path("/things/{id}"),
    "slash at the end": path("/things/{thing_id}/"),
    "base path": base("https://api.example.com/things", "/{id}"),
    "new field": lambda d: _properties(d).update(colour={"type": "string"}),
    "new optional parameter": parameter(name="page", **{"in": "query"}),
    "new method": lambda d: d["paths"].update({"/others": {"get": {"responses": {}}}}),
    "width of a number": field("id", format="int64"),
    "a name for a format": field("when", format="date-time (RFC3339)"),
    "a word about deprecation": field("kind", description="value b is deprecated"),
    "token as a parameter": parameter(name="Authorization", required=True, **{"in": "header"}),
    "one answer for many": _wildcard,
    "content type with a charset": lambda d: _good(
        content={
            "application/json; charset=utf-8": operation(d)["responses"]["200"]["content"].pop(
                "application/json"
            )
        }
    )(d),
    "case of a header": lambda d: _parameter(d, "X-Company").update(name="x-company"),
    "open to anybody": method(security=[{}]),
}
