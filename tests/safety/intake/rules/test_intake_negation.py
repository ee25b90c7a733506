"""What a sentence denies and whom it is about."""

from __future__ import annotations

import pytest

from bencao.safety.intake.rules.negation import about_of, denials_of


def denied(text: str, word: str) -> bool:
    start = text.index(word)
    return denials_of(text).covers(start, start + len(word))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("She denied fever or dyspnoea.", "dyspnoea"),
        ("There was no rash.", "rash"),
        ("No fever, chills, or cough was seen.", "cough"),
        ("The patient did not develop jaundice.", "jaundice"),
        ("Hepatitis was ruled out.", "Hepatitis"),
        ("He recovered without seizures.", "seizures"),
        ("患者否认发热、咳嗽。", "咳嗽"),
        ("查体未见皮疹。", "皮疹"),
        ("无恶心、呕吐、腹泻。", "腹泻"),
        ("无发热，无咳嗽。", "咳嗽"),
        ("没有出现皮疹。", "皮疹"),
        ("已排除肝炎。", "肝炎"),
        ("乙肝表面抗原阴性。", "乙肝表面抗原"),
    ],
)
def test_a_denial_reaches_what_it_denies(text: str, word: str) -> None:
    assert denied(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("She denied fever but developed a rash.", "rash"),
        ("There was no fever, however jaundice appeared.", "jaundice"),
        ("Hepatitis could not be ruled out.", "Hepatitis"),
        ("The pain was not only severe.", "pain"),
        ("She no longer had a headache and a rash appeared.", "rash"),
        ("患者否认发热，出现皮疹。", "皮疹"),
        ("患者出现双下肢无力、皮疹。", "皮疹"),
        ("患者无法行走、皮疹。", "皮疹"),
        ("不能排除肝炎。", "肝炎"),
        ("未见好转，皮疹加重。", "皮疹"),
        ("患者无明显诱因出现皮疹。", "皮疹"),
    ],
)
def test_a_denial_ends_where_the_sentence_turns(text: str, word: str) -> None:
    assert not denied(text, word)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Her mother had asthma.", "family"),
        ("There is a family history of epilepsy.", "family"),
        ("Similar cases have been reported.", "other"),
        ("She developed a rash.", "patient"),
        ("患者母亲有青霉素过敏史。", "family"),
        ("否认家族史。", "family"),
        ("文献报道该药可致肝损伤。", "other"),
        ("患者出现皮疹。", "patient"),
    ],
)
def test_a_sentence_says_whom_it_is_about(text: str, about: str) -> None:
    assert about_of(text) == about
