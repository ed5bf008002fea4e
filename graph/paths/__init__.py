"""Questions to the graph where it stands: neighbours, paths, neighbourhoods, closeness.

Every function takes a `Connection`; a coroutine asks by `await connection.run_sync(function, …)`.
"""
