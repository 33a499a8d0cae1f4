"""The certificate of the webhook: trusted, untrusted, and about to end."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.service.doctor_parts import found
from wxbot.adapters.wechat.codec import sign
from wxbot.adapters.wechat.doorstep import HttpDoorstep
from wxbot.service.doctor import address
from wxbot.service.doctor.finding import Finding

TOKEN, DAYS = "token4wxbot", 3


class Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        query = {name: value[0] for name, value in parse_qs(urlsplit(self.path).query).items()}
        signed = sign(TOKEN, query["timestamp"], query["nonce"]) == query["signature"]
        self.send_response(200 if signed else 403)
        self.end_headers()
        self.wfile.write(query["echostr"].encode() if signed else b"")

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of localhost, signed by itself, with its key, for a few days."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DAYS, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "certificate.pem"
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def url(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = HTTPServer(("127.0.0.1", 0), Echo)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"https://localhost:{server.server_port}/wechat"
    server.shutdown()
    thread.join()
    server.server_close()


def look(url: str) -> tuple[Finding, ...]:
    now = datetime.now(UTC).timestamp
    return found(lambda: address.look_at_address(url, HttpDoorstep(TOKEN), now, rehearsal=True))


def test_a_certificate_that_nobody_trusts_is_a_fault(url):
    (finding,) = look(url)

    assert finding.mark == "fault"
    assert "证书不被信任" in finding.text


def test_a_trusted_certificate_that_is_about_to_end_is_told(url, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))

    reached, ending = look(url)

    assert (reached.mark, ending.mark) == ("fine", "doubt")
    assert f"还有 {DAYS} 天" in ending.text
