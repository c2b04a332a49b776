/** The payload as records, with the look-ups that the views share. */

import {
  records,
  type Account,
  type Actor,
  type Claim,
  type Conflict,
  type Doc,
  type Echo,
  type LedgerEvent,
  type Mention,
  type Change,
  type Narrative,
  type Payload,
  type Problem,
  type ProblemCount,
  type Ref,
  type Relation,
} from "./payload";
import type { Synchrony } from "./synchrony";
import { accountValue, count } from "./words";

export class Ledger {
  readonly title: string;
  readonly madeAt: string;
  readonly searched: ReadonlySet<string>;
  readonly byMeaning: boolean;
  readonly documents: Doc[];
  readonly actors: Actor[];
  readonly claims: Claim[];
  readonly events: LedgerEvent[];
  readonly accounts: Account[];
  readonly conflicts: Conflict[];
  readonly narratives: Narrative[];
  readonly echoes: Echo[];
  readonly relations: Relation[];
  readonly problems: Problem[];
  readonly problemCounts: ProblemCount[];
  readonly synchrony: Synchrony | null;

  readonly claimsOf: Group<Claim>;
  readonly mentionsOf: Group<Mention>;
  readonly mentionsIn: Group<Mention>;
  readonly accountsOf: Group<Account>;
  readonly conflictsOf: Group<Conflict>;
  readonly echoesOf: Group<Echo>;
  readonly changesOf: Group<Change>;

  private readonly documentRows: Map<string, number>;

  constructor(payload: Payload) {
    this.title = payload.title;
    this.madeAt = payload.made_at;
    this.searched = new Set(payload.searched);
    this.byMeaning = payload.by_meaning;
    this.documents = records<Doc>(payload.documents);
    this.actors = records<Actor>(payload.actors);
    this.claims = records<Claim>(payload.claims);
    this.events = records<LedgerEvent>(payload.events);
    this.accounts = records<Account>(payload.accounts);
    this.conflicts = records<Conflict>(payload.conflicts);
    this.narratives = records<Narrative>(payload.narratives);
    this.relations = records<Relation>(payload.relations);
    this.problems = records<Problem>(payload.problems);
    this.problemCounts = records<ProblemCount>(payload.problem_counts);
    this.synchrony = payload.synchrony;
    const mentions = records<Mention>(payload.mentions);
    this.claimsOf = group(this.claims, (claim) => claim.document);
    this.mentionsOf = group(mentions, (mention) => mention.event);
    this.mentionsIn = group(mentions, (mention) => mention.document);
    this.accountsOf = group(this.accounts, (account) => account.event);
    this.conflictsOf = group(this.conflicts, (conflict) => conflict.event);
    this.echoes = records<Echo>(payload.echoes);
    this.echoesOf = group(this.echoes, (echo) => echo.narrative);
    this.changesOf = group(records<Change>(payload.changes), (change) => change.narrative);
    this.documentRows = new Map(this.documents.map((document) => [document.id, document.row]));
  }

  document(row: Ref): Doc | undefined {
    return this.documents[row];
  }

  documentById(id: string): Doc | undefined {
    return this.documents[this.documentRows.get(id) ?? -1];
  }

  actorName(row: Ref): string {
    return this.actors[row]?.name ?? "";
  }

  /** Who makes the claim, by name: the linked actor, the name as given, or the source for its own voice. */
  speaker(claim: Claim): string {
    return this.named(claim.speaker, claim.speaker_name, claim.document, this.isOwnVoice(claim));
  }

  /** The source of a document, or its file where nobody says who published it. */
  source(document: Ref): string {
    return this.documents[document]?.source ?? "";
  }

  /** How many sources tell an event; a file of no stated source counts as one. */
  tellers(event: LedgerEvent): number {
    return new Set(this.tellings(event).map((document) => this.source(document))).size;
  }

  /** The documents that tell an event. */
  tellings(event: LedgerEvent): Ref[] {
    return [...new Set(this.mentionsOf.of(event.row).map((mention) => mention.document))];
  }

  /** `3 sources, 2 files`: who published these documents. */
  publishers(documents: Iterable<Ref>): string {
    const found = new Map<string, boolean>();
    for (const row of documents) {
      const document = this.documents[row];
      if (document) found.set(document.source, document.source_kind === "file");
    }
    const files = [...found.values()].filter(Boolean).length;
    const sources = found.size - files;
    return [sources ? count(sources, "source") : "", files ? count(files, "file") : ""].filter(Boolean).join(", ");
  }

  /** An actor's name, or the name as given, or the document's own voice: never that for somebody who is quoted. */
  private named(actor: Ref, name: string, document: Ref, own: boolean): string {
    const given = name === "unknown" ? "" : name;
    return this.actorName(actor) || given || (own ? this.voice(document) : "somebody unnamed");
  }

  /** Who speaks where a document speaks for itself. */
  private voice(document: Ref): string {
    const { source = "", source_kind = "", author = "" } = this.documents[document] ?? {};
    if (source_kind !== "file") return source;
    return author || (this.documents.length > 1 ? `the author of ${source}` : "the author");
  }

  /** Whether it is known who makes the claim. */
  isNamed(claim: Claim): boolean {
    return claim.speaker >= 0 ? this.actors[claim.speaker]!.kind !== "unnamed" : !["", "unknown"].includes(claim.speaker_name);
  }

  isOwnVoice(claim: Claim): boolean {
    return claim.mode === "own-voice";
  }

  /** What an account says, with names for actors. */
  accountValue(account: Account): string {
    const { value } = account;
    return accountValue(account, this.actorName(account.value_actor) || unslugged(value.replace(/^not /, "")));
  }

  accountSpeaker(account: Account): string {
    return this.named(account.speaker, account.speaker_name, account.document, account.own);
  }

  holder(relation: Relation): string {
    return this.named(relation.holder, "", relation.document, relation.own);
  }
}

/** An actor that was linked to none, by the words in its id. */
function unslugged(id: string): string {
  return id.replace(/~.*$/, "").replaceAll("-", " ");
}

export class Group<T> {
  constructor(private readonly map: Map<Ref, T[]>) {}

  of(row: Ref): readonly T[] {
    return this.map.get(row) ?? [];
  }
}

function group<T>(rows: readonly T[], key: (row: T) => Ref): Group<T> {
  return new Group(groupBy(rows, key));
}

export function groupBy<T, K>(rows: readonly T[], key: (row: T) => K): Map<K, T[]> {
  const map = new Map<K, T[]>();
  for (const row of rows) {
    const at = key(row);
    const there = map.get(at);
    if (there) there.push(row);
    else map.set(at, [row]);
  }
  return map;
}

/** Distinct values with how often they occur, most frequent first, ties by name. */
export function tally(values: Iterable<string>): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
