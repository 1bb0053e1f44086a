-- The tables behind the schema `telestep`. Every key begins with run_id and no key, reference or sequence spans runs,
-- so that the tables can be distributed by run_id.
--
-- Whoever writes to a run holds the lock of its row in `run` until commit. So counters inside a run need no sequence
-- (series numbers, attempt numbers, log_line.id), their order is the order of commits, and summaries cannot be torn.
-- Times are nanoseconds since the epoch; a column named *_ns beside a value says when that value was set.

CREATE TABLE telestep_store.run (
  run_id            text COLLATE "C" PRIMARY KEY,
  name              text,
  name_ns           bigint,
  project           text,
  project_ns        bigint,
  group_name        text,
  group_ns          bigint,
  tags              jsonb,
  tags_ns           bigint,
  started_ns        bigint NOT NULL,
  head              smallint,                    -- number of the newest attempt
  epoch             float8,
  epoch_ns          bigint,
  overall_epochs    float8,
  overall_epochs_ns bigint,
  step              bigint,
  step_ns           bigint,
  overall_steps     bigint,
  overall_steps_ns  bigint,
  -- samples of epoch and step, a minute apart or more: the recent rate is measured from *_base to the newest value
  epoch_mark        float8,
  epoch_mark_ns     bigint,
  epoch_base        float8,
  epoch_base_ns     bigint,
  step_mark         float8,
  step_mark_ns      bigint,
  step_base         float8,
  step_base_ns      bigint,
  commits           bigint NOT NULL DEFAULT 0,   -- the last chunk.seq
  log_lines         bigint NOT NULL DEFAULT 0    -- the last id given to a log line
) WITH (fillfactor = 70);

CREATE INDEX run_by_name ON telestep_store.run USING hash (name);  -- a name may be too long for a B-tree

CREATE TABLE telestep_store.attempt (
  run_id          text COLLATE "C" NOT NULL,
  no              smallint NOT NULL,
  attempt         text COLLATE "C" NOT NULL,
  first_ns        bigint NOT NULL,               -- time of its earliest record
  started_ns      bigint,                        -- earliest start it reported
  restarted_ns    bigint,                        -- latest start it reported
  heartbeat_ms    bigint,
  heard_ns        bigint NOT NULL,               -- when a receiver last heard of it
  ended_ns        bigint,
  status          text,                          -- null: has not ended
  error_type      text,
  error_message   text,
  error_stack     text,
  rows_logged     bigint,
  rows_logged_ns  bigint,
  resource        jsonb NOT NULL DEFAULT '{}',
  resource_ns     bigint,
  PRIMARY KEY (run_id, no),
  UNIQUE (run_id, attempt)
) WITH (fillfactor = 70);

CREATE TABLE telestep_store.series (
  run_id      text COLLATE "C" NOT NULL,
  series      integer NOT NULL,
  key         text COLLATE "C" NOT NULL,
  attributes  jsonb NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('METRIC', 'RESOURCE')),
  label       text COLLATE "C" NOT NULL,         -- key, or key{name=value,…}
  digest      uuid NOT NULL,                     -- of key, attributes and kind
  PRIMARY KEY (run_id, series),
  UNIQUE (run_id, digest)
);

CREATE INDEX series_by_label ON telestep_store.series (run_id, label);

-- One row per series: what is known of its points without reading them. While `dirty`, only reset_ns, max_ns,
-- repeated and has_free can be relied on; the refresher sets the others right from the points.
CREATE TABLE telestep_store.series_summary (
  run_id      text COLLATE "C" NOT NULL,
  series      integer NOT NULL,
  reset_ns    bigint NOT NULL DEFAULT -9223372036854775808,  -- points older than this are hidden
  max_ns      bigint NOT NULL DEFAULT -9223372036854775808,  -- time of the newest point, shown or not
  repeated    boolean NOT NULL DEFAULT false,    -- an attempt may have written an identity more than once
  has_free    boolean NOT NULL DEFAULT false,    -- has points without a step
  dirty       boolean NOT NULL DEFAULT false,
  attempt     smallint,                          -- the newest attempt with points
  top_step    bigint,                            -- that attempt's greatest step
  top_free_ns bigint,                            -- time of the newest point without a step
  n           bigint NOT NULL DEFAULT 0,         -- points shown, the non-finite ones included
  nonfinite   bigint NOT NULL DEFAULT 0,
  sum         float8 NOT NULL DEFAULT 0,         -- of the finite values of magnitude below 1e290
  sum_huge    float8 NOT NULL DEFAULT 0,         -- of the others, in units of 1e30
  min         float8,
  min_step    bigint,
  min_ns      bigint,
  max         float8,
  max_step    bigint,
  max_at_ns   bigint,
  last        float8,
  last_step   bigint,
  last_ns     bigint,
  PRIMARY KEY (run_id, series)
) WITH (fillfactor = 50);

CREATE INDEX series_summary_dirty ON telestep_store.series_summary (run_id, series) WHERE dirty;

-- The points of one series and attempt that one commit brought, sorted by step (by time when they have none).
CREATE TABLE telestep_store.chunk (
  run_id     text COLLATE "C" NOT NULL,
  series     integer NOT NULL,
  attempt    smallint NOT NULL,
  seq        bigint NOT NULL,                    -- which commit of the run brought it
  n          integer NOT NULL,
  first_step bigint,
  last_step  bigint,
  first_ns   bigint NOT NULL,                    -- least and greatest time
  last_ns    bigint NOT NULL,
  steps      bigint[],                           -- null: points without a step
  times      bigint[] NOT NULL,
  vals       float8[] NOT NULL
);

-- Not compressed: that costs several times the CPU of everything else here and spares a fifth of the bytes.
ALTER TABLE telestep_store.chunk
  ALTER COLUMN steps SET STORAGE EXTERNAL,
  ALTER COLUMN times SET STORAGE EXTERNAL,
  ALTER COLUMN vals SET STORAGE EXTERNAL;

CREATE INDEX chunk_by_series ON telestep_store.chunk (run_id, series, attempt, seq);

CREATE TABLE telestep_store.text_point (
  run_id   text COLLATE "C" NOT NULL,
  series   integer NOT NULL,
  attempt  smallint NOT NULL,
  step     bigint,
  time_ns  bigint NOT NULL,
  seq      bigint NOT NULL,
  value    text NOT NULL,
  UNIQUE NULLS NOT DISTINCT (run_id, series, attempt, step, time_ns)
);

CREATE TABLE telestep_store.parameter (
  run_id   text COLLATE "C" NOT NULL,
  name     text COLLATE "C" NOT NULL,
  value    text NOT NULL,
  time_ns  bigint NOT NULL,
  PRIMARY KEY (run_id, name)
);

CREATE TABLE telestep_store.log_line (
  run_id    text COLLATE "C" NOT NULL,
  id        bigint NOT NULL,
  time      timestamptz NOT NULL,
  time_ns   bigint NOT NULL,
  attempt   smallint NOT NULL,
  severity  smallint NOT NULL,
  stream    text NOT NULL,
  body      text NOT NULL,
  digest    uuid NOT NULL,                       -- of severity, stream, body and repetition within the request
  PRIMARY KEY (run_id, id),
  UNIQUE (run_id, time_ns, attempt, digest)
);

CREATE INDEX log_line_by_time ON telestep_store.log_line (run_id, time, id);

-- Requests that were stored, for as long as a client may send one again.
CREATE TABLE telestep_store.request (
  run_id      text COLLATE "C" NOT NULL,
  request_id  uuid NOT NULL,
  stored_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, request_id)
);

CREATE INDEX request_by_age ON telestep_store.request USING brin (stored_at);
