-- Who is on the site: one row for each visitor, until the lease ends.
CREATE TABLE leases (
  visitor TEXT PRIMARY KEY,
  until INTEGER NOT NULL,
  present TEXT NOT NULL
) WITHOUT ROWID;
