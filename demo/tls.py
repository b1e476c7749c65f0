"""A certificate of the replica's own, for the names it answers for. It is its own root."""

import datetime as dt
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from domain.clock import now

_DAYS = 365


def server_context(folder: Path | None, names: list[str]) -> tuple[ssl.SSLContext, str]:
    """A context that serves TLS for `names`, and its certificate in PEM for clients to trust.

    Key and certificate are kept in `folder` (the key readable by its owner alone), so that a restart
    shows the same; without a folder they live as long as the process.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="tongjian-replica-") as place:
            return context, _load(context, Path(place), names)
    folder.mkdir(parents=True, exist_ok=True)
    return context, _load(context, folder, names)


def _load(context: ssl.SSLContext, folder: Path, names: list[str]) -> str:
    path = folder / "replica-tls.pem"
    if not path.exists() or _stale(path):
        path.touch(mode=0o600)
        path.write_bytes(_make(names))
    context.load_cert_chain(path)
    return _certificate(path).public_bytes(serialization.Encoding.PEM).decode()


def _certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _stale(path: Path) -> bool:
    return _certificate(path).not_valid_after_utc - dt.timedelta(days=7) < now()


def _make(names: list[str]) -> bytes:
    """Key and certificate in PEM, one after the other."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tongjian replica")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - dt.timedelta(days=1))
        .not_valid_after(now() + dt.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + made.public_bytes(serialization.Encoding.PEM)
