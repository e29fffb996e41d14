"""The officer's own log of checks and decisions: a chain of signed entries that shows what was changed since."""
