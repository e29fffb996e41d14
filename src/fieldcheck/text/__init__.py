"""Reading words: normalising, identifiers, measurements, dates, names and concepts. No I/O but the lexicon."""
