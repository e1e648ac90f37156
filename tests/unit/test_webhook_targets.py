"""Where webhooks may go: URLs as they are written, and addresses."""

from ipaddress import ip_address, ip_network

import pytest

from app import webhook_targets
from app.errors import InvalidInput
from app.inputs import Problems
from app.webhook_targets import PUBLIC_HTTPS, TargetRules, locate
from tests.unit.special_addresses import NOT_PUBLIC, PUBLIC

LOCAL = TargetRules(allow_http=True, allowed_networks=(ip_network("127.0.0.0/8"),))


class TestAddresses:
    @pytest.mark.parametrize(("_why", "address"), NOT_PUBLIC)
    def test_what_is_not_public_is_refused(self, _why: str, address: str) -> None:
        assert not PUBLIC_HTTPS.allow(ip_address(address))

    @pytest.mark.parametrize("address", PUBLIC)
    def test_what_is_public_is_allowed(self, address: str) -> None:
        assert PUBLIC_HTTPS.allow(ip_address(address))

    @pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "fd00::1"])
    def test_what_the_operator_allowed(self, address: str) -> None:
        rules = TargetRules(allowed_networks=(ip_network("10.0.0.0/8"), ip_network("fd00::/8")))
        assert rules.allow(ip_address(address))
        assert not rules.allow(ip_address("192.168.0.1"))
        assert not rules.allow(ip_address("fc00::1"))


def problems_of(url: str | None, rules: TargetRules = PUBLIC_HTTPS) -> list[str]:
    problems = Problems()
    webhook_targets.url(problems, "url", url, rules)
    try:
        problems.raise_any()
    except InvalidInput as error:
        return [problem.code.value for problem in error.problems]
    return []


REFUSED_URLS = [
    ("null", None, "REQUIRED"),
    ("empty", "", "TOO_SHORT"),
    ("too long", "https://a.example/" + "x" * 2031, "TOO_LONG"),
    ("a space", "https://a.example/ b", "INVALID_CHARACTER"),
    ("a line break", "https://a.example/\r\nX: y", "INVALID_CHARACTER"),
    ("a NUL", "https://a.example/\0", "INVALID_CHARACTER"),
    ("letters that are not ASCII", "https://bücher.example/", "INVALID_CHARACTER"),
    ("a backslash", "https://a.example\\@127.0.0.1/", "INVALID_CHARACTER"),
    ("an access token", f"https://a.example/?t=appu_{'a' * 44}_{'b' * 49}", "NOT_ALLOWED"),
    ("http", "http://a.example/", "NOT_ALLOWED"),
    ("another scheme", "ftp://a.example/", "NOT_ALLOWED"),
    ("a file", "file:///etc/passwd", "NOT_ALLOWED"),
    ("no scheme", "a.example/x", "NOT_ALLOWED"),
    ("no host", "https:///x", "NOT_ALLOWED"),
    ("one slash", "https:/a.example", "NOT_ALLOWED"),
    ("a user name", "https://me@a.example/", "NOT_ALLOWED"),
    ("an empty user name", "https://@a.example/", "NOT_ALLOWED"),
    ("a password", "https://me:secret@a.example/", "NOT_ALLOWED"),
    ("a fragment", "https://a.example/#x", "NOT_ALLOWED"),
    ("an empty fragment", "https://a.example/#", "NOT_ALLOWED"),
    ("port 0", "https://a.example:0/", "NOT_ALLOWED"),
    ("a port too high", "https://a.example:65536/", "NOT_ALLOWED"),
    ("a port of letters", "https://a.example:http/", "NOT_ALLOWED"),
    ("an open bracket", "https://[::1/", "NOT_ALLOWED"),
    ("a percent sign in the host", "https://127%2e0.0.1/", "NOT_ALLOWED"),
    ("a host of dots", "https://..../", "NOT_ALLOWED"),
    ("localhost", "https://localhost/", "NOT_ALLOWED"),
    ("localhost in capitals, with a dot", "https://LOCALHOST.:8443/", "NOT_ALLOWED"),
    ("a name below localhost", "https://x.localhost/", "NOT_ALLOWED"),
    ("a decimal address", "https://2130706433/", "NOT_ALLOWED"),
    ("an octal address", "https://0177.0.0.1/", "NOT_ALLOWED"),
    ("a hexadecimal address", "https://0x7f.0.0.1/", "NOT_ALLOWED"),
    ("one hexadecimal number", "https://0x7f000001/", "NOT_ALLOWED"),
    ("a short address", "https://127.1/", "NOT_ALLOWED"),
    ("zero", "https://0/", "NOT_ALLOWED"),
    ("an address with a dot behind", "https://127.0.0.1./", "NOT_ALLOWED"),
    ("IPv6 loopback", "https://[::1]/", "NOT_ALLOWED"),
    ("IPv6 mapped", "https://[::ffff:127.0.0.1]/", "NOT_ALLOWED"),
    ("IPv6 mapped in hexadecimal", "https://[::ffff:7f00:1]/", "NOT_ALLOWED"),
    ("IPv6 NAT64", "https://[64:ff9b::7f00:1]/", "NOT_ALLOWED"),
    ("IPv6 with a zone", "https://[fe80::1%25eth0]/", "NOT_ALLOWED"),
]
GOOD_URLS = [
    "https://a.example",
    "HTTPS://A.example:8443/path?query=1&b=%20#"[:-1],
    "https://hooks.example.com/services/T000/B000/XXXX",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]:444/",
    "https://a.example/" + "x" * 2030,
    "https://under_score.example/",
]


class TestUrls:
    @pytest.mark.parametrize(("_why", "url", "code"), REFUSED_URLS)
    def test_refused(self, _why: str, url: str | None, code: str) -> None:
        assert problems_of(url) == [code]

    @pytest.mark.parametrize(("_why", "address"), NOT_PUBLIC)
    def test_addresses_that_are_not_public(self, _why: str, address: str) -> None:
        host = f"[{address}]" if ":" in address else address
        assert problems_of(f"https://{host}/") == ["NOT_ALLOWED"]

    @pytest.mark.parametrize("url", GOOD_URLS)
    def test_good(self, url: str) -> None:
        assert problems_of(url) == []

    def test_what_the_operator_allowed(self) -> None:
        assert problems_of("http://127.0.0.1:8080/hook", LOCAL) == []
        assert problems_of("http://localhost:8080/hook", LOCAL) == []
        assert problems_of("http://10.0.0.1/", LOCAL) == ["NOT_ALLOWED"]
        assert problems_of("https://127.0.0.1/", TargetRules(allow_http=True)) == ["NOT_ALLOWED"]

    def test_parts(self) -> None:
        found = locate("https://[2606:4700::1111]/a?b=c")
        assert (found.host, found.port, found.path) == ("2606:4700::1111", 443, "/a?b=c")
        assert found.origin == "https://[2606:4700::1111]:443"
        assert locate("http://a.example:81").path == "/"
