-- A large catalogue made up inside PostgreSQL: fifty sites of very different size, of each page ten captures, every
-- fifth page edited once, every fiftieth gone. bench_texts and bench_names are filled by bench/scale_rows.py. A step
-- empties the table it fills, so that with wal_level = minimal its rows are written once and not logged beside.

-- step: pages
-- As long as a digest, and made in half the time.
CREATE FUNCTION bench_hash(said text) RETURNS text LANGUAGE sql IMMUTABLE RETURN md5(said) || md5(said);

CREATE UNLOGGED TABLE bench_pages AS
SELECT p, 'site' || lpad(s::text, 2, '0') AS site,
  'http://www.site' || s || '.example.cn/art/2025/' || p % 12 + 1 || '/art_' || p || '.html' AS url,
  'cn,example,site' || s || ')/art/2025/' || p % 12 + 1 || '/art_' || p || '.html' AS urlkey,
  timestamptz '2025-01-01 00:00Z' + interval '600 days' * p / {pages} AS born,
  CASE WHEN p % 5 = 0 THEN 2 ELSE 1 END AS versions
-- The largest site has a seventh of all pages, the smallest a hundredth.
FROM (SELECT p, floor(50 * (((p * 7919::bigint) % {pages})::float8 / {pages}) ^ 2)::int AS s
  FROM generate_series(1, {pages}) p) n;

-- One in ten thousand is due when all is over: as many as a round finds that comes every few minutes.
TRUNCATE pages;
INSERT INTO pages (site, urlkey, url, status, first_seen, last_seen, last_checked, changed_at, validators, versions,
  title, article_digest, published_at, published_precision, next_check)
SELECT site, urlkey, url, CASE WHEN p % 50 = 1 THEN 'gone' WHEN versions = 2 THEN 'edited' ELSE 'live' END, born,
  born + interval '729 hours', timestamptz '{ended}' - p * 7919::bigint % 10007 / 10000.0 * rest,
  born + CASE WHEN versions = 2 THEN interval '125 hours' ELSE interval '0' END,
  jsonb_build_object('url', url, 'etag', NULL, 'last_modified', NULL, 'reference', NULL), versions,
  '第' || p || '号通报', 'sha256:' || bench_hash(p || ':' || versions), born, 'minute',
  timestamptz '{ended}' + (1 - p * 7919::bigint % 10007 / 10000.0) * rest
FROM bench_pages CROSS JOIN LATERAL (SELECT CASE
    WHEN p % 50 = 1 THEN interval '1 day'
    WHEN '{ended}' - born < interval '3 hours' THEN interval '15 minutes'
    WHEN '{ended}' - born < interval '1 day' THEN interval '1 hour'
    WHEN '{ended}' - born < interval '7 days' THEN interval '3 hours'
    WHEN '{ended}' - born < interval '30 days' THEN interval '3 days' ELSE interval '30 days' END AS rest) ladder;

-- step: captures
TRUNCATE captures;
INSERT INTO captures (id, site, run, url, urlkey, at, role, status, content_type, payload_digest, payload_length, etag,
  flags, segment, "offset", length, seq, kind, article_digest, outcome, reason, reader)
SELECT bench_hash(p || '/' || k), site, '20250101t000000z-00000' || k, url, urlkey,
  born + interval '1 hour' * (k * k * k), 'page', 200, 'text/html; charset=utf-8',
  'sha256:' || bench_hash(p || '#' || k), 48000, '"' || p || '"', '[]',
  'v1/seg/' || site || '/2025/01/01/20250101t000000z-00000' || k || '/000001_0123456789abcdef.warc.zst',
  p % 64 * 5000, 5000, k * 20000 + p / 64 + 1, 'article',
  'sha256:' || bench_hash(p || ':' || CASE WHEN versions = 2 AND k >= 5 THEN 2 ELSE 1 END), 'article', '', '{reader}'
FROM generate_series(0, 9) k CROSS JOIN LATERAL (SELECT * FROM bench_pages OFFSET k * 0) page;

TRUNCATE progress;
INSERT INTO progress (site, read_seq, compared_seq, captures, last_capture)
SELECT site, max(seq), max(seq), count(*), max(at) FROM captures GROUP BY site;

-- step: articles
-- Texts are kept as they are: packing them takes more than all the rest.
ALTER TABLE articles ALTER body SET STORAGE EXTERNAL, ALTER text SET STORAGE EXTERNAL,
  ALTER folded SET STORAGE EXTERNAL, ALTER grams SET STORAGE EXTERNAL;
TRUNCATE articles;
INSERT INTO articles (site, digest, title, published_at, published_precision, source, text, body, capture, reader,
  folded, grams)
SELECT site, 'sha256:' || bench_hash(p || ':' || v), '第' || p || '号通报', born, 'minute', '本网', t.body || m.name,
  '{skeleton}'::jsonb || jsonb_build_object('title', '第' || p || '号通报', 'body',
    jsonb_build_array(jsonb_build_object('kind', 'paragraph', 'text', t.body || m.name))),
  bench_hash(p || '/' || (v - 1) * 5), '{reader}',
  '第' || p || '号通报 ' || t.folded || ' ' || m.name || ' ' || c.name, t.grams || m.grams || c.grams
FROM bench_pages JOIN generate_series(1, 2) v ON v <= versions
JOIN bench_texts t ON t.n = (p * 31 + v) % {texts} JOIN bench_names m ON m.n = p % {names}
JOIN bench_names c ON c.n = {names} + p * 7919::bigint % {counties};

-- step: versions, changes, runs
TRUNCATE versions, changes, runs;
INSERT INTO versions (site, urlkey, number, article_digest, first_seen, last_seen, capture, captures)
SELECT site, urlkey, v, 'sha256:' || bench_hash(p || ':' || v), born + interval '125 hours' * (v - 1),
  born + interval '729 hours', bench_hash(p || '/' || (v - 1) * 5), 5
FROM bench_pages JOIN generate_series(1, 2) v ON v <= versions;

INSERT INTO changes (id, site, url, urlkey, type, at, version, previous, severity, cosmetic, reason, evidence, fields)
SELECT left(bench_hash('new' || p), 32), site, url, urlkey, 'new', born, 1, NULL, 2, false, '',
  jsonb_build_array(bench_hash(p || '/0')), '[]'::jsonb
FROM bench_pages
UNION ALL
SELECT left(bench_hash('edited' || p), 32), site, url, urlkey, 'edited', born + interval '125 hours', 2, 1, 3, false, '',
  jsonb_build_array(bench_hash(p || '/5')), jsonb_build_array(jsonb_build_object('name', 'body',
    'before', repeat('总投资20亿元。', 40), 'after', repeat('总投资12亿元。', 40)))
FROM bench_pages WHERE versions = 2
UNION ALL
SELECT left(bench_hash('removed' || p), 32), site, url, urlkey, 'removed', born + interval '729 hours', 1, NULL, 4, false,
  'status 404', jsonb_build_array(bench_hash(p || '/9')), '[]'::jsonb
FROM bench_pages WHERE p % 50 = 1;

INSERT INTO runs (site, run, started, finished, summary)
SELECT 'site' || lpad(s::text, 2, '0'), to_char(at, 'YYYYMMDD"t"HH24MISS"z-000001"'), at, at + interval '1 minute',
  jsonb_build_object('site', 'site' || lpad(s::text, 2, '0'), 'run', to_char(at, 'YYYYMMDD"t"HH24MISS"z-000001"'),
    'started', at, 'finished', at + interval '1 minute', 'reason', 'finished')
FROM generate_series(0, 49) s,
  generate_series(timestamptz '{ended}' - interval '1 hour' * ({pages} / 1000), '{ended}', '1 hour') at;

-- step: totals
UPDATE progress SET changes = held.number
FROM (SELECT site, count(*) AS number FROM changes GROUP BY site) held WHERE held.site = progress.site;

UPDATE progress SET statuses = held.statuses
FROM (SELECT site, jsonb_object_agg(status, number) AS statuses
  FROM (SELECT site, status, count(*) AS number FROM pages GROUP BY site, status) counted GROUP BY site) held
WHERE held.site = progress.site;
