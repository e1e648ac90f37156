"""Plain HTTP: introspection, forward-auth, revocation, metadata, health, and the static pages."""
