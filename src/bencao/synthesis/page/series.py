"""The page of a series: what is shared, every step once, and the route of each target."""

from __future__ import annotations

from bencao.kernel.errors import InputError
from bencao.kernel.report import Facts, Figure, Note, Report, Section, Table, Text, render
from bencao.synthesis.page.comparison import Columns, Rows
from bencao.synthesis.page.picture import molecule_svg, route_svg
from bencao.synthesis.page.words import LANGUAGES, WORDS, Language, class_name, figures_of, warning_in_words
from bencao.synthesis.series.result import Series, SeriesMember


def render_series(series: Series, language: Language = "en") -> str:
    """The page of a series as HTML that holds all it shows.

    Parameters
    ----------
    series : Series
    language : {"en", "zh"}

    Returns
    -------
    str

    Raises
    ------
    InputError
        Another language.
    """
    if language not in LANGUAGES:
        raise InputError(f"a page in {language!r}", where="lang", mend=f"give one of {', '.join(LANGUAGES)}")
    words = WORDS[language]
    report = Report(
        title=words["series title"].format(count=len(series.members)),
        subtitle=words["series subtitle"],
        sections=(
            _summary(series, language),
            *_shared(series, language),
            Section(
                words["series all"],
                (Table(*step_rows(series, language), words["series all table"].format(apart=series.steps_apart)),),
            ),
            *(_member(number, member, language) for number, member in enumerate(series.members, start=1)),
            Section(words["limits"], (Text(words["limits text"]),)),
        ),
        provenance=series.provenance,
        language=language,
    )
    return render(report)


def series_in_words(series: Series, language: Language = "en") -> str:
    """How many targets are solved, in how many steps."""
    return WORDS[language]["series summary"].format(
        solved=series.solved,
        count=len(series.members),
        together=series.steps_together,
        apart=series.steps_apart,
    )


def step_rows(series: Series, language: Language = "en") -> tuple[Columns, Rows]:
    """Every step of a series once: names of the columns, and a row a step in the order in which they are done."""
    words = WORDS[language]
    columns = ("step", "class", "probability", "series product", "series reactants", "series step for")
    rows = tuple(
        (
            number,
            class_name(step.proposal, language),
            round(step.proposal.probability, 4),
            step.product,
            step.proposal.reactants,
            _numbers(step.members),
        )
        for number, step in enumerate(series.steps, start=1)
    )
    return tuple(words[column] for column in columns), rows


def _numbers(members: tuple[int, ...]) -> str:
    return ", ".join(str(place + 1) for place in members)


def _summary(series: Series, language: Language) -> Section:
    words = WORDS[language]
    facts: tuple[tuple[str, str | int | float | bool | None], ...] = (
        (words["series targets"], len(series.members)),
        (words["series solved"], series.solved),
        (words["series together"], series.steps_together),
        (words["series apart"], series.steps_apart),
        (words["series saved"], series.steps_apart - series.steps_together),
        (words["series to buy"], series.purchases_together),
        (words["series to buy apart"], series.purchases_apart),
        (words["reproducible"], series.reproducible),
    )
    columns = ("target", "series name", "smiles", "steps", "series alone")
    rows = tuple(
        (number, member.name or None, member.given, member.steps or None, member.steps_alone or None)
        for number, member in enumerate(series.members, start=1)
    )
    return Section(words["series targets"], (Facts(facts), Table(tuple(words[column] for column in columns), rows)))


def _shared(series: Series, language: Language) -> tuple[Section, ...]:
    words = WORDS[language]
    figures = tuple(
        Figure(
            molecule_svg(step.product),
            words["series shared caption"].format(smiles=step.product, members=_numbers(step.members)),
        )
        for step in series.shared
    )
    return (Section(words["series shared"], (Text(words["series shared text"]), *figures)),) if figures else ()


def _member(number: int, member: SeriesMember, language: Language) -> Section:
    words = WORDS[language]
    heading = words["series target"].format(number=number, name=member.name or member.given)
    if member.plan is None:
        return Section(heading, (Note(str(member.error)),))
    warnings = tuple(Note(warning_in_words(warning, language)) for warning in member.plan.warnings)
    if not member.plan.routes:
        return Section(heading, (*warnings, Note(words["no route"])))
    route = member.plan.routes[0]
    missing = () if route.solved else (Note(words["unsolved"]),)
    steps = words["series steps"].format(steps=member.steps, alone=member.steps_alone)
    caption = f"{steps}. {figures_of(route, language)}" if route.solved else figures_of(route, language)
    return Section(heading, (*warnings, *missing, Figure(route_svg(route, language), caption, scroll=True)))
