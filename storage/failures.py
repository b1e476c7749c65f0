"""What an S3 endpoint's failures mean, and what to do next."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)

from domain.errors import EndpointDown, StorageError

TAKEN = frozenset({409, 412})
_REFUSED = frozenset({401, 403})
_KEYLESS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)
# Those two of the 4xx that pass by themselves: request timeout, too many requests.
_PASSING = frozenset({408, 429})

Failure = ClientError | BotoCoreError


def status(error: Exception | None) -> int | None:
    """The HTTP status of an answer, None where there was none."""
    if not isinstance(error, ClientError):
        return None
    code = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return 404 if _code(error) in {"NoSuchKey", "404"} else code


def _code(error: Exception | None) -> str | None:
    return error.response["Error"].get("Code") if isinstance(error, ClientError) else None


def is_final(error: Exception) -> bool:
    """True where asking again changes nothing and nothing was done: keys, the bucket's name, its absence."""
    hopeless = (*_KEYLESS, ParamValidationError)
    return isinstance(error, hopeless) or status(error) in _REFUSED or _code(error) == "NoSuchBucket"


def is_passing(error: Exception) -> bool:
    """True where the same question may be answered a moment later: no answer, 408, 429, 5xx."""
    code = status(error)
    return not is_final(error) and (code is None or code in _PASSING or code >= 500)


def named(error: Exception | None, where: str) -> StorageError:
    """The failure in our words; `where` is the endpoint's address, the bucket and the key."""
    message = f"{where}: {error}"
    if isinstance(error, _KEYLESS) or status(error) in _REFUSED:
        hint = "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, the bucket's policy and this machine's clock."
        return StorageError(message, hint=hint)
    if isinstance(error, ParamValidationError) or _code(error) in {"NoSuchBucket", "InvalidBucketName"}:
        return StorageError(message, hint="Check TONGJIAN_BUCKET; the bucket must exist, or its name be allowed.")
    if error is not None and not is_passing(error):
        return StorageError(message, hint="The endpoint refused this; its message says why.")
    return EndpointDown(
        message,
        hint="Check that the S3 endpoint is up; what was acknowledged is kept, "
        "and the next run sends what is in the spool.",
    )
