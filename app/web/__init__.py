"""Plain HTTP beside GraphQL: health and the static pages."""
