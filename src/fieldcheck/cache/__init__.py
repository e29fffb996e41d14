"""The local cache: one immutable SQLite file for each version of a list, and the pointer to those in use."""
