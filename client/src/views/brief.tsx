/** The brief: what is told, who says it, whom they blame, where they conflict, who was first, what was left out. */

import type { ComponentChildren } from "preact";
import { groupBy, tally, type Ledger } from "../ledger";
import { ClaimLine, Empty, Folded, Quote, Receipt, Status, T, type ViewProps } from "../parts";
import type { Account, Claim, Conflict, LedgerEvent, Narrative } from "../payload";
import { viewHash } from "../route";
import { accountValue, count, eventType, facet, lag, language, number, span, when } from "../words";

const EVENTS = 12;
const LINES = 8;

export function Brief({ ledger, printing }: ViewProps) {
  return (
    <>
      <Lead ledger={ledger} />
      <Section id="happened" title="What happened, as told" link={["timeline", "Timeline"]}>
        <Happened ledger={ledger} printing={printing} />
      </Section>
      <Section id="conflicts" title="Where accounts conflict" link={["accounts", "Accounts, side by side"]}>
        <Conflicts ledger={ledger} printing={printing} />
      </Section>
      <Section id="blame" title="Who accuses whom" link={["actors", "Actor network"]}>
        <Blame ledger={ledger} printing={printing} />
      </Section>
      <Section id="voices" title="Who says what" link={["claims", "All claims"]}>
        <Voices ledger={ledger} printing={printing} />
      </Section>
      <Section id="first" title="Who was first" link={["narratives", "Narratives"]}>
        <First ledger={ledger} printing={printing} />
      </Section>
      <Section id="read" title="What was read, and what was set aside" link={["sources", "Documents and problems"]}>
        <Reading ledger={ledger} />
      </Section>
    </>
  );
}

interface SectionProps {
  id: string;
  title: string;
  link: [Parameters<typeof viewHash>[0], string];
  children: ComponentChildren;
}

function Section({ id, title, link, children }: SectionProps) {
  return (
    <section class="brief-section" aria-labelledby={`brief-${id}`}>
      <header>
        <h2 id={`brief-${id}`}>{title}</h2>
        <a href={viewHash(link[0])}>{link[1]} →</a>
      </header>
      {children}
    </section>
  );
}

function Lead({ ledger }: { ledger: Ledger }) {
  const dated = ledger.documents.filter((document) => document.published_at);
  const named = new Set(ledger.documents.map((document) => document.source).filter((source) => source !== "unknown"));
  const languages = new Set(ledger.documents.map((document) => document.language).filter(Boolean)).size;
  const period = dated.length ? `, published ${period_(dated[0]!.published_at, dated.at(-1)!.published_at)}` : "";
  return (
    <div class="lead">
      <p>
        {count(ledger.documents.length, "document")}
        {named.size > 0 ? ` from ${count(named.size, "named source")}` : " of unknown source"}
        {languages > 0 && ` in ${count(languages, "language")}`}
        {period}.
      </p>
      <p class="lead-note">
        Every line here is what somebody says, tied to the words that say it: follow a line to its receipt. Nothing here
        says who is right.
      </p>
      <dl class="figures">
        <Figure value={ledger.claims.length} name="claims" view="claims" />
        <Figure value={ledger.events.length} name="events" view="timeline" />
        <Figure value={ledger.conflicts.length} name="conflicts" view="accounts" />
        <Figure value={ledger.narratives.length} name="narratives" view="narratives" />
      </dl>
    </div>
  );
}

function period_(first: string, last: string): string {
  const [from, to] = [when(first.slice(0, 10)), when(last.slice(0, 10))];
  return from === to ? `on ${from}` : `from ${from} to ${to}`;
}

function Figure({ value, name, view }: { value: number; name: string; view: Parameters<typeof viewHash>[0] }) {
  return (
    <div>
      <dd>
        <a href={viewHash(view)}>{number(value)}</a>
      </dd>
      <dt>{name}</dt>
    </div>
  );
}

interface PartProps {
  ledger: Ledger;
  printing: boolean;
}

function Happened({ ledger, printing }: PartProps) {
  if (!ledger.events.length) return <Empty>No event was found in these texts.</Empty>;
  const weight = (event: LedgerEvent) =>
    event.sources * 100 + ledger.conflictsOf.of(event.row).length * 50 + event.members + settled(event);
  const most = [...ledger.events].sort((a, b) => weight(b) - weight(a) || a.row - b.row);
  const sentences = new Map([...most].reverse().map((event) => [`${event.document} ${event.spans.join()}`, event]));
  const told = most.filter((event) => sentences.get(`${event.document} ${event.spans.join()}`) === event);
  const chosen = told.slice(0, EVENTS).sort((a, b) => a.row - b.row);
  return (
    <>
      <ol class="lines">
        {chosen.map((event) => (
          <EventLine key={event.row} ledger={ledger} event={event} />
        ))}
      </ol>
      {ledger.events.length > chosen.length && (
        <p class="more">
          The {number(chosen.length)} events told by most sources, of {number(ledger.events.length)}.{" "}
          {!printing && <a href={viewHash("timeline")}>See them all in the timeline</a>}
        </p>
      )}
    </>
  );
}

/** Between events that are told as often, those with a day and a place come first. */
function settled(event: LedgerEvent): number {
  const day = event.start !== "" && event.start.slice(0, 10) === event.end.slice(0, 10);
  return (day ? 0.6 : 0) + (event.place ? 0.3 : 0);
}

function EventLine({ ledger, event }: { ledger: Ledger; event: LedgerEvent }) {
  const source = ledger.source(event.document);
  const conflicts = ledger.conflictsOf.of(event.row).length;
  return (
    <li>
      <div class="when">{span(event.start, event.end)}</div>
      <div>
        <Quote text={event.title} document={ledger.document(event.document)} spans={event.spans} />
        <p class="by">
          <T>{source}</T>
          {event.sources > 1 && ` and ${count(event.sources - 1, "other source")}`}
          {event.place && (
            <>
              {" · "}
              <T>{event.place}</T>
            </>
          )}
          {event.type !== "OTHER" && ` · ${eventType(event.type)}`} <Status event={event} />{" "}
          {conflicts > 0 && (
            <a class="tag conflict" href={viewHash("accounts", { event: event.id })}>
              {count(conflicts, "conflict")}
            </a>
          )}
        </p>
      </div>
    </li>
  );
}

function Conflicts({ ledger, printing }: PartProps) {
  if (!ledger.conflicts.length) {
    return <Empty>No two accounts of one event were found to conflict. That is not a sign that all agree.</Empty>;
  }
  const byEvent = [...groupBy(ledger.conflicts, (conflict) => conflict.event)];
  const widest = byEvent.sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  return (
    <ul class="blocks">
      <Folded items={widest} first={LINES} what="events with conflicts" printing={printing}>
        {([event, conflicts]) => <EventConflicts key={event} ledger={ledger} event={event} conflicts={conflicts} />}
      </Folded>
    </ul>
  );
}

function EventConflicts({ ledger, event, conflicts }: { ledger: Ledger; event: number; conflicts: Conflict[] }) {
  const record = ledger.events[event];
  if (!record) return null;
  return (
    <li>
      <h3>
        <Receipt document={ledger.document(record.document)} spans={record.spans}>
          <T>{record.title}</T>
        </Receipt>
      </h3>
      <dl class="positions">
        {[...groupBy(conflicts, (conflict) => conflict.facet)].map(([name, group]) => (
          <Positions key={name} ledger={ledger} name={name} conflicts={group} />
        ))}
      </dl>
      <p class="more">
        <a href={viewHash("accounts", { event: record.id })}>Side by side, with the {count(conflicts.length, "conflict")}</a>
      </p>
    </li>
  );
}

/** What is said of one facet, each position once, with those who take it. */
function Positions({ ledger, name, conflicts }: { ledger: Ledger; name: string; conflicts: Conflict[] }) {
  const rows = [...new Set(conflicts.flatMap((conflict) => [conflict.first, conflict.second]))].sort((a, b) => a - b);
  const accounts = rows.flatMap((row) => ledger.accounts[row] ?? []);
  const positions = [...groupBy(accounts, (account) => accountValue(account, ledger.actorName(account.value_actor)))];
  return (
    <>
      <dt>
        <span class="tag conflict">{facet(name)}</span>
      </dt>
      {positions.slice(0, 6).map(([value, holders]) => (
        <dd key={value}>
          <strong>
            <T>{value}</T>
          </strong>
          <Holders ledger={ledger} accounts={holders} />
        </dd>
      ))}
      {positions.length > 6 && <dd class="via">{number(positions.length - 6)} more positions</dd>}
    </>
  );
}

function Holders({ ledger, accounts }: { ledger: Ledger; accounts: readonly Account[] }) {
  const speakers = [...groupBy(accounts, (account) => ledger.accountSpeaker(account))];
  return (
    <ul>
      {speakers.slice(0, 3).map(([name, said]) => (
        <li key={name}>
          <T>{name}</T>
          {said[0]!.text && (
            <>
              : <Quote text={said[0]!.text} document={ledger.document(said[0]!.document)} spans={said[0]!.spans} />
            </>
          )}
        </li>
      ))}
      {speakers.length > 3 && <li class="via">and {count(speakers.length - 3, "other speaker")}</li>}
    </ul>
  );
}

function Blame({ ledger, printing }: PartProps) {
  const found = accusations(ledger);
  if (!found.length) return <Empty>Nobody is quoted as accusing anybody by name.</Empty>;
  return (
    <ul class="lines plain">
      <Folded items={found} first={LINES} what="accusations" printing={printing}>
        {(accusation) => <AccusationLine key={accusation.key} ledger={ledger} accusation={accusation} />}
      </Folded>
    </ul>
  );
}

function AccusationLine({ ledger, accusation }: { ledger: Ledger; accusation: Accusation }) {
  const { claims } = accusation;
  const first = claims[0]!;
  const everyone = { actor: ledger.actors[first.speaker]?.id ?? "", accused: ledger.actors[first.accused[0]!]?.id ?? "" };
  return (
    <li>
      <div class="when">{when(ledger.document(first.document)?.published_at ?? "")}</div>
      <div>
        <ClaimLine ledger={ledger} claim={first} />
        <p class="by">
          {claims.length > 1 ? "first in " : "in "}
          <T>{ledger.source(first.document)}</T>
          {claims.length > 1 && (
            <>
              {" · "}
              <a href={viewHash("claims", everyone)}>{count(claims.length, "time")} in all</a>
            </>
          )}
        </p>
      </div>
    </li>
  );
}

interface Accusation {
  key: string;
  claims: Claim[];
}

/** Who accuses whom, those with most claims first; claims in order of publication. */
function accusations(ledger: Ledger): Accusation[] {
  const accusing = ledger.claims.filter((claim) => claim.accused.length && claim.act !== "denies");
  const grouped = groupBy(accusing, (claim) => [ledger.speaker(claim), ...claim.accused].join("\u0000"));
  const found = [...grouped].map(([key, claims]) => ({ key, claims }));
  return found.sort((a, b) => b.claims.length - a.claims.length || a.claims[0]!.row - b.claims[0]!.row);
}

function Voices({ ledger, printing }: PartProps) {
  const quoted = ledger.claims.filter((claim) => !ledger.isOwnVoice(claim));
  if (!quoted.length) return <Empty>Nobody is quoted in these texts. The sources’ own statements are among the claims.</Empty>;
  const bySpeaker = [...groupBy(quoted, (claim) => ledger.speaker(claim))];
  bySpeaker.sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  return (
    <ul class="voices">
      <Folded items={bySpeaker} first={6} what="speakers" printing={printing}>
        {([name, claims]) => (
          <li key={name}>
            <h3>
              <T>{name}</T>{" "}
              <a class="count" href={viewHash("claims", claimsBy(ledger, claims[0]!, name))}>
                {count(claims.length, "claim")}
              </a>
            </h3>
            <ul class="lines plain">
              {telling(claims).map((claim) => (
                <li key={claim.row}>
                  <div>
                    <ClaimLine ledger={ledger} claim={claim} named={false} />
                    <p class="by">
                      <T>{ledger.source(claim.document)}</T>, {when(ledger.document(claim.document)?.published_at ?? "")}
                    </p>
                  </div>
                </li>
              ))}
            </ul>
          </li>
        )}
      </Folded>
    </ul>
  );
}

function claimsBy(ledger: Ledger, claim: Claim, name: string): Record<string, string> {
  const actor = ledger.actors[claim.speaker];
  return actor ? { actor: actor.id } : { q: name };
}

/** Up to three claims that say most: accusations and denials before reports, surer before less sure. */
function telling(claims: readonly Claim[]): Claim[] {
  const weight = (claim: Claim) =>
    (claim.accused.length ? 2 : 0) + (claim.act === "asserts" || claim.act === "reports" ? 0 : 1) + claim.confidence;
  const best = [...claims].sort((a, b) => weight(b) - weight(a) || a.row - b.row).slice(0, 3);
  return best.sort((a, b) => a.row - b.row);
}

function First({ ledger, printing }: PartProps) {
  const spread = ledger.narratives.filter((narrative) => narrative.documents > 1);
  if (!spread.length) return <Empty>No claim was found to be made in more than one document.</Empty>;
  return (
    <ol class="lines plain">
      <Folded items={spread} first={LINES} what="narratives" printing={printing}>
        {(narrative) => <FirstLine key={narrative.row} ledger={ledger} narrative={narrative} />}
      </Folded>
    </ol>
  );
}

function FirstLine({ ledger, narrative }: { ledger: Ledger; narrative: Narrative }) {
  const claim = ledger.claims[narrative.gist_claim];
  const first = ledger.claims[narrative.first_claim];
  const source = ledger.source(first?.document ?? -1);
  const last = Math.max(0, ...ledger.echoesOf.of(narrative.row).map((echo) => echo.lag ?? 0));
  return (
    <li>
      <div class="when">{when(narrative.first_seen)}</div>
      <div>
        <Quote text={narrative.gist} document={ledger.document(claim?.document ?? -1)} spans={claim?.spans ?? []} />
        <p class="by">
          {narrative.first_certain ? (
            <>
              first seen in <T>{source}</T>
            </>
          ) : (
            <span class="tag unsure" title="The clocks of the sources cannot tell who came first">
              order unknown
            </span>
          )}
          {" · "}
          {count(narrative.sources, "source")}
          {last > 0 && `, the last ${lag(last)} later`.replace("+", "")}
          {narrative.languages.length > 1 && ` · ${narrative.languages.map(language).join(", ")}`}
          {" · "}
          <a href={viewHash("narratives", { narrative: narrative.id })}>echoes</a>
        </p>
      </div>
    </li>
  );
}

function Reading({ ledger }: { ledger: Ledger }) {
  const languages = tally(ledger.documents.map((document) => document.language));
  const silent = unparsed(ledger);
  const undated = ledger.documents.filter((document) => !document.published_at).length;
  const set = ledger.problemCounts.reduce((sum, problem) => sum + problem.count, 0);
  return (
    <ul class="reading">
      <li>
        Languages: {languages.map(([code, n]) => `${language(code)} ${number(n)}`).join(", ") || "none"}.
      </li>
      {silent.length > 0 && (
        <li>
          Nobody was found to be quoted in the texts in {silent.map(([code, n]) => `${language(code)} (${count(n, "document")})`).join(", ")}.
          They are kept and can be read, but speakers in them were not looked for or not found.
        </li>
      )}
      {undated > 0 && <li>{count(undated, "document has", "documents have")} no date and stand outside every order in time.</li>}
      {set === 0 ? (
        <li>Nothing was set aside.</li>
      ) : (
        <li>
          Set aside or kept with a remark: {number(set)}.
          <ul>
            {ledger.problemCounts.slice(0, 6).map((problem) => (
              <li key={problem.row}>
                {number(problem.count)} × <T>{problem.what}</T> (<T>{problem.action}</T>)
              </li>
            ))}
          </ul>
        </li>
      )}
    </ul>
  );
}

/** Languages in which not one document was found to quote anybody. */
function unparsed(ledger: Ledger): [string, number][] {
  const quoting = ledger.claims.filter((claim) => !ledger.isOwnVoice(claim));
  const heard = new Set(quoting.map((claim) => ledger.document(claim.document)?.language ?? ""));
  return tally(ledger.documents.map((document) => document.language)).filter(([code]) => code && !heard.has(code));
}
