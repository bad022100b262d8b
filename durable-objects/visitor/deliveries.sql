-- Every delivery to this visitor: what was decided, what was said, and its fate. `version` is the visitor's own
-- version at the last change: what is newer than the confirmed one is owed to D1.
CREATE TABLE deliveries (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID;
