"""Groups of persons by how much they had done before."""

COLD, LIGHT, HEAVY = "cold", "light", "heavy"
MANY = 20


def group_of(deeds: int) -> str:
    """Name the group of somebody who did so much: nothing, less than `MANY`, or more."""
    if not deeds:
        return COLD
    return HEAVY if deeds >= MANY else LIGHT
