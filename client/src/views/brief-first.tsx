/** Who was first: claims that travel, who had them first, and those that came out before the day they tell of. */

import { useMemo } from "preact/hooks";
import { tally, type Ledger } from "../ledger";
import { Empty, Folded, Quote, T } from "../parts";
import type { Narrative } from "../payload";
import { viewHash } from "../route";
import { count, echoCount, lag, language, when } from "../words";
import type { PartProps } from "./brief";

const LINES = 6;

export function First({ ledger, printing }: PartProps) {
  const ordered = useMemo(() => farthest(ledger), [ledger]);
  if (!ordered.length) return <Empty>No claim was found to be made in more than one document.</Empty>;
  return (
    <ol class="lines plain">
      <Folded items={ordered} first={LINES} what="narratives" printing={printing} printed={LINES}>
        {(narrative) => <FirstLine key={narrative.row} ledger={ledger} narrative={narrative} told={dayTold(ledger, narrative)} />}
      </Folded>
    </ol>
  );
}

/** Claims made in more than one document: those that came out before the day they tell of, then those in most documents. */
function farthest(ledger: Ledger): Narrative[] {
  const spread = ledger.narratives.filter((narrative) => narrative.documents > 1);
  const early = new Set(spread.filter((narrative) => dayTold(ledger, narrative)));
  return spread.sort((a, b) => Number(early.has(b)) - Number(early.has(a)) || b.documents - a.documents || a.row - b.row);
}

const FORETELLING = new Set(["predicts", "warns", "proposes", "urges"]);

/** The day that the first claim tells of as a fact, where it came out on an earlier day; else empty. */
function dayTold(ledger: Ledger, narrative: Narrative): string {
  const first = ledger.claims[ledger.echoes[narrative.first_echo]?.claim ?? -1];
  if (!first || !narrative.first_certain || FORETELLING.has(first.act)) return "";
  const seen = narrative.first_seen.slice(0, 10);
  const events = first.about.flatMap((row) => ledger.events[row] ?? []);
  const happened = events.filter((event) => ["fact", "claimed", "contested"].includes(event.status) && event.start.length >= 10);
  const days = happened.map((event) => event.start.slice(0, 10)).sort();
  return seen.length === 10 && days.length > 0 && seen < days[0]! ? days[0]! : "";
}

function FirstLine({ ledger, narrative, told }: { ledger: Ledger; narrative: Narrative; told: string }) {
  const gist = ledger.echoes[narrative.gist_echo];
  const first = ledger.echoes[narrative.first_echo];
  const echoes = ledger.echoesOf.of(narrative.row);
  const kinds = tally(echoes.map((echo) => echo.kind).filter((kind) => kind !== "first"));
  const last = Math.max(0, ...echoes.map((echo) => echo.lag ?? 0));
  return (
    <li>
      <div class="when">{when(narrative.first_seen)}</div>
      <div>
        <Quote text={narrative.gist} document={ledger.document(gist?.document ?? -1)} spans={gist?.spans ?? []} />
        <p class="by">
          {narrative.first_certain ? (
            <>
              first seen in <T>{ledger.source(first?.document ?? -1)}</T>
            </>
          ) : (
            <span class="tag unsure" title="The clocks of the sources cannot tell who came first">
              order unknown
            </span>
          )}
          {" · "}
          {ledger.publishers(echoes.map((echo) => echo.document))}
          {kinds.length > 0 && `: ${kinds.map(([kind, n]) => echoCount(n, kind)).join(", ")}`}
          {last > 0 && `, the last ${lag(last)} later`.replace("+", "")}
          {narrative.languages.length > 1 && ` · ${narrative.languages.map(language).join(", ")}`}{" "}
          {told && <span class="tag early">out before the day it tells of, {when(told)}</span>}{" "}
          <a href={viewHash("narratives", { narrative: narrative.id })}>{count(echoes.length, "appearance")}</a>
        </p>
      </div>
    </li>
  );
}
