/** The brief: what is told, who blames whom, where accounts conflict, who was first, who speaks, what was left out. */

import type { ComponentChildren } from "preact";
import { groupBy, tally, type Ledger } from "../ledger";
import { ClaimLine, Empty, Folded, T, type ViewProps } from "../parts";
import type { Claim } from "../payload";
import { viewHash } from "../route";
import { act, count, language, number, when } from "../words";
import { WhoBlames } from "./brief-blame";
import { Conflicts } from "./brief-conflicts";
import { First } from "./brief-first";
import { Happened } from "./brief-happened";

export interface PartProps {
  ledger: Ledger;
  printing: boolean;
}

export function Brief({ ledger, printing }: ViewProps) {
  return (
    <>
      <Lead ledger={ledger} />
      <Section id="happened" title="What happened, as told" link={["timeline", "Timeline"]}>
        <Happened ledger={ledger} printing={printing} />
      </Section>
      <Section id="blame" title="Who blames whom for what" link={["actors", "Actor network"]}>
        <WhoBlames ledger={ledger} printing={printing} />
      </Section>
      <Section id="conflicts" title="Where accounts conflict" link={["accounts", "Accounts, side by side"]}>
        <Conflicts ledger={ledger} printing={printing} />
      </Section>
      <Section id="first" title="Who was first" link={["narratives", "Narratives"]}>
        <First ledger={ledger} printing={printing} />
      </Section>
      <Section id="voices" title="Who speaks most" link={["claims", "All claims"]}>
        <Voices ledger={ledger} printing={printing} />
      </Section>
      <Section id="read" title="What was not read, or only in part" link={["sources", "Documents and problems"]}>
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
      <div>{children}</div>
    </section>
  );
}

function Lead({ ledger }: { ledger: Ledger }) {
  const languages = new Set(ledger.documents.map((document) => document.language).filter(Boolean)).size;
  const stated = ledger.documents.filter((document) => document.source_kind !== "file");
  return (
    <div class="lead">
      <p>
        {count(ledger.documents.length, "document")}
        {stated.length > 0 && ` from ${ledger.publishers(stated.map((document) => document.row))}`}
        {stated.length < ledger.documents.length && (stated.length ? " and from files" : "") + " of no stated source"}
        {languages > 0 && ` in ${count(languages, "language")}`}
        {period(ledger)}.
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

function period(ledger: Ledger): string {
  const dated = ledger.documents.filter((document) => document.published_at);
  if (!dated.length) return "";
  const [from, to] = [dated[0]!, dated.at(-1)!].map((document) => when(document.published_at.slice(0, 10)));
  return from === to ? `, published on ${from}` : `, published from ${from} to ${to}`;
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

function Voices({ ledger, printing }: PartProps) {
  const quoted = ledger.claims.filter((claim) => !ledger.isOwnVoice(claim) && ledger.isNamed(claim));
  if (!quoted.length) return <Empty>Nobody was found to be quoted by name. What the sources say themselves is among the claims.</Empty>;
  const bySpeaker = [...groupBy(quoted, (claim) => ledger.speaker(claim))];
  bySpeaker.sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  return (
    <ul class="lines plain">
      <Folded items={bySpeaker} first={6} what="speakers" printing={printing} printed={6}>
        {([name, claims]) => (
          <li key={name}>
            <div class="when">
              <a href={viewHash("claims", claimsBy(ledger, claims[0]!, name))}>{count(claims.length, "claim")}</a>
            </div>
            <div>
              <ClaimLine ledger={ledger} claim={telling(claims)} />
              <p class="by">{doings(claims)}</p>
            </div>
          </li>
        )}
      </Folded>
    </ul>
  );
}

function claimsBy(ledger: Ledger, claim: Claim, name: string): Record<string, string> {
  return { actor: ledger.actors[claim.speaker]?.id ?? `~${name}` };
}

/** `says 9, denies 3 · in 8 documents`. */
function doings(claims: readonly Claim[]): string {
  const acts = tally(claims.map((claim) => claim.act)).map(([name, n]) => `${act(name)} ${number(n)}`);
  return `${acts.slice(0, 4).join(", ")} · in ${count(new Set(claims.map((claim) => claim.document)).size, "document")}`;
}

/** The claim that says most: an accusation or a denial before a report, surer before less sure. */
function telling(claims: readonly Claim[]): Claim {
  const weight = (claim: Claim) =>
    (claim.accused.length ? 2 : 0) + (claim.act === "asserts" || claim.act === "reports" ? 0 : 1) + claim.confidence;
  return [...claims].sort((a, b) => weight(b) - weight(a) || a.row - b.row)[0]!;
}

function Reading({ ledger }: { ledger: Ledger }) {
  const languages = tally(ledger.documents.map((document) => document.language));
  const named = (some: [string, number][]) => some.map(([code, n]) => `${language(code)} ${number(n)}`).join(", ");
  const searched = languages.filter(([code]) => ledger.searched.has(code));
  const whole = languages.filter(([code]) => !ledger.searched.has(code));
  const undated = ledger.documents.filter((document) => !document.published_at).length;
  const set = ledger.problemCounts.reduce((sum, problem) => sum + problem.count, 0);
  return (
    <ul class="reading">
      {searched.length > 0 && <li>Searched for claims, events and actors: {named(searched)}.</li>}
      {whole.length > 0 && (
        <li>
          <strong>Read whole, not searched for claims:</strong> {named(whole)}. Such a text counts as a statement of its
          source; whom it quotes is not in the ledger.
        </li>
      )}
      {undated > 0 && <li>{count(undated, "document has", "documents have")} no date and stand outside every order in time.</li>}
      {set === 0 ? (
        <li>
          <Empty>Nothing was set aside.</Empty>
        </li>
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
