/** A table of any length: sorted, paged, and a list of cards where the screen is narrow. */

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Empty } from "./parts";
import { number } from "./words";

export interface Column<R> {
  id: string;
  label: string;
  cell: (row: R) => ComponentChildren;
  sort?: (row: R) => string | number;
  class?: string;
}

interface Props<R> {
  caption: string;
  rows: readonly R[];
  columns: readonly Column<R>[];
  printing: boolean;
  empty: ComponentChildren;
  sort?: string;
  onSort?: (sort: string) => void;
  /** What a click on a row does; a link in one of its cells must do the same for the keyboard. */
  onRow?: (row: R) => void;
  picked?: (row: R) => boolean;
}

const PAGE = 50;
const PRINTED = 200;

export function Table<R>({ caption, rows, columns, printing, empty, sort = "", onSort, onRow, picked }: Props<R>) {
  const [page, setPage] = useState(0);
  const sorted = useMemo(() => ordered(rows, columns, sort), [rows, sort]);
  useEffect(() => setPage(0), [rows, sort]);
  if (!rows.length) return <Empty>{empty}</Empty>;
  const size = printing ? PRINTED : PAGE;
  const from = printing ? 0 : Math.min(page * size, Math.floor((rows.length - 1) / size) * size);
  return (
    <div class="table">
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(from, from + size).map((row, at) => (
            <tr
              key={from + at}
              class={onRow && "choice"}
              aria-current={picked?.(row) ? "true" : undefined}
              onClick={onRow && ((event) => !(event.target as Element).closest("a, button") && onRow(row))}
            >
              {columns.map((column) => (
                <td key={column.id} class={column.class} data-label={column.label}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {printing && rows.length > size && <p>{number(rows.length - size)} more rows are not printed.</p>}
      {!printing && rows.length > size && (
        <Pager caption={caption} from={from} total={rows.length} onPage={(step) => setPage(from / size + step)} />
      )}
    </div>
  );
}

function Head<R>({ column, sort, onSort }: { column: Column<R>; sort: string; onSort?: (sort: string) => void }) {
  const direction = sort === column.id ? "ascending" : sort === `-${column.id}` ? "descending" : undefined;
  if (!column.sort || !onSort) {
    return (
      <th scope="col" class={column.class}>
        {column.label}
      </th>
    );
  }
  const next = direction === "ascending" ? `-${column.id}` : column.id;
  return (
    <th scope="col" class={column.class} aria-sort={direction}>
      <button type="button" onClick={() => onSort(next)}>
        {column.label}
        <span aria-hidden="true">{direction === "ascending" ? " ↑" : direction === "descending" ? " ↓" : ""}</span>
      </button>
    </th>
  );
}

function Pager(props: { caption: string; from: number; total: number; onPage: (step: number) => void }) {
  const { from, total } = props;
  return (
    <nav class="pager" aria-label={`Pages: ${props.caption}`}>
      <button type="button" disabled={from === 0} onClick={() => props.onPage(-1)}>
        ← Earlier rows
      </button>
      <span aria-live="polite">
        {number(from + 1)}–{number(Math.min(from + PAGE, total))} of {number(total)}
      </span>
      <button type="button" disabled={from + PAGE >= total} onClick={() => props.onPage(1)}>
        Later rows →
      </button>
    </nav>
  );
}

function ordered<R>(rows: readonly R[], columns: readonly Column<R>[], sort: string): readonly R[] {
  const key = columns.find((column) => column.id === sort.replace(/^-/, ""))?.sort;
  if (!key) return rows;
  const sign = sort.startsWith("-") ? -1 : 1;
  const keyed = rows.map((row, at) => ({ row, at, key: key(row) }));
  keyed.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) || a.at - b.at);
  return keyed.map((one) => one.row);
}
