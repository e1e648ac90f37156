"""What PostgreSQL knows: connections, statements and rows, one module for each aggregate."""
