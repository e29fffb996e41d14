"""What a publisher does: building lists into packs, signing them and publishing a channel."""
