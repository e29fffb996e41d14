"""Bringing lists here from their publishers: fetch politely, stage, verify, and only then put in use."""
