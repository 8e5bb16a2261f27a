"""Product segments: live groups of products, made by rules."""
