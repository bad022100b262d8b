-- The append-only log. `visible` is the visitor's own numbering, where an object has one.
-- `state` holds what the row changed in the object's state, absolute by key, so that one row is one commit.
CREATE TABLE log (
  seq INTEGER PRIMARY KEY,
  visible INTEGER,
  entry TEXT NOT NULL,
  state TEXT NOT NULL
);
-- The state as of `seq`, folded from the log now and then; keys from '~' on are read only when asked for.
CREATE TABLE state (
  key TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  value TEXT NOT NULL
) WITHOUT ROWID;
