"""A ledger whose every text field tries to break the page."""

from __future__ import annotations

from show_ledger import Desk

RUNS = "document.documentElement.dataset.owned='yes'"
ATTACKS = (
    f"<script>{RUNS}</script>",
    f"</script><script>{RUNS}</script>",
    f"<!--<script>{RUNS}",
    f'<img src=x onerror="{RUNS}">',
    f"'\"><svg onload={RUNS}>",
    f"{{{{constructor.constructor('{RUNS}')()}}}}",
    "]]></style><style>*{display:none!important}</style>",
    "\u202egnp.exe\u202c and \u2066isolated",
    "Z\u0335\u0324\u0349a\u0336\u0323l\u0334g\u0337o" + "\u0335\u0336\u0337\u0338" * 40,
    "w" * 3000,
    "a NUL here \x00 and a bell \x07",
    "🔥👩‍👩‍👧‍👦🇺🇳 𝔣𝔯𝔞𝔨𝔱𝔲𝔯",
    "\ufeffبداية النص مع علامة",
)


def hostile() -> Desk:
    desk = Desk()
    for at, attack in enumerate(ATTACKS):
        text = f"{attack} 🔥 Speaker{at} {attack} said that the gate of tower {at} fell. {attack}"
        document = desk.document(
            text,
            f"Source {attack}",
            f"2031-01-0{1 + at % 9}",
            title=f"Title {attack}",
            author=attack,
            url=f"javascript:{RUNS}",
            path=f"posts/{attack}.jsonl",
            language="ar" if "النص" in attack else "en",
            forwarded_from=attack,
        )
        accused = desk.actor(f"Accused {attack}")
        speaker = f"Speaker{at} {attack}"
        content = f"the gate of tower {at} fell"
        event = desk.event(content, document, "2031-01-01", place=attack, lat=10.0 + at, lon=20.0)
        told = {
            "about": [desk.telling(event, document, content)],
            "accused": [accused],
            "hedge": attack,
            "channel": attack,
        }
        claim = desk.claim(document, speaker, "said", content, act="accuses", **told)
        first = desk.account(event, "damage", speaker, f"slight {attack}", document, content, claim=claim)
        second = desk.account(event, "damage", f"author:{attack}", f"complete {attack}", document, content)
        desk.conflict(first, second, "degree", f"because {attack}")
        desk.relation(document, accused, "hostile", desk.actor(speaker), -1, "author", content)
        desk.narrative([claim, claim], [0, None], ["first", "echo"])
        desk.rows["narratives"][-1]["sources"] = 2
        desk.problem(f"{attack}.txt", f"bad {attack}", f"set aside {attack}", excerpt=attack)
    return desk
