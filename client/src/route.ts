/** The page's state is its address: `#claims?actor=x`, `#receipt/<document>/<start>-<end>`. */

import type { Doc, FlatSpans } from "./payload";

export const VIEWS = ["brief", "timeline", "accounts", "claims", "map", "actors", "narratives", "synchrony", "sources"] as const;
export type View = (typeof VIEWS)[number];

export interface Receipt {
  document: string;
  spans: FlatSpans;
}

export interface Route {
  view: View;
  query: URLSearchParams;
  receipt: Receipt | null;
}

/** The route that `hash` names. A receipt opens over the view that was there before. */
export function parse(hash: string, before: Route | null): Route {
  const body = hash.replace(/^#/, "");
  const receipt = parseReceipt(body);
  if (receipt) {
    return { view: before?.view ?? "brief", query: before?.query ?? new URLSearchParams(), receipt };
  }
  const [name = "", query = ""] = body.split("?", 2);
  const view = VIEWS.find((one) => one === name) ?? "brief";
  return { view, query: new URLSearchParams(query), receipt: null };
}

function parseReceipt(body: string): Receipt | null {
  const [head, document, spans = ""] = body.split("/");
  if (head !== "receipt" || !document) return null;
  const bounds = spans.split(",").flatMap((span) => {
    const match = /^(\d{1,9})-(\d{1,9})$/.exec(span);
    return match ? [Number(match[1]), Number(match[2])] : [];
  });
  return { document: safeDecode(document), spans: bounds };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function receiptHash(document: Doc | undefined, spans: FlatSpans): string {
  const ranges: string[] = [];
  for (let i = 0; i + 1 < spans.length; i += 2) ranges.push(`${spans[i]}-${spans[i + 1]}`);
  return `#receipt/${encodeURIComponent(document?.id ?? "")}/${ranges.join(",")}`;
}

export function viewHash(view: View, query: Record<string, string> | URLSearchParams = {}): string {
  const kept = new URLSearchParams([...new URLSearchParams(query)].filter(([, value]) => value !== ""));
  return kept.size ? `#${view}?${kept}` : `#${view}`;
}

/** Put `query` into the address without a new step in the history. */
export function replaceQuery(view: View, query: Record<string, string>): void {
  history.replaceState(null, "", viewHash(view, query));
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}
