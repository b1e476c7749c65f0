"""The verb doctor: is what Tongjian needs there?"""

from collections.abc import Callable

from domain.connect import parse_connect_to
from domain.errors import NotFound, TongjianError
from domain.settings import Settings
from pipeline import endpoints
from pipeline.findings import Finding, fault, look
from pipeline.house import House, house
from pipeline.looking_after_alerts import of_alerts
from sites import load
from storage import Bucket, lifecycle
from storage.probing import CONDITIONS, Trait
from storage.proofs import signing


def examine(settings: Settings) -> list[Finding]:
    """Looks at each thing by itself, so that one fault does not hide another."""
    findings = [
        look("contact", lambda: settings.contact or "unset; set TONGJIAN_CONTACT before --live"),
        look("connect-to", lambda: f"{len(parse_connect_to(settings.connect_to))} rules"),
        look("sites", lambda: ", ".join(load())),
        look("spool", lambda: _spool(settings)),
        look("signing key", lambda: _key(settings)),
    ]
    try:
        with house() as open_house:
            findings += [*_s3(open_house), look("catalogue", lambda: _catalogue(open_house)), *of_alerts(open_house)]
    except TongjianError as error:
        findings.append(Finding("servers", ok=False, message=f"{error} {error.hint or ''}"))
    return findings


def _spool(settings: Settings) -> str:
    spool = settings.state / "spool"
    if damaged := sorted(spool.glob("*/*/*.damaged")):
        fault(f"{len(damaged)} damaged segments were set aside and will not be sent: {damaged[0]} …")
    waiting = len(list(spool.glob("*/*/*.warc.zst")))
    return f"{waiting} segments wait to be sent by their site's next run" if waiting else "empty"


def _key(settings: Settings) -> str:
    try:
        signer = signing.load(settings.key_file)
    except NotFound:
        return "none: checkpoints are not signed; make one with --make-key"
    if signer.is_readable_by_others:
        fault(f"{signer.path} can be read by others: chmod 600, and think of it as known")
    return f"{signing.key_id(signer.public)} at {signer.path}"


def _s3(open_house: House) -> list[Finding]:
    """The endpoint tried anew, whatever was found before. What is advised and not there is no fault."""
    bucket, chosen = open_house.bucket, open_house.settings
    try:
        found = endpoints.try_anew(bucket, chosen, open_house.fence, embedded=open_house.keys is not None)
    except TongjianError as error:
        return [Finding("s3", ok=False, message=f"{error} {error.hint or ''}".strip())]
    where = f"{bucket.address}/{bucket.name}"
    verdict = Finding("s3", ok=bucket.refusal is None, message=bucket.refusal or f"{where}: {_fenced(bucket)}")
    return [verdict, *(_trait(one, fenced=bucket.lock is not None) for one in found.traits)]


def _fenced(bucket: Bucket) -> str:
    if bucket.lock is None:
        return "If-None-Match is honoured"
    return "keeps no conditions: writers are kept apart by a lock in the database, which all of them must share"


def _trait(trait: Trait, *, fenced: bool) -> Finding:
    fatal = trait.needed or trait.name == "clock" or (trait.name in CONDITIONS and not fenced)
    advice = " (advised: tongjian doctor --apply)" if trait.name == "versioning" and not trait.ok else ""
    return Finding(f"s3 {trait.name}", ok=trait.ok or not fatal, message=trait.message + advice)


def _catalogue(open_house: House) -> str:
    return ", ".join(f"{number} {name}" for name, number in open_house.catalogue.counts().items())


def applying(tell: Callable[[str], None]) -> bool:
    """Puts the bucket's own settings in order: says how each stands and what is wanted, then what was done. False
    where the store refused something. Raises EndpointDown, ConfigurationError."""
    with house() as open_house:
        bucket = open_house.bucket
        steps = lifecycle.plan(bucket, lifecycle.cold(open_house.settings.cold))
        for step in steps:
            tell(f"plan: {step.what}: {step.stands}" + (f" → {step.wanted}" if step.do else ""))
        done = True
        for one in lifecycle.apply(bucket, steps):
            tell(f"{'✓' if one.ok else '✗'} {one.what}: {one.message}")
            done = done and one.ok
        return done
