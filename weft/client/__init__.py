"""A client of the API for Python: `Client` waits, `AsyncClient` is for coroutines.

It needs httpx: `pip install weft[client]`. What goes wrong is one of `weft.errors`, by its code.
"""

from weft.client.answers import Page as Page
from weft.client.answers import Rejected as Rejected
from weft.client.answers import Removed as Removed
from weft.client.answers import Shown as Shown
from weft.client.answers import Tracked as Tracked
from weft.client.answers import Upserted as Upserted
from weft.client.asking import AsyncClient as AsyncClient
from weft.client.retrying import Retrying as Retrying
from weft.client.waiting import Client as Client
