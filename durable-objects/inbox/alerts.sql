-- What triggers told the operators and nobody has dealt with. One that is done keeps its row, so that it never comes again.
CREATE TABLE alerts (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  alert TEXT
);
