"""Example results for tests of reports: builders, and hypothesis strategies for any result at all."""

from dataclasses import replace

from hypothesis import strategies as st

from fieldcheck.cache.info import Installed, ListInfo
from fieldcheck.models import (
    Band,
    Candidate,
    Channel,
    ControlledLine,
    ControlledState,
    DataLine,
    Evidence,
    EvidenceKind,
    Fingerprint,
    IndicatorsLine,
    Item,
    Lines,
    ListDates,
    ListedLine,
    ListedState,
    Paper,
    PapersLine,
    PapersState,
    PaperState,
    Photo,
    Record,
    Result,
    Rule,
    Status,
    Strength,
    Verdict,
)
from fieldcheck.report.sanitise import plain
from fieldcheck.report.views import ListStatus, RecordView
from fieldcheck.wording import sentence, sentences

ARABIC = "إناء فخاري ذو مقبضين من مجموعة 1897-42"

FBI = ListDates("fbi", "FBI National Stolen Art File", "2026-11-01", "2026-11-20T08:00:00Z", 4731, "9f3c2a")
STARTER = ListDates("starter", "Starter list", "2026-10-01", "2026-10-01", 402, "1b2c3d", stale=True)
UKRAINE = ListDates("ukraine", "War and Sanctions", "", "2026-11-20T08:00:00Z", 2310, "aa", problem="it is damaged")

RULE = Rule(
    id="us-ml",
    name="19 CFR 12.104g: archaeological material from Mali",
    detail="needs an export certificate; in force to 2027-09-19",
    sources=("https://www.ecfr.gov/current/title-19/part-12",),
    seen="2026-11-10",
    verified=True,
)
WATCH = Rule(
    id="icom-west-africa",
    name="ICOM Red List, West Africa: Nok terracotta heads",
    detail="Nok terracotta heads",
    sources=("https://icom.museum/en/red-lists/",),
    seen="2026-11-09",
    verified=False,
)


def make_record(**changes: object) -> Record:
    drum = Record(
        id="01252",
        title="Slit drum with bearded figure",
        maker="Yaka artist",
        object_type="Musical instrument",
        materials=("wood",),
        measurements=("72.5 x 64.7 cm",),
        inventory_numbers=("1897-42",),
        period="19th century",
        description="A slit drum carved from one log; the head wears a beard and a comb.",
        stolen_on="1999-05-02",
        url="https://example.org/01252",
        images=("01252.jpg",),
        language="en",
        unverified=("period",),
    )
    return replace(drum, **changes)  # type: ignore[arg-type] # names and types are the test's own


def make_evidence() -> tuple[Evidence, ...]:
    return (
        Evidence(EvidenceKind.PHOTO, "a photograph that looks alike", "front.jpg", "01252.jpg", 5.2),
        Evidence(EvidenceKind.SIZE, "two sizes agree", "72.5 x 64.7 cm", "72.5 x 64.7 cm", 4.9),
        Evidence(
            EvidenceKind.TITLE,
            "part of the title agrees",
            "slit drum bearded",
            "Slit drum with bearded figure",
            4.25,
        ),
        Evidence(EvidenceKind.TYPE, "agrees", "drum", "drum", 3.1),
        Evidence(EvidenceKind.DATE, "the date agrees", "1800 to 1900", "19th century", 1.8),
        Evidence(EvidenceKind.WORDS, "words in the record", "comb log", "", 1.4),
        Evidence(EvidenceKind.MATERIAL, "differs", "bronze", "wood", -1.7),
        Evidence(EvidenceKind.WORDS, "words that the record does not have", "ivory", "", -0.9),
    )


def make_candidate(**changes: object) -> Candidate:
    evidence = make_evidence()
    candidate = Candidate(
        list_id="fbi",
        record=make_record(),
        strength=Strength.STRONG,
        score=round(sum(entry.weight for entry in evidence), 3),
        by=(Channel.PHOTO, Channel.TEXT),
        evidence=evidence,
    )
    return replace(candidate, **changes)  # type: ignore[arg-type] # names and types are the test's own


def make_shortlist(best: Strength = Strength.STRONG) -> tuple[Candidate, ...]:
    """Ten candidates: one of that strength, one possible that came back, and weak ones in two scripts."""
    titles = (
        "Slit drum",
        "Drum with two heads",
        ARABIC,
        "Gong stand",
        "Stool with carved figures, one foot broken off",
        "Neckrest",
        "木彫りの太鼓",
        "Comb",
    )
    weak = (
        make_candidate(
            record=Record(id=f"1897-{42 + place}", title=title),
            strength=Strength.WEAK,
            score=3.0 - place / 10,
            evidence=make_evidence()[3:4],
            by=(Channel.TEXT,),
        )
        for place, title in enumerate(titles)
    )
    came_back = make_candidate(
        list_id="starter",
        record=make_record(id="Q1234", title="Slit drum, Yaka", status=Status.RECOVERED),
        strength=Strength.POSSIBLE,
        score=8.1,
        by=(Channel.TEXT,),
        alike=3,
    )
    return (make_candidate(strength=best), came_back, *weak)


def make_item() -> Item:
    return Item(
        ref="box-7",
        text="bearded slit drum, bronze fittings, 72.5 x 64.7 cm",
        object_type="drum",
        origin="CD",
        sent_from="CD",
        sent_to="BE",
        papers=(Paper("export licence", PaperState.MISSING),),
        photos=(
            Photo("front.jpg", "ab" * 32, fingerprint=Fingerprint((), ())),
            Photo("back.jpg", "cd" * 32, why_not="it is too dark; photograph it again in better light"),
        ),
    )


def make_lines(
    listed: ListedState = ListedState.NONE_FOUND,
    controlled: ControlledState = ControlledState.UNKNOWN,
    papers: PapersState = PapersState.NOT_ASKED,
) -> Lines:
    """Lines in these states, each in the words that a check uses."""
    names = {
        "title": "Slit drum with bearded figure",
        "list": "fbi",
        "record": "01252",
        "reason": "No list could be asked.",
    }
    names |= {
        "records": "7,443",
        "lists": "fbi, starter",
        "rule": RULE.name,
        "origin": "CD",
        "kinds": "export licence",
    }
    watched = controlled in {ControlledState.CONTROLLED_HERE, ControlledState.WATCH_LIST}
    control = "unknown_type" if controlled is ControlledState.UNKNOWN else controlled.value
    return Lines(
        listed=ListedLine(
            listed,
            sentence("listed", listed, names),
            excluded=(sentence("listed", "compared", {"count": 118}),),
            not_checked=(sentence("listed", "photo_unusable", {"file": "back.jpg", "why": "it is too dark."}),),
        ),
        controlled=ControlledLine(
            controlled,
            sentence("controlled", control, names),
            rules=(RULE, WATCH) if watched else (),
            look_for=("pierced eyes", "hollow body") if watched else (),
        ),
        papers=PapersLine(papers, sentence("papers", papers, names)),
        indicators=IndicatorsLine(sentence("indicators", "not_asked")),
        data=DataLine(
            sentence("data", "text", {"count": 2, "records": "5,133"}), (FBI, STARTER, UKRAINE), "2026-11-24"
        ),
    )


def make_result(band: Band = Band.HOLD_LISTED, lines: Lines | None = None, **changes: object) -> Result:
    names = {"title": "Slit drum with bearded figure", "list": "fbi", "record": "01252", "rule": RULE.name}
    names |= {"papers": "missing", "reason": sentence("reason", "watch_list", {"rule": WATCH.name})}
    result = Result(
        result_id="3f9a0c12de45",
        tool_version="0.1.0",
        checked_on="2026-11-24",
        item=make_item(),
        verdict=Verdict(
            band=band,
            headline=sentence("headline", band, names),
            lines=lines or make_lines(ListedState.STRONG),
            next_steps=sentences("next_steps", band),
            would_change=(sentence("would_change", "compare", names),),
        ),
        candidates=make_shortlist(),
    )
    return replace(result, **changes)  # type: ignore[arg-type] # names and types are the test's own


def make_status(**changes: object) -> ListStatus:
    info = ListInfo("fbi", FBI.name, "FBI", "US government work", "none", "https://example.org/fbi", FBI.published)
    installed = Installed(info, FBI.version, "fbi/9f3c2a.db", "ab" * 32, FBI.records, 812, FBI.imported, "77aa00")
    return replace(ListStatus(installed), **changes)  # type: ignore[arg-type] # names and types are the test's own


def make_view(**changes: object) -> RecordView:
    return replace(RecordView(make_record(), FBI, "for law enforcement"), **changes)  # type: ignore[arg-type] # as above


_TEXTS = st.text(max_size=12).map(plain)
_NAMES = st.text(min_size=1, max_size=12).map(plain)
_MANY = st.lists(_TEXTS, max_size=2).map(tuple)
_NUMBERS = st.floats(-30, 30).map(lambda value: round(value, 3) + 0.0)
_PHOTOS = st.builds(
    Photo, _TEXTS, _TEXTS, _TEXTS, st.none() | st.just(Fingerprint((), ()))
)  # fmt: skip


def _papers() -> st.SearchStrategy[tuple[Paper, ...]]:
    papers = st.builds(Paper, _NAMES, st.sampled_from(PaperState))
    return st.lists(papers, max_size=2, unique_by=lambda paper: paper.kind).map(tuple)


def _filled(model: type, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Any value of a model whose fields are texts, texts in tuples, numbers, enums or other models."""
    for name, strategy in ((str, _TEXTS), (tuple[str, ...], _MANY), (float, _NUMBERS)):
        for field, hint in model.__annotations__.items():
            if hint == name:
                fields.setdefault(field, strategy)
    return st.builds(model, **fields)


def results() -> st.SearchStrategy[Result]:
    """Any result with visible texts and numbers of three decimals, as the contract keeps them."""
    evidence = st.lists(_filled(Evidence), max_size=2).map(tuple)
    candidates = _filled(Candidate, record=_filled(Record), evidence=evidence, by=st.just((Channel.TEXT,)))
    lines = st.builds(
        Lines,
        _filled(ListedLine),
        _filled(ControlledLine, rules=st.lists(_filled(Rule), max_size=2).map(tuple)),
        _filled(PapersLine),
        _filled(IndicatorsLine),
        _filled(DataLine, lists=st.lists(_filled(ListDates), max_size=2).map(tuple)),
    )
    return _filled(  # type: ignore[return-value] # the model is Result
        Result,
        item=_filled(Item, papers=_papers(), photos=st.lists(_PHOTOS, max_size=2).map(tuple)),
        verdict=_filled(Verdict, lines=lines),
        candidates=st.lists(candidates, max_size=2).map(tuple),
    )
