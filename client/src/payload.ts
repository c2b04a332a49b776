/** What `allegedly.show.payload` sends: tables of columns, with row numbers as references (-1: none). */

import type { Synchrony } from "./synchrony";

export interface Table {
  rows: number;
  columns: Record<string, unknown[]>;
}

export interface Payload {
  format: number;
  title: string;
  made_at: string;
  /** Languages in which claims, events and actors are looked for; other texts are read whole. */
  searched: string[];
  /** Whether statements were compared by meaning, across languages, or by their words alone. */
  by_meaning: boolean;
  documents: Table;
  actors: Table;
  claims: Table;
  events: Table;
  mentions: Table;
  accounts: Table;
  conflicts: Table;
  narratives: Table;
  echoes: Table;
  changes: Table;
  relations: Table;
  problems: Table;
  problem_counts: Table;
  synchrony: Synchrony | null;
}

/** The page of `allegedly synchrony`: the one view, and no ledger around it. */
export type Alone = Pick<Payload, "format" | "title" | "made_at"> & { synchrony: Synchrony };

export const FORMAT = 3;

/** A row number in another table; -1 where there is none. */
export type Ref = number;
/** `[start, end, start, end, …]` in code points. */
export type FlatSpans = number[];

interface Row {
  row: number;
}

export interface Doc extends Row {
  id: string;
  /** Who published it; `file <path>` of the kind `file` where nobody says. */
  source: string;
  source_kind: string;
  platform: string;
  kind: string;
  title: string;
  author: string;
  published_at: string;
  published_grain: string;
  language: string;
  url: string;
  length: number;
  /** How the text begins, where there is no title. */
  opening: string;
  forwarded_from: string;
  forward_inferred: boolean;
  reader: string;
  origins: [string, string][];
}

export interface Actor extends Row {
  id: string;
  name: string;
  kind: string;
  names: string[];
  documents: number;
  mentions: number;
}

export interface Claim extends Row {
  document: Ref;
  speaker: Ref;
  speaker_name: string;
  cue_text: string;
  speaker_spans: FlatSpans;
  cue_spans: FlatSpans;
  spans: FlatSpans;
  text: string;
  mode: string;
  act: string;
  polarity: string;
  hedge: string | null;
  channel: string | null;
  parent: Ref;
  accused: Ref[];
  about: Ref[];
  confidence: number;
}

export interface LedgerEvent extends Row {
  id: string;
  type: string;
  /** A plain type where PLOVER has none. */
  other_type: string;
  mode: string;
  status: string;
  /** The sentence that tells it best, at `spans` of `document`. */
  title: string;
  document: Ref;
  spans: FlatSpans;
  /** The words that name it, in the same document. */
  triggers: FlatSpans;
  start: string;
  end: string;
  place: string;
  lat: number | null;
  lon: number | null;
  members: number;
  documents: number;
}

export interface Mention extends Row {
  event: Ref;
  document: Ref;
  spans: FlatSpans;
  triggers: FlatSpans;
}

export interface Account extends Row {
  event: Ref;
  facet: string;
  speaker: Ref;
  speaker_name: string;
  /** Told in the document's own voice. */
  own: boolean;
  value: string;
  value_actor: Ref;
  min: number | null;
  max: number | null;
  document: Ref;
  spans: FlatSpans;
  claim: Ref;
  published_at: string;
  text: string | null;
}

export interface Conflict extends Row {
  event: Ref;
  facet: string;
  kind: string;
  first: Ref;
  second: Ref;
}

export interface Narrative extends Row {
  id: string;
  gist: string;
  gist_echo: Ref;
  first_echo: Ref;
  first_seen: string;
  first_certain: boolean;
  denies: boolean;
  /** Narratives that it denies, or that deny it. */
  opposed: Ref[];
  claims: number;
  /** Statements that are neither reposts nor copies nor translations. */
  wordings: number;
  documents: number;
  languages: string[];
  /** Seconds until half of its statements were out. */
  half_life: number | null;
  /** Language, kind of source, and `true` where the clocks leave no doubt about the order. */
  path: [string, string, string][];
}

export interface Echo extends Row {
  narrative: Ref;
  claim: Ref;
  document: Ref;
  spans: FlatSpans;
  text: string;
  published_at: string;
  kind: string;
  /** The echo that a copy or a translation repeats. */
  copy_of: Ref;
  lag: number | null;
}

/** How many narratives were merged into one that is there, or split off it. */
export interface Change extends Row {
  change: string;
  narrative: Ref;
  count: number;
}

export interface Relation extends Row {
  subject: Ref;
  type: string;
  object: Ref;
  sign: -1 | 0 | 1;
  holder: Ref;
  /** Told in the document's own voice. */
  own: boolean;
  document: Ref;
  spans: FlatSpans;
  text: string;
}

export interface Problem extends Row {
  path: string;
  position: string;
  stage: string;
  what: string;
  action: string;
  excerpt: string;
}

export interface ProblemCount extends Row {
  stage: string;
  what: string;
  action: string;
  count: number;
}

/** The rows of `table` as objects that know their own row number. */
export function records<T extends Row>(table: Table): T[] {
  const columns = Object.entries(table.columns);
  return Array.from({ length: table.rows }, (_, row) => {
    const record: Record<string, unknown> = { row };
    for (const [name, values] of columns) record[name] = values[row];
    return record as unknown as T;
  });
}
