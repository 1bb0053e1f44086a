-- The schema `telestep`: what dashboards read. ARCHITECTURE.md lists it.

CREATE SCHEMA IF NOT EXISTS telestep;

CREATE FUNCTION telestep.at_ns(ns bigint) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT 'epoch'::timestamptz + (ns / 1000) * interval '1 microsecond' $$;

CREATE FUNCTION telestep.is_finite(v float8) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT v BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308 $$;

-- Mean from a sum of the values below 1e290 and a sum, in units of 1e30, of the others: PostgreSQL raises an error
-- where a plain avg() of extreme values over- or underflows, and one diverged run must not break everybody's panel.
CREATE FUNCTION telestep.mean_of(total float8, huge float8, n bigint) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN n = 0 THEN NULL
    WHEN coalesce(huge, 0) = 0 THEN CASE WHEN n = 1 THEN total WHEN abs(total) < 1e-280 THEN 0 ELSE total / n END
    ELSE greatest(-1.7976931348623157e278, least(1.7976931348623157e278,
      (CASE WHEN abs(coalesce(total, 0)) < 1e100 THEN 0 ELSE total / 1e30 END + huge) / n)) * 1e30 END $$;

-- One step of the moving average. Near zero it becomes zero, because PostgreSQL raises an error on underflow.
CREATE FUNCTION telestep.ema_step(state float8, value float8, alpha float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL THEN state WHEN state IS NULL THEN value
    ELSE 2 * greatest(-8.98846567431157e307, least(8.98846567431157e307,
      CASE WHEN abs(state) < 1e-290 OR alpha = 1 THEN 0 ELSE state / 2 * (1 - alpha) END
      + CASE WHEN abs(value) < 1e-290 OR alpha = 0 THEN 0 ELSE value / 2 * alpha END)) END $$;

CREATE AGGREGATE telestep.ema(float8, float8) (SFUNC = telestep.ema_step, STYPE = float8);

-- Every point that is the last write of its identity and is not hidden by a reset. Of consecutive writes of the same
-- bits the first one stays. `superseded`: a later attempt has a first step at or before it.
-- Where no identity can repeat the arrays are read as they are; the other branch sorts.
CREATE VIEW telestep_store.resolved AS
SELECT s.run_id, s.series, p.attempt, p.step, p.time_ns, p.value, p.superseded
FROM telestep_store.series_summary s
CROSS JOIN LATERAL (
  SELECT u.attempt, u.step, u.time_ns, u.value, coalesce(u.step >= h.hidden_from, false) AS superseded
  FROM (
    SELECT c.attempt, unnest(c.steps) AS step, unnest(c.times) AS time_ns, unnest(c.vals) AS value
    FROM telestep_store.chunk c
    WHERE NOT s.repeated AND c.run_id = s.run_id AND c.series = s.series AND c.last_ns >= s.reset_ns) u
  LEFT JOIN (
    SELECT f.no, min(f.first_step) OVER (ORDER BY f.start_ns DESC, f.name DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS hidden_from
    FROM (
      SELECT a.no, coalesce(a.started_ns, a.first_ns) AS start_ns, a.attempt AS name, min(c.first_step) AS first_step
      FROM telestep_store.chunk c
      JOIN telestep_store.attempt a ON a.run_id = c.run_id AND a.no = c.attempt
      WHERE NOT s.repeated AND c.run_id = s.run_id AND c.series = s.series AND c.last_ns >= s.reset_ns
      GROUP BY 1, 2, 3) f) h ON h.no = u.attempt
  WHERE u.time_ns >= s.reset_ns
  UNION ALL
  SELECT d.attempt, d.step, d.time_ns, d.value, coalesce(d.step >= min(d.step) OVER (
    ORDER BY coalesce(a.started_ns, a.first_ns) DESC, a.attempt DESC
    GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), false)
  FROM (
    SELECT DISTINCT ON (w.attempt, w.step, w.free_ns) w.attempt, w.step, w.time_ns, w.value
    FROM (
      SELECT u.*, float8send(u.value) IS DISTINCT FROM lag(float8send(u.value)) OVER (
        PARTITION BY u.attempt, u.step, u.free_ns ORDER BY u.time_ns, u.seq) AS changed
      FROM (
        SELECT v.*, CASE WHEN v.step IS NULL THEN v.time_ns END AS free_ns
        FROM (
          SELECT c.attempt, c.seq, unnest(c.steps) AS step, unnest(c.times) AS time_ns, unnest(c.vals) AS value
          FROM telestep_store.chunk c
          WHERE s.repeated AND c.run_id = s.run_id AND c.series = s.series AND c.last_ns >= s.reset_ns) v
        WHERE v.time_ns >= s.reset_ns) u) w
    WHERE w.changed
    ORDER BY w.attempt, w.step, w.free_ns, w.time_ns DESC, w.seq DESC) d
  JOIN telestep_store.attempt a ON a.run_id = s.run_id AND a.no = d.attempt) p;

-- The same points; one without a step gets the run's newest step at or before its time. The metrics that a row brings
-- share their arrays, so that DISTINCT leaves one array of each commit to unnest.
CREATE VIEW telestep_store.stepped AS
SELECT s.run_id, s.series, p.attempt, p.step, p.time_ns, p.value, p.superseded
FROM telestep_store.series_summary s
CROSS JOIN LATERAL (
  SELECT r.attempt, r.step, r.time_ns, r.value, r.superseded
  FROM telestep_store.resolved r
  WHERE NOT s.has_free AND r.run_id = s.run_id AND r.series = s.series
  UNION ALL
  SELECT f.attempt, f.step, f.time_ns, f.value, f.superseded
  FROM (
    SELECT g.is_point, g.attempt, coalesce(g.step, first_value(g.clock) OVER (
      PARTITION BY g.tick ORDER BY g.time_ns, g.is_point, g.clock)) AS step, g.time_ns, g.value, g.superseded
    FROM (
      SELECT u.*, count(u.clock) OVER (ORDER BY u.time_ns, u.is_point, u.clock) AS tick
      FROM (
        SELECT true AS is_point, r.attempt, r.step, r.time_ns, r.value, r.superseded, NULL::bigint AS clock
        FROM telestep_store.resolved r
        WHERE s.has_free AND r.run_id = s.run_id AND r.series = s.series
        UNION ALL
        SELECT false, NULL, NULL, t.time_ns, NULL, NULL, t.step
        FROM (
          SELECT unnest(k.steps) AS step, unnest(k.times) AS time_ns
          FROM (
            SELECT DISTINCT c.steps, c.times
            FROM telestep_store.series o
            JOIN telestep_store.chunk c ON c.run_id = o.run_id AND c.series = o.series
            WHERE s.has_free AND o.run_id = s.run_id AND o.kind = 'METRIC' AND c.steps IS NOT NULL) k) t) u) g) f
  WHERE f.is_point) p;

CREATE VIEW telestep.all_points AS
SELECT s.run_id, s.label AS key, s.attributes, s.kind, a.attempt, p.step, telestep.at_ns(p.time_ns) AS time, p.value,
  p.time_ns, p.superseded
FROM telestep_store.series s
JOIN telestep_store.stepped p ON p.run_id = s.run_id AND p.series = s.series
LEFT JOIN telestep_store.attempt a ON a.run_id = p.run_id AND a.no = p.attempt;

CREATE VIEW telestep.points AS
SELECT run_id, key, attributes, kind, attempt, step, time, value, time_ns FROM telestep.all_points WHERE NOT superseded;

CREATE VIEW telestep.hardware AS
SELECT s.run_id, telestep.at_ns(p.time_ns) AS time, p.step, s.key AS name, s.attributes AS attrs, p.value
FROM telestep_store.series s
JOIN telestep_store.stepped p ON p.run_id = s.run_id AND p.series = s.series
WHERE s.kind = 'RESOURCE' AND NOT p.superseded;

CREATE VIEW telestep_store.attempt_state AS
SELECT a.run_id, a.no, a.attempt, coalesce(a.started_ns, a.first_ns) AS start_ns, a.heard_ns, a.resource,
  a.rows_logged, a.error_stack, e.ended,
  CASE WHEN e.ended THEN a.status
    WHEN telestep.at_ns(a.heard_ns) < now() - 3 * coalesce(nullif(a.heartbeat_ms, 0), 10000) * interval '1 millisecond'
    THEN 'unreachable' ELSE 'running' END AS status,
  CASE WHEN e.ended THEN a.ended_ns END AS ended_ns,
  CASE WHEN e.ended THEN a.error_type END AS error_type,
  CASE WHEN e.ended THEN a.error_message END AS error_message
FROM telestep_store.attempt a
CROSS JOIN LATERAL (
  SELECT a.status IS NOT NULL AND a.ended_ns >= coalesce(a.restarted_ns, a.ended_ns) AS ended) e;

CREATE VIEW telestep.attempts AS
SELECT run_id, attempt, row_number() OVER (PARTITION BY run_id ORDER BY start_ns, attempt)::int AS number, status,
  telestep.at_ns(start_ns) AS started_at, telestep.at_ns(ended_ns) AS ended_at, rows_logged, error_type, error_message
FROM telestep_store.attempt_state;

CREATE VIEW telestep.runs AS
SELECT r.run_id, coalesce(r.name, r.run_id) AS name, coalesce(r.project, 'default') AS project, r.group_name, a.status,
  CASE WHEN r.epoch / nullif(r.overall_epochs, 0) IS NOT NULL THEN least(1, r.epoch / nullif(r.overall_epochs, 0))
    WHEN r.step::float8 / nullif(r.overall_steps, 0) IS NOT NULL
    THEN least(1, r.step::float8 / nullif(r.overall_steps, 0)) END AS progress,
  r.epoch, r.overall_epochs, r.step, r.overall_steps,
  CASE WHEN a.status = 'running' THEN CASE WHEN r.overall_epochs > 0 AND r.epoch IS NOT NULL
    THEN greatest(0, r.overall_epochs - r.epoch) * ((r.epoch_ns - r.epoch_base_ns) / 1e9::float8)
      / nullif(greatest(0, r.epoch - r.epoch_base), 0)
    WHEN r.overall_steps > 0
    THEN greatest(0, r.overall_steps - r.step) * ((r.step_ns - r.step_base_ns) / 1e9::float8)
      / nullif(greatest(0, r.step - r.step_base), 0) END END AS eta_seconds,
  telestep.at_ns(r.started_ns) AS started_at, telestep.at_ns(a.ended_ns) AS ended_at,
  greatest(0, extract(epoch FROM CASE WHEN a.ended THEN telestep.at_ns(a.ended_ns)
    WHEN a.status = 'unreachable' THEN telestep.at_ns(a.heard_ns) ELSE now() END
    - telestep.at_ns(r.started_ns)))::float8 AS duration_s,
  coalesce(r.tags, '[]') AS tags,
  (SELECT coalesce(jsonb_object_agg(p.name, p.value), '{}') FROM telestep_store.parameter p
    WHERE p.run_id = r.run_id) AS params,
  a.resource ->> 'host.name' AS host,
  coalesce(a.error_type || ': ' || a.error_message, a.error_type, a.error_message) AS error
FROM telestep_store.run r
JOIN telestep_store.attempt_state a ON a.run_id = r.run_id AND a.no = r.head;

CREATE VIEW telestep.run_metrics AS
SELECT s.run_id, s.label AS key, m.last, CASE WHEN m.has_free AND m.last_step IS NULL AND m.n > 0 THEN (
    SELECT p.step FROM telestep_store.stepped p WHERE p.run_id = s.run_id AND p.series = s.series
      AND p.time_ns = m.last_ns AND NOT p.superseded LIMIT 1) ELSE m.last_step END AS last_step,
  m.min, CASE WHEN m.has_free AND m.min_step IS NULL AND m.min IS NOT NULL THEN (
    SELECT p.step FROM telestep_store.stepped p WHERE p.run_id = s.run_id AND p.series = s.series
      AND p.time_ns = m.min_ns AND NOT p.superseded LIMIT 1) ELSE m.min_step END AS min_step,
  m.max, CASE WHEN m.has_free AND m.max_step IS NULL AND m.max IS NOT NULL THEN (
    SELECT p.step FROM telestep_store.stepped p WHERE p.run_id = s.run_id AND p.series = s.series
      AND p.time_ns = m.max_at_ns AND NOT p.superseded LIMIT 1) ELSE m.max_step END AS max_step,
  telestep.mean_of(m.sum, m.sum_huge, m.n - m.nonfinite) AS mean, m.n, m.nonfinite
FROM telestep_store.series s
JOIN telestep_store.series_summary m ON m.run_id = s.run_id AND m.series = s.series
WHERE s.kind = 'METRIC' AND m.n > 0;

CREATE VIEW telestep.parameters AS SELECT run_id, name AS key, value FROM telestep_store.parameter;

-- Texts follow the rules of the numbers.
CREATE VIEW telestep.texts AS
SELECT s.run_id, s.label AS key, p.step, telestep.at_ns(p.time_ns) AS time, p.value, p.time_ns
FROM telestep_store.series s
JOIN telestep_store.series_summary m ON m.run_id = s.run_id AND m.series = s.series
CROSS JOIN LATERAL (
  SELECT d.step, d.time_ns, d.value, coalesce(d.step >= min(d.step) OVER (
    ORDER BY coalesce(a.started_ns, a.first_ns) DESC, a.attempt DESC
    GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), false) AS superseded
  FROM (
    SELECT DISTINCT ON (w.attempt, w.step, w.free_ns) w.attempt, w.step, w.time_ns, w.value
    FROM (
      SELECT u.*, u.value IS DISTINCT FROM lag(u.value) OVER (
        PARTITION BY u.attempt, u.step, u.free_ns ORDER BY u.time_ns, u.seq) AS changed
      FROM (
        SELECT t.*, CASE WHEN t.step IS NULL THEN t.time_ns END AS free_ns
        FROM telestep_store.text_point t
        WHERE t.run_id = s.run_id AND t.series = s.series AND t.time_ns >= m.reset_ns) u) w
    WHERE w.changed
    ORDER BY w.attempt, w.step, w.free_ns, w.time_ns DESC, w.seq DESC) d
  JOIN telestep_store.attempt a ON a.run_id = s.run_id AND a.no = d.attempt) p
WHERE NOT p.superseded;

CREATE VIEW telestep.logs AS
SELECT run_id, time, CASE WHEN severity BETWEEN 1 AND 4 THEN 'TRACE' WHEN severity BETWEEN 5 AND 8 THEN 'DEBUG'
    WHEN severity BETWEEN 13 AND 16 THEN 'WARN' WHEN severity BETWEEN 17 AND 20 THEN 'ERROR'
    WHEN severity >= 21 THEN 'FATAL' ELSE 'INFO' END AS severity,
  body, id, stream, time_ns
FROM telestep_store.log_line;

CREATE VIEW telestep.events AS
SELECT a.run_id, a.started_at AS time, NULL::timestamptz AS time_end,
  CASE WHEN a.number = 1 THEN 'start' ELSE 'resume' END AS kind,
  CASE WHEN a.number = 1 THEN 'Run started' ELSE 'Resumed, attempt ' || a.number END AS text
FROM telestep.attempts a
UNION ALL
SELECT a.run_id, a.ended_at, NULL, 'end', 'Attempt ' || a.number || ' ' || a.status
  || coalesce(': ' || a.error_type, '') || coalesce(': ' || a.error_message, '')
FROM telestep.attempts a
WHERE a.ended_at IS NOT NULL;

-- Holds nothing until artifacts are stored.
CREATE VIEW telestep.artifacts AS
SELECT NULL::text AS run_id, NULL::text AS name, NULL::text AS type, NULL::int AS version, NULL::text AS alias,
  NULL::bigint AS bytes, NULL::text AS sha256, NULL::timestamptz AS created_at
WHERE false;

-- A curve on one grid that all runs share. Buckets are whole numbers wide where x is whole (a readable step in the
-- tooltip). mean, min, max and last are of the finite values; smooth is the moving average of the means.
-- Unknown runs, metrics and axes give no rows.
CREATE FUNCTION telestep.curve(runs text[], metric text, x_axis text DEFAULT 'step', smoothing float8 DEFAULT 0,
  x_from float8 DEFAULT NULL, x_to float8 DEFAULT NULL, buckets int DEFAULT 400)
RETURNS TABLE(x float8, run_id text, run text, mean float8, min float8, max float8, last float8, smooth float8,
  nonfinite bigint)
LANGUAGE plpgsql STABLE SET jit = off AS $fn$
DECLARE
  source text := CASE coalesce(x_axis, 'step')
    WHEN 'step' THEN $q$
      SELECT p.run_id, p.step::float8 AS x, p.value, p.time_ns FROM telestep.points p
      WHERE p.run_id = ANY ($1) AND p.key = $2 AND p.step IS NOT NULL $q$
    WHEN 'time' THEN $q$
      SELECT p.run_id, (p.time_ns - (extract(epoch FROM r.started_at) * 1000000)::bigint * 1000) / 1e9::float8 AS x,
        p.value, p.time_ns
      FROM telestep.points p JOIN telestep.runs r ON r.run_id = p.run_id
      WHERE p.run_id = ANY ($1) AND p.key = $2 $q$
    WHEN 'epoch' THEN $q$
      SELECT g.run_id, g.x, g.value, g.time_ns
      FROM (
        SELECT c.run_id, c.is_point, c.value, c.time_ns,
          first_value(c.epoch) OVER (PARTITION BY c.run_id, c.tick ORDER BY c.time_ns, c.is_point) AS x
        FROM (
          SELECT u.*, count(*) FILTER (WHERE NOT u.is_point) OVER (
            PARTITION BY u.run_id ORDER BY u.time_ns, u.is_point ROWS UNBOUNDED PRECEDING) AS tick
          FROM (
            SELECT p.run_id, true AS is_point, p.time_ns, p.value, NULL::float8 AS epoch FROM telestep.points p
            WHERE p.run_id = ANY ($1) AND p.key = $2
            UNION ALL
            SELECT p.run_id, false, p.time_ns, NULL, p.value FROM telestep.points p
            WHERE p.run_id = ANY ($1) AND p.key = 'epoch') u) c) g
      WHERE g.is_point $q$
    ELSE $q$
      SELECT u.run_id, max(u.x) AS x, max(u.value) AS value, u.time_ns  -- a join of unnested arrays is planned as nested loops
      FROM (
        SELECT p.run_id, p.attempt, p.time_ns, p.value, NULL::float8 AS x FROM telestep.points p
        WHERE p.run_id = ANY ($1) AND p.key = $2
        UNION ALL
        SELECT p.run_id, p.attempt, p.time_ns, NULL, p.value FROM telestep.points p
        WHERE p.run_id = ANY ($1) AND p.key = $7) u
      GROUP BY u.run_id, u.attempt, u.time_ns HAVING count(u.x) > 0 AND count(u.value) > 0 $q$ END;
BEGIN
  RETURN QUERY EXECUTE 'WITH raw AS MATERIALIZED (' || source || $q$),
    lim AS MATERIALIZED (
      SELECT r.run_id, r.x, r.time_ns, CASE WHEN telestep.is_finite(r.value) THEN r.value END AS v FROM raw r
      WHERE abs(r.x) <= 1e300 AND ($4 IS NULL OR r.x >= $4) AND ($5 IS NULL OR r.x <= $5)),
    rng AS (
      SELECT min(l.x) AS lo, (max(l.x) - min(l.x)) AS span, $8 = 'step' OR bool_and(l.x = floor(l.x)) AS whole FROM lim l),
    grid AS (
      SELECT lo, CASE WHEN whole THEN greatest(1, ceil((span + 1) / $6))
        ELSE greatest(span / $6, 1e-9) END AS w FROM rng),
    cell AS (
      SELECT l.run_id, least(floor((l.x - g.lo) / g.w), $6 - 1) AS i,
        max(ARRAY[l.x, l.time_ns, l.v]) FILTER (WHERE l.v IS NOT NULL) AS newest,
        sum(CASE WHEN abs(l.v) < 1e290 THEN l.v END) AS total, sum(CASE WHEN abs(l.v) >= 1e290 THEN l.v / 1e30 END) AS huge,
        count(l.v) AS n, count(*) - count(l.v) AS bad, min(l.v) AS least, max(l.v) AS most
      FROM lim l CROSS JOIN grid g GROUP BY 1, 2),
    point AS (
      SELECT c.run_id, g.lo + c.i * g.w AS x, telestep.mean_of(c.total, c.huge, c.n) AS mean, c.least, c.most,
        c.newest[3] AS last, c.bad
      FROM cell c CROSS JOIN grid g)
    SELECT p.x, p.run_id, r.name, p.mean, p.least, p.most, p.last,
      telestep.ema(p.mean, 1 - $3) OVER (PARTITION BY p.run_id ORDER BY p.x), p.bad
    FROM point p JOIN telestep.runs r ON r.run_id = p.run_id
    ORDER BY p.x, r.started_at, p.run_id $q$
  USING runs, metric, least(greatest(coalesce(smoothing, 0), 0), 0.999), x_from, x_to,
    least(greatest(coalesce(buckets, 400), 1), 10000)::float8, x_axis, coalesce(x_axis, 'step');
END $fn$;

-- The means of at most n buckets of equal width by step, as a JSON array: a sparkline.
CREATE FUNCTION telestep.spark(run text, metric text, n int DEFAULT 40) RETURNS jsonb
LANGUAGE plpgsql STABLE SET jit = off AS $fn$
BEGIN
  RETURN (
    WITH raw AS MATERIALIZED (
      SELECT p.step::float8 AS x, p.value FROM telestep.points p
      WHERE p.run_id = run AND p.key = metric AND p.step IS NOT NULL AND telestep.is_finite(p.value)),
    grid AS (
      SELECT min(x) AS lo, greatest(1, ceil((max(x) - min(x) + 1) / least(greatest(coalesce(n, 40), 1), 1000))) AS w
      FROM raw),
    cell AS (
      SELECT floor((r.x - g.lo) / g.w) AS i, sum(CASE WHEN abs(r.value) < 1e290 THEN r.value END) AS total,
        sum(CASE WHEN abs(r.value) >= 1e290 THEN r.value / 1e30 END) AS huge, count(*) AS points
      FROM raw r CROSS JOIN grid g GROUP BY 1)
    SELECT jsonb_agg(telestep.mean_of(c.total, c.huge, c.points) ORDER BY c.i) FROM cell c);
END $fn$;

-- How many distinct row timestamps of each attempt are stored, shown or not; compare with rows_logged. Runs with its
-- owner's rights, because no view shows what is hidden.
CREATE FUNCTION telestep.rows_stored(run text) RETURNS TABLE(attempt text, rows bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  RETURN QUERY
    SELECT a.attempt, count(DISTINCT t.time_ns)
    FROM telestep_store.attempt a
    LEFT JOIN (
      SELECT k.attempt, unnest(k.times) AS time_ns
      FROM (
        SELECT DISTINCT c.attempt, c.times
        FROM telestep_store.series s
        JOIN telestep_store.chunk c ON c.run_id = s.run_id AND c.series = s.series
        WHERE s.run_id = run AND s.kind = 'METRIC') k
      UNION ALL
      SELECT p.attempt, p.time_ns FROM telestep_store.text_point p WHERE p.run_id = run) t ON t.attempt = a.no
    WHERE a.run_id = run
    GROUP BY a.attempt;
END $fn$;
