"""The GraphQL schema, one file for each subject."""
