/** In step: which accounts are closer in time than the news and their habits explain. */

import { useMemo, useState } from "preact/hooks";
import type { Ledger } from "../ledger";
import { Empty, T, type ViewProps } from "../parts";
import { replaceQuery, viewHash } from "../route";
import { amount, apartWords, chance, length, MOST_Q, qOfStep, ratio, ringClass, seconds, shared, stepOfQ, STEPS, terms, type Pair, type Ring, type Synchrony } from "../synchrony";
import { Table, type Column } from "../table";
import { shown } from "../text";
import { count, number } from "../words";
import { PairNetwork } from "./synchrony-network";
import { PairPanel } from "./synchrony-pair";

export function InStepView({ ledger, query, printing }: ViewProps) {
  if (ledger.synchrony) return <InStep data={ledger.synchrony} ledger={ledger} query={query} printing={printing} />;
  return (
    <>
      <h2>In step, or chance?</h2>
      <Empty>
        Too few posts with exact times to tell: no two sources here make the same claim at times that are known to the minute,
        with their zone.
      </Empty>
    </>
  );
}

interface Props {
  data: Synchrony;
  ledger: Ledger | null;
  query: URLSearchParams;
  printing: boolean;
}

export function InStep({ data, ledger, query, printing }: Props) {
  const limit = Number(query.get("q")) || data.alpha;
  const account = data.accounts.findIndex((one) => one.name === query.get("account"));
  const picked = pairOf(data, query);
  const [sort, setSort] = useState("q");
  const near = useMemo(() => data.pairs.filter((pair) => pair.q <= limit), [data, limit]);
  const everything = query.get("show") === "all";
  const listed = useMemo(() => {
    const from = everything ? data.pairs : near;
    return account < 0 ? from : from.filter((pair) => pair.a === account || pair.b === account);
  }, [data, near, everything, account]);
  const columns = useMemo(() => pairColumns(data, query), [data, query]);
  const open = (pair: Pair) => (location.hash = pairHash(data, query, pair));
  const cut = (everything || near.length === data.pairs.length) && data.met > data.pairs.length;
  return (
    <>
      <h2>In step, or chance?</h2>
      <div class="step-lead">
        <Lead data={data} />
        <Cannot />
      </div>
      <div class="beside step-net">
        <figure class="drawing">
          <PairNetwork data={data} pairs={near} limit={limit} account={account} picked={picked} onPair={open} onAccount={(at) => (location.hash = accountHash(data, query, at))} />
          {!printing && <QSlider data={data} limit={limit} query={query} shown={near.length} />}
        </figure>
        <section class="step-side" aria-label="At other windows, and what the null learnt">
          <Windows data={data} />
          <Terms data={data} />
        </section>
      </div>
      {data.rings.length > 0 && <Rings data={data} query={query} />}
      <h3 class="step-heading">
        {account >= 0 ? (
          <>
            Pairs of <T>{data.accounts[account]!.name}</T>
          </>
        ) : (
          "Pairs"
        )}{" "}
        {everything ? "that were ever close" : `at q ≤ ${chance(limit)}`} <span class="count">{number(listed.length)}</span>
      </h3>
      <p class="summary">
        Choose a row, or a line of the network, to see the posts side by side. Observed and expected are occasions on which the
        two were close; a batch of posts within 15 minutes is one occasion.
        {cut && ` The ${number(data.pairs.length)} pairs least likely by chance are here, of ${number(data.met)} that share an item.`}
      </p>
      {!printing && (
        <p class="controls buttons">
          <label class="check">
            <input
              type="checkbox"
              checked={everything}
              onChange={(event) => replaceQuery("synchrony", { ...Object.fromEntries(query), show: event.currentTarget.checked ? "all" : "" })}
            />
            Also pairs that do not stand out
          </label>
          {account >= 0 && <a href={viewHash("synchrony", without(query, "account"))}>Show the pairs of every account</a>}
        </p>
      )}
      <div class="pairs">
        <Table caption="Pairs by how close in time they are" rows={listed} columns={columns} printing={printing} sort={sort} onSort={setSort} onRow={open} picked={(pair) => pair === picked} empty={`No pair has q at or below ${chance(limit)}.`} />
      </div>
      {picked && <PairPanel key={`${picked.a} ${picked.b}`} data={data} ledger={ledger} pair={picked} back={viewHash("synchrony", without(query, "one", "other"))} />}
    </>
  );
}

/** The pair that the address names, in either order. */
function pairOf(data: Synchrony, query: URLSearchParams): Pair | undefined {
  const [one, other] = ["one", "other"].map((key) => data.accounts.findIndex((account) => account.name === query.get(key)));
  return data.pairs.find((pair) => (pair.a === one && pair.b === other) || (pair.a === other && pair.b === one));
}

function without(query: URLSearchParams, ...names: string[]): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => !names.includes(name)));
}

function pairHash(data: Synchrony, query: URLSearchParams, pair: Pair): string {
  const kept = without(query, "one", "other");
  kept.set("one", data.accounts[pair.a]!.name);
  kept.set("other", data.accounts[pair.b]!.name);
  return viewHash("synchrony", kept);
}

function accountHash(data: Synchrony, query: URLSearchParams, account: number): string {
  const kept = without(query, "one", "other", "account");
  kept.set("account", data.accounts[account]!.name);
  return viewHash("synchrony", kept);
}

const who = (data: Synchrony, many: number) => count(many, data.by === "narrative" ? "source" : "account");

function headline(data: Synchrony): string {
  const beyond = "closer in time than the news and their habits explain";
  if (data.in_step) return `${count(data.in_step, "pair")} ${data.in_step === 1 ? "is" : "are"} ${beyond}.`;
  return data.few ? "Too few posts with exact times to tell." : `No pair is ${beyond}.`;
}

function Lead({ data }: { data: Synchrony }) {
  const sets = data.rings.filter((ring) => !ring.one_feed);
  const what = shared(data.by);
  return (
    <div>
      <p class="step-headline">{headline(data)}</p>
      {sets.map((ring, at) => (
        <p key={at} class="step-also">
          {who(data, ring.members.length)} come together again and again, more than habits explain.
        </p>
      ))}
      {data.rings
        .filter((ring) => ring.one_feed)
        .map((ring, at) => (
          <p key={at} class="step-also">
            {who(data, ring.members.length)} post nearly all they post together: one feed under several names, named apart.
          </p>
        ))}
      {data.apart > 0 && (
        <p class="step-also">
          {count(data.apart, "more pair")} {data.apart === 1 ? "is" : "are"} close by a shared schedule or as one feed, and named apart.
        </p>
      )}
      {data.few && data.in_step > 0 && <p class="step-also">So few posts teach little of anybody’s habits: take it as a hint.</p>}
      <p class="summary">
        Close means: posts of {what || <>the same <T most={40}>{data.by}</T></>} within {length(data.window)}. {count(data.posts, "post")} by {who(data, data.all_accounts)}; {count(data.met, "pair")}{" "}
        {data.met === 1 ? "shares" : "share"} something. q, the false discovery rate, runs over all {number(data.tests)} pairs; in step is q ≤ {chance(data.alpha)}.
      </p>
      <Notes data={data} />
    </div>
  );
}

function Notes({ data }: { data: Synchrony }) {
  const notes = Object.entries(data.notes).map(([what, many]) => `${number(many)} ${what}.`);
  if (data.declared) notes.push(`${count(data.declared, "declared repost")} left the test: an echo that is owned up to needs none.`);
  if (data.grain > data.window) notes.push(`The clocks show steps of ${length(data.grain)}: that is the window in effect.`);
  if (data.sampled_items) notes.push(`Of ${count(data.sampled_items, "item")} with very many posters a random sample was tested.`);
  if (data.by === "narrative") notes.push(`In a ledger, close is ${length(data.window)}; “allegedly synchrony LEDGER --window 60s --out FOLDER” tests another window.`);
  return (
    <ul class="step-notes">
      {notes.map((note) => (
        <li key={note}>{shown(note)}</li>
      ))}
    </ul>
  );
}

function Cannot() {
  return (
    <aside class="cannot" aria-labelledby="cannot">
      <h3 id="cannot">What this cannot tell</h3>
      <ul>
        <li>
          <strong>Intent.</strong> Being in step is a matter of clocks. Why, no clock says.
        </li>
        <li>
          <strong>Ownership.</strong> One hand, two friends and one source that both read look alike.
        </li>
        <li>
          <strong>Automation.</strong> A quick reader with an alert can be as fast as a program.
        </li>
        <li>
          <strong>Shared news, faster than the test knows.</strong> How fast an item spreads is learnt from those who post it. A wire, a
          mailing list or a press call that only these two follow leaves no trace there.
        </li>
      </ul>
    </aside>
  );
}

function QSlider({ data, limit, query, shown: many }: { data: Synchrony; limit: number; query: URLSearchParams; shown: number }) {
  const move = (step: number) => {
    const q = qOfStep(step, data.alpha);
    replaceQuery("synchrony", { ...Object.fromEntries(without(query, "q")), q: q === data.alpha ? "" : q.toPrecision(3) });
  };
  return (
    <div class="q-slider">
      <label class="slider">
        Pairs at q ≤
        <input type="range" min={0} max={STEPS} value={stepOfQ(limit)} aria-valuetext={`q at most ${chance(limit)}: ${count(many, "pair")}`} onInput={(event) => move(Number(event.currentTarget.value))} />
        <output>
          {chance(limit)}: {count(many, "pair")}
        </output>
      </label>
      <p class="note">
        Left only the surest (10⁻¹²), right up to {MOST_Q}.{many > 0 && ` Of the pairs shown, about ${expectedFalse(limit, many)} may be there by chance.`}
      </p>
    </div>
  );
}

function expectedFalse(limit: number, many: number): string {
  const false_ = limit * many;
  return false_ < 0.1 ? "none" : false_ < 1 ? "one" : number(Math.ceil(false_));
}

function pairColumns(data: Synchrony, query: URLSearchParams): Column<Pair>[] {
  const name = (at: number) => data.accounts[at]!.name;
  const link = (pair: Pair, at: number) => (
    <a class="receipt" href={pairHash(data, query, pair)} title="See the posts side by side">
      <T most={60}>{name(at)}</T>
    </a>
  );
  return [
    { id: "one", label: "Account 1", class: "account", cell: (pair) => link(pair, pair.a), sort: (pair) => name(pair.a) },
    { id: "other", label: "Account 2", class: "account", cell: (pair) => link(pair, pair.b), sort: (pair) => name(pair.b) },
    { id: "observed", label: "Observed", class: "number", cell: (pair) => number(pair.observed), sort: (pair) => pair.observed },
    { id: "expected", label: "Expected", class: "number", cell: (pair) => amount(pair.expected), sort: (pair) => pair.expected },
    { id: "ratio", label: "Ratio", class: "number", cell: (pair) => <Ratio pair={pair} />, sort: ratio },
    { id: "follows", label: "Who follows", class: "account", cell: (pair) => <Follows data={data} pair={pair} />, sort: (pair) => leaning(pair) },
    { id: "q", label: "q", class: "number", cell: (pair) => chance(pair.q), sort: (pair) => pair.p },
    { id: "set", label: "Named", cell: (pair) => (pair.apart || pair.ring ? <Named pair={pair} /> : null), sort: (pair) => pair.apart || (pair.ring ? `ring ${pair.ring}` : "~") },
  ];
}

function Ratio({ pair }: { pair: Pair }) {
  return (
    <>
      {amount(ratio(pair))}{" "}
      <span class="interval">
        ({amount(pair.low)}–{amount(pair.high)})
      </span>
    </>
  );
}

/** Share of the occasions on which the one that follows more did follow. */
function leaning(pair: Pair): number {
  return -Math.max(pair.forward, pair.backward) / Math.max(1, pair.forward + pair.backward);
}

function Follows({ data, pair }: { data: Synchrony; pair: Pair }) {
  if (pair.forward === pair.backward) return <span class="via">neither, {`${pair.forward} : ${pair.backward}`}</span>;
  const [at, more, less] = pair.forward > pair.backward ? [pair.b, pair.forward, pair.backward] : [pair.a, pair.backward, pair.forward];
  return (
    <>
      <T most={40}>{data.accounts[at]!.name}</T>{" "}
      <span class="via">
        {number(more)} : {number(less)}
      </span>
    </>
  );
}

export function Named({ pair }: { pair: Pair }) {
  return (
    <>
      {pair.apart && <span class="tag unsure">{apartWords(pair.apart)}</span>}
      {pair.ring > 0 && (
        <span class={`tag in-ring ${ringClass(pair.ring)}`}>ring {pair.ring}</span>
      )}
    </>
  );
}

/** Sets of accounts as cards, feeds under several names apart. */
function Rings({ data, query }: { data: Synchrony; query: URLSearchParams }) {
  const numbered = data.rings.map((ring, at): [Ring, number] => [ring, at + 1]);
  const [sets, feeds] = [numbered.filter(([ring]) => !ring.one_feed), numbered.filter(([ring]) => ring.one_feed)];
  return (
    <section class="rings" aria-labelledby="rings">
      <h3 id="rings" class="step-heading">
        Sets that come together again and again <span class="count">{number(data.rings.length)}</span>
      </h3>
      <ul class="ring-cards">
        {[...sets, ...feeds].map(([ring, at]) => (
          <RingCard key={at} data={data} ring={ring} place={at} query={query} />
        ))}
      </ul>
    </section>
  );
}

function RingCard({ data, ring, place, query }: { data: Synchrony; ring: Ring; place: number; query: URLSearchParams }) {
  const title = ring.one_feed ? "One feed under several names" : `Ring ${place}`;
  return (
    <li class={`ring-card ${ring.one_feed ? "feed" : ringClass(place)}`}>
      <h4>
        {title}: {who(data, ring.members.length)}
      </h4>
      <ul class="members">
        {ring.members.map((at) => (
          <li key={at}>
            <a class="tag" href={accountHash(data, query, at)}>
              <T most={40}>{data.accounts[at]!.name}</T>
            </a>
          </li>
        ))}
      </ul>
      <Bars rows={[["together", ring.observed], ["by habit alone", ring.expected]]} />
      <p class="note">
        How often any two of them come together with a third, on average; all told on {count(ring.items, "item")}.{" "}
        {Math.round(100 * ring.share)} % of what a member posts comes together with the others.
        It stands out by {amount(ring.strength)} standard deviations of the best set in worlds dealt by habit alone; p {ring.p <= 1 / 199 ? "≤" : "="} {chance(ring.p)} over
        all sets.
        {ring.one_feed && " Nearly all that they post comes together: programs on one wire look like this, and so does one author with many names."}
      </p>
    </li>
  );
}

/** Numbers that are compared, as bars of one scale. */
export function Bars({ rows }: { rows: [string, number][] }) {
  const most = Math.max(...rows.map(([, value]) => value), 1e-9);
  return (
    <dl class="bars">
      {rows.map(([label, value], at) => (
        <div key={label} class={at ? "expected" : "observed"}>
          <dt>{label}</dt>
          <dd>
            <Bar share={value / most} />
            <span>{amount(value)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A bar without a style attribute, which the page's policy does not let through. */
function Bar({ share, class: name = "" }: { share: number; class?: string }) {
  return (
    <svg class={`bar ${name}`} width="100" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect width={share > 0 ? Math.max(0.8, 100 * share) : 0} height="10" />
    </svg>
  );
}

function Windows({ data }: { data: Synchrony }) {
  const most = Math.max(1, ...Object.values(data.windows));
  return (
    <>
      <h3>At other windows</h3>
      <p class="note">Pairs at q ≤ {chance(data.alpha)}, those named apart included, if close meant something else.</p>
      <dl class="bars windows">
        {seconds(data.windows).map((one) => (
          <div key={one} class={one === data.window ? "observed" : "expected"}>
            <dt>{length(one)}</dt>
            <dd>
              <Bar share={data.windows[one]! / most} />
              <span>{number(data.windows[one]!)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Terms({ data }: { data: Synchrony }) {
  const { single, curve } = useMemo(() => terms(data.terms), [data]);
  const most = Math.max(...[...single, ...curve].map((term) => Math.abs(term.value)), 0.1);
  const list = (some: typeof single) => (
    <dl class="bars terms">
      {some.map(({ words, value }) => (
        <div key={words} class={value < 0 ? "falls" : "lifts"}>
          <dt>{words}</dt>
          <dd>
            <Swing share={value / most} />
            <span>× {Math.exp(value).toFixed(2)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
  return (
    <>
      <h3>What the null learnt</h3>
      <p class="note">By how much a typical step of each changes the odds that two posts of one item are close, whoever made them.</p>
      {list(single)}
      <details>
        <summary>How early both are by habit: one curve in {curve.length} terms</summary>
        <p class="note">These make sense together only.</p>
        {list(curve)}
      </details>
    </>
  );
}

/** A bar from the middle: to the right for more, to the left for less. */
function Swing({ share }: { share: number }) {
  const long = Math.max(0.6, 50 * Math.abs(share));
  return (
    <svg class="bar swing" width="100" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect x={share < 0 ? 50 - long : 50} width={long} height="10" />
      <path d="M50,0V10" />
    </svg>
  );
}
