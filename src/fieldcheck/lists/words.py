"""Words of other people's lists: for a status, for a column, and for having nothing to say."""

from collections.abc import Iterable
from difflib import get_close_matches

from fieldcheck.lists.tables import column_key
from fieldcheck.models import Status

_STATUS_WORDS = {
    Status.STOLEN: (
        "stolen", "looted", "theft", "plundered",
        "volé", "volée", "pillé", "pillée", "spolié", "spoliée",
        "gestohlen", "geraubt", "geplündert",
        "robado", "robada", "saqueado", "saqueada",
        "rubato", "rubata", "trafugato", "trafugata",
        "furtado", "furtada", "roubado", "roubada",
        "gestolen", "geroofd", "skradziony", "skradziona",
        "похищен", "похищена", "похищено", "украден", "украдена", "украдено",
        "викрадено", "викрадений", "викрадена",
        "منهوب", "منهوبة", "مسروق", "مسروقة",
    ),
    Status.MISSING: (
        "missing", "lost", "disappeared",
        "manquant", "manquante", "disparu", "disparue",
        "vermisst", "verschollen", "desaparecido", "desaparecida",
        "scomparso", "scomparsa", "disperso", "dispersa",
        "vermist", "zaginiony", "zaginiona",
        "пропал", "пропала", "утрачен", "утрачена", "зниклий", "зникла", "втрачено",
        "مفقود", "مفقودة",
    ),
    Status.DISPUTED: (
        "disputed", "contested", "litigieux", "litigieuse", "umstritten", "en litigio", "conteso",
    ),
    Status.RECOVERED: (
        "recovered", "found", "returned", "restituted", "repatriated",
        "retrouvé", "retrouvée", "récupéré", "récupérée", "restitué", "restituée",
        "wiedergefunden", "sichergestellt", "recuperado", "recuperada",
        "recuperato", "recuperata", "ritrovato", "ritrovata",
        "teruggevonden", "odzyskany", "odzyskana",
        "возвращен", "возвращён", "возвращена", "найден", "найдена", "повернуто", "знайдено",
        "مسترد", "مستردة",
    ),
    Status.DELISTED: ("delisted", "withdrawn"),
}  # fmt: skip

STATUS = {word: status for status, words in _STATUS_WORDS.items() for word in words}
"""The status that a word in lower case stands for."""

MISSING = frozenset(
    {
        "", "-", "--", "---", "–", "—", "?", "??", ".", "/",
        "n/a", "n.a.", "#n/a", "nan", "null", "none", "nil",
        "unknown", "not known", "not available", "not recorded", "unspecified", "undetermined",
        "inconnu", "inconnue", "non renseigné", "non renseignée", "indéterminé", "néant",
        "dimensions non prises", "unbekannt", "keine angabe", "k. a.", "k.a.",
        "desconocido", "desconocida", "sin datos", "se desconoce",
        "sconosciuto", "sconosciuta", "ignoto", "desconhecido", "desconhecida",
        "onbekend", "nieznany", "nieznana",
        "неизвестно", "неизвестен", "нет данных", "невідомо", "невідомий", "немає даних",
        "غير معروف", "غير معروفة", "غير محدد", "لا يوجد",
    }
)  # fmt: skip
"""Words in lower case that only say that there is nothing to say. "NA" is not among them: it is Namibia."""

_ALIKE = 0.75
_ALSO_CALLED = {
    "artist": "maker", "author": "maker", "creator": "maker", "auteur": "maker",
    "name": "title", "titre": "title", "titel": "title",
    "type": "object_type", "category": "object_type", "object": "object_type",
    "medium": "materials", "dimensions": "measurements", "size": "measurements",
    "date": "period", "country": "origin", "link": "url",
    "photo": "images", "photos": "images", "marks": "inscriptions", "notes": "features",
    "reference": "id", "ref": "id",
}  # fmt: skip


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known column that a name most likely means, to be offered as a question, or nothing."""
    key, choices = column_key(name), tuple(known)
    if (usual := _ALSO_CALLED.get(key)) in choices:
        return str(usual)
    return next(iter(get_close_matches(key, choices, n=1, cutoff=_ALIKE)), "")
