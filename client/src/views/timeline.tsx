/** A lane for each source, documents by the time they came out; above them the events by their own time. */

import { scaleUtc, type ScaleTime } from "d3-scale";
import { useMemo, useState } from "preact/hooks";
import { groupBy, type Ledger } from "../ledger";
import { Kind, named, Receipt, Sentence, Status, T, useWidth, type ViewProps } from "../parts";
import type { Doc, LedgerEvent } from "../payload";
import { replaceQuery } from "../route";
import { Table, type Column } from "../table";
import { short, shortEnd, shown } from "../text";
import { count, eventKind, instant, number, span, tick, when } from "../words";

const DAY = 86_400_000;
const LANE = 26;
const TOP = 30;
/** Marks nearer than this (pixels) are drawn as one. */
const BIN = 9;
/** Lanes drawn at first, and added at each step; on paper no more than `PRINTED`. */
const LANES = 30;
const PRINTED = 60;

interface Item {
  at: number;
  lane: string;
  document: Doc | null;
  event: LedgerEvent | null;
  weight: number;
}

const EVENTS = "\u0000events";

export function Timeline({ ledger, query, printing }: ViewProps) {
  const items = useMemo(() => itemsOf(ledger), [ledger]);
  const [box, width] = useWidth(1000);
  const [most, setMost] = useState(LANES);
  const [picked, setPicked] = useState<Picked | null>(null);
  const usual = useMemo(() => usualWindow(items), [items]);
  const all = items.length ? padded(items[0]!.at, items.at(-1)!.at) : usual;
  const from = instant(query.get("from") ?? "") ?? usual[0];
  const to = instant(query.get("to") ?? "") ?? usual[1];
  const within = items.filter((item) => item.at >= from && item.at <= to);
  const listed = picked ? within.filter((item) => item.lane === picked.lane && item.at >= picked.from && item.at <= picked.to) : within;
  const lanes = useMemo(() => lanesOf(ledger), [ledger]);
  const drawn = lanes.slice(0, printing ? PRINTED : most);
  const undated = ledger.documents.filter((document) => instant(document.published_at) === null).length;
  const untimed = ledger.documents.length + ledger.events.length - items.length - undated;
  const move = (low: number, high: number) => {
    setPicked(null);
    replaceQuery("timeline", { from: iso(low), to: iso(high) });
  };
  return (
    <>
      <h2>Timeline</h2>
      <p class="summary">
        Circles are documents by the time they came out, larger where they hold more claims; diamonds are events by the time
        they are said to have happened.
      </p>
      {!printing && <Controls from={from} to={to} usual={usual} all={all} onMove={move} />}
      <Left items={items.length - within.length} documents={undated} events={untimed} />
      <div ref={box} class="drawing">
        <Drawing width={width} lanes={drawn} items={within} from={from} to={to} picked={picked} onPick={setPicked} ledger={ledger} />
      </div>
      {drawn.length < lanes.length && (
        <p class="more">
          The {number(drawn.length)} with most documents, of {number(lanes.length)} lanes.{" "}
          {!printing && (
            <button type="button" onClick={() => setMost(most + LANES)}>
              Show {number(Math.min(LANES, lanes.length - drawn.length))} more
            </button>
          )}
        </p>
      )}
      <h3>
        {picked ? (
          <>
            {picked.lane === EVENTS ? "Events" : <T>{picked.lane}</T>}: {count(listed.length, "item")}{" "}
            <button type="button" onClick={() => setPicked(null)}>
              Show all in view
            </button>
          </>
        ) : (
          `In view, in order of time: ${count(listed.length, "item")}`
        )}
      </h3>
      <Table caption="Documents and events in view" rows={listed} columns={columnsOf(ledger)} printing={printing} empty="Nothing with a date lies in this window." />
    </>
  );
}

function itemsOf(ledger: Ledger): Item[] {
  const items: Item[] = [];
  for (const document of ledger.documents) {
    const at = instant(document.published_at);
    if (at !== null) items.push({ at, lane: document.source, document, event: null, weight: ledger.claimsOf.of(document.row).length });
  }
  for (const event of ledger.events) {
    const at = instant(event.start);
    if (at !== null) items.push({ at, lane: EVENTS, document: null, event, weight: ledger.tellers(event) });
  }
  return items.sort((a, b) => a.at - b.at);
}

/** Sources, those with most documents first. */
function lanesOf(ledger: Ledger): string[] {
  const dated = ledger.documents.filter((document) => instant(document.published_at) !== null);
  const groups = [...groupBy(dated, (document) => document.source)];
  return groups.sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1)).map(([source]) => source);
}

/** From the first to the last document, less the outermost hundredth where a few stray dates would squeeze the rest. Events alone: all but the outer tenths. */
function usualWindow(items: readonly Item[]): [number, number] {
  const times = items.filter((item) => item.document).map((item) => item.at);
  const all = times.length ? times : items.map((item) => item.at);
  if (!all.length) return [0, DAY];
  if (!times.length) return padded(all[Math.floor(all.length / 10)]!, all[Math.ceil((all.length * 9) / 10) - 1]!);
  const cut = Math.floor(all.length / 100);
  const quantile = (share: number) => all[Math.min(all.length - 1, Math.floor(all.length * share))]!;
  const core = Math.max(quantile(0.9) - quantile(0.1), 3 * DAY);
  let [low, high] = [all[0]!, all.at(-1)!];
  if (low < quantile(0.1) - 5 * core) low = Math.max(all[cut]!, quantile(0.1) - 5 * core);
  if (high > quantile(0.9) + 5 * core) high = Math.min(all[all.length - 1 - cut]!, quantile(0.9) + 5 * core);
  const near = items.filter((item) => item.event && item.at > low - core && item.at < high + core).map((item) => item.at);
  return padded(Math.min(low, ...near.slice(0, 1)), Math.max(high, ...near.slice(-1)));
}

function padded(low: number, high: number): [number, number] {
  const pad = Math.max((high - low) * 0.02, DAY / 8);
  return [low - pad, high + pad];
}

function iso(time: number): string {
  return new Date(Math.max(-62135596800000, Math.min(253402300799000, time))).toISOString().slice(0, 16);
}

function Left({ items, documents, events }: { items: number; documents: number; events: number }) {
  const parts = [
    items > 0 ? `${count(items, "item")} outside this window` : "",
    documents > 0 ? `${count(documents, "document")} without a date` : "",
    events > 0 ? `${count(events, "event")} without a date` : "",
  ].filter(Boolean);
  return parts.length ? <p class="note">Not drawn: {parts.join(", ")}.</p> : null;
}

interface ControlsProps {
  from: number;
  to: number;
  usual: [number, number];
  all: [number, number];
  onMove: (from: number, to: number) => void;
}

function Controls({ from, to, usual, all, onMove }: ControlsProps) {
  const half = (to - from) / 2;
  const middle = (from + to) / 2;
  return (
    <div class="controls buttons" role="group" aria-label="Window of time">
      <button type="button" onClick={() => onMove(from - half, to - half)}>
        ← Earlier
      </button>
      <button type="button" onClick={() => onMove(from + half, to + half)}>
        Later →
      </button>
      <button type="button" onClick={() => onMove(middle - half / 2, middle + half / 2)}>
        Closer
      </button>
      <button type="button" onClick={() => onMove(middle - 2 * half, middle + 2 * half)}>
        Wider
      </button>
      <button type="button" onClick={() => onMove(...usual)}>
        Main period
      </button>
      <button type="button" onClick={() => onMove(...all)}>
        All dates
      </button>
      <span class="via">
        {when(iso(from).slice(0, 10))} – {when(iso(to).slice(0, 10))}
      </span>
    </div>
  );
}

interface Picked {
  lane: string;
  from: number;
  to: number;
}

interface DrawingProps {
  ledger: Ledger;
  width: number;
  lanes: string[];
  items: Item[];
  from: number;
  to: number;
  picked: Picked | null;
  onPick: (picked: Picked | null) => void;
}

function Drawing({ ledger, width, lanes, items, from, to, picked, onPick }: DrawingProps) {
  const left = width < 600 ? 112 : 170;
  const x = scaleUtc([from, to], [left + 8, width - 10]);
  const rows = [EVENTS, ...lanes];
  const height = TOP + rows.length * LANE + 4;
  const byLane = useMemo(() => groupBy(items, (item) => item.lane), [items]);
  return (
    <svg class="timeline" width={width} height={height} role="group" aria-label="Timeline; the table below says the same">
      <Axis x={x} ticks={Math.max(2, Math.floor((width - left) / 110))} height={height} />
      {rows.map((lane, at) => (
        <g key={lane} class={lane === EVENTS ? "lane events" : "lane"} transform={`translate(0,${TOP + at * LANE + LANE / 2})`}>
          <line class="axis" x1={left} x2={width - 4} />
          <text x={left - 8} y={4} text-anchor="end">
            {laneName(lane, width < 600 ? 13 : 22)}
            {lane !== EVENTS && <title>{shown(lane)}</title>}
          </text>
          {bins(byLane.get(lane) ?? [], x).map((bin) => (
            <Mark key={bin.x} ledger={ledger} bin={bin} lane={lane} picked={picked} onPick={onPick} />
          ))}
        </g>
      ))}
    </svg>
  );
}

function laneName(lane: string, most: number): string {
  if (lane === EVENTS) return "Events";
  return lane.startsWith("file ") ? shortEnd(shown(lane.slice(5)), most) : short(shown(lane), most);
}

function Axis({ x, ticks, height }: { x: ScaleTime<number, number>; ticks: number; height: number }) {
  return (
    <g class="ticks">
      {x.ticks(ticks).map((time) => (
        <g key={time.getTime()} transform={`translate(${x(time)},0)`}>
          <line y1={TOP - 8} y2={height} />
          <text y={TOP - 14} text-anchor="middle">
            {tick(time)}
          </text>
        </g>
      ))}
    </g>
  );
}

interface Bin {
  x: number;
  items: Item[];
}

/** Items in order of time, gathered where their marks would lie upon one another. */
function bins(items: readonly Item[], x: ScaleTime<number, number>): Bin[] {
  const found: Bin[] = [];
  for (const item of items) {
    const at = x(item.at);
    const last = found.at(-1);
    if (last && at - last.x < BIN) last.items.push(item);
    else found.push({ x: at, items: [item] });
  }
  return found;
}

interface MarkProps {
  ledger: Ledger;
  bin: Bin;
  lane: string;
  picked: Picked | null;
  onPick: (picked: Picked | null) => void;
}

function Mark({ ledger, bin, lane, picked, onPick }: MarkProps) {
  const weight = bin.items.reduce((sum, item) => sum + item.weight, 0);
  const radius = Math.min(10, 3 + 1.1 * Math.sqrt(weight));
  const here = { lane, from: bin.items[0]!.at, to: bin.items.at(-1)!.at };
  const is = picked?.lane === lane && picked.from === here.from;
  const disputed = bin.items.some((item) => item.event && ledger.conflictsOf.of(item.event.row).length > 0);
  const name = ["mark", is ? "picked" : "", disputed ? "disputed" : "", weight ? "" : "hollow"].join(" ");
  return (
    <g class={name} onClick={() => onPick(is ? null : here)}>
      <title>{shown(title(bin))}</title>
      {lane === EVENTS ? (
        <path transform={`translate(${bin.x},0)`} d={`M0,${-radius}L${radius},0 0,${radius} ${-radius},0Z`} />
      ) : (
        <circle cx={bin.x} r={radius} />
      )}
    </g>
  );
}

function title(bin: Bin): string {
  const [first] = bin.items;
  if (bin.items.length > 1) return `${number(bin.items.length)} items from ${label(first!)}`;
  return label(first!);
}

function label(item: Item): string {
  if (item.event) return `${span(item.event.start, item.event.end)}: ${eventKind(item.event)}. ${item.event.title}`;
  return `${when(item.document!.published_at)}: ${named(item.document!)}`;
}

function What({ event }: { event: LedgerEvent }) {
  return (
    <>
      <Kind event={event} /> <Status event={event} />
    </>
  );
}

function columnsOf(ledger: Ledger): Column<Item>[] {
  return [
    {
      id: "time",
      label: "Time",
      class: "date",
      cell: ({ event, document }) => (event ? span(event.start, event.end) : when(document!.published_at)),
    },
    { id: "kind", label: "What", class: "short", cell: ({ event, document }) => (event ? <What event={event} /> : document!.kind) },
    {
      id: "title",
      label: "Receipt",
      class: "wide",
      cell: ({ event, document }) =>
        event ? (
          <Sentence ledger={ledger} event={event} />
        ) : (
          <Receipt document={document!} spans={[]}>
            <T>{named(document!)}</T>
          </Receipt>
        ),
    },
    {
      id: "source",
      label: "Source",
      cell: ({ event, document }) => (event ? ledger.publishers(ledger.tellings(event)) : <T>{document!.source}</T>),
    },
    {
      id: "claims",
      label: "Claims",
      class: "number",
      cell: ({ event, document }) => (event ? "" : number(ledger.claimsOf.of(document!.row).length)),
    },
  ];
}
