/** Which accounts are close in time, as `allegedly.show.in_step` sends it: types, what is drawn, and how numbers are told. */

import { layout, type Spot } from "./network";
import { number, when } from "./words";

export interface Synchrony {
  /** What the posts share: `narrative`, `text`, or a column's name. */
  by: string;
  /** Seconds. */
  window: number;
  /** Seconds to which half of the posts are rounded; 1 where they are not. */
  grain: number;
  alpha: number;
  /** Pairs over which q runs. */
  tests: number;
  posts: number;
  items: number;
  /** Pairs that share an item. */
  met: number;
  sampled_items: number;
  in_step: number;
  /** Pairs at q <= alpha that are named apart. */
  apart: number;
  all_accounts: number;
  /** Too few posts for any pair to stand out. */
  few: boolean;
  /** Declared reposts that left the test. */
  declared: number;
  notes: Record<string, number>;
  accounts: Account[];
  pairs: Pair[];
  rings: Ring[];
  /** Pairs at q <= alpha by window in seconds. */
  windows: Record<string, number>;
  terms: Record<string, number>;
  items_shown: string[];
}

export interface Account {
  name: string;
  posts: number;
  /** -1 (always after the others) to 1 (always before them). */
  early: number;
  /** Odds factor of being close to anybody. */
  factor: number;
  grain: number;
  scheduled: boolean;
}

export interface Pair {
  /** Places in `accounts`. */
  a: number;
  b: number;
  observed: number;
  expected: number;
  /** 95 % interval of observed over expected; null where it has no end. */
  low: number | null;
  high: number | null;
  /** How often `b` followed `a`. */
  forward: number;
  backward: number;
  p: number;
  q: number;
  apart: "" | "schedule" | "one feed";
  ring: number;
  /** q by window in seconds. */
  windows: Record<string, number>;
  /** p of the jitter by width of its bins in seconds. */
  jitter: Record<string, number>;
  posts: Post[];
  /** Coincidences that are not among `posts`. */
  more: number;
}

export interface Post {
  /** Place in `items_shown`. */
  item: number;
  /** Of the earlier post, in seconds since 1970 UTC. */
  time: number;
  gap: number;
  /** 1 where `a` was first. */
  first: 0 | 1;
  /** Ids of the earlier post's document and of the later one's. */
  documents?: [string, string];
}

export interface Ring {
  members: number[];
  one_feed: boolean;
  items: number;
  observed: number;
  expected: number;
  strength: number;
  p: number;
  share: number;
}

export const LEAST_Q = 1e-12;
export const MOST_Q = 0.2;
export const STEPS = 120;

/** The q of a step of the slider, logarithmic; the step nearest to `alpha` stands for it. */
export function qOfStep(step: number, alpha: number): number {
  if (step === stepOfQ(alpha)) return alpha;
  return LEAST_Q * (MOST_Q / LEAST_Q) ** (step / STEPS);
}

export function stepOfQ(q: number): number {
  return Math.round((STEPS * Math.log(Math.max(q, LEAST_Q) / LEAST_Q)) / Math.log(MOST_Q / LEAST_Q));
}

export const ratio = (pair: Pair) => pair.observed / Math.max(pair.expected, 1e-9);

/** Colours go round: rings beyond the eighth share one with an earlier ring. */
export const ringClass = (ring: number) => (ring > 0 ? `ring-${((ring - 1) % 8) + 1}` : "");

/** Why a pair is named apart. */
export function apartWords(apart: Pair["apart"]): string {
  return apart === "schedule" ? "shared schedule" : apart === "one feed" ? "one feed" : "";
}

/** Where each account of `pairs` is drawn. */
export function places(data: Synchrony, pairs: readonly Pair[], width: number, height: number): Map<string, Spot> {
  const used = new Set(pairs.flatMap((pair) => [pair.a, pair.b]));
  const names = [...used].sort((a, b) => a - b).map((at): [string, number] => [data.accounts[at]!.name, data.accounts[at]!.posts]);
  const ties = pairs.map((pair) => ({ from: data.accounts[pair.a]!.name, to: data.accounts[pair.b]!.name }));
  return layout(names, ties, width, height);
}

/** The settings at which `values` are at or below `limit`. */
export function held(values: Record<string, number>, limit: number): number[] {
  return seconds(values).filter((one) => values[one]! <= limit);
}

/** The keys of a record that go by seconds, shortest first. */
export const seconds = (values: Record<string, unknown>) => Object.keys(values).map(Number).sort((a, b) => a - b);

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A probability: `0.012`, `3 × 10⁻⁷`. */
export function chance(value: number): string {
  if (value >= 0.001) return String(Number(value.toPrecision(2)));
  if (value === 0) return "< 10⁻³⁰⁰";
  const [digits = "", power = ""] = value.toExponential(value < 1e-9 ? 0 : 1).split("e-");
  const raised = [...power].map((digit) => RAISED[Number(digit)]).join("");
  const plain = digits.replace(/\.0$/, "");
  return `${plain === "1" ? "" : `${plain} × `}10⁻${raised}`;
}

/** A number of which two digits are enough. */
export function amount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "∞";
  if (value >= 10) return number(Math.round(value));
  return String(Number(value.toPrecision(2)));
}

/** `15 s`, `2 min`, `1 min 30 s`, `1 h`. */
export function length(value: number): string {
  if (value < 60) return `${Number(value.toFixed(1))} s`;
  const whole = Math.round(value);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return [hours && `${hours} h`, minutes && `${minutes} min`, rest && `${rest} s`].filter(Boolean).join(" ");
}

/** `1 Mar 2024` and `14:09:11.3`, UTC. */
export function dayAndTime(value: number): [string, string] {
  const date = new Date(Math.round(value * 1000));
  if (Number.isNaN(date.getTime())) return ["no date", ""];
  const iso = date.toISOString();
  const tenths = iso.slice(20, 21);
  return [when(iso.slice(0, 10)), iso.slice(11, 19) + (value % 1 ? `.${tenths}` : "")];
}

/** What the posts share, in words. */
export function shared(by: string): string {
  return SHARED[by] ?? "";
}

const SHARED: Record<string, string> = {
  narrative: "the same claim",
  item: "the same item",
  text: "the same text",
  "near-text": "nearly the same text",
  link: "the same link",
  domain: "a link to the same site",
  hashtag: "the same hashtag",
  forward: "a forward from the same source",
  media: "the same picture or file",
};

export interface Term {
  words: string;
  value: number;
}

/** What the null learnt, in plain words: single terms, and those that only together make a curve. */
export function terms(found: Record<string, number>): { single: Term[]; curve: Term[] } {
  const all = Object.entries(found).filter(([name]) => name !== "constant");
  const told = (names: typeof all) => names.map(([name, value]) => ({ words: inWords(name), value }));
  return { single: told(all.filter(([name]) => !CURVE.test(name))), curve: told(all.filter(([name]) => CURVE.test(name))) };
}

const CURVE = /early|unlike/;

function inWords(name: string): string {
  const within = /^bunched within (\d+) s$/.exec(name);
  if (within) return `others post the item close together, within ${length(Number(within[1]))}`;
  const above = /^both early above ([\d.]+)$/.exec(name);
  if (above) return `both early, beyond ${above[1]}`;
  return WORDS[name] ?? name;
}

const WORDS: Record<string, string> = {
  posters: "many accounts post the item",
  "two posters": "only these two post the item",
  schedules: "their schedules meet",
  early: "both early by habit",
  "early squared": "the same, squared",
  "early cubed": "the same, cubed",
  unlike: "one early, the other late",
  "unlike and early": "one early, the other late, and early on the whole",
  "bunched and early": "early accounts on a bunched item",
};
