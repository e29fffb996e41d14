"""Reading photos: opening them safely and taking their fingerprints."""
