"""What the service decides: application users, their tokens, and who may do what."""
