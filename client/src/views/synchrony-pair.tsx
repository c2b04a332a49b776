/** One pair: its posts side by side, observed against expected, and whether it hangs on one setting. */

import { useEffect, useRef } from "preact/hooks";
import type { Ledger } from "../ledger";
import { Receipt, T, useWidth } from "../parts";
import type { Doc, FlatSpans } from "../payload";
import { amount, chance, dayAndTime, held, LEAST_Q, length, ratio, seconds, type Account, type Pair, type Post, type Synchrony } from "../synchrony";
import { count, number } from "../words";
import { Bars, Named } from "./synchrony";

interface Props {
  data: Synchrony;
  ledger: Ledger | null;
  pair: Pair;
  back: string;
}

export function PairPanel({ data, ledger, pair, back }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => opener instanceof HTMLElement && opener.isConnected && opener.focus({ preventScroll: true });
  }, []);
  const [one, other] = [data.accounts[pair.a]!, data.accounts[pair.b]!];
  return (
    <aside class="panel pair-panel" aria-labelledby="pair-title">
      <div class="panel-head">
        <h2 id="pair-title" tabIndex={-1} ref={heading}>
          <T most={40}>{one.name}</T> and <T most={40}>{other.name}</T>
        </h2>
        <a class="close" href={back}>
          Close <span aria-hidden="true">✕</span>
        </a>
      </div>
      <Verdict data={data} pair={pair} />
      <Bars rows={[["close in time", pair.observed], ["expected", pair.expected]]} />
      <p class="note">
        {amount(ratio(pair))} times as often as the news and their habits explain (95 % interval {amount(pair.low)} to {amount(pair.high)}, what was expected taken as known).
      </p>
      <Order one={one} other={other} pair={pair} />
      <h3>Does it hang on one setting?</h3>
      <Settings data={data} pair={pair} />
      <h3>Posts, side by side</h3>
      <Posts data={data} ledger={ledger} pair={pair} one={one} other={other} />
      <h3>Habits</h3>
      <Habits one={one} other={other} />
    </aside>
  );
}

function Verdict({ data, pair }: { data: Synchrony; pair: Pair }) {
  const beyond = pair.q <= data.alpha;
  return (
    <p class="verdict">
      {pair.apart === "schedule" && "Both keep a schedule, and the schedules meet: named apart. "}
      {pair.apart === "one feed" && "Both belong to one feed under several names: named apart. "}
      {!pair.apart && (beyond ? "Closer in time than the news and their habits explain. " : "Not closer than the news and their habits may explain. ")}
      <span class="via unbroken">q = {chance(pair.q)}</span> <span class="via unbroken">p = {chance(pair.p)}</span>{" "}
      <Named pair={pair} />
    </p>
  );
}

function Order({ one, other, pair }: { one: Account; other: Account; pair: Pair }) {
  const times = (value: number) => (value ? count(value, "time") : "never");
  return (
    <p class="note">
      Who was first: <T most={40}>{one.name}</T> {times(pair.forward)}, <T most={40}>{other.name}</T> {times(pair.backward)}.
    </p>
  );
}

/** In words, then as marks on one scale: right of the line the pair stands out. */
function Settings({ data, pair }: { data: Synchrony; pair: Pair }) {
  const windows = seconds(pair.windows).map((one) => ({ label: length(one), value: pair.windows[one]!, own: one === data.window }));
  const bins = seconds(pair.jitter).map((one) => ({ label: length(one), value: pair.jitter[one]!, own: false }));
  return (
    <>
      <p class="verdict">{robust(data, pair)}</p>
      <Strip title="q, if close meant within" rows={windows} limit={data.alpha} />
      {bins.length > 0 && (
        <>
          <Strip title="p, if only each post were moved within" rows={bins} limit={data.alpha} />
          <p class="note">
            The jitter is a second look, not corrected for the number of pairs. Its wide bins stand out wherever news move fast: it adds
            weight to a finding and is none by itself.
          </p>
        </>
      )}
    </>
  );
}

function robust(data: Synchrony, pair: Pair): string {
  const all = seconds(pair.windows);
  const good = held(pair.windows, data.alpha);
  const bins = seconds(pair.jitter);
  const moved = held(pair.jitter, data.alpha).length;
  const jitter = bins.length ? ` The jitter, which knows no habits, finds it unlikely at ${moved || "none"} of ${bins.length} widths.` : "";
  const list = good.map(length).join(", ");
  if (!good.length) return `It stands out at none of ${all.length} windows.${jitter}`;
  if (good.length === all.length) return `No: it stands out at all ${all.length} windows.${jitter}`;
  if (good.length === 1) return `Yes: it stands out at ${list} only, of ${all.length} windows.${jitter}`;
  return `In part: it stands out at ${good.length} of ${all.length} windows (${list}).${jitter}`;
}

interface StripProps {
  title: string;
  rows: { label: string; value: number; own: boolean }[];
  limit: number;
}

const ROW = 22;
const [LEFT, RIGHT] = [78, 74];

function Strip({ title, rows, limit }: StripProps) {
  const [box, width] = useWidth(420);
  const deepest = Math.log10(LEAST_Q);
  const x = (value: number) => LEFT + (width - LEFT - RIGHT) * Math.min(1, Math.log10(Math.max(value, LEAST_Q)) / deepest);
  const height = rows.length * ROW + 16;
  const told = rows.map((row) => `${row.label}: ${chance(row.value)}`).join("; ");
  return (
    <div ref={box} class="strip">
      <p class="note">{title}</p>
      <svg width={width} height={height} role="img" aria-label={`${title} ${told}`}>
        <rect class="beyond" x={x(limit)} y={0} width={width - RIGHT - x(limit) + 8} height={rows.length * ROW} />
        {rows.map(({ label, value, own }, at) => {
          const y = at * ROW + ROW / 2;
          return (
            <g key={label} class={`${value <= limit ? "yes" : "no"}${own ? " own" : ""}`}>
              <text x={0} y={y + 4}>
                {label}
              </text>
              <line class="axis" x1={LEFT} x2={width - RIGHT} y1={y} y2={y} />
              <circle cx={x(value)} cy={y} r={own ? 6 : 4.5} />
              <text class="value" x={width} y={y + 4} text-anchor="end">
                {chance(value)}
              </text>
            </g>
          );
        })}
        <line class="limit" x1={x(limit)} x2={x(limit)} y1={0} y2={rows.length * ROW} />
        <text class="tick" x={x(limit)} y={height - 3} text-anchor="middle">
          {chance(limit)}
        </text>
        <text class="tick" x={width - RIGHT} y={height - 3} text-anchor="middle">
          ≤ {chance(LEAST_Q)}
        </text>
      </svg>
    </div>
  );
}

interface PostsProps {
  data: Synchrony;
  ledger: Ledger | null;
  pair: Pair;
  one: Account;
  other: Account;
}

function Posts({ data, ledger, pair, one, other }: PostsProps) {
  if (!pair.posts.length) return <p class="note">They were never within {length(data.window)} of each other.</p>;
  const all = pair.posts.length + pair.more;
  return (
    <>
      <table class="together">
        <caption class="hidden">Posts within {length(data.window)} of each other</caption>
        <thead>
          <tr>
            <th scope="col">
              <T most={30}>{one.name}</T>
            </th>
            <th scope="col">
              <T most={30}>{other.name}</T>
            </th>
            <th scope="col" class="number">
              apart
            </th>
          </tr>
        </thead>
        {pair.posts.map((post, at) => (
          <Together key={at} data={data} ledger={ledger} post={post} />
        ))}
      </table>
      {pair.more > 0 && (
        <p class="note">
          {number(pair.more)} more of {number(all)} are not listed here
          {ledger ? "." : "; coincidences.csv beside this page has those of every pair in step."}
        </p>
      )}
      {all > pair.observed && (
        <p class="note">
          {count(all, "coincidence")} on {count(pair.observed, "occasion")}: what comes in one batch counts once.
        </p>
      )}
    </>
  );
}

/** Two posts of one item: the earlier one in bold, with seconds. Times are UTC. */
function Together({ data, ledger, post }: { data: Synchrony; ledger: Ledger | null; post: Post }) {
  const item = data.items_shown[post.item] ?? "";
  const moments = [post.time, post.time + post.gap];
  const documents = (post.documents ?? []).map((id) => ledger?.documentById(id));
  const [a, b] = post.first ? [0, 1] : [1, 0];
  const [day] = dayAndTime(post.time);
  const moment = (at: number) => <Moment ledger={ledger} seconds={moments[at]!} first={at === 0} day={day} document={documents[at]} item={item} />;
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={3}>
          {day} · <T most={140}>{item}</T>
        </th>
      </tr>
      <tr>
        <td>{moment(a)}</td>
        <td>{moment(b)}</td>
        <td class="number">{length(post.gap)}</td>
      </tr>
    </tbody>
  );
}

interface MomentProps {
  ledger: Ledger | null;
  seconds: number;
  first: boolean;
  day: string;
  document: Doc | undefined;
  item: string;
}

function Moment({ ledger, seconds: value, first, day, document, item }: MomentProps) {
  const [own, time] = dayAndTime(value);
  const told = own === day ? time : `${own}, ${time}`;
  const words = first ? <strong>{told}</strong> : told;
  if (!ledger || !document) return words;
  return (
    <Receipt document={document} spans={claimSpans(ledger, document, item)}>
      {words}
    </Receipt>
  );
}

/** Where a document makes the claim whose narrative goes by `gist`. */
function claimSpans(ledger: Ledger, document: Doc, gist: string): FlatSpans {
  for (const narrative of ledger.narratives) {
    if (!narrative.gist.startsWith(gist)) continue;
    const echo = ledger.echoesOf.of(narrative.row).find((one) => one.document === document.row);
    if (echo) return echo.spans;
  }
  return [];
}

function Habits({ one, other }: { one: Account; other: Account }) {
  const rows: [string, (account: Account) => string][] = [
    ["Posts that count", (account) => number(account.posts)],
    ["On an item", (account) => `${early(account.early)} (${amountSigned(account.early)})`],
    ["Close to anybody", (account) => closeness(account.factor)],
    ["Clock", (account) => (account.grain > 1 ? `steps of ${length(account.grain)}` : "exact")],
    ["Schedule", (account) => (account.scheduled ? "keeps to some minutes" : "none seen")],
  ];
  return (
    <table class="habits">
      <caption class="hidden">Habits of both accounts</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">Habit</span>
          </th>
          {[one, other].map((account) => (
            <th key={account.name} scope="col">
              <T most={30}>{account.name}</T>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, value]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{value(one)}</td>
            <td>{value(other)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function early(value: number): string {
  return value >= 0.25 ? "before most others" : value <= -0.25 ? "after most others" : "neither early nor late";
}

const amountSigned = (value: number) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);

function closeness(factor: number): string {
  return factor > 0.9 && factor < 1.1 ? "as often as foreseen" : `${amount(factor)} times the odds foreseen`;
}
