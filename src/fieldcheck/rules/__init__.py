"""Types at risk and what the law says of them: facts from ``data``, evaluated for one item, border and day."""
