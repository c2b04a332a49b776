"""Counts of people in the ways reports put them: labels, appositions, idioms, tolls, what is no casualty."""

import pytest

from test_events import events


def counts(text: str) -> set[tuple[int | None, int | None, str]]:
    return {(c.min, c.max, c.kind) for event in events(text) for c in event.casualties}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A bus overturned near Kigoma on Monday, nine dead and 14 hurt.", {(9, 9, "killed"), (14, 14, "injured")}),
        ("A bomb went off in the square. Killed: 8. Injured: 31.", {(8, 8, "killed"), (31, 31, "injured")}),
        ("A market fire broke out in Lomé. No one was hurt.", {(0, 0, "injured")}),
        (
            "A ferry sank off Mindoro. At least four people died, among them two children.",
            {(4, None, "killed"), (2, 2, "killed")},
        ),
        ("The army shelled the town. We lost eleven men.", {(11, 11, "killed")}),
        ("The attack cost three soldiers their lives.", {(3, 3, "killed")}),
        ("A landslide hit the road. Half a dozen people were taken to hospital.", {(6, 6, "injured")}),
        ("Two villages were shelled; the army put the number of dead at 16.", {(16, 16, "killed")}),
        ("A bridge gave way. The number of injured stood at 52 on Monday.", {(52, 52, "injured")}),
        ("A roof collapsed in Dhaka and some 20 workers are still trapped.", {(20, 20, "missing")}),
        ("Soldiers stormed the farm. Two guards and 30 cows were killed.", {(2, 2, "killed")}),
        ("On 23 March four miners were killed in an explosion.", {(4, 4, "killed")}),
        ("An explosion hit the port. Rescuers found three more bodies.", set()),
        ("A bomb went off in the market. Six people are in hospital.", {(6, 6, "injured")}),
        (
            "Nurses went on strike on Monday. The union put the number of strikers at 700; the ministry spoke of 250.",
            {(700, 700, "on strike"), (250, 250, "on strike")},
        ),
        ("The election was held on Sunday. Turnout reached 44 per cent.", {(44, 44, "participants")}),
        ("Twelve prisoners fled from the jail on Monday.", {(12, 12, "escaped")}),
        ("An explosion hit the port. Nine houses were burned and six dockers were burned.", {(6, 6, "injured")}),
        ("A ferry sank. Of the 64 people on board, 41 were rescued.", {(41, 41, "survived")}),
        ("A mine caved in. Rescuers have so far recovered the bodies of five miners.", {(5, 5, "killed")}),
        ("A roof fell in. The prefecture gave the number of dead as 19.", {(19, 19, "killed")}),
        ("A bomb went off. The death toll has climbed from 12 to 15.", {(15, 15, "killed")}),
        ("A hotel burned down. There was no loss of life.", {(0, 0, "killed")}),
        ("A plane crashed. Both pilots were killed.", {(2, 2, "killed")}),
        ("A bomb went off. Not one of the 300 guests was hurt.", {(0, 0, "injured")}),
        ("Guards shot at a crowd. One man died and another was wounded.", {(1, 1, "killed"), (1, 1, "injured")}),
        ("A bus overturned. Eight are in a critical condition.", {(8, 8, "injured")}),
        ("Gunmen stormed a base. A soldier was taken prisoner.", {(1, 1, "captured")}),
        ("The army fought rebels. The rebels lost 30 men and two tanks.", {(30, 30, "killed")}),
        ("A fever broke out. A hundred and twelve people have died.", {(112, 112, "killed")}),
        ("A train derailed. It carried 52 passengers, none of whom survived.", {(52, 52, "killed")}),
        ("Shells fell on the town. Twelve dead, three missing.", {(12, 12, "killed"), (3, 3, "missing")}),
        ("A court sentenced four men to death.", set()),
    ],
)  # fmt: skip
def test_counts_are_read_however_they_are_put(text: str, told: set[tuple[int | None, int | None, str]]) -> None:
    assert counts(text) == told
