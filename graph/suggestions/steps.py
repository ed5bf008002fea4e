"""The step `text.suggestions`, where the section `text` asks for it."""

from graph.suggestions.entities import store_entities
from graph.suggestions.mining import mine
from graph.suggestions.names import names_seen
from graph.texts.entities import load_entities
from graph.texts.experience import reading_of
from graph.texts.lexicons import open_lexicon
from graph.texts.tagging import Reader
from nlp.spec import Suggestions, Text
from weft.steps import Made, Step, Work

SUGGESTIONS = "text.suggestions"
READ, NER = "text.tags", "text.ner"


def steps(text: Text) -> tuple[Step, ...]:
    """Give the step of mining, or none."""
    section = text.suggestions
    if section is None:
        return ()

    def run(work: Work) -> Made:
        return _mine(work, text, section)

    parts = text.model_dump(mode="json", include={"languages", "stop_words", "suggestions"})
    reads = ("event", "tag")  # tags of items come by `text.tags`, which would make this run twice
    needs = (READ, NER) if text.ner else (READ,)
    return (Step(SUGGESTIONS, parts, run, reads=reads, needs=needs),)


def _mine(work: Work, text: Text, section: Suggestions) -> Made:
    known = open_lexicon(work.connection, frozenset(text.languages))
    reading = reading_of(text)
    metrics = mine(work.connection, section, known.lexicon, reading, work.moment)
    if NER in work.inputs:
        ner = load_entities(work.connection, work.inputs[NER])
        seen = names_seen(work.connection, Reader(text, known.lexicon, reading, ner))
        new = store_entities(work.connection, seen, work.moment, section.at_least)
        metrics = {**metrics, "entity": float(new)}
    work.say(f"{sum(metrics.values()):,.0f} suggestions are open")
    return Made(metrics=metrics)
