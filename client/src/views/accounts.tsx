/** The accounts matrix: an event a row, a speaker a column, conflicts marked with their reason. */

import { groupBy, tally, type Ledger } from "../ledger";
import { Empty, EventName, Folded, Quote, Status, T, type ViewProps } from "../parts";
import type { Account, Conflict, LedgerEvent } from "../payload";
import { replaceQuery, viewHash } from "../route";
import { conflictKind, count, facet, number, span, when } from "../words";

/** Speakers with a column of their own; the table scrolls inside. */
const SPEAKERS = 24;

/** Accounts shown in a cell, and at most behind “more”. */
const AT_ONCE = 3;
const MOST = 50;
/** Code points of a quote in a cell; the receipt has all of it. */
const SHORT = 160;

export function Accounts({ ledger, query, printing }: ViewProps) {
  const only = query.get("event");
  const everything = query.get("show") === "all";
  const told = ledger.events.filter((event) => worth(ledger, event, everything));
  const events = only ? told.filter((event) => event.id === only) : byConflicts(ledger, told);
  return (
    <>
      <h2>Accounts, side by side</h2>
      <p class="summary">
        What each speaker says of an event. Accounts that cannot both hold are marked <span class="tag conflict">conflict</span>.
      </p>
      {!printing && (
        <p class="controls">
          {only ? (
            <a href={viewHash("accounts")}>Show every event</a>
          ) : (
            <label class="check">
              <input
                type="checkbox"
                checked={everything}
                onChange={(e) => replaceQuery("accounts", { show: e.currentTarget.checked ? "all" : "" })}
              />
              Also events of which only one speaker gives an account
            </label>
          )}
        </p>
      )}
      {!events.length && <Empty>No event was found of which two speakers give an account.</Empty>}
      <ul class="cards">
        <Folded items={events} first={only ? 1 : 25} what="events" printing={printing} printed={25}>
          {(event) => <Matrix key={event.row} ledger={ledger} event={event} />}
        </Folded>
      </ul>
    </>
  );
}

/** Accounts that only repeat that it happened say nothing beside one another, unless somebody denies it. */
function telling(ledger: Ledger, event: LedgerEvent): readonly Account[] {
  const accounts = ledger.accountsOf.of(event.row);
  const disputed = accounts.some((account) => account.facet === "occurrence" && account.value !== "yes");
  return disputed ? accounts : accounts.filter((account) => account.facet !== "occurrence");
}

function worth(ledger: Ledger, event: LedgerEvent, everything: boolean): boolean {
  const accounts = telling(ledger, event);
  if (everything) return accounts.length > 0;
  return new Set(accounts.map((account) => ledger.accountSpeaker(account))).size > 1;
}

function byConflicts(ledger: Ledger, events: LedgerEvent[]): LedgerEvent[] {
  const weight = (event: LedgerEvent) => ledger.conflictsOf.of(event.row).length;
  return [...events].sort((a, b) => Number(weight(b) > 0) - Number(weight(a) > 0) || a.row - b.row);
}

function Matrix({ ledger, event }: { ledger: Ledger; event: LedgerEvent }) {
  const accounts = telling(ledger, event);
  const conflicts = ledger.conflictsOf.of(event.row);
  const speakers = sideBySide(ledger, accounts, conflicts);
  const columns = speakers.slice(0, SPEAKERS);
  const rest = new Set(speakers.slice(SPEAKERS));
  const facets = [...new Set(accounts.map((account) => account.facet))].sort();
  const disputed = new Set(conflicts.flatMap((conflict) => [position(ledger, conflict.first), position(ledger, conflict.second)]));
  const cell = (name: string, of: (speaker: string) => boolean) =>
    accounts.filter((account) => account.facet === name && of(ledger.accountSpeaker(account)));
  return (
    <li class="card">
      <h3 class="headline">
        <EventName ledger={ledger} event={event} />
      </h3>
      <p class="by">
        {span(event.start, event.end)}
        {event.place && (
          <>
            {" · "}
            <T>{event.place}</T>
          </>
        )}
        {" · "}
        {ledger.publishers(ledger.tellings(event))} <Status event={event} />
      </p>
      <div class="table matrix" tabIndex={0} role="group" aria-label="Accounts of this event; scrolls sideways">
        <table>
          <caption class="hidden">Accounts of this event by facet and speaker</caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden">Facet</span>
              </th>
              {columns.map((name) => (
                <th key={name} scope="col">
                  <T>{name}</T>
                </th>
              ))}
              {rest.size > 0 && <th scope="col">{count(rest.size, "other speaker")}</th>}
            </tr>
          </thead>
          <tbody>
            {facets.map((name) => (
              <tr key={name}>
                <th scope="row">{facet(name)}</th>
                {columns.map((speaker) => (
                  <Cell key={speaker} ledger={ledger} speaker={speaker} accounts={cell(name, (one) => one === speaker)} disputed={disputed} />
                ))}
                {rest.size > 0 && (
                  <Cell ledger={ledger} speaker="Others" accounts={cell(name, (one) => rest.has(one))} disputed={disputed} named />
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Reasons ledger={ledger} conflicts={conflicts} />
    </li>
  );
}

/** What an account says of which facet: a conflict of two accounts is one of all that take these positions. */
function position(ledger: Ledger, row: number): string {
  const account = ledger.accounts[row];
  return account ? `${account.facet} ${account.value} ${account.min} ${account.max}` : "";
}

/** Speakers in an order that puts those who contradict each other most next to each other, then by how much they say. */
function sideBySide(ledger: Ledger, accounts: readonly Account[], conflicts: readonly Conflict[]): string[] {
  const against = new Map<string, Map<string, number>>();
  const note = (one: string, other: string) => {
    const row = against.get(one) ?? new Map<string, number>();
    against.set(one, row.set(other, (row.get(other) ?? 0) + 1));
  };
  const holders = groupBy(accounts, (account) => position(ledger, account.row));
  const speakersOf = (row: number) => new Set((holders.get(position(ledger, row)) ?? []).map((one) => ledger.accountSpeaker(one)));
  for (const conflict of conflicts) {
    for (const one of speakersOf(conflict.first)) {
      for (const other of speakersOf(conflict.second)) {
        note(one, other);
        note(other, one);
      }
    }
  }
  const left = tally(accounts.map((account) => ledger.accountSpeaker(account))).map(([name]) => name);
  const disputes = (name: string) => [...(against.get(name)?.values() ?? [])].reduce((sum, n) => sum + n, 0);
  left.sort((a, b) => disputes(b) - disputes(a));
  const placed: string[] = [];
  while (left.length) {
    const last = against.get(placed.at(-1) ?? "");
    const next = left.reduce((best, name, at) => ((last?.get(name) ?? 0) > (last?.get(left[best]!) ?? 0) ? at : best), 0);
    placed.push(...left.splice(next, 1));
  }
  return placed;
}

interface CellProps {
  ledger: Ledger;
  speaker: string;
  accounts: readonly Account[];
  disputed: ReadonlySet<string>;
  named?: boolean;
}

function Cell({ ledger, speaker, accounts, disputed, named = false }: CellProps) {
  const marked = accounts.some((account) => disputed.has(position(ledger, account.row)));
  const distinct = [...new Map(accounts.map((account) => [`${account.value} ${account.min} ${account.max} ${account.text}`, account])).values()];
  return (
    <td data-label={speaker} class={marked ? "disputed" : accounts.length ? "" : "nothing"}>
      {distinct.slice(0, AT_ONCE).map((account) => (
        <Said key={account.row} ledger={ledger} account={account} named={named} />
      ))}
      {distinct.length > AT_ONCE && (
        <details>
          <summary class="via">{number(distinct.length - AT_ONCE)} more</summary>
          {distinct.slice(AT_ONCE, MOST).map((account) => (
            <Said key={account.row} ledger={ledger} account={account} named={named} />
          ))}
        </details>
      )}
    </td>
  );
}

function Said({ ledger, account, named }: { ledger: Ledger; account: Account; named: boolean }) {
  return (
    <p>
      {named && (
        <>
          <T>{ledger.accountSpeaker(account)}</T>:{" "}
        </>
      )}
      <strong>
        <T>{ledger.accountValue(account)}</T>
      </strong>{" "}
      {account.text && <Quote text={account.text} document={ledger.document(account.document)} spans={account.spans} most={SHORT} />}
      {ledger.documents.length > 1 && (
        <span class="via">
          {" "}
          <T>{whence(ledger, account)}</T>
        </span>
      )}
    </p>
  );
}

/** The document's source, unless the speaker is named by it, and its date where it has one. */
function whence(ledger: Ledger, account: Account): string {
  const source = ledger.source(account.document);
  const date = account.published_at ? when(account.published_at) : "";
  return [ledger.accountSpeaker(account).endsWith(source) ? "" : source, date].filter(Boolean).join(", ");
}

function Reasons({ ledger, conflicts }: { ledger: Ledger; conflicts: readonly Conflict[] }) {
  if (!conflicts.length) return null;
  return (
    <details class="reasons" open={conflicts.length <= 6}>
      <summary>{count(conflicts.length, "conflict")}</summary>
      <ul>
        {conflicts.slice(0, 100).map((conflict) => (
          <li key={conflict.row}>
            <span class="tag conflict">
              {facet(conflict.facet)}
            </span>{" "}
            {conflictKind(conflict.kind)}
            <div class="pair">
              <Side ledger={ledger} account={conflict.first} />
              <Side ledger={ledger} account={conflict.second} />
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Side({ ledger, account }: { ledger: Ledger; account: number }) {
  const record = ledger.accounts[account];
  if (!record) return null;
  return (
    <span>
      <strong>
        <T>{ledger.accountSpeaker(record)}</T>
      </strong>
      : <T>{ledger.accountValue(record)}</T>{" "}
      {record.text && <Quote text={record.text} document={ledger.document(record.document)} spans={record.spans} most={SHORT} />}
    </span>
  );
}
