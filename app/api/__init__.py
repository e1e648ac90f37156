"""GraphQL: shapes, and the way from HTTP to them. What happens is decided by the services."""
