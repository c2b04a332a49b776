/** Who stands to whom, and who says so: accusations among the claims, and relations with their holders. */

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";
import type { Ledger } from "./ledger";
import type { FlatSpans } from "./payload";
import { act, relation } from "./words";

export interface Evidence {
  holder: string;
  says: string;
  text: string;
  document: number;
  spans: FlatSpans;
}

export interface Tie {
  key: string;
  from: string;
  to: string;
  kind: string;
  sign: -1 | 0 | 1;
  evidence: Evidence[];
}

export interface Network {
  ties: Tie[];
  /** Names by how many pieces of evidence they are in, most first. */
  names: [string, number][];
}

export function network(ledger: Ledger): Network {
  const ties = new Map<string, Tie>();
  const add = (from: string, to: string, kind: string, sign: Tie["sign"], evidence: Evidence) => {
    if (!from || !to || from === to) return;
    const key = [from, to, kind].join("\u0000");
    const tie = ties.get(key) ?? { key, from, to, kind, sign, evidence: [] };
    tie.evidence.push(evidence);
    ties.set(key, tie);
  };
  for (const claim of ledger.claims) {
    if (claim.act === "denies") continue;
    const holder = ledger.speaker(claim);
    const evidence = { holder, says: act(claim.act), text: claim.text, document: claim.document, spans: claim.spans };
    for (const accused of claim.accused) add(holder, ledger.actorName(accused), "accuses", -1, evidence);
  }
  for (const tie of ledger.relations) {
    const [from, to] = [ledger.actorName(tie.subject), ledger.actorName(tie.object)];
    const evidence = {
      holder: ledger.holder(tie),
      says: `says: ${from} ${relation(tie.type)} ${to}`,
      text: tie.text,
      document: tie.document,
      spans: tie.spans,
    };
    add(from, to, tie.type, tie.sign, evidence);
  }
  return ranked([...ties.values()]);
}

function ranked(ties: Tie[]): Network {
  const weight = new Map<string, number>();
  for (const tie of ties) {
    for (const name of [tie.from, tie.to]) weight.set(name, (weight.get(name) ?? 0) + tie.evidence.length);
  }
  const names = [...weight].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  ties.sort((a, b) => b.evidence.length - a.evidence.length || (a.key < b.key ? -1 : 1));
  return { ties, names };
}

/** Up to `most` actors that the ties with most evidence hold together, and every tie among them. */
export function core(net: Network, most: number): Network {
  const chosen = new Set<string>();
  for (const { from, to } of net.ties) {
    const added = Number(!chosen.has(from)) + Number(!chosen.has(to));
    if (chosen.size + added <= most) chosen.add(from).add(to);
  }
  return {
    names: net.names.filter(([name]) => chosen.has(name)),
    ties: net.ties.filter((tie) => chosen.has(tie.from) && chosen.has(tie.to)),
  };
}

export interface Spot extends SimulationNodeDatum {
  name: string;
  weight: number;
  x: number;
  y: number;
}

/** Positions of `names`: the same each time, as the simulation has no chance in it. */
export function layout(names: readonly [string, number][], ties: readonly Pick<Tie, "from" | "to">[], width: number, height: number): Map<string, Spot> {
  const spots: Spot[] = names.map(([name, weight]) => ({ name, weight }) as Spot);
  const links = ties.map((tie) => ({ source: tie.from, target: tie.to }));
  forceSimulation(spots)
    .force("link", forceLink<Spot, { source: string; target: string }>(links).id((spot) => spot.name).distance(110).strength(0.5))
    .force("charge", forceManyBody().strength(-420))
    .force("collide", forceCollide(38))
    .force("x", forceX(0).strength(0.09 * Math.min(1, height / width)))
    .force("y", forceY(0).strength(0.09 * Math.min(1, width / height)))
    .stop()
    .tick(400);
  fit(spots, width, height);
  return new Map(spots.map((spot) => [spot.name, spot]));
}

export interface Label {
  x: number;
  y: number;
  anchor: "start" | "middle" | "end";
}

const LINE = 13;

/** Where each name goes: below its mark, else above or beside; none where it would lie on a mark or another name. */
export function labels(spots: readonly Spot[], radius: (spot: Spot) => number, text: (spot: Spot) => string, width: number): Map<string, Label> {
  type Box = [left: number, top: number, right: number, bottom: number];
  const marks = spots.map(({ name, x, y, weight }): [string, Box] => {
    const r = radius({ name, x, y, weight } as Spot);
    return [name, [x - r, y - r, x + r, y + r]];
  });
  const taken: Box[] = [];
  const found = new Map<string, Label>();
  const free = (box: Box, name: string) =>
    box[0] >= 0 &&
    box[2] <= width &&
    ![...taken, ...marks.filter(([other]) => other !== name).map(([, mark]) => mark)].some(
      (other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3],
    );
  for (const spot of [...spots].sort((a, b) => b.weight - a.weight)) {
    const [r, long] = [radius(spot), text(spot).length * 6.6 + 4];
    const places: Label[] = [
      { x: spot.x, y: spot.y + r + LINE, anchor: "middle" },
      { x: spot.x, y: spot.y - r - 5, anchor: "middle" },
      { x: spot.x + r + 5, y: spot.y + 4, anchor: "start" },
      { x: spot.x - r - 5, y: spot.y + 4, anchor: "end" },
    ];
    for (const label of places) {
      const left = label.anchor === "middle" ? label.x - long / 2 : label.anchor === "start" ? label.x : label.x - long;
      const box: Box = [left, label.y - LINE + 2, left + long, label.y + 3];
      if (!free(box, spot.name)) continue;
      taken.push(box);
      found.set(spot.name, label);
      break;
    }
  }
  return found;
}

/** Scale positions into the frame, with room for the names below the marks. */
function fit(spots: Spot[], width: number, height: number): void {
  if (!spots.length) return;
  const [left, right] = [Math.min(...spots.map((s) => s.x)), Math.max(...spots.map((s) => s.x))];
  const [top, bottom] = [Math.min(...spots.map((s) => s.y)), Math.max(...spots.map((s) => s.y))];
  const [sideways, above, below] = [width < 600 ? 60 : 84, 24, 40];
  const scale = Math.min(1.6, (width - 2 * sideways) / Math.max(1, right - left), (height - above - below) / Math.max(1, bottom - top));
  for (const spot of spots) {
    spot.x = width / 2 + (spot.x - (left + right) / 2) * scale;
    spot.y = above + (height - above - below) / 2 + (spot.y - (top + bottom) / 2) * scale;
  }
}
