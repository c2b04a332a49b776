/** The actor network: signed, directed, each tie held by somebody. */

import { useMemo, useState } from "preact/hooks";
import type { Ledger } from "../ledger";
import { core, labels, layout, network, type Label, type Spot, type Tie } from "../network";
import { Empty, Folded, Quote, T, useWidth, type ViewProps } from "../parts";
import { viewHash } from "../route";
import { short, shown } from "../text";
import { count, number, relation, when } from "../words";

const FEWEST = 6;
/** More than this no drawing makes readable. */
const MOST = 80;

export function Actors({ ledger, printing }: ViewProps) {
  const net = useMemo(() => network(ledger), [ledger]);
  const [box, width] = useWidth(820);
  const [picked, setPicked] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [wanted, setWanted] = useState<number | null>(null);
  if (!net.ties.length) {
    return (
      <>
        <h2>Actors</h2>
        <Empty>Nobody is said to be tied to anybody in these texts, and nobody is accused by name.</Empty>
      </>
    );
  }
  const most = wanted ?? (width < 600 ? 12 : 25);
  const { names, ties } = useMemo(() => core(net, most), [net, most]);
  const about = picked ? net.ties.filter((tie) => tie.from === picked || tie.to === picked) : net.ties;
  const listed = chosen ? about.filter((tie) => tie.key === chosen) : about;
  const choose = (name: string | null, tie: string | null) => {
    setPicked(name);
    setChosen(tie);
  };
  return (
    <>
      <h2>Actors</h2>
      <p class="summary">
        Who is said to stand how to whom. An arrow is somebody’s statement, never a finding; choose a name or an arrow to
        see who says it.
      </p>
      <Legend />
      <div class="beside">
        <figure ref={box} class="drawing">
          <Drawing names={names} ties={ties} width={width} picked={picked} chosen={chosen} onChoose={choose} />
          <figcaption>
            {net.names.length > names.length
              ? `The ${number(names.length)} actors with most statements between them, of ${number(net.names.length)}; the list has all.`
              : `All ${number(names.length)} actors.`}{" "}
            A name that finds no room is shown when its mark is chosen.
          </figcaption>
          {!printing && net.names.length > FEWEST && (
            <label class="slider">
              Actors drawn
              <input
                type="range"
                min={FEWEST}
                max={Math.min(MOST, net.names.length)}
                value={most}
                onInput={(event) => setWanted(Number(event.currentTarget.value))}
              />
              <output>{number(names.length)}</output>
            </label>
          )}
        </figure>
        <section aria-label="Ties">
          <h3>
            {picked ? <T>{picked}</T> : "All ties"} · {count(listed.length, "tie")}
          </h3>
          {(picked || chosen) && (
            <p>
              <button type="button" onClick={() => choose(null, null)}>
                Show all ties
              </button>
            </p>
          )}
          <ul class="ties">
            <Folded items={listed} first={12} what="ties" printing={printing}>
              {(tie) => <TieItem key={tie.key} ledger={ledger} tie={tie} open={!!picked || !!chosen || printing} onName={(name) => choose(name, null)} />}
            </Folded>
          </ul>
        </section>
      </div>
    </>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      <li class="tie-accuses">accuses</li>
      <li class="tie-hostile">hostile tie</li>
      <li class="tie-friendly">friendly tie</li>
      <li class="tie-neutral">belongs to, or neither</li>
    </ul>
  );
}

interface ItemProps {
  ledger: Ledger;
  tie: Tie;
  open: boolean;
  onName: (name: string) => void;
}

function TieItem({ ledger, tie, open, onName }: ItemProps) {
  const holders = new Set(tie.evidence.map((one) => one.holder)).size;
  return (
    <li>
      <p>
        <Name name={tie.from} onName={onName} /> <span class={`tag ${tieClass(tie)}`}>{relation(tie.kind)}</span>{" "}
        <Name name={tie.to} onName={onName} />
        {tie.evidence.length > 1 && (
          <span class="via">
            {" "}
            {count(tie.evidence.length, "statement")}
            {holders > 1 && ` by ${holders} speakers`}
          </span>
        )}
      </p>
      <ul>
        {tie.evidence.slice(0, open ? 20 : 1).map((one, at) => {
          const document = ledger.document(one.document);
          return (
            <li key={at}>
              <T>{one.holder}</T> {tie.kind === "accuses" ? one.says : "says"}: <Quote text={one.text} document={document} spans={one.spans} />
              <span class="via">
                {" "}
                <T>{ledger.source(one.document)}</T>, {when(document?.published_at ?? "")}
              </span>
            </li>
          );
        })}
      </ul>
      {open && tie.evidence.length > 20 && (
        <p class="via">
          {number(tie.evidence.length - 20)} more; see <a href={viewHash("claims", { q: tie.from })}>the claims</a>.
        </p>
      )}
    </li>
  );
}

function Name({ name, onName }: { name: string; onName: (name: string) => void }) {
  return (
    <button type="button" class="name" onClick={() => onName(name)}>
      <T>{name}</T>
    </button>
  );
}

function tieClass(tie: Tie): string {
  if (tie.kind === "accuses") return "tie-accuses";
  return tie.sign < 0 ? "tie-hostile" : tie.sign > 0 && !BELONGS.has(tie.kind) ? "tie-friendly" : "tie-neutral";
}

const BELONGS = new Set(["part-of", "created-by"]);

interface DrawingProps {
  names: [string, number][];
  ties: Tie[];
  width: number;
  picked: string | null;
  chosen: string | null;
  onChoose: (name: string | null, tie: string | null) => void;
}

function Drawing({ names, ties, width, picked, chosen, onChoose }: DrawingProps) {
  const height = Math.round(Math.min(720, Math.max(width < 600 ? 460 : 380, width * 0.66)));
  const key = `${width} ${names.map(([name]) => name).join("\u0000")}`;
  const spots = useMemo(() => layout(names, ties, width, height), [key]);
  const named = useMemo(() => labels([...spots.values()], radius, nameOf, width), [spots]);
  const near = (tie: Tie) => (chosen ? tie.key === chosen : !picked || tie.from === picked || tie.to === picked);
  const lit = new Set(ties.filter(near).flatMap((tie) => [tie.from, tie.to]));
  return (
    <svg width={width} height={height} role="group" aria-label={`Network of ${names.length} actors; the list beside it says the same`}>
      <defs>
        {["tie-accuses", "tie-hostile", "tie-friendly", "tie-neutral"].map((name) => (
          <marker key={name} id={name} class={name} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
            <path d="M0,0 8,4 0,8Z" />
          </marker>
        ))}
      </defs>
      {ties.map((tie) => (
        <Arrow key={tie.key} tie={tie} spots={spots} dim={!near(tie)} onClick={() => onChoose(null, tie.key)} />
      ))}
      {[...spots.values()].map((spot) => (
        <Mark key={spot.name} spot={spot} label={named.get(spot.name) ?? ((picked || chosen) && lit.has(spot.name) ? below(spot) : null)} dim={!!(picked || chosen) && !lit.has(spot.name)} onClick={() => onChoose(spot.name, null)} />
      ))}
    </svg>
  );
}

const nameOf = (spot: Spot) => short(shown(spot.name), 24);
const below = (spot: Spot): Label => ({ x: spot.x, y: spot.y + radius(spot) + 13, anchor: "middle" });
const radius = (spot: Spot) => 5 + Math.min(11, Math.sqrt(spot.weight) * 1.6);

function Arrow({ tie, spots, dim, onClick }: { tie: Tie; spots: Map<string, Spot>; dim: boolean; onClick: () => void }) {
  const path = curve(spots.get(tie.from)!, spots.get(tie.to)!, tie.kind);
  const name = tieClass(tie);
  return (
    <g class={`arrow ${name}${dim ? " dim" : ""}`} onClick={onClick}>
      <title>{shown(`${tie.from} ${relation(tie.kind)} ${tie.to}`)}</title>
      <path d={path} class="reach" />
      <path d={path} class="line" stroke-width={1.2 + Math.min(3, Math.log2(tie.evidence.length))} marker-end={`url(#${name})`} />
    </g>
  );
}

/** A bow from rim to rim; ties of other kinds between the same two bow differently, so that none hides another. */
function curve(from: Spot, to: Spot, kind: string): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const bow = 14 + ([...kind].reduce((sum, c) => sum + c.charCodeAt(0), 0) % 4) * 9;
  const [cx, cy] = [(from.x + to.x) / 2 - (dy / length) * bow, (from.y + to.y) / 2 + (dx / length) * bow];
  const start = towards(from, cx, cy, radius(from) + 1);
  const end = towards(to, cx, cy, radius(to) + 3);
  return `M${start}Q${cx.toFixed(1)},${cy.toFixed(1)} ${end}`;
}

function towards(spot: Spot, x: number, y: number, distance: number): string {
  const length = Math.hypot(x - spot.x, y - spot.y) || 1;
  return `${(spot.x + ((x - spot.x) / length) * distance).toFixed(1)},${(spot.y + ((y - spot.y) / length) * distance).toFixed(1)}`;
}

function Mark({ spot, label, dim, onClick }: { spot: Spot; label: Label | null; dim: boolean; onClick: () => void }) {
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onClick();
    }
  };
  return (
    <g class={dim ? "actor dim" : "actor"} tabIndex={0} role="button" aria-label={shown(`${spot.name}: show ties`)} onClick={onClick} onKeyDown={onKey}>
      <title>{shown(spot.name)}</title>
      <circle cx={spot.x} cy={spot.y} r={radius(spot)} />
      {label && (
        <text x={label.x} y={label.y} text-anchor={label.anchor}>
          {nameOf(spot)}
        </text>
      )}
    </g>
  );
}
