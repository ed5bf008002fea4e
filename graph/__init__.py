"""Tables, taxonomy, ingest and the graph."""
