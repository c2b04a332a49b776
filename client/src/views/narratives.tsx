/** Narratives: the same claim in several sources, who had it first, and how it travelled. */

import { scaleLinear } from "d3-scale";
import { useState } from "preact/hooks";
import { tally, type Ledger } from "../ledger";
import { Empty, Folded, Quote, T, useWidth, type ViewProps } from "../parts";
import type { Echo, Narrative } from "../payload";
import { shown } from "../text";
import { count, echoCount, echoKind, instant, lag, language, number, when } from "../words";

export function Narratives({ ledger, query, printing }: ViewProps) {
  const wanted = query.get("narrative");
  const spread = ledger.narratives.filter((narrative) => narrative.documents > 1 || narrative.id === wanted);
  const chosen = wanted ? [...spread].sort((a, b) => Number(b.id === wanted) - Number(a.id === wanted)) : spread;
  return (
    <>
      <h2>Narratives</h2>
      <p class="summary">
        {count(spread.length, "claim")} made in more than one document. First seen means first in what was read here; an
        earlier post may exist elsewhere.
      </p>
      <ul class="legend dots" aria-label="Legend">
        <li class="first">first seen</li>
        <li class="echo">echo, in other words</li>
        <li class="copy">forward or copy</li>
      </ul>
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
  const claim = ledger.claims[narrative.gist_claim];
  const echoes = ledger.echoesOf.of(narrative.row);
  const first = ledger.claims[narrative.first_claim];
  const kinds = tally(echoes.map((echo) => echo.kind).filter((kind) => kind !== "first"));
  const shown = open || unfolded;
  return (
    <li class="card">
      <h3>
        <Quote text={narrative.gist} document={ledger.document(claim?.document ?? -1)} spans={claim?.spans ?? []} />
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
        . {ledger.publishers(echoes.map((echo) => echo.document))}, {count(narrative.claims, "claim")} in {narrative.languages.map(language).join(", ") || "an unknown language"}
        {kinds.length > 0 && `; ${kinds.map(([kind, n]) => echoCount(n, kind)).join(", ")}`}
        .
      </p>
      <Spread ledger={ledger} echoes={echoes} />
      <button type="button" class="unfold" aria-expanded={shown} onClick={() => setUnfolded(!unfolded)}>
        {shown ? "Echoes" : `Show ${count(echoes.length, "appearance")}`}
      </button>
      {shown && <Echoes ledger={ledger} echoes={echoes} />}
    </li>
  );
}

/** One mark an appearance, along the time from the first to the last. */
function Spread({ ledger, echoes }: { ledger: Ledger; echoes: readonly Echo[] }) {
  const [box, width] = useWidth(600);
  const timed = echoes.flatMap((echo) => {
    const at = instant(echo.published_at);
    return at === null ? [] : [{ echo, at }];
  });
  const times = timed.map((one) => one.at);
  const [low, high] = [Math.min(...times), Math.max(...times)];
  const x = scaleLinear([low, high === low ? low + 1 : high], [8, width - 8]);
  return (
    <div ref={box} class="spread">
      {timed.length > 1 && (
        <svg width={width} height={38} role="img" aria-label={`${count(timed.length, "appearance")} over time`}>
          <line x1={8} x2={width - 8} y1={11} y2={11} class="axis" />
          <text x={2} y={34}>
            {when(new Date(low).toISOString().slice(0, 16))}
          </text>
          {high > low && (
            <text x={width - 2} y={34} text-anchor="end">
              {when(new Date(high).toISOString().slice(0, 16))}
            </text>
          )}
          {timed.map(({ echo, at }) => (
            <circle key={echo.row} cx={x(at)} cy={11} r={echo.kind === "first" ? 6 : 4.5} class={`echo-${echo.kind}`}>
              <title>{shown(`${ledger.source(echo.document)}, ${when(echo.published_at)}: ${echoKind(echo.kind)}`)}</title>
            </circle>
          ))}
        </svg>
      )}
    </div>
  );
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
  const claim = ledger.claims[echo.claim];
  return (
    <tr>
      <td class="date" data-label="Published">{when(echo.published_at)}</td>
      <td data-label="Source">
        <T>{ledger.source(echo.document)}</T>
      </td>
      <td class="short" data-label="Kind">{echoKind(echo.kind)}</td>
      <td class="number" data-label="Lag">{echo.kind === "first" ? "–" : lag(echo.lag)}</td>
      <td class="short" data-label="Language">{language(ledger.document(echo.document)?.language ?? "")}</td>
      <td class="wide" data-label="Words">
        <Quote text={claim?.text ?? ""} document={ledger.document(echo.document)} spans={claim?.spans ?? []} />
      </td>
    </tr>
  );
}
