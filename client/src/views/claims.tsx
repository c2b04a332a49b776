/** Every claim, searched, filtered and sorted. The filters stand in the address. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { tally, type Ledger } from "../ledger";
import { Accused, Quote, T, type ViewProps } from "../parts";
import type { Claim } from "../payload";
import { replaceQuery, viewHash } from "../route";
import { Table, type Column } from "../table";
import { short, shown } from "../text";
import { act, count, language, mode, number, when } from "../words";

const FILTERS = ["actor", "act", "mode", "source", "accused", "language"] as const;
type Filter = (typeof FILTERS)[number];
const LABELS: Record<Filter, [string, string]> = {
  actor: ["Speaker", "All speakers"],
  act: ["Act", "All acts"],
  mode: ["Form", "All forms"],
  source: ["Source", "All sources"],
  accused: ["Accused", "Anyone or nobody"],
  language: ["Language", "All languages"],
};
/** A select longer than this is no help; the search reaches the rest. */
const LONGEST = 400;

export function Claims({ ledger, query, printing }: ViewProps) {
  const asked = Object.fromEntries(query);
  const rows = useMemo(() => ledger.claims.filter(matcher(ledger, query)), [ledger, query.toString()]);
  const columns = useMemo(() => columnsOf(ledger), [ledger]);
  const set = (change: Record<string, string>) => replaceQuery("claims", { ...asked, ...change });
  return (
    <>
      <h2>Claims</h2>
      {!printing && <Controls ledger={ledger} query={query} onChange={set} />}
      <p class="summary" role="status">
        {rows.length === ledger.claims.length
          ? count(rows.length, "claim")
          : `${number(rows.length)} of ${count(ledger.claims.length, "claim")}`}
        {query.size > 0 && !printing && (
          <>
            {" · "}
            <a href={viewHash("claims")}>Clear all filters</a>
          </>
        )}
      </p>
      <Table
        caption="Claims"
        rows={rows}
        columns={columns}
        printing={printing}
        sort={query.get("sort") ?? ""}
        onSort={(sort) => set({ sort })}
        empty={ledger.claims.length ? "No claim matches all of these filters." : "No claim was found in these texts."}
      />
    </>
  );
}

function columnsOf(ledger: Ledger): Column<Claim>[] {
  const document = (claim: Claim) => ledger.document(claim.document);
  return [
    {
      id: "date",
      label: "Published",
      class: "date",
      sort: (claim) => document(claim)?.published_at || "9999",
      cell: (claim) => when(document(claim)?.published_at ?? ""),
    },
    {
      id: "source",
      label: "Source",
      sort: (claim) => document(claim)?.source ?? "",
      cell: (claim) => <T>{document(claim)?.source ?? ""}</T>,
    },
    {
      id: "speaker",
      label: "Speaker",
      class: "speaker",
      sort: (claim) => ledger.speaker(claim),
      cell: (claim) => (
        <>
          <T>{ledger.speaker(claim)}</T>
          {claim.channel && (
            <span class="via">
              {" via "}
              <T>{claim.channel}</T>
            </span>
          )}
        </>
      ),
    },
    {
      id: "act",
      label: "Act",
      class: "short",
      sort: (claim) => claim.act,
      cell: (claim) => (
        <>
          {act(claim.act)}
          {claim.polarity === "negated" && claim.act !== "denies" && " that not"}
        </>
      ),
    },
    { id: "text", label: "Claim", class: "wide", cell: (claim) => <Content ledger={ledger} claim={claim} /> },
    { id: "mode", label: "Form", class: "short", sort: (claim) => claim.mode, cell: (claim) => mode(claim.mode) },
    {
      id: "sure",
      label: "Sure",
      class: "number",
      sort: (claim) => claim.confidence,
      cell: (claim) => <span title="How sure the extraction is, not how true the claim is">{Math.round(claim.confidence * 100)}%</span>,
    },
  ];
}

function Content({ ledger, claim }: { ledger: Ledger; claim: Claim }) {
  const parent = ledger.claims[claim.parent];
  return (
    <>
      <Quote text={claim.text} document={ledger.document(claim.document)} spans={claim.spans} />
      <Accused ledger={ledger} claim={claim} />
      {claim.hedge && (
        <>
          {" "}
          <span class="tag">
            hedged: <T>{claim.hedge}</T>
          </span>
        </>
      )}
      {parent && (
        <>
          {" "}
          <span class="tag">
            as told by <T>{ledger.speaker(parent)}</T>
          </span>
        </>
      )}
    </>
  );
}

/** The values of a filter that a claim has. */
function values(ledger: Ledger, claim: Claim, filter: Filter): string[] {
  switch (filter) {
    case "actor":
      return [ledger.actors[claim.speaker]?.id ?? `~${ledger.speaker(claim)}`];
    case "accused":
      return claim.accused.map((row) => ledger.actors[row]?.id ?? "");
    case "source":
    case "language":
      return [ledger.document(claim.document)?.[filter] ?? ""];
    default:
      return [claim[filter]];
  }
}

function matcher(ledger: Ledger, query: URLSearchParams): (claim: Claim) => boolean {
  const tests: ((claim: Claim) => boolean)[] = [];
  for (const filter of FILTERS) {
    const wanted = query.get(filter);
    if (wanted) tests.push((claim) => values(ledger, claim, filter).includes(wanted));
  }
  const published = (claim: Claim) => ledger.document(claim.document)?.published_at.slice(0, 10) ?? "";
  const [from, to, sure] = ["from", "to", "sure"].map((name) => query.get(name) ?? "");
  if (from) tests.push((claim) => published(claim) >= from);
  if (to) tests.push((claim) => published(claim) !== "" && published(claim) <= to);
  if (sure) tests.push((claim) => claim.confidence * 100 >= Number(sure));
  const words = (query.get("q") ?? "").toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length) tests.push((claim) => words.every((word) => searched(ledger, claim).includes(word)));
  return (claim) => tests.every((test) => test(claim));
}

const haystacks = new WeakMap<Claim, string>();

function searched(ledger: Ledger, claim: Claim): string {
  let text = haystacks.get(claim);
  if (text === undefined) {
    const document = ledger.document(claim.document);
    text = [claim.text, claim.cue_text, ledger.speaker(claim), document?.source, document?.title].join("\n").toLocaleLowerCase();
    haystacks.set(claim, text);
  }
  return text;
}

interface ControlsProps {
  ledger: Ledger;
  query: URLSearchParams;
  onChange: (change: Record<string, string>) => void;
}

function Controls({ ledger, query, onChange }: ControlsProps) {
  return (
    <form class="controls" role="search" onSubmit={(event) => event.preventDefault()}>
      <Search value={query.get("q") ?? ""} onChange={(q) => onChange({ q })} />
      <details open={window.innerWidth > 700 || undefined}>
        <summary>Filters</summary>
        <div class="filters">
          {FILTERS.map((filter) => (
            <Choice key={filter} ledger={ledger} filter={filter} value={query.get(filter) ?? ""} onChange={onChange} />
          ))}
          <label>
            Published from
            <input type="date" value={query.get("from") ?? ""} onChange={(e) => onChange({ from: e.currentTarget.value })} />
          </label>
          <label>
            to
            <input type="date" value={query.get("to") ?? ""} onChange={(e) => onChange({ to: e.currentTarget.value })} />
          </label>
          <label>
            At least this sure
            <select value={query.get("sure") ?? ""} onChange={(e) => onChange({ sure: e.currentTarget.value })}>
              <option value="">Any</option>
              {[50, 60, 70, 80, 90].map((least) => (
                <option key={least} value={String(least)}>
                  {least}%
                </option>
              ))}
            </select>
          </label>
        </div>
      </details>
    </form>
  );
}

/** A search box that waits until the typing rests. */
function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label class="search">
      Search in claims, speakers, sources and titles
      <input type="search" value={typed} onInput={(e) => setTyped(e.currentTarget.value)} />
    </label>
  );
}

interface ChoiceProps {
  ledger: Ledger;
  filter: Filter;
  value: string;
  onChange: (change: Record<string, string>) => void;
}

function Choice({ ledger, filter, value, onChange }: ChoiceProps) {
  const options = useMemo(() => tally(ledger.claims.flatMap((claim) => values(ledger, claim, filter))), [ledger, filter]);
  const names = useMemo(() => new Map(ledger.actors.map((actor) => [actor.id, actor.name])), [ledger]);
  const [label, any] = LABELS[filter];
  const listed = options.slice(0, LONGEST);
  const missing = value && !listed.some(([one]) => one === value);
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange({ [filter]: event.currentTarget.value })}>
        <option value="">{any}</option>
        {missing && <option value={value}>{short(shown(optionName(filter, value, names)), 60)}</option>}
        {listed.map(([option, n]) => (
          <option key={option} value={option}>
            {short(shown(optionName(filter, option, names)), 60)} ({number(n)})
          </option>
        ))}
        {options.length > LONGEST && <option disabled>… {number(options.length - LONGEST)} more: use the search</option>}
      </select>
    </label>
  );
}

function optionName(filter: Filter, value: string, names: ReadonlyMap<string, string>): string {
  switch (filter) {
    case "actor":
      return value.startsWith("~") ? value.slice(1) : (names.get(value) ?? value);
    case "accused":
      return names.get(value) ?? value;
    case "act":
      return act(value);
    case "mode":
      return mode(value);
    case "language":
      return language(value);
    default:
      return value;
  }
}
