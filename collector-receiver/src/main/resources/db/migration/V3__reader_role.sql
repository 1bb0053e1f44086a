-- Makes the role of the dashboards and grants it the schema `telestep`, nothing else. Called at every start, so that
-- the role may also be made by hand later. What the owner may not do is a warning, not an error: returns the warnings.
CREATE FUNCTION telestep_store.prepare_reader() RETURNS SETOF text LANGUAGE plpgsql AS $fn$
DECLARE
  statement text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'telestep_ro') THEN
    BEGIN
      CREATE ROLE telestep_ro LOGIN CONNECTION LIMIT 30;
    EXCEPTION
      WHEN insufficient_privilege THEN
        RETURN NEXT 'may not create the role telestep_ro (' || SQLERRM || '): create it by hand for Grafana';
        RETURN;
      WHEN duplicate_object OR unique_violation THEN NULL;  -- another receiver was first
    END;
  END IF;
  FOREACH statement IN ARRAY ARRAY[
    'ALTER ROLE telestep_ro CONNECTION LIMIT 30',
    'ALTER ROLE telestep_ro SET default_transaction_read_only = on',
    'ALTER ROLE telestep_ro SET statement_timeout = ''20s''',
    'ALTER ROLE telestep_ro SET jit = off',
    'GRANT USAGE ON SCHEMA telestep TO telestep_ro',
    'GRANT SELECT ON ALL TABLES IN SCHEMA telestep TO telestep_ro',
    'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA telestep TO telestep_ro'] LOOP
    BEGIN
      EXECUTE statement;
    EXCEPTION WHEN insufficient_privilege OR internal_error THEN  -- the latter: "tuple concurrently updated"
      RETURN NEXT statement || ' failed: ' || SQLERRM;
    END;
  END LOOP;
END $fn$;

REVOKE ALL ON FUNCTION telestep_store.prepare_reader() FROM PUBLIC;
