"""Connections of webhooks: to checked addresses, and to nothing else."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app import webhook_connections
from app.webhook_connections import NotSent, Sender
from app.webhook_targets import PUBLIC_HTTPS, TargetRules
from tests.receiver import Receiver, receiving
from tests.unit.special_addresses import NOT_PUBLIC

HERE = ip_address("127.0.0.1")
LOCAL = TargetRules(allow_http=True, allowed_networks=(ip_network("127.0.0.0/8"),))
PUBLIC = Sender(TargetRules(allow_http=True))


def hosts(receiver: Receiver) -> list[str]:
    return [request.headers["host"] for request in receiver.received]


def answers(patch: pytest.MonkeyPatch, *rounds: list[str]) -> list[str]:
    """Have every look-up of a name answered by the next round, the last one for ever."""
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return rounds[min(len(asked), len(rounds)) - 1]

    patch.setattr(webhook_connections, "resolve", resolve)
    return asked


class TestConnections:
    async def test_an_allowed_one(self) -> None:
        async with receiving() as receiver:
            status = await Sender(LOCAL).post(f"http://127.0.0.1:{receiver.port}/", {}, b"")
        assert status == 204
        assert hosts(receiver) == [f"127.0.0.1:{receiver.port}"]

    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0177.0.0.1",
            "0x7f.1",
            "127.1",
            "[::ffff:7f00:1]",
        ],
    )
    async def test_every_spelling_of_this_host_is_refused(self, host: str) -> None:
        """Past the check of URLs, as if a name led there."""
        async with receiving() as receiver:
            with pytest.raises(NotSent, match="not public"):
                await Sender(TargetRules(allow_http=True)).post(
                    f"http://{host}:{receiver.port}/", {}, b""
                )
        assert receiver.received == []

    async def test_the_control_without_the_check_it_is_reached(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def everywhere(_rules: TargetRules, _address: object) -> bool:
            return True

        monkeypatch.setattr(TargetRules, "allow", everywhere)
        async with receiving() as receiver:
            url = f"http://2130706433:{receiver.port}/"
            assert await Sender(TargetRules(allow_http=True)).post(url, {}, b"") == 204
        assert receiver.received

    @pytest.mark.parametrize(("_why", "address"), NOT_PUBLIC)
    async def test_a_name_that_leads_inside(
        self, monkeypatch: pytest.MonkeyPatch, _why: str, address: str
    ) -> None:
        answers(monkeypatch, [address])
        with pytest.raises(NotSent, match="not public"):
            await Sender(PUBLIC_HTTPS).post("https://inside.example/", {}, b"")

    async def test_a_name_with_an_address_of_each_kind(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers(monkeypatch, ["8.8.8.8", "10.0.0.1"])
        with pytest.raises(NotSent, match="not public"):
            await Sender(PUBLIC_HTTPS).post("https://both.example/", {}, b"")

    async def test_a_name_that_answers_otherwise_the_second_time(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Rebinding: the connection goes to the address that was checked, by one look-up."""
        async with receiving() as receiver:
            asked = answers(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
            sender, url = Sender(LOCAL), f"http://turns.example:{receiver.port}/"
            assert await sender.post(url, {}, b"") == 204
            assert asked == ["turns.example"]
            with pytest.raises(NotSent, match="not public"):
                await sender.post(url, {}, b"")
        assert hosts(receiver) == [f"turns.example:{receiver.port}"]

    async def test_first_public_then_inside(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was checked is connected to: the second answer is never asked for."""
        connected: list[str] = []

        class Pretends:
            async def connect_tcp(self, host: str, *_: object) -> None:
                connected.append(host)
                raise webhook_connections.httpcore.ConnectError("nobody there")

        asked = answers(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
        monkeypatch.setattr(webhook_connections.httpcore, "AnyIOBackend", Pretends)
        sender = Sender(TargetRules(allow_http=True))
        with pytest.raises(NotSent, match="could not be made"):
            await sender.post("http://turns.example/", {}, b"")
        assert connected == ["8.8.8.8"]
        assert asked == ["turns.example"]
        with pytest.raises(NotSent, match="not public"):
            await sender.post("http://turns.example/", {}, b"")
        assert connected == ["8.8.8.8"]

    async def test_the_next_address_has_its_turn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with receiving() as receiver:
            answers(monkeypatch, ["127.0.0.2", "127.0.0.1"])
            status = await Sender(LOCAL).post(f"http://two.example:{receiver.port}/", {}, b"")
        assert status == 204

    async def test_a_name_without_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answers(monkeypatch, [])
        with pytest.raises(NotSent, match="does not resolve"):
            await Sender(PUBLIC_HTTPS).post("https://nowhere.example/", {}, b"")

    async def test_http_that_is_not_allowed_any_more(self) -> None:
        with pytest.raises(NotSent, match="https alone"):
            await Sender(PUBLIC_HTTPS).post("http://8.8.8.8/", {}, b"")

    async def test_a_proxy_of_the_environment_is_not_used(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with receiving() as receiver, receiving() as proxy:
            for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
            await Sender(LOCAL).post(f"http://127.0.0.1:{receiver.port}/", {}, b"")
        assert receiver.received
        assert proxy.received == []


def certificate(folder: Path) -> Path:
    """Make a certificate that nobody signed, for 127.0.0.1; the file holds its key, too."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    day = timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - day)
        .not_valid_after(datetime.now(UTC) + day)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        made.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return file


class TestTls:
    async def test_a_certificate_that_nobody_signed(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        file = certificate(tmp_path)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        async with receiving(trusted=context) as receiver:
            url = f"https://127.0.0.1:{receiver.port}/"
            with pytest.raises(NotSent, match="certificate"):
                await Sender(LOCAL).post(url, {}, b"")
            assert receiver.received == []
            # The control: trusted, it is taken.
            monkeypatch.setenv("SSL_CERT_FILE", str(file))
            assert await Sender(LOCAL).post(url, {}, b"") == 204
