"""Where records come from: one parser and one TOML for each list, and the import of files."""
