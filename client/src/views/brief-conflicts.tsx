/** Where accounts conflict: each position once, with those who take it. */

import { groupBy, tally, type Ledger } from "../ledger";
import { Empty, EventName, Folded, Quote, Receipt, T } from "../parts";
import type { Account, Conflict, LedgerEvent } from "../payload";
import { viewHash } from "../route";
import { count, facet, number } from "../words";
import type { PartProps } from "./brief";

const EVENTS = 5;
const POSITIONS = 5;
const HOLDERS = 4;
/** Tolls, damage and blame say more than whether something happened at all. */
const FACETS = ["casualties", "damage", "perpetrator", "responsibility", "launch origin", "motive", "evidence", "occurrence"];

export function Conflicts({ ledger, printing }: PartProps) {
  if (!ledger.conflicts.length) {
    return <Empty>No two accounts of one event were found to conflict, which is not to say that all agree.</Empty>;
  }
  const found = [...groupBy(ledger.conflicts, (conflict) => conflict.event)].flatMap(([row, conflicts]) => {
    const event = ledger.events[row];
    return event ? [{ event, conflicts }] : [];
  });
  const weight = ({ event, conflicts }: (typeof found)[number]) =>
    new Set(conflicts.filter((one) => one.facet !== "occurrence").map((one) => one.facet)).size * 20 +
    ledger.tellers(event) * 3 +
    Math.min(20, conflicts.length);
  found.sort((a, b) => weight(b) - weight(a) || a.event.row - b.event.row);
  return (
    <ul class="blocks">
      <Folded items={found} first={EVENTS} what="events with conflicts" printing={printing} printed={EVENTS}>
        {({ event, conflicts }) => <EventConflicts key={event.row} ledger={ledger} event={event} conflicts={conflicts} />}
      </Folded>
    </ul>
  );
}

function EventConflicts({ ledger, event, conflicts }: { ledger: Ledger; event: LedgerEvent; conflicts: Conflict[] }) {
  const facets = [...groupBy(conflicts, (conflict) => conflict.facet)];
  facets.sort((a, b) => FACETS.indexOf(a[0]) - FACETS.indexOf(b[0]));
  return (
    <li>
      <p class="headline">
        <EventName ledger={ledger} event={event} />
      </p>
      <dl class="positions">
        {facets.map(([name, group]) => (
          <Positions key={name} ledger={ledger} name={name} conflicts={group} />
        ))}
      </dl>
      <p class="more">
        <a href={viewHash("accounts", { event: event.id })}>Side by side, with the {count(conflicts.length, "conflict")}</a>
      </p>
    </li>
  );
}

function Positions({ ledger, name, conflicts }: { ledger: Ledger; name: string; conflicts: Conflict[] }) {
  const involved = new Set(conflicts.flatMap((conflict) => [conflict.first, conflict.second]));
  const values = new Set([...involved].flatMap((row) => ledger.accounts[row] ?? []).map((account) => ledger.accountValue(account)));
  const accounts = ledger.accountsOf
    .of(conflicts[0]!.event)
    .filter((account) => account.facet === name && values.has(ledger.accountValue(account)));
  const sized = (account: Account) => account.min ?? account.max ?? 0;
  const positions = [...groupBy(accounts, (account) => ledger.accountValue(account))].sort((a, b) => sized(a[1][0]!) - sized(b[1][0]!));
  return (
    <>
      <dt>
        <span class="tag conflict">{facet(name)}</span>
      </dt>
      {positions.slice(0, POSITIONS).map(([value, holders]) => (
        <dd key={value}>
          <strong>
            <T>{value}</T>
          </strong>
          <Holders ledger={ledger} accounts={holders} />
        </dd>
      ))}
      {positions.length > POSITIONS && <dd class="via">{count(positions.length - POSITIONS, "more position")}</dd>}
    </>
  );
}

/** The words of the first, and the names of all, each leading to its own words. */
function Holders({ ledger, accounts }: { ledger: Ledger; accounts: readonly Account[] }) {
  const speakers = [...groupBy(accounts, (account) => ledger.accountSpeaker(account))];
  const often = new Map(tally(accounts.map((account) => ledger.accountSpeaker(account))));
  const first = accounts.find((account) => account.text) ?? accounts[0]!;
  return (
    <div>
      {speakers.slice(0, HOLDERS).map(([name, said], at) => (
        <span key={name}>
          {at > 0 && ", "}
          <Receipt document={ledger.document(said[0]!.document)} spans={said[0]!.spans}>
            <T>{name}</T>
          </Receipt>
          {often.get(name)! > 1 && <span class="via"> ×{number(often.get(name)!)}</span>}
        </span>
      ))}
      {speakers.length > HOLDERS && <span class="via"> and {count(speakers.length - HOLDERS, "other speaker")}</span>}
      {first.text && (
        <>
          : <Quote text={first.text} document={ledger.document(first.document)} spans={first.spans} most={140} />
        </>
      )}
    </div>
  );
}
