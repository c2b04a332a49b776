/** How a narrative grew: statements so far over time, own wordings apart from reposts and copies. */

import { scaleLinear } from "d3-scale";
import type { Ledger } from "../ledger";
import { T, useWidth } from "../parts";
import type { Echo, Narrative } from "../payload";
import { shown } from "../text";
import { count, echoKind, instant, lag, language, when } from "../words";

const HEIGHT = 120;
const OWN = new Set(["first", "echo"]);
const DAY = 86_400_000;
const KINDS: Record<string, string> = { outlet: "outlets", channel: "channels", account: "accounts", unknown: "sources" };

interface Timed {
  echo: Echo;
  at: number;
  /** A day without a time of day, told as its middle. */
  coarse: boolean;
}

export function Curve({ ledger, narrative, echoes }: { ledger: Ledger; narrative: Narrative; echoes: readonly Echo[] }) {
  const [box, width] = useWidth(600);
  const timed = echoes.flatMap((echo): Timed[] => {
    const at = instant(echo.published_at);
    if (at === null) return [];
    const coarse = echo.published_at.length <= 10;
    return [{ echo, at: coarse ? at + DAY / 2 : at, coarse }];
  });
  timed.sort((a, b) => a.at - b.at);
  const [low, high] = [timed[0]?.at ?? 0, timed[timed.length - 1]?.at ?? 0];
  const x = scaleLinear([low, high === low ? low + 1 : high], [14, width - 14]);
  const y = scaleLinear([0, Math.max(1, timed.length)], [HEIGHT - 26, 10]);
  const own = timed.filter(({ echo }) => OWN.has(echo.kind));
  return (
    <figure class="curve">
      <div ref={box}>
        {timed.length > 1 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={`${count(timed.length, "statement")} over time`}>
            <line x1={14} x2={width - 14} y1={y(0)} y2={y(0)} class="axis" />
            <path d={steps(timed, x, y)} class="curve-all" />
            <path d={steps(own, x, y)} class="curve-own" />
            {timed.map(({ echo, at, coarse }, place) => (
              <g key={echo.row}>
                {coarse && <line x1={x(at - DAY / 2)} x2={x(at + DAY / 2)} y1={y(place + 1)} y2={y(place + 1)} class="curve-doubt" />}
                <circle cx={x(at)} cy={y(place + 1)} r={echo.kind === "first" ? 6 : 4.5} class={`echo-${echo.kind}`}>
                  <title>{shown(`${ledger.source(echo.document)}, ${when(echo.published_at)}: ${echoKind(echo.kind)}`)}</title>
                </circle>
              </g>
            ))}
            <text x={2} y={HEIGHT - 4}>
              {when(new Date(low).toISOString().slice(0, 16))}
            </text>
            <text x={width - 2} y={HEIGHT - 4} text-anchor="end">
              {when(new Date(high).toISOString().slice(0, 16))}
            </text>
          </svg>
        )}
      </div>
      <figcaption class="by">
        {count(narrative.wordings, "wording")} of its own, {count(echoes.length - narrative.wordings, "repost, copy or translation", "reposts, copies and translations")}
        {narrative.half_life !== null && narrative.half_life > 0 && <>; half of it was out {lag(narrative.half_life).replace("+", "")} after the first</>}
        {echoes.length > timed.length && <>; {count(echoes.length - timed.length, "statement")} without a date</>}.
      </figcaption>
    </figure>
  );
}

function steps(timed: readonly Timed[], x: (at: number) => number, y: (n: number) => number): string {
  return timed.map(({ at }, place) => (place ? `H${x(at)}V${y(place + 1)}` : `M${x(at)},${y(0)}V${y(1)}`)).join("");
}

/** Where it came to, in order of time. */
export function Path({ narrative }: { narrative: Narrative }) {
  if (narrative.path.length < 2) return null;
  return (
    <ol class="path" aria-label="The languages and kinds of source it came to">
      {narrative.path.map(([code, kind, certain], place) => (
        <li key={place} class={certain === "true" ? "" : "doubtful"} title={certain === "true" ? "" : "The clocks cannot tell whether this came after the step before"}>
          <T>{`${code ? language(code) : "unknown language"}, ${KINDS[kind] ?? kind}`}</T>
          {certain !== "true" && " ?"}
        </li>
      ))}
    </ol>
  );
}
