/** Who blames whom for what, in order of the first day, and how the blame moves from day to day. */

import { useMemo } from "preact/hooks";
import { groupBy, tally, type Ledger } from "../ledger";
import { Empty, Folded, Quote, T } from "../parts";
import type { Claim } from "../payload";
import { viewHash } from "../route";
import { count, eventKind, number, when } from "../words";
import type { PartProps } from "./brief";

const LINES = 8;
const ACCUSED = 5;
const COLUMNS = 31;

interface Blame {
  key: string;
  accuser: string;
  accused: number;
  /** In order of publication. */
  claims: Claim[];
  documents: number;
}

export function WhoBlames({ ledger, printing }: PartProps) {
  const accusing = useMemo(() => ledger.claims.filter(accuses), [ledger]);
  const most = useMemo(() => blames(ledger, accusing), [ledger]);
  if (!most.length) return <Empty>Nobody was found to accuse anybody by name.</Empty>;
  const first = most.slice(0, LINES).sort((a, b) => compare(firstDay(ledger, a), firstDay(ledger, b)) || b.documents - a.documents || byRow(a, b));
  return (
    <>
      <Days ledger={ledger} claims={accusing} />
      <ul class="lines plain">
        <Folded items={[...first, ...most.slice(LINES)]} first={LINES} what="accusations" printing={printing} printed={40}>
          {(blame) => <BlameLine key={blame.key} ledger={ledger} blame={blame} />}
        </Folded>
      </ul>
    </>
  );
}

const byRow = (a: Blame, b: Blame) => a.claims[0]!.row - b.claims[0]!.row;
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const firstDay = (ledger: Ledger, blame: Blame) => (ledger.document(blame.claims[0]!.document)?.published_at || "9999").slice(0, 10);

/** How many of the two are named. */
function named(ledger: Ledger, { claims, accused }: Blame): number {
  return Number(ledger.isNamed(claims[0]!)) + Number(ledger.actors[accused]?.kind !== "unnamed");
}

const accuses = (claim: Claim) => claim.accused.length > 0 && claim.act !== "denies" && claim.polarity !== "negated";

/** One entry for each accuser and accused, those in most documents first. Claims stand in the ledger in order of publication. */
function blames(ledger: Ledger, accusing: readonly Claim[]): Blame[] {
  const pairs = accusing.flatMap((claim) => claim.accused.map((accused) => ({ claim, accused, accuser: ledger.speaker(claim) })));
  const found = [...groupBy(pairs, ({ accuser, accused }) => `${accused} ${accuser}`)].map(([key, group]): Blame => {
    const claims = group.map((one) => one.claim);
    return { key, accuser: group[0]!.accuser, accused: group[0]!.accused, claims, documents: documentsOf(claims).size };
  });
  return found.sort((a, b) => b.documents - a.documents || named(ledger, b) - named(ledger, a) || byRow(a, b));
}

const documentsOf = (claims: readonly Claim[]) => new Set(claims.map((claim) => claim.document));

function BlameLine({ ledger, blame }: { ledger: Ledger; blame: Blame }) {
  const [first] = blame.claims as [Claim, ...Claim[]];
  const speaker = ledger.actors[first.speaker];
  const everywhere = { accused: ledger.actors[blame.accused]?.id ?? "", ...(speaker ? { actor: speaker.id } : {}) };
  const what = blamedFor(ledger, blame.claims);
  return (
    <li>
      <div class="when">{when((ledger.document(first.document)?.published_at ?? "").slice(0, 10))}</div>
      <div>
        <strong>
          <T>{blame.accuser}</T>
        </strong>{" "}
        <span class="blames" aria-label="blames">
          →
        </span>{" "}
        <strong>
          <T>{ledger.actorName(blame.accused)}</T>
        </strong>
        {what && (
          <>
            {" "}
            for <span class="kind within">{what}</span>
          </>
        )}
        : <Quote text={first.text} document={ledger.document(first.document)} spans={first.spans} />
        <p class="by">
          {ledger.documents.length > 1 && (
            <>
              {blame.documents > 1 ? "first in " : "in "}
              <T>{ledger.source(first.document)}</T>
            </>
          )}
          {blame.documents > 1 && (
            <>
              {" · "}
              <a href={viewHash("claims", everywhere)}>{count(blame.documents, "document")}</a> from{" "}
              {ledger.publishers(documentsOf(blame.claims))}
            </>
          )}
        </p>
      </div>
    </li>
  );
}

/** What somebody may be blamed for. To accuse, to reject or to ask is how it is said, not what was done. */
const DEEDS = new Set(["ASSAULT", "COERCE", "MOBILIZE", "OTHER", "PROTEST", "RETREAT", "SANCTION", "THREATEN"]);

/** The kind of event that most of these claims are about, where at least a third of them are. */
function blamedFor(ledger: Ledger, claims: readonly Claim[]): string {
  const told = claims.flatMap((claim) => (claim.about.length ? claim.about : sentenceEvents(ledger, claim)));
  const events = told.flatMap((row) => ledger.events[row] ?? []);
  const [kind = "", often = 0] = tally(events.filter((event) => DEEDS.has(event.type)).map(eventKind))[0] ?? [];
  return often * 3 >= claims.length ? kind : "";
}

/** The events named in the claim's sentence after it begins: “accused X of shelling the depot”, not “attacked X”. */
function sentenceEvents(ledger: Ledger, claim: Claim): number[] {
  const [start = 0] = claim.spans;
  const here = ledger.mentionsIn.of(claim.document).filter(({ spans }) => spans[0]! <= start && start < spans[1]!).filter(({ triggers }) => triggers[0]! >= start);
  return here.map((mention) => mention.event);
}

/** How many documents blame whom on which day: the shift of the blame. */
function Days({ ledger, claims }: { ledger: Ledger; claims: readonly Claim[] }) {
  const dated = claims.filter((claim) => ledger.document(claim.document)?.published_at);
  const published = (claim: Claim) => ledger.document(claim.document)!.published_at;
  const unit = [10, 7, 4].find((length) => new Set(dated.map((claim) => published(claim).slice(0, length))).size <= COLUMNS) ?? 4;
  const columns = [...new Set(dated.map((claim) => published(claim).slice(0, unit)))].sort();
  if (columns.length < 2) return null;
  const accused = tally(dated.flatMap((claim) => claim.accused.map(String))).slice(0, ACCUSED).map(([row]) => Number(row));
  const inCell = (row: number, column: string) =>
    documentsOf(dated.filter((claim) => claim.accused.includes(row) && published(claim).startsWith(column))).size;
  const cells = accused.map((row) => columns.map((column) => inCell(row, column)));
  const most = Math.max(...cells.flat());
  return (
    <div class="days" tabIndex={0} role="group" aria-label="Who is blamed when">
      <table>
        <caption>
          Documents that blame them, by {unit === 10 ? "day" : unit === 7 ? "month" : "year"} of publication
        </caption>
        <thead>
          <tr>
            <td />
            {columns.map((column, at) => (
              <th key={column} scope="col" title={when(column)}>
                {columnLabel(column, columns[at - 1])}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {accused.map((row, at) => (
            <tr key={row}>
              <th scope="row">
                <T>{ledger.actorName(row)}</T>
              </th>
              {columns.map((column, of) => (
                <DayCell key={column} accused={ledger.actors[row]?.id ?? ""} column={column} value={cells[at]![of]!} most={most} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The day of the month, with the month where it begins; months and years as they are. */
function columnLabel(column: string, before: string | undefined): string {
  if (column.length < 10) return when(column);
  const [day, month] = when(column).split(" ");
  return before?.slice(0, 7) === column.slice(0, 7) ? day! : `${day} ${month}`;
}

function DayCell({ accused, column, value, most }: { accused: string; column: string; value: number; most: number }) {
  if (!value) return <td />;
  const to = column.length === 10 ? column : column.length === 7 ? `${column}-31` : `${column}-12-31`;
  const from = column.length === 10 ? column : column.length === 7 ? `${column}-01` : `${column}-01-01`;
  return (
    <td class={`heat heat-${Math.ceil((value / most) * 4)}`}>
      <a href={viewHash("claims", { accused, from, to })}>{number(value)}</a>
    </td>
  );
}
