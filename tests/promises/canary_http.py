"""The wrong places of HTTP: headers, URLs, bodies and forms."""

import json
from collections.abc import Iterator
from urllib.parse import quote

from tests.promises.canary_sent import FORM, JSON, VIEWER, Sent, WrongPlace, graphql
from tests.promises.canary_tokens import as_header, as_path


def headers(bearer: dict[str, str]) -> Iterator[WrongPlace]:
    authorizations = (
        "Bearer %s",
        "%s",
        "bearer  %s",
        "Token %s",
        "Basic %s",
        "Digest username=%s",
        "Bearer %s, Bearer %s",
        "Bearer: %s",
        "Bearer\t%s",
        'Bearer "%s"',
    )
    given = [{"Authorization": value} for value in authorizations]
    names = ("X-Forwarded-For", "Forwarded", "Cookie", "Referer", "Accept", "Accept-Language")
    names += (
        "Origin",
        "Host",
        "X-Api-Key",
        "If-None-Match",
        "traceparent",
        "tracestate",
        "baggage",
    )
    given += [bearer | {name: "%s"} for name in names]
    given += [{"Content-Type": "%s"}, {"Content-Encoding": "%s"}, {"Content-Length": "%s"}]
    given += [{"Appusers-Permission": "%s"}, {"Appusers-Organization-Id": "%s"}]
    given += [{"Transfer-Encoding": "%s"}, {"Expect": "%s"}, {"Connection": "%s"}]
    for path in ("/graphql", "/introspect", "/verify", "/revoke"):
        media = JSON if path == "/graphql" else FORM
        content = json.dumps({"query": VIEWER}).encode() if path == "/graphql" else b"token=x"
        for headers in given:

            def paste(
                text: str,
                path: str = path,
                headers: dict[str, str] = {"Content-Type": media} | headers,
                content: bytes = content,
            ) -> Sent:
                held = as_header(text)
                filled = {name: value.replace("%s", held) for name, value in headers.items()}
                return Sent("GET" if path == "/verify" else "POST", path, filled, content)

            yield WrongPlace(f"header: {path} {[*headers][-1]}", 0, paste)
    # These two are kept.
    for name in ("User-Agent", "X-Request-Id"):

        def kept(text: str, name: str = name) -> Sent:
            return graphql({"query": VIEWER}, bearer | {name: as_header(text)})

        yield WrongPlace(f"header: {name}", 1, kept)

    def named(text: str) -> Sent:
        name = "".join(c for c in text if c.isalnum() or c in "_-%")
        return graphql({"query": VIEWER}, bearer | {name: "x"})

    yield WrongPlace("header: a name", 0, named)


def urls(bearer: dict[str, str]) -> Iterator[WrongPlace]:
    urls = (
        "/%s",
        "/graphql/%s",
        "/static/%s",
        "/verify/%s",
        "/introspect/%s",
        "/metrics/%s",
        "/.well-known/%s",
        "/graphql?%s",
        "/graphql?access_token=%s",
        "/graphql?query={__typename}&variables=%s",
        "/graphql?query={__typename}&operationName=%s",
        "/graphql?query={node(id:%22%s%22){id}}",
        "/verify?organization_id=%s",
        "/verify?organization_id=any&permission=%s",
        "/verify?%s=any",
        "/introspect?token=%s",
        "/revoke?token=%s",
        "/credentials/revoke?%s",
        "/healthz?token=%s",
        "/readyz?%s",
        "/#%s",
        "//%s@127.0.0.1/graphql",
    )
    for url in urls:
        for method in ("GET", "POST"):

            def paste(text: str, url: str = url, method: str = method) -> Sent:
                return Sent(method, url.replace("%s", as_path(text)), bearer)

            yield WrongPlace(f"URL: {method} {url}", 0, paste)

    def method_name(text: str) -> Sent:
        return Sent("".join(c for c in text if c.isalnum() or c == "_"), "/graphql", bearer)

    yield WrongPlace("method", 0, method_name)


def bodies(bearer: dict[str, str]) -> Iterator[WrongPlace]:
    bodies = (
        "%s",
        '{"query": "%s',
        '{"query": "{__typename}", "%s": 1}',
        '{"query": "{__typename}", "operationName": "%s"}',
        '{"query": "{__typename}", "variables": "%s"}',
        '{"query": "{__typename}", "extensions": {"%s": 1}}',
        '{"credentials": "%s"}',
        '{"credentials": [1, "%s"]}',
        '{"credentials": {"%s": "%s"}}',
        '["%s"]',
    )
    for path in ("/graphql", "/credentials/revoke", "/introspect", "/revoke"):
        for body in bodies:
            for media in (JSON, FORM, "text/plain"):

                def paste(
                    text: str, path: str = path, body: str = body, media: str = media
                ) -> Sent:
                    content = body.replace("%s", json.dumps(text)[1:-1]).encode()
                    return Sent("POST", path, bearer | {"Content-Type": media}, content)

                yield WrongPlace(f"body: {path} {media} {body}", 0, paste)


def forms(bearer: dict[str, str], organization_id: str) -> Iterator[WrongPlace]:
    bodies = (
        "token=%s",
        "token=%s&token=%s",
        "token=x&client_ip=%s",
        "token=x&permission=%s",
        "token=x&resource_id=%s",
        "token=x&%s=%s",
        "access_token=%s",
        f"token=x&organization_id={organization_id}&token_type_hint=%s",
    )
    for path in ("/introspect", "/revoke"):
        for body in bodies:

            def paste(text: str, path: str = path, body: str = body) -> Sent:
                content = body.replace("%s", quote(text, safe="")).encode()
                return Sent("POST", path, bearer | {"Content-Type": FORM}, content)

            yield WrongPlace(f"form: {path} {body}", 0, paste)

    def agent(text: str) -> Sent:
        content = f"token={bearer['Authorization'][7:]}&user_agent={quote(text, safe='')}".encode()
        return Sent("POST", "/introspect", bearer | {"Content-Type": FORM}, content)

    yield WrongPlace("form: /introspect user_agent", 1, agent)
