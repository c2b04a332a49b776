"""Proper names as they stand in a text."""

from allegedly.link.proper import name_key, proper_names


def test_runs_of_capitalised_words_are_names() -> None:
    assert set(proper_names("Rockets hit Camp Alder on Monday. The captain of the Sea Wren 4 saw them.")) == {
        "camp-alder",
        "sea-wren-4",
    }


def test_countries_and_what_only_begins_a_sentence_are_none() -> None:
    assert not proper_names("Nobody in France said so. Later it rained.")
    assert proper_names("Orla fell. They left Orla.")["orla"] == 2


def test_accents_and_the_arabic_article_tell_nothing_apart() -> None:
    assert name_key("Al-Ḩasakah") == name_key("Hasakah")
