CREATE TABLE operators (
  id TEXT PRIMARY KEY,
  card TEXT NOT NULL,
  status TEXT NOT NULL
) WITHOUT ROWID;
-- What each signed-in session has open on other objects, so that it can be closed there.
CREATE TABLE holds (
  session TEXT NOT NULL,
  operator TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (session, kind, id)
) WITHOUT ROWID;
-- Sessions that have ended: a socket that was on its way when they did is refused.
CREATE TABLE ended (
  session TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;
