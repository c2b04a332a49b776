"""The grammar of time expressions, over the one-letter codes of tokens (see ``tokens.py`` and ``words.tsv``).

Rules are tried in order at each place; the first that fits wins. A `_` after a number is a word of no code: a bare
number before one is a count, not an hour or a day.
"""

from __future__ import annotations

import re

_AT = r"[@~]"
_NO_COUNT = r"(?![_U%:/&#w]|-[_U])"
_MONTH_DAY = r"[Mm]\.?[-/]?T?(?:w-?)?[d#](?![:G\d+])(?:,?o[yj]|[-/,]?[yj](?!-?U))?"
_DAY_MONTH = (
    r"T?(?:(?:w-?)?[d#]|w-?w(?=M))(?:o?T?|[-/])[Mm]\.?(?:[-/]?,?(?:o|i(?=y))?[yj](?!-?U))?|y[-/][Mm][-/]d|y/d/M\.?"
)
_SLASH = r"(?:W\.?,?|[hx]|(?<=\^))d/d(?![/_U%])"
_HOLIDAY = r"T?[lxh]?J(?:,?o?[yj]|oT?[lxh]U)?"
_DATE = rf"(?:(?:W\.?,?)?(?:{_MONTH_DAY}|{_DAY_MONTH})|I|{_SLASH}|{_HOLIDAY}|W\.?,?T?(?:w-?)?#|Wd(?=[.,;@~<=]|\Z))"
_DAY = rf"(?:{_DATE}|D|T?(?:hx|[lxh])?W)"
_PART = r"(?:iT?F?S|@S|F?S)"
_HERE = rf"(?:{_DATE}F?S?|D(?:iT)?F?S?|T?(?:hx|[lxh])?W(?:iT)?F?S?|T?[lxh]S|N)"
_PAST = r"(?:H|A?U|[dw](?:-?w)?-?U?)\+(?:[dw]|C)[KG]?|(?<=[@~])(?:A?U|[dw](?:-?w)?-?U)>[dw][KG]?(?!-?[U_])"
CLOCK = rf"(?:{_PAST}|d(?::d){{1,2}}G?z?|[dny]G[z.]?|w(?:-?w)?G|w?[dw]K|[yn]z|[dw](?=(?:iT?|@)F?S)|C)"
_BARE = rf"(?:(?:w-?w|[dwn]){_NO_COUNT}\.?)"
_HOUR = rf"(?:{CLOCK}|w-?w|[dwn](?![_U%]))"
_NUMBER = r"(?:Afo?|fo?|HA|AH|A|y|[dw]&A?H|[dn](?=-?[Ulxs])|w(?:-?w)*|H)"
_HALF = r"(?:&A?H)?"
_SPAN = rf"{_NUMBER}-?U{_HALF}(?:,?&?(?:d|w(?:-?w)?)-?U)*"
_THING = r"(?=[TAhdwfJ#_;]|\Z)"
_WHOLE = r"(?:M\.?(?:[-/,]?[oi]?[yj])?|Q-?o?y|yQ|T?[hlx]U|TUy|y|T?U|T?Z(?:o?y)?)"
_TO = r"(?:>|-)"
_CLOCK_DAY = (
    rf"{_AT}?F?{CLOCK}{_PART}?,?(?:\^|oT?)?{_HERE}|@[dw](?:-?w)?(?:iT?S)?,?\^?{_HERE}"
    rf"|{_HERE},?(?:[@~ba^Y-]{{0,2}}){CLOCK}{_PART}?|{_HERE},?[@~]{{1,2}}{_BARE}"
)
_SETTER = r"(?:V[O#H]?(?:U|W|S|[dw]U)|R|Ws|v)"
_POINT = (
    rf"(?:{_CLOCK_DAY}|{CLOCK}{_PART}?|{_SPAN}[gr]|{_DATE}|D|P|h\$|T?(?:hx|[lxh])?W|T?[BF]-?o?{_WHOLE}"
    rf"|T?[lxh]M|{_WHOLE})"
)

RULES = {
    "shortly": r"[pP](?:[ab](?![TF]*[CSDdwWMmIJ])|r)",
    "code": r"P|[@>]T?h?\$|h\$",
    "range_slash": r"[<=]d/d[->&](?:d/d(?:[,/]?y)?|I)|d/d-(?:d/d[,/]y|I)",
    "range_days": rf"<?[Mm]\.?T?[d#]{_TO}T?[d#](?![:G\d])(?:,?y)?|=[Mm]\.?[d#]&[d#](?:,?y)?"
    rf"|<?T?(?:w-?)?[d#]{_TO}T?(?:w-?)?[d#]o?[Mm](?:,?o?y)?|=T?[d#]&T?[d#]o?[Mm](?:,?o?y)?",
    "night_range": rf"T?F?S(?:o|\^)T?[d#]{_TO}[d#]o?M(?:,?o?y)?|T?F?S(?:o|\^)M\.?[d#]{_TO}[d#](?:,?y)?",
    "range_dates": rf"<?{_DATE}{_TO}{_DATE}|={_DATE}[&>-]{_DATE}|<T?[lxh]?W{_TO}T?[lxh]?W|=W&W|W[->]W",
    "range_months": rf"<?M\.?(?:,?y)?{_TO}M\.?(?:,?y)?(?![d#])|=M\.?(?:,?y)?&M\.?(?:,?y)?(?![d#])",
    "range_clock": rf"[<=@~]?{_HOUR}[->&]{CLOCK}{_PART}?(?:(?:\^|o)?{_HERE})?|[<=]{_HOUR}[->&]{_BARE}(?:\^|o)?{_HERE}"
    rf"|{_HERE},?[<=@~]?{_HOUR}[->&]{CLOCK}{_PART}?|{_HERE},?[<=]{_HOUR}[->&]{_BARE}|[<=@~][yn]-n{_NO_COUNT}"
    rf"|[<=]{CLOCK}[->&]{_BARE}",
    "range_points": rf"<{_POINT}{_TO}{_POINT}|={_POINT}[&>-]{_POINT}|(?:{_DATE}|M\.?y|y)>(?:{_DATE}|D|P)",
    "span_from": rf"%{_SPAN},?(?:(?:u|B)<?\^?|<)(?:{CLOCK}|{_DAY})|{_SPAN},?(?:u|B)<?\^?(?:{CLOCK}|{_DAY})"
    rf"|[<@]?{CLOCK}%{_SPAN}|<{_DAY}%{_SPAN}|{_HERE}[<@]?{CLOCK}%{_SPAN}",
    "set_clock": rf"@?{CLOCK}{_PART}?,?\^?{_SETTER}|{_SETTER},?@?{CLOCK}{_PART}?|{_SETTER}@{_BARE}",
    "week_day": rf"(?:T?[hlx]U(?:\^|,)?WF?S?|WF?S?,?o?T?[hlx]U)(?:@?{CLOCK}{_PART}?)?",
    "range_years": rf"<?y{_TO}[yd](?!-?U)|=y[&>-]y",
    "set": r"v|V[O#H]?(?:U|W|S|{n}U)|R|Ws|iTs".replace("{n}", _NUMBER),
    "clock_day": _CLOCK_DAY,
    "day_off": rf"(?:T|{_NUMBER})U[ba]D",
    "part_day": rf"(?:iT|@)?T?F?-?S(?:\^|o|,)?T?F?{_DAY}|T?FUo(?:{_DAY})|T?F?{_DAY},?F?S|N",
    "holiday_weekend": r"J(?:,?o?y)?U(?:,?o?y)?",
    "day_date": _DATE,
    "half_of": rf"T?(?:#|[lx])Ho{_WHOLE}",
    "week_of": rf"T?(?:(?:w-?)?#|[lh])[UW]o{_WHOLE}|T?#oT?M|T?[lxh]?U(?:o|(?:u|B)\^?|\^)(?:{_DATE})",
    "stretch_of": rf"T?(?:#|[lx]){_NUMBER}-?Uo{_WHOLE}",
    "edge": rf"T?[BF]-?o?{_WHOLE}",
    "count_date": rf"[Tk A]?(?:{_NUMBER})?U[ba](?:T?{_DATE}|T?[lxh]?W)".replace(" ", ""),
    "count_thing": rf"{_NUMBER}-?U{_HALF}[ba]{_THING}",
    "counted": rf"{_SPAN}[gerb]|U[er]|i{_NUMBER}UTi?U?z|{_SPAN}<P",
    "in_count": rf"i{_SPAN}(?!-?q)",
    "stretch": rf"T?[lx]{_SPAN}|T?[lx]-?U|T?{_NUMBER}[lx]U",
    "unit_off": r"TU(?:ax|bl)",
    "beside": r"TU[ba]",
    "part_beside": r"TF?S[ba]",
    "in_unit": r"[erF]iTU(?!W)",
    "fiscal": r"T?[lxh]?X(?:,?o?y)?",
    "quarter_of": r"(?:T?[lxh]U|y)'?#-?U",
    "deictic": rf"T?[lxh](?:[UZS]|M\.?)(?:o(?:y|D))?|{_DAY}",
    "season": r"T?F?-?Z(?:o|,)?T?(?:y|[hlx]U)",
    "week_number": r"Ud(?!\d|[:.]\d)(?:oy)?",
    "quarter": r"Q-?(?:o?(?:y|T?[lxh]U))?|y-?Q|T?#-?U(?:oT?(?:y|[hlx]U)|,?y)?",
    "decade": r"T?F?-?E",
    "day_number": r"(?<=[\^Y<>])T#",
    "from_day": rf"{_NUMBER}U<(?:D|T?[lxh]?W)",
    "month": r"M\.?(?:[-/,]?[oi]?[yj])?",
    "all_unit": r"!T?U",
    "duration": rf"{_SPAN}|[dw]s",
    "whole_unit": r"(?:iT|T)U(?![A-Za-z#&^@~$-])",
    "year": r"TUy|y",
    "clock": rf"[@~]{{0,2}}{CLOCK}{_PART}?|(?:iT|[@~YT])F?S",
}
"""Each rule by its name, which is also that of its reader in ``resolve.py``."""

GRAMMAR = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in RULES.items()))
TRIGGER = re.compile(r"[WMmSZUDNCPEIRyKvJQX$]|[dn]G|d:d|\+|d/d|[\^Y<>]T#|[@=<][yn]-n")
