/** Narratives: the same claim in several sources, who had it first, and how it travelled. */

import { useState } from "preact/hooks";
import { tally, type Ledger } from "../ledger";
import { Empty, Folded, Quote, T, type ViewProps } from "../parts";
import type { Echo, Narrative } from "../payload";
import { viewHash } from "../route";
import { count, echoCount, echoKind, lag, language, number, when } from "../words";
import { Curve, Path } from "./narrative-curve";
import { Wordings } from "./narrative-diff";

export function Narratives({ ledger, query, printing }: ViewProps) {
  const wanted = query.get("narrative");
  const spread = ledger.narratives.filter((narrative) => narrative.documents > 1 || narrative.id === wanted);
  const chosen = wanted ? [...spread].sort((a, b) => Number(b.id === wanted) - Number(a.id === wanted)) : spread;
  return (
    <>
      <h2>Narratives</h2>
      <p class="summary">
        {count(spread.length, "claim")} made in more than one document. First seen means first in what was read here; an
        earlier post may exist elsewhere.{" "}
        {ledger.byMeaning
          ? "Statements were compared by what they mean, across languages."
          : "Statements were compared by their words: the same claim in another language, or in quite other words, was not looked for."}
      </p>
      <ul class="legend dots" aria-label="Legend">
        <li class="first">first seen</li>
        <li class="echo">echo, in other words</li>
        <li class="copy">forward, copy or translation</li>
      </ul>
      <p class="by">
        The dashed line counts all statements, the solid one those in words of their own; a pale bar is the time in which a
        statement with a vague date may have come out.
      </p>
      {!chosen.length && <Empty>No claim was found to be made in more than one document.</Empty>}
      <ul class="cards">
        <Folded items={chosen} first={20} what="narratives" printing={printing} printed={20}>
          {(narrative) => (
            <Card key={narrative.row} ledger={ledger} narrative={narrative} open={printing || narrative.id === wanted} />
          )}
        </Folded>
      </ul>
    </>
  );
}

function Card({ ledger, narrative, open }: { ledger: Ledger; narrative: Narrative; open: boolean }) {
  const [unfolded, setUnfolded] = useState(false);
  const gist = ledger.echoes[narrative.gist_echo];
  const echoes = ledger.echoesOf.of(narrative.row);
  const first = ledger.echoes[narrative.first_echo];
  const kinds = tally(echoes.map((echo) => echo.kind).filter((kind) => kind !== "first"));
  const shown = open || unfolded;
  return (
    <li class="card" id={narrative.id}>
      <h3>
        {narrative.denies && <span class="tag">a denial</span>}{" "}
        <Quote text={narrative.gist} document={ledger.document(gist?.document ?? -1)} spans={gist?.spans ?? []} />
      </h3>
      <p class="by">
        {narrative.first_certain ? (
          <>
            First seen {when(narrative.first_seen)} in <T>{ledger.source(first?.document ?? -1)}</T>
          </>
        ) : (
          <>
            <span class="tag unsure">order unknown</span> The clocks of the sources cannot tell who came first
            {narrative.first_seen && `; earliest date ${when(narrative.first_seen)}`}
          </>
        )}
        . {ledger.publishers(echoes.map((echo) => echo.document))}, {count(narrative.claims, "statement")} in {narrative.languages.map(language).join(", ") || "an unknown language"}
        {kinds.length > 0 && `; ${kinds.map(([kind, n]) => echoCount(n, kind)).join(", ")}`}
        . <a href={viewHash("narratives", { narrative: narrative.id })}>Link to it</a>
      </p>
      <Curve ledger={ledger} narrative={narrative} echoes={echoes} />
      <Opposed ledger={ledger} narrative={narrative} />
      <button type="button" class="unfold" aria-expanded={shown} onClick={() => setUnfolded(!unfolded)}>
        {shown ? "Statements" : `Show ${count(echoes.length, "statement")}`}
      </button>
      {shown && (
        <>
          <Path narrative={narrative} />
          <Echoes ledger={ledger} echoes={echoes} />
          <Wordings key={narrative.row} ledger={ledger} echoes={echoes} first={narrative.first_echo} />
          <Changes ledger={ledger} narrative={narrative} />
        </>
      )}
    </li>
  );
}

/** What denies it, or what it denies. */
function Opposed({ ledger, narrative }: { ledger: Ledger; narrative: Narrative }) {
  const others = narrative.opposed.flatMap((row) => ledger.narratives[row] ?? []);
  if (!others.length) return null;
  return (
    <section class="opposed">
      <h4>{narrative.denies ? "What it seems to deny" : "Seems to be denied by"}</h4>
      <ul>
        {others.map((other) => {
          const gist = ledger.echoes[other.gist_echo];
          const first = ledger.echoes[other.first_echo];
          return (
            <li key={other.row}>
              <Quote text={other.gist} document={ledger.document(gist?.document ?? -1)} spans={gist?.spans ?? []} />{" "}
              <span class="by">
                {other.first_certain ? "first" : "order unknown; earliest"} {when(other.first_seen)}, <T>{ledger.source(first?.document ?? -1)}</T>.{" "}
                <a href={viewHash("narratives", { narrative: other.id })}>{count(other.claims, "statement")}</a>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What became of narratives that were told apart before documents were added. */
function Changes({ ledger, narrative }: { ledger: Ledger; narrative: Narrative }) {
  const told = ledger.changesOf.of(narrative.row).map(({ change, count: n }) =>
    change === "merged"
      ? `${count(n, "narrative")} told apart before ${n === 1 ? "was" : "were"} merged into this one as documents came.`
      : `${count(n, "narrative")} split off from this one as documents came.`,
  );
  return told.length ? <p class="by">{told.join(" ")}</p> : null;
}

function Echoes({ ledger, echoes }: { ledger: Ledger; echoes: readonly Echo[] }) {
  const listed = echoes.slice(0, 200);
  return (
    <div class="table">
      <table>
        <caption class="hidden">Appearances of this narrative in order of time</caption>
        <thead>
          <tr>
            {["Published", "Source", "Kind", "Lag", "Language", "Words"].map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {listed.map((echo) => (
            <EchoRow key={echo.row} ledger={ledger} echo={echo} />
          ))}
        </tbody>
      </table>
      {echoes.length > listed.length && <p>{number(echoes.length - listed.length)} more are not listed.</p>}
    </div>
  );
}

function EchoRow({ ledger, echo }: { ledger: Ledger; echo: Echo }) {
  return (
    <tr>
      <td class="date" data-label="Published">{when(echo.published_at)}</td>
      <td data-label="Source">
        <T>{ledger.source(echo.document)}</T>
      </td>
      <td class="short" data-label="Kind">{echoKind(echo.kind)}
        {echo.copy_of >= 0 && <> of <T>{ledger.source(ledger.echoes[echo.copy_of]?.document ?? -1)}</T></>}
      </td>
      <td class="number" data-label="Lag">{echo.kind === "first" ? "–" : lag(echo.lag)}</td>
      <td class="short" data-label="Language">{language(ledger.document(echo.document)?.language ?? "")}</td>
      <td class="wide" data-label="Words">
        <Quote text={echo.text} document={ledger.document(echo.document)} spans={echo.spans} />
      </td>
    </tr>
  );
}
