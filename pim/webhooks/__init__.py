"""What happened, kept for whoever is to be told. Delivery itself doesn't exist yet."""
