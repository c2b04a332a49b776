"""An invented week between invented places, told by invented sources: enough for every view to show something."""

from __future__ import annotations

from show_ledger import Desk

SOURCES = {
    "Marrow Courier": ("outlet", "web"),
    "Ostvale Daily": ("outlet", "web"),
    "Tarn Telegraph": ("outlet", "web"),
    "Ninth Pier": ("channel", "telegram"),
    "Lantern Watch": ("channel", "telegram"),
    "Harbour Voices": ("channel", "telegram"),
    "@saltroad": ("account", "x"),
    "@miller_ada": ("account", "x"),
    "صوت الميناء": ("channel", "telegram"),
    "Вестник Залива": ("outlet", "web"),
}


def post(desk: Desk, source: str, at: str, text: str, **fields: object) -> str:
    kind, platform = SOURCES[source]
    url = f"https://news.example/{len(desk.rows['documents'])}"
    shape = {"outlet": "article", "channel": "message", "account": "post"}[kind]
    folder = {"outlet": "articles", "channel": "telegram", "account": "posts"}[kind]
    extension = {"outlet": "html", "channel": "json", "account": "jsonl"}[kind]
    path = f"{folder}/{source.strip('@').lower().replace(' ', '-')}.{extension}"
    base = {"source_kind": kind, "platform": platform, "kind": shape, "url": url, "path": path, "reader": extension}
    return desk.document(text, source, at, **base | fields)


def fire(desk: Desk) -> None:
    """The fire at the depot: three tolls, two culprits and a denial."""
    told = "A fire destroyed the fuel depot at Marrow harbour on Tuesday night"
    d1 = post(
        desk,
        "Marrow Courier",
        "2031-03-05T06:10:00+00:00",
        f"Fire at Marrow depot\n\n{told}. The Harbour Police said that four dockers were killed and that the cause was "
        "not known. Residents heard two blasts shortly before midnight.\n\nThe mayor urged people to stay indoors.",
        title="Fire at Marrow depot",
        author="E. Lind",
    )
    event = desk.event(
        told,
        d1,
        "2031-03-04",
        type="ASSAULT",
        mode="destroy",
        triggers=("destroyed",),
        status="contested",
        place="Marrow",
        lat=41.2,
        lon=-8.7,
        members=7,
        documents=7,
        sources=6,
    )
    police = desk.account(
        event, "casualties", "Harbour Police", "killed dockers", d1, "four dockers were killed", min=4, max=4
    )
    about = {"about": [desk.telling(event, d1, told)]}
    desk.claim(
        d1,
        "Harbour Police",
        "said",
        "four dockers were killed and that the cause was not known",
        act="reports",
        **about,
    )
    desk.claim(d1, "author", "", told, confidence=0.6, **about)
    desk.claim(d1, "The mayor", "urged", "people to stay indoors", act="urges")

    d2 = post(
        desk,
        "Ostvale Daily",
        "2031-03-05T09:40:00+00:00",
        "Ministry blames raiders\n\nThe Ostvale Defence Ministry accused the Tarn Navy of shelling "
        "the depot. “They fired "
        "on workers in their sleep,” said General Ravik. The ministry put the number of dead at no "
        "fewer than eleven. The "
        "depot was completely destroyed, it said.",
        title="Ministry blames raiders",
    )
    tarn, ministry = desk.actor("Tarn Navy", "military"), desk.actor("Ostvale Defence Ministry", "government")
    desk.actor("General Ravik", "person")
    about = {"about": [desk.telling(event, d2, "shelling the depot")]}
    blame = desk.claim(
        d2,
        "Ostvale Defence Ministry",
        "accused",
        "the Tarn Navy of shelling the depot",
        act="accuses",
        accused=[tarn],
        **about,
    )
    desk.claim(
        d2,
        "General Ravik",
        "said",
        "They fired on workers in their sleep",
        act="accuses",
        accused=[tarn],
        mode="direct",
    )
    eleven = desk.account(
        event,
        "casualties",
        "Ostvale Defence Ministry",
        "killed",
        d2,
        "the number of dead at no fewer than eleven",
        min=11,
    )
    did = desk.account(
        event, "perpetrator", "Ostvale Defence Ministry", tarn, d2, "the Tarn Navy of shelling the depot", claim=blame
    )
    ruined = desk.account(
        event,
        "damage",
        "Ostvale Defence Ministry",
        "complete depot",
        d2,
        "The depot was completely destroyed",
        min=4,
        max=4,
    )
    desk.relation(
        d2, tarn, "attacks", desk.actor("Marrow depot", "company"), -1, ministry, "the Tarn Navy of shelling the depot"
    )

    d3 = post(
        desk,
        "Tarn Telegraph",
        "2031-03-05T13:05:00+00:00",
        "Navy rejects charge\n\nThe Tarn Navy denied any part in the blaze. “No vessel of ours was "
        "within sixty miles,” a "
        "spokeswoman said. Only one tank was slightly damaged, the navy added, and nobody was "
        "hurt. Allegedly, careless "
        "welding started it, according to Harbour Voices.",
        title="Navy rejects charge",
    )
    about = {"about": [desk.telling(event, d3, "denied any part in the blaze")]}
    denial = desk.claim(d3, "Tarn Navy", "denied", "any part in the blaze", act="denies", polarity="negated", **about)
    desk.claim(d3, "Tarn Navy", "added", "nobody was hurt", act="downplays", **about)
    desk.claim(
        d3, "Tarn Navy", "said", "No vessel of ours was within sixty miles", act="denies", mode="direct", **about
    )
    welding = desk.claim(
        d3,
        "Harbour Voices",
        "according to",
        "careless welding started it",
        act="insinuates",
        hedge="Allegedly",
        channel="Telegram",
    )
    did_not = desk.account(
        event, "perpetrator", "Tarn Navy", f"not {tarn}", d3, "denied any part in the blaze", claim=denial
    )
    nobody = desk.account(event, "casualties", "Tarn Navy", "killed", d3, "nobody was hurt", min=0, max=0)
    slight = desk.account(
        event, "damage", "Tarn Navy", "slight tank", d3, "Only one tank was slightly damaged", min=1, max=1
    )
    desk.account(event, "occurrence", "author:Marrow Courier", "yes", d1, told)
    desk.conflict(police, eleven, "number", "4 killed against at least 11 killed")
    desk.conflict(police, nobody, "number", "4 killed against none")
    desk.conflict(eleven, nobody, "number", "at least 11 killed against none")
    desk.conflict(did, did_not, "denial", "one blames the Tarn Navy, the other denies it")
    desk.conflict(ruined, slight, "degree", "complete against slight")
    desk.relation(
        d3, desk.actor("Harbour Voices", "channel"), "hostile", ministry, -1, "author", "according to Harbour Voices"
    )
    echo_fire(desk, event, tarn, [blame], welding)


def echo_fire(desk: Desk, event: str, tarn: str, shelled: list[str], welding: str) -> None:
    """Two narratives about the fire spread, one of them across languages and one posted before the fire."""
    lines = [
        ("Lantern Watch", "2031-03-05T10:02:00+00:00", "the Tarn Navy shelled the Marrow depot", "en", "echo"),
        ("@saltroad", "2031-03-05T10:31:00+00:00", "it was the Tarn Navy that shelled the depot 🔥🔥", "en", "echo"),
        ("صوت الميناء", "2031-03-05T11:15:00+00:00", "أسطول تارن قصف مستودع الوقود في الميناء", "ar", "echo"),
        ("Вестник Залива", "2031-03-05T12:00:00+00:00", "военный флот Тарна обстрелял склад топлива", "ru", "forward"),
    ]
    lags: list[int | None] = [0, 1320, 3060, 5700, 8400]
    for source, at, content, language, _ in lines:
        text = f"Ostvale Defence Ministry: {content}. #Marrow #depot"
        told = post(
            desk, source, at, text, language=language, forwarded_from="Ostvale Daily" if language == "ru" else ""
        )
        where = {"about": [desk.telling(event, told, content)]}
        shelled.append(
            desk.claim(
                told, "Ostvale Defence Ministry", "", content, act="accuses", accused=[tarn], confidence=0.6, **where
            )
        )
    desk.narrative(shelled, lags, ["first", *[line[4] for line in lines]])
    early = post(
        desk,
        "Harbour Voices",
        "2031-03-04T18:20:00+00:00",
        "Mark our words: careless welding will burn the depot down.",
    )
    tail = post(
        desk, "@miller_ada", "2031-03-06T08:00:00+00:00", "Careless welding set the depot alight. Ask the foreman 🧑‍🏭."
    )
    foretold = desk.claim(early, "author", "", "careless welding will burn the depot down", act="predicts")
    repeated = desk.claim(tail, "author", "", "Careless welding set the depot alight", confidence=0.55)
    desk.narrative([foretold, welding, repeated], [0, 67500, 135600], ["first", "echo", "echo"])


def talks(desk: Desk) -> None:
    """The days after: a protest, talks, a sanction, and one narrative whose first voice nobody can tell."""
    march = "Some two thousand people marched through Ostvale against the blockade"
    d1 = post(
        desk,
        "Ostvale Daily",
        "2031-03-07",
        f"{march} on Friday. Union leader Ada Miller said that the council had promised to reopen "
        "the port. The council "
        "declined to comment.",
        title="March against blockade",
    )
    desk.event(
        march,
        d1,
        "2031-03-07",
        type="PROTEST",
        mode="demo",
        triggers=("marched",),
        status="fact",
        place="Ostvale",
        lat=43.5,
        lon=16.4,
        members=2,
        documents=2,
        sources=2,
    )
    first = desk.claim(d1, "Ada Miller", "said", "the council had promised to reopen the port", act="asserts")
    desk.claim(d1, "author", "", march, confidence=0.6)
    met = "Envoys of Tarn and Ostvale met in Lower Quay"
    d2 = post(
        desk,
        "Tarn Telegraph",
        "2031-03-08T15:30:00+00:00",
        f"{met} on Saturday. Tarn warned that it would close the strait if shelling charges were "
        "repeated. Ostvale called "
        "Lantern Watch a mouthpiece of the Tarn Navy.",
        title="Envoys meet",
    )
    desk.event(
        met,
        d2,
        "2031-03-08",
        type="CONSULT",
        triggers=("met",),
        status="fact",
        place="Lower Quay",
        lat=35.9,
        lon=14.5,
        members=3,
        documents=1,
        sources=1,
    )
    tarn, ostvale = desk.actor("Tarn", "state"), desk.actor("Ostvale", "state")
    closing = "it would close the strait if shelling charges were repeated"
    desk.claim(d2, "Tarn", "warned", closing, act="warns")
    desk.claim(d2, "Ostvale", "called", "Lantern Watch a mouthpiece of the Tarn Navy", act="labels")
    desk.event(closing, d2, "2031-03-12", type="THREATEN", status="hypothetical", members=1, documents=1, sources=1)
    watch = desk.actor("Lantern Watch", "channel")
    desk.relation(d2, watch, "proxy-of", "tarn-navy", 1, ostvale, "Lantern Watch a mouthpiece of the Tarn Navy")
    desk.relation(d2, tarn, "cooperates", ostvale, 1, "author", met)
    desk.relation(d2, "tarn-navy", "part-of", tarn, 1, "author", "Tarn Navy")
    d3 = post(desk, "Ninth Pier", "2031-03-07", "The port reopens on Monday, the council has promised to reopen it.")
    second = desk.claim(d3, "author", "", "the council has promised to reopen it", confidence=0.5)
    desk.narrative([first, second], [None, None], ["echo", "echo"], certain=False)


def story() -> Desk:
    desk = Desk()
    fire(desk)
    talks(desk)
    desk.problem("articles/broken.html", "not text in any known encoding", "set aside; save it as UTF-8", position="")
    desk.problem("telegram/export.html", "a Telegram export as HTML", "set aside; export again and choose JSON")
    desk.problem(
        "posts/feed.jsonl", "not valid JSON", "line set aside", position="line 12", excerpt='{"text": "half a li'
    )
    desk.problem("posts/feed.jsonl", "not valid JSON", "line set aside", position="line 40", excerpt="{{{{")
    return desk
