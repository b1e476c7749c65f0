"""Time stamps of RFC 3161: an authority signs that it saw a hash by a time. What is stamped is a checkpoint's bytes."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.errors import ConfigurationError, EndpointDown, IntegrityError
from storage.proofs.der import sorted_certificates

_TIMEOUT = 20.0
_MOST = 256 * 1024
# hash algorithms that a token may name (RFC 5754, section 2)
_HASHES = {
    "2.16.840.1.101.3.4.2.1": hashlib.sha256,
    "2.16.840.1.101.3.4.2.2": hashlib.sha384,
    "2.16.840.1.101.3.4.2.3": hashlib.sha512,
}
_RETRY = "The next checkpoint asks again; nothing is lost but time."


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a token says: the authority's time (UTC) and whether its signature was held against trusted roots."""

    at: datetime
    is_held_against_roots: bool


def digest(answer: bytes) -> str:
    """How a later checkpoint names a token: SHA-256 of its bytes, hex."""
    return hashlib.sha256(answer).hexdigest()


def load_roots(path: Path | None) -> tuple[x509.Certificate, ...]:
    """The certificates in a PEM file; none where there is no path. Raises ConfigurationError."""
    if path is None:
        return ()
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        hint = "TONGJIAN_TSA_ROOTS is a PEM file of the authority's root."
        raise ConfigurationError(f"{path}: no certificates: {error}", hint=hint) from error


def request(authority: str, data: bytes, roots: Iterable[x509.Certificate]) -> bytes:
    """The authority's answer (DER) for these bytes, looked at before it is given. Raises EndpointDown where it gives
    none, IntegrityError where it gives one for something else."""
    question = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = _ask(authority, question.as_bytes())
    check(answer, data, roots, authority, question)
    return answer


def _ask(authority: str, question: bytes) -> bytes:
    try:
        # A proxy of the environment knows nothing of this machine's own loopback.
        with httpx.Client(trust_env=not _is_loopback(authority), timeout=_TIMEOUT, follow_redirects=True) as client:
            answer = client.post(authority, content=question, headers={"Content-Type": "application/timestamp-query"})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise EndpointDown(f"time-stamping authority {authority}: {error!r}", hint=_RETRY) from error
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if answer.status_code != 200 or kind != "application/timestamp-reply" or len(answer.content) > _MOST:
        raise EndpointDown(f"time-stamping authority {authority}: {answer.status_code} {kind}", hint=_RETRY)
    return answer.content


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def check(
    answer: bytes,
    data: bytes,
    roots: Iterable[x509.Certificate],
    where: str,
    question: TimeStampRequest | None = None,
) -> Stamp:
    """What the token in `answer` says of `data`. Raises IntegrityError where it is of other bytes, no token, or
    (given `roots`) not signed by an authority that these vouch for.

    Without roots only the hash is held against the bytes, and `Stamp` says so.
    """
    try:
        token = decode_timestamp_response(sorted_certificates(answer))
        info = token.tst_info
        name = info.message_imprint.hash_algorithm.dotted_string
        at = info.gen_time.replace(tzinfo=info.gen_time.tzinfo or UTC).astimezone(UTC)
        imprint = info.message_imprint.message
    except ValueError as error:
        raise IntegrityError(f"{where}: no time stamp: {error}") from error
    if name not in _HASHES or imprint != _HASHES[name](data).digest():
        raise IntegrityError(f"{where}: this time stamp is of other bytes")
    trusted = tuple(roots)
    if trusted:
        _hold_against(token, data, trusted, where, question)
    elif question is not None and info.nonce != question.nonce:
        raise IntegrityError(f"{where}: the answer is to another question")
    return Stamp(at, bool(trusted))


def _hold_against(
    token: TimeStampResponse,
    data: bytes,
    roots: tuple[x509.Certificate, ...],
    where: str,
    question: TimeStampRequest | None,
) -> None:
    builder = VerifierBuilder.from_request(question) if question else VerifierBuilder()
    for certificate in roots:
        if certificate.issuer == certificate.subject:
            builder = builder.add_root_certificate(certificate)
        else:
            builder = builder.add_intermediate_certificate(certificate)
    try:
        builder.build().verify_message(token, data)
    except (VerificationError, ValueError) as error:
        raise IntegrityError(f"{where}: the time stamp is not of an authority that is trusted: {error}") from error
