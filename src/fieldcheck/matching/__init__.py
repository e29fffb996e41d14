"""Candidates, evidence and strength: which records an item may be, and what says so."""
