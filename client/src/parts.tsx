/** Small parts that every view uses. Texts enter as text nodes only. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Ledger } from "./ledger";
import type { Claim, Doc, FlatSpans, LedgerEvent } from "./payload";
import { receiptHash } from "./route";
import { pieces, short, shown } from "./text";
import { act, eventKind, number, status, statusHelp } from "./words";

/** A text from outside: kept from reordering what stands beside it, and from filling the page. */
export function T({ children, most = 240 }: { children: string; most?: number }) {
  return <bdi>{short(shown(children), most)}</bdi>;
}

/** What a document is called: its title, or how it begins. */
export function named(document: Doc): string {
  return document.title || (document.opening ? `${document.opening}…` : `${document.kind} without a title`);
}

interface ReceiptProps {
  document: Doc | undefined;
  spans: FlatSpans;
  children: ComponentChildren;
  class?: string;
  label?: string;
}

/** The one click from a row to the words that say so. */
export function Receipt({ document, spans, children, class: name = "receipt", label }: ReceiptProps) {
  if (!document) return <span class={name}>{children}</span>;
  return (
    <a class={name} href={receiptHash(document, spans)} aria-label={label} title="Open the receipt">
      {children}
    </a>
  );
}

/** Longer quotes are cut in lists; the receipt has all of it. */
const QUOTED = 420;

const IN_QUOTES = /^["“„«‘'].*["”“»’']$/su;

/** `“content”` as a link to where it stands; a text that brings its own quotation marks gets no others. */
export function Quote(props: { text: string; document: Doc | undefined; spans: FlatSpans; most?: number }) {
  const { text, document, spans, most = QUOTED } = props;
  return (
    <Receipt document={document} spans={spans}>
      <q class={IN_QUOTES.test(text.trim()) ? "bare" : undefined}>
        <T most={most}>{text.trim()}</T>
      </q>
    </Receipt>
  );
}

/** What kind of event it is, in a word or three. The code of PLOVER stands behind it. */
export function Kind({ event }: { event: LedgerEvent }) {
  const code = [event.type, event.mode || event.other_type].filter(Boolean).join(", ");
  return (
    <span class="kind" title={`PLOVER: ${shown(code)}`}>
      <T>{eventKind(event)}</T>
    </span>
  );
}

interface SentenceProps {
  ledger: Ledger;
  event: LedgerEvent;
  /** Events of the same sentence, whose words are set off too. */
  beside?: readonly LedgerEvent[];
}

/** The sentence that tells an event, with the words that name it set off. */
export function Sentence({ ledger, event, beside = [] }: SentenceProps) {
  const triggers = [event, ...beside].flatMap((one) => one.triggers);
  const text = short(event.title.trimEnd(), QUOTED);
  const whole = pieces(text, event.spans[0] ?? 0, triggers, []);
  return (
    <Receipt document={ledger.document(event.document)} spans={event.spans}>
      <q class={IN_QUOTES.test(text) ? "bare" : undefined}>
        <bdi>{whole.map((piece, at) => (piece.marked ? <b key={at}>{shown(piece.text)}</b> : shown(piece.text)))}</bdi>
      </q>
    </Receipt>
  );
}

/** The words of its sentence that name an event. */
export function triggerWords(event: LedgerEvent): string {
  const whole = pieces(event.title, event.spans[0] ?? 0, event.triggers, []);
  return [...new Set(whole.filter((piece) => piece.marked).map((piece) => piece.text.trim()))].join(", ");
}

/** An event by its kind and the sentence that tells it. */
export function EventName({ ledger, event }: { ledger: Ledger; event: LedgerEvent }) {
  return (
    <>
      <Kind event={event} /> <Sentence ledger={ledger} event={event} />
    </>
  );
}

/** `Speaker denies: “…”`, with whom the claim accuses. */
export function ClaimLine({ ledger, claim, named = true }: { ledger: Ledger; claim: Claim; named?: boolean }) {
  const blames = claim.act === "accuses" && claim.accused.length > 0;
  return (
    <>
      {named && (
        <>
          <strong>
            <T>{ledger.speaker(claim)}</T>
          </strong>{" "}
        </>
      )}
      {ledger.isOwnVoice(claim) && !blames ? "writes" : act(claim.act)}
      {blames && (
        <>
          {" "}
          <strong>
            <T>{accusedNames(ledger, claim)}</T>
          </strong>
        </>
      )}
      : <Quote text={claim.text} document={ledger.document(claim.document)} spans={claim.spans} />
      {!blames && <Accused ledger={ledger} claim={claim} />}
    </>
  );
}

function accusedNames(ledger: Ledger, claim: Claim): string {
  return claim.accused.map((row) => ledger.actorName(row)).join(", ");
}

export function Accused({ ledger, claim }: { ledger: Ledger; claim: Claim }) {
  if (!claim.accused.length) return null;
  return (
    <>
      {" "}
      <span class="tag accused">
        accusing <T>{accusedNames(ledger, claim)}</T>
      </span>
    </>
  );
}

export function Status({ event }: { event: LedgerEvent }) {
  return (
    <span class={`tag status-${event.status}`} title={statusHelp(event.status)}>
      {status(event.status)}
    </span>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** At most `first` items, with a button for the rest; in print, at most `printed`. */
export function Folded<I>(props: {
  items: readonly I[];
  first: number;
  what: string;
  printing: boolean;
  printed?: number;
  children: (item: I) => ComponentChildren;
}) {
  const [all, setAll] = useState(false);
  const { items, first, what, printing, printed = 200, children } = props;
  const limit = all ? items.length : printing ? Math.max(first, printed) : first;
  return (
    <>
      {items.slice(0, limit).map(children)}
      {items.length > limit && (
        <li class="more">
          {printing ? (
            `${number(items.length - limit)} more ${what} are not printed.`
          ) : (
            <button type="button" onClick={() => setAll(true)}>
              Show all {number(items.length)} {what}
            </button>
          )}
        </li>
      )}
    </>
  );
}

/** The width of an element as it is laid out, for drawings. */
export function useWidth(fallback: number): [{ current: HTMLDivElement | null }, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(fallback);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setWidth(Math.max(280, Math.floor(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

export interface ViewProps {
  ledger: Ledger;
  query: URLSearchParams;
  /** True while the page is laid out for paper: nothing folded, no controls. */
  printing: boolean;
}
