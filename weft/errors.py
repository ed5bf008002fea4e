"""Every error that Weft raises on purpose.

WeftError
├── SettingsError
├── SpecError                 many problems, each with file and line
├── DatabaseError
│   ├── DatabaseTooOld
│   ├── ExtensionMissing
│   └── DatabaseUnreachable
├── ImportFailed              a load that could not begin or, when strict, could not end
├── BuildError
│   ├── BuildRunning          somebody else is building
│   ├── StepFailed
│   ├── NothingToLearn        no data yet for what a step learns from
│   ├── PastNotKept           only today's state is kept of what was asked for
│   └── ReleaseBlocked        a monitor said no
├── NotFound
├── Conflict                  somebody else changed it in the meantime
├── Unauthenticated           the caller has no key that is good
├── Refused                   the caller may not do this
├── RateLimited               the caller asks for too much in too short a time
├── NotPersisted              no query is known by this hash
├── Unavailable               not now; perhaps in a moment
├── ChannelFailed             one way of finding candidates does not work; the others go on
└── BadRequest                the caller asked for what cannot be
"""


class WeftError(Exception):
    """Something went wrong in Weft."""

    code = "WEFT"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class SettingsError(WeftError):
    """A setting in the environment cannot be used."""

    code = "SETTINGS"


class SpecError(WeftError):
    """The spec has problems."""

    code = "SPEC"


class DatabaseError(WeftError):
    """The database cannot be used."""

    code = "DATABASE"


class DatabaseTooOld(DatabaseError):
    """The database is older than Weft needs."""


class ExtensionMissing(DatabaseError):
    """The extension `vector` is missing and may not be created."""


class DatabaseUnreachable(DatabaseError):
    """No database answers."""

    code = "UNAVAILABLE"


class ImportFailed(WeftError):
    """The load was given up."""

    code = "IMPORT"


class BuildError(WeftError):
    """The build did not finish."""

    code = "BUILD"


class BuildRunning(BuildError):
    """Somebody else is building."""


class StepFailed(BuildError):
    """A step failed."""


class NothingToLearn(BuildError):
    """There is no data yet to learn from."""


class PastNotKept(BuildError):
    """Of this, only what is so today is kept."""


class ReleaseBlocked(BuildError):
    """A monitor blocks the release."""


class NotFound(WeftError):
    """There is no such thing."""

    code = "NOT_FOUND"


class Conflict(WeftError):
    """Somebody else changed this in the meantime."""

    code = "CONFLICT"

    def __init__(self, message: str | None = None, sides: object = None) -> None:
        super().__init__(message)
        self.sides = sides


class Unauthenticated(WeftError):
    """A key is needed: `Authorization: Bearer weft_…`; make one with `weft keys create`."""

    code = "UNAUTHENTICATED"


class RateLimited(WeftError):
    """This key has asked for as much as it may for now."""

    code = "RATE_LIMITED"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"this key has asked for as much as it may; come again in {seconds} s")
        self.seconds = seconds


class NotPersisted(WeftError):
    """PersistedQueryNotFound"""

    code = "PERSISTED_QUERY_NOT_FOUND"


class Unavailable(WeftError):
    """This cannot be answered now; try again in a moment."""

    code = "UNAVAILABLE"


class Refused(WeftError):
    """This key may not do that."""

    code = "FORBIDDEN"


class ChannelFailed(WeftError):
    """A channel cannot answer."""

    code = "UNAVAILABLE"


class BadRequest(WeftError):
    """The request cannot be answered as it stands."""

    code = "BAD_REQUEST"
