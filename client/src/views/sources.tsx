/** What was read, and what was set aside. */

import { useMemo } from "preact/hooks";
import type { Ledger } from "../ledger";
import { named, Receipt, T, type ViewProps } from "../parts";
import type { Doc, Problem } from "../payload";
import { replaceQuery } from "../route";
import { Table, type Column } from "../table";
import { short } from "../text";
import { count, language, number, when } from "../words";

export function Sources({ ledger, query, printing }: ViewProps) {
  const columns = useMemo(() => documentColumns(ledger), [ledger]);
  const total = ledger.problemCounts.reduce((sum, problem) => sum + problem.count, 0);
  return (
    <>
      <h2>What was read</h2>
      <p class="summary">{count(ledger.documents.length, "document")}</p>
      <Table
        caption="Documents"
        rows={ledger.documents}
        columns={columns}
        printing={printing}
        sort={query.get("sort") ?? ""}
        onSort={(sort) => replaceQuery("sources", { sort })}
        empty="Nothing was read: this ledger holds no document."
      />
      <h2>What was set aside</h2>
      {total > ledger.problems.length && (
        <p class="summary">
          {number(total)} in all; the first {number(ledger.problems.length)} are listed.
        </p>
      )}
      <Table
        caption="Problems"
        rows={ledger.problems}
        columns={PROBLEMS}
        printing={printing}
        empty="Nothing was set aside: every file was read to its end."
      />
    </>
  );
}

function documentColumns(ledger: Ledger): Column<Doc>[] {
  return [
    { id: "date", label: "Published", class: "date", sort: (doc) => doc.published_at || "9999", cell: (doc) => when(doc.published_at) },
    { id: "source", label: "Source", sort: (doc) => doc.source, cell: (doc) => <T>{doc.source}</T> },
    {
      id: "title",
      label: "Document",
      class: "wide",
      sort: (doc) => named(doc),
      cell: (doc) => (
        <Receipt document={doc} spans={[]}>
          <T>{named(doc)}</T>
        </Receipt>
      ),
    },
    { id: "language", label: "Language", class: "short", sort: (doc) => doc.language, cell: (doc) => language(doc.language) },
    {
      id: "claims",
      label: "Claims",
      class: "number",
      sort: (doc) => -ledger.claimsOf.of(doc.row).length,
      cell: (doc) => number(ledger.claimsOf.of(doc.row).length),
    },
    {
      id: "path",
      label: "Read from",
      class: "path",
      sort: (doc) => doc.origins[0]?.[0] ?? "",
      cell: (doc) => {
        const [path = "", position = ""] = doc.origins[0] ?? [];
        return <T>{position ? `${path}, ${position}` : path}</T>;
      },
    },
  ];
}

const PROBLEMS: Column<Problem>[] = [
  { id: "path", label: "Where", class: "path", cell: (p) => <T>{p.position ? `${p.path}, ${p.position}` : p.path}</T> },
  { id: "what", label: "What", class: "wide", cell: (p) => <T>{p.what}</T> },
  { id: "action", label: "What was done", class: "wide", cell: (p) => <T>{p.action}</T> },
  {
    id: "excerpt",
    label: "How it begins",
    class: "path",
    cell: (p) => <T>{short(p.excerpt, 120)}</T>,
  },
];
