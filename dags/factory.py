"""One DAG a site, all made the same way: capture → read → compare → check."""

from datetime import timedelta

from airflow.sdk import DAG, Asset, DeltaTriggerTimetable

from dags.operator import VerbOperator
from domain.settings import settings
from domain.site import Site

# A crawl ends itself before Airflow would end it: what it holds is then sealed and sent.
CRAWL_LIMIT = timedelta(minutes=25)
CAPTURE_TIMEOUT = timedelta(minutes=30)
STEP_TIMEOUT = timedelta(minutes=15)

DEFAULTS = {"retries": 2, "retry_delay": timedelta(seconds=30), "execution_timeout": STEP_TIMEOUT}


def changes_asset(site: str) -> Asset:
    """What `compare` renews: the site's changes."""
    return Asset(name=f"changes/{site}", uri=f"tongjian://changes/{site}", group="tongjian")


def rhythm(every: timedelta) -> timedelta:
    """A site's rhythm at this house's pace, at least ten seconds."""
    return max(every / settings().pace, timedelta(seconds=10))


def by_the_clock(every: timedelta) -> str:
    """A cron expression of about that rhythm at this house's pace, between a minute and half an hour; whatever the
    rhythm, it is due on every full hour too."""
    minutes = int(rhythm(every).total_seconds()) // 60
    return f"*/{min(max(minutes, 1), 30)} * * * *"


def site_dag(site: Site) -> DAG:
    """The DAG `site__NAME`. It runs at once when it is new, then every `site.every`, never twice at a time."""
    with DAG(
        dag_id=f"site__{site.name.replace('-', '_')}",
        schedule=DeltaTriggerTimetable(rhythm(site.every)),
        catchup=False,
        max_active_runs=1,
        default_args=DEFAULTS | {"owner": site.owner},
        tags=["site", *site.tags],
        doc_md=_doc(site),
    ) as dag:
        capture = VerbOperator(
            task_id="capture",
            verb="capture",
            execution_timeout=CAPTURE_TIMEOUT,
            args=(site.name, "--limit", str(int(CRAWL_LIMIT.total_seconds()))),
        )
        read = VerbOperator(task_id="read", verb="read", args=(site.name,))
        compare = VerbOperator(task_id="compare", verb="compare", args=(site.name,), outlets=[changes_asset(site.name)])
        check = VerbOperator(task_id="check", verb="check", args=(site.name,), retries=0)
        capture >> read >> compare >> check
    return dag


def _doc(site: Site) -> str:
    entries = "\n".join(f"- {entry.url}" for entry in site.entries)
    return f"""### {site.title}

Watches <{site.homepage}> every {site.every}. Entries:

{entries}

`capture` keeps every answer in the bucket, `read` makes articles of them, `compare` finds versions and
changes and renews the asset `changes/{site.name}`, `check` holds the run against what the site's file
expects. Any step may be cleared and run again: none does anything twice.

By hand: `tongjian run {site.name}`.
"""
