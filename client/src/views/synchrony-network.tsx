/** The network of pairs: accounts by how much they post, lines by how many times closer than expected. */

import { useMemo } from "preact/hooks";
import { labels, type Label, type Spot } from "../network";
import { Empty, useWidth } from "../parts";
import { amount, apartWords, chance, places, ratio, ringClass, type Pair, type Synchrony } from "../synchrony";
import { short, shown } from "../text";
import { number } from "../words";

interface Props {
  data: Synchrony;
  pairs: readonly Pair[];
  limit: number;
  account: number;
  picked: Pair | undefined;
  onPair: (pair: Pair) => void;
  onAccount: (account: number) => void;
}

/** With more lines no drawing makes readable what the table does not. */
const MOST = 300;

export function PairNetwork({ data, pairs, limit, account, picked, onPair, onAccount }: Props) {
  const [box, width] = useWidth(760);
  const drawn = pairs.slice(0, MOST);
  return (
    <div ref={box}>
      <Legend data={data} pairs={drawn} />
      {drawn.length ? (
        <Drawing data={data} pairs={drawn} limit={limit} width={width} account={account} picked={picked} onPair={onPair} onAccount={onAccount} />
      ) : (
        <Empty>No pair has q at or below {chance(limit)}: there is nothing to draw.</Empty>
      )}
      {pairs.length > MOST && <p class="note">The {number(MOST)} pairs least likely by chance are drawn; the table has all.</p>}
    </div>
  );
}

function Legend({ data, pairs }: { data: Synchrony; pairs: readonly Pair[] }) {
  const rings = [...new Set(pairs.map((pair) => pair.ring))].filter(Boolean).sort((a, b) => a - b);
  return (
    <ul class="legend" aria-label="Legend">
      <li class="step-pair">pair; thicker: more often than expected</li>
      {rings.map((ring) => (
        <li key={ring} class={ringClass(ring)}>
          ring {ring}
        </li>
      ))}
      {pairs.some((pair) => pair.apart) && <li class="step-apart">named apart: shared schedule, one feed</li>}
      <li class="step-dot">{data.by === "narrative" ? "source" : "account"}, larger: more posts</li>
    </ul>
  );
}

interface DrawingProps extends Omit<Props, "pairs"> {
  pairs: readonly Pair[];
  width: number;
}

function Drawing({ data, pairs, limit, width, account, picked, onPair, onAccount }: DrawingProps) {
  const used = new Set(pairs.flatMap((pair) => [pair.a, pair.b])).size;
  const height = Math.round(Math.min(620, Math.max(used < 8 ? 260 : 380, width * (used < 12 ? 0.45 : 0.66))));
  // Tightening the slider takes lines away and leaves what remains where it stands.
  const firm = limit < data.alpha ? data.pairs.filter((pair) => pair.q <= data.alpha).slice(0, MOST) : pairs;
  const spots = useMemo(() => places(data, firm, width, height), [data, width, height, firm.length]);
  const most = Math.max(...data.accounts.map((one) => one.posts), 1);
  const radius = (spot: Spot) => 4.5 + 9 * Math.sqrt(spot.weight / most);
  const held = new Set(pairs.flatMap((pair) => [pair.a, pair.b]));
  const seen = [...held].flatMap((at) => spots.get(data.accounts[at]!.name) ?? []);
  const named = useMemo(() => labels(seen, radius, nameOf, width), [spots, pairs]);
  const lit = (pair: Pair) => (picked ? pair === picked : account < 0 || pair.a === account || pair.b === account);
  const litAccounts = new Set(pairs.filter(lit).flatMap((pair) => [pair.a, pair.b]));
  const chosen = !!picked || account >= 0;
  const rings = ringOf(data);
  return (
    <svg width={width} height={height} role="group" aria-label={`Network of ${used} accounts and ${pairs.length} pairs; the table below says the same`}>
      {pairs.map((pair) => (
        <Line key={`${pair.a} ${pair.b}`} data={data} pair={pair} spots={spots} dim={!lit(pair)} picked={pair === picked} onClick={() => onPair(pair)} />
      ))}
      {[...held].map((at) => {
        const spot = spots.get(data.accounts[at]!.name);
        if (!spot) return null;
        const label = named.get(spot.name) ?? (chosen && litAccounts.has(at) ? below(spot, radius(spot)) : null);
        return <Mark key={at} spot={spot} radius={radius(spot)} label={label} ring={rings.get(at) ?? 0} dim={chosen && !litAccounts.has(at)} onClick={() => onAccount(at)} />;
      })}
    </svg>
  );
}

const nameOf = (spot: Spot) => short(shown(spot.name), 22);
const below = (spot: Spot, r: number): Label => ({ x: spot.x, y: spot.y + r + 13, anchor: "middle" });

/** The ring of each account that is in one. */
function ringOf(data: Synchrony): Map<number, number> {
  const found = new Map<number, number>();
  data.rings.forEach((ring, at) => {
    if (!ring.one_feed) for (const member of ring.members) found.set(member, at + 1);
  });
  return found;
}

interface LineProps {
  data: Synchrony;
  pair: Pair;
  spots: Map<string, Spot>;
  dim: boolean;
  picked: boolean;
  onClick: () => void;
}

function Line({ data, pair, spots, dim, picked, onClick }: LineProps) {
  const [one, other] = [data.accounts[pair.a]!.name, data.accounts[pair.b]!.name];
  const [from, to] = [spots.get(one), spots.get(other)];
  if (!from || !to) return null;
  const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
  const name = ["edge", pair.apart ? "step-apart" : ringClass(pair.ring) || "step-pair", dim && "dim", picked && "picked"].filter(Boolean).join(" ");
  const told = `${one} – ${other}: ${pair.observed} times, ${amount(pair.expected)} expected, q ${chance(pair.q)}${pair.apart ? `; ${apartWords(pair.apart)}` : ""}`;
  return (
    <g class={name} onClick={onClick}>
      <title>{shown(told)}</title>
      <line {...ends} class="reach" />
      <line {...ends} class="line" stroke-width={(1 + Math.min(5, Math.max(0, Math.log2(ratio(pair)) * 0.8))).toFixed(1)} />
    </g>
  );
}

interface MarkProps {
  spot: Spot;
  radius: number;
  label: Label | null;
  ring: number;
  dim: boolean;
  onClick: () => void;
}

function Mark({ spot, radius, label, ring, dim, onClick }: MarkProps) {
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onClick();
    }
  };
  const told = `${spot.name}, ${number(spot.weight)} posts${ring ? `, ring ${ring}` : ""}`;
  return (
    <g class={`actor ${ringClass(ring)}${dim ? " dim" : ""}`} tabIndex={0} role="button" aria-label={shown(`${told}: show its pairs`)} onClick={onClick} onKeyDown={onKey}>
      <title>{shown(told)}</title>
      <circle cx={spot.x} cy={spot.y} r={radius} />
      {label && (
        <text x={label.x} y={label.y} text-anchor={label.anchor}>
          {nameOf(spot)}
        </text>
      )}
    </g>
  );
}
