# One image for every process of ours: Airflow's, the reading room's, and the command line.
FROM python:3.11-slim-bookworm AS build
ENV UV_LINK_MODE=copy UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.9
WORKDIR /opt/tongjian
# The dependencies first: they change seldom, and this layer is the large one.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --compile-bytecode --no-install-project
COPY . .
RUN uv sync --frozen --no-dev --compile-bytecode \
    && .venv/bin/python -m compileall -q domain parsers storage catalogue sites spiders monitor alerts web \
        pipeline dags demo

FROM python:3.11-slim-bookworm
# The owner of the mounted secrets on the host; see docker/make-secrets.sh.
ARG UID=10001
ARG GID=10001
RUN groupadd --non-unique --gid "$GID" tongjian \
    && useradd --non-unique --uid "$UID" --gid "$GID" --home-dir /var/lib/tongjian --no-create-home \
        --shell /usr/sbin/nologin tongjian \
    && install -d -o "$UID" -g "$GID" /var/lib/tongjian /var/log/airflow /opt/airflow
COPY --from=build /opt/tongjian /opt/tongjian
ENV PATH=/opt/tongjian/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/tongjian/dags \
    TONGJIAN_STATE=/var/lib/tongjian
WORKDIR /opt/tongjian
USER tongjian
ENTRYPOINT ["/opt/tongjian/docker/entrypoint.sh"]
CMD ["tongjian", "--help"]
