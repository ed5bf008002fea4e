"""Every edit of the taxonomy, as a console would send it; each is good after the ones before."""

ANSWER = "{ tag { key revision } change { verb tag item into revision author reason } }"


def edit(name: str, arguments: str) -> str:
    """Write a mutation that gives its reason."""
    return f'mutation {{ {name}({arguments}, reason: "so") {ANSWER} }}'


LABEL = 'label: {language: "en", text: "Sneakers", kind: "synonym"}'
EDITS = {
    "createTag": edit("createTag", 'key: "boots", facet: "category", parents: ["shoes"], '
                      'labels: [{language: "zh", text: "靴子"}]'),
    "renameTag": edit("renameTag", 'key: "shoes", basedOn: 1, language: "en", text: "Footwear"'),
    "addLabel": edit("addLabel", f'key: "shoes", basedOn: 2, {LABEL}'),
    "dropLabel": edit("dropLabel", f'key: "shoes", basedOn: 3, {LABEL}'),
    "moveTag": edit("moveTag", 'key: "shoes", basedOn: 4, parents: ["clothes"]'),
    "relateTags": edit("relateTags", 'key: "shoes", basedOn: 5, other: "acme"'),
    "unrelateTags": edit("unrelateTags", 'key: "acme", basedOn: 2, other: "shoes"'),
    "assignTag": edit("assignTag", 'item: "bare", tag: "boots"'),
    "unassignTag": edit("unassignTag", 'item: "s1", tag: "shoes"'),
    "mergeTag": edit("mergeTag", 'key: "boots", basedOn: 1, into: "shoes"'),
    "retireTag": edit("retireTag", 'key: "shoes", basedOn: 8'),
}  # fmt: skip
