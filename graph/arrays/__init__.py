"""The graph read out of Postgres into arrays, as fast as COPY gives it."""
