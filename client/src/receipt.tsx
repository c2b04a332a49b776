/** The receipt: the source's text with the span highlighted, where it came from, and what else it holds. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Ledger } from "./ledger";
import { Kind, Receipt as ReceiptLink, T } from "./parts";
import type { Claim, Doc, FlatSpans, Mention } from "./payload";
import type { Receipt } from "./route";
import type { Store } from "./store";
import { hasTricks, pieces, shown, utf16, webAddress } from "./text";
import { act, count, language, number, when } from "./words";

/** Code points shown around a receipt in a very long text. */
const WINDOW = 60_000;

interface Props {
  ledger: Ledger;
  store: Store;
  receipt: Receipt;
  back: string;
}

export function ReceiptPanel({ ledger, store, receipt, back }: Props) {
  const doc = ledger.documentById(receipt.document);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [receipt.document, receipt.spans.join()]);
  return (
    <aside class="panel" aria-labelledby="receipt-title">
      <div class="panel-head">
        <h2 id="receipt-title" tabIndex={-1} ref={heading}>
          Receipt
        </h2>
        <a class="close" href={back}>
          Close <span aria-hidden="true">✕</span>
        </a>
      </div>
      {doc ? <Found ledger={ledger} store={store} doc={doc} spans={receipt.spans} /> : <Missing id={receipt.document} />}
    </aside>
  );
}

function Missing({ id }: { id: string }) {
  return (
    <p class="empty">
      This ledger has no document <code>{shown(id)}</code>. The link may belong to another ledger.
    </p>
  );
}

function Found({ ledger, store, doc, spans }: { ledger: Ledger; store: Store; doc: Doc; spans: FlatSpans }) {
  return (
    <>
      <Facts doc={doc} />
      <Text key={doc.id} ledger={ledger} store={store} doc={doc} spans={spans} />
      <Also ledger={ledger} doc={doc} spans={spans} />
    </>
  );
}

function Facts({ doc }: { doc: Doc }) {
  const address = webAddress(doc.url);
  return (
    <dl class="facts">
      {doc.title && <Fact name="Title" value={doc.title} />}
      <dt>Source</dt>
      <dd>
        {doc.source_kind === "file" ? "not stated" : <T>{doc.source}</T>}
        {!["unknown", "file"].includes(doc.source_kind) && ` · ${doc.source_kind}`}
        {doc.platform && (
          <>
            {" · "}
            <T>{doc.platform}</T>
          </>
        )}
      </dd>
      {doc.author && <Fact name="Author" value={doc.author} />}
      <Fact name="Published" value={when(doc.published_at)} />
      <Fact name="Language" value={language(doc.language)} />
      {doc.url && (
        <>
          <dt>Address</dt>
          <dd>
            {address ? (
              <a href={address} target="_blank" rel="noopener noreferrer" dir="ltr">
                <T most={2000}>{doc.url}</T>
              </a>
            ) : (
              <T most={2000}>{doc.url}</T>
            )}
          </dd>
        </>
      )}
      {doc.forwarded_from && (
        <Fact name={doc.forward_inferred ? "Forwarded from (inferred from the name)" : "Forwarded from"} value={doc.forwarded_from} />
      )}
      <dt>{doc.origins.length > 1 ? "Read from (same document)" : "Read from"}</dt>
      {doc.origins.slice(0, 8).map(([path, position]) => (
        <dd key={`${path} ${position}`}>
          <T most={2000}>{path}</T>
          {position && (
            <>
              , <T>{position}</T>
            </>
          )}
        </dd>
      ))}
      {doc.origins.length > 8 && <dd>and {number(doc.origins.length - 8)} more places</dd>}
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <T most={2000}>{value}</T>
      </dd>
    </>
  );
}

function Text({ ledger, store, doc, spans }: { ledger: Ledger; store: Store; doc: Doc; spans: FlatSpans }) {
  const [text, setText] = useState<string | null>(null);
  const [error, setError] = useState("");
  const [whole, setWhole] = useState(false);
  useEffect(() => {
    let current = true;
    store.text(doc).then(
      (value) => current && setText(value),
      (reason: unknown) => current && setError(reason instanceof Error ? reason.message : String(reason)),
    );
    return () => {
      current = false;
    };
  }, [doc]);
  if (error) return <p class="empty">The text could not be opened: {error}</p>;
  if (text === null) return <p class="empty">Opening the text…</p>;
  return <Marked ledger={ledger} doc={doc} text={text} spans={spans} whole={whole} onWhole={() => setWhole(true)} />;
}

interface MarkedProps {
  ledger: Ledger;
  doc: Doc;
  text: string;
  spans: FlatSpans;
  whole: boolean;
  onWhole: () => void;
}

function Marked({ ledger, doc, text, spans, whole, onWhole }: MarkedProps) {
  const box = useRef<HTMLDivElement>(null);
  const { part, from, cut } = useMemo(() => excerpt(text, doc.length, spans, whole), [text, spans.join(), whole]);
  const others = useMemo(() => otherSpans(ledger, doc), [doc]);
  const cutUp = useMemo(() => pieces(part, from, spans, others), [part, from, spans.join()]);
  useEffect(() => centre(box.current), [part, spans.join()]);
  return (
    <>
      {hasTricks(part) && (
        <p class="note">This text holds invisible control characters; they are shown as symbols such as ␀ or ⟦RLO⟧.</p>
      )}
      <div class="text" dir="auto" lang={doc.language || undefined} ref={box} tabIndex={0} aria-label="Text of the document">
        {cutUp.map((piece, at) =>
          piece.marked ? (
            <mark key={at}>{shown(piece.text)}</mark>
          ) : piece.also ? (
            <span key={at} class="also">
              {shown(piece.text)}
            </span>
          ) : (
            shown(piece.text)
          ),
        )}
      </div>
      {cut && (
        <p class="note">
          Part of a long text ({number(doc.length)} characters) is shown.{" "}
          <button type="button" onClick={onWhole}>
            Show all of it
          </button>
        </p>
      )}
      {!spans.length && <p class="note">The link names no passage, so nothing is highlighted.</p>}
    </>
  );
}

/** Scroll the text, and not the panel around it, to the first mark. */
function centre(box: HTMLElement | null): void {
  const mark = box?.querySelector("mark");
  if (!box || !mark) return;
  const below = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTop += below - Math.max(0, (box.clientHeight - mark.getBoundingClientRect().height) / 2);
}

function excerpt(text: string, length: number, spans: FlatSpans, whole: boolean) {
  if (whole || length <= 2 * WINDOW) return { part: text, from: 0, cut: false };
  const start = Math.max(0, (spans[0] ?? 0) - WINDOW);
  const end = start + 2 * WINDOW;
  const at = utf16(text, [start, end]);
  return { part: text.slice(at.get(start), at.get(end)), from: start, cut: true };
}

function otherSpans(ledger: Ledger, doc: Doc): FlatSpans {
  return ledger.claimsOf.of(doc.row).flatMap((claim) => claim.spans);
}

function Also({ ledger, doc, spans }: { ledger: Ledger; doc: Doc; spans: FlatSpans }) {
  const claims = ledger.claimsOf.of(doc.row);
  const mentions = ledger.mentionsIn.of(doc.row);
  const own = spans.join();
  return (
    <section class="also-list" aria-label="Other receipts in this document">
      <h3>
        In the same document: {count(claims.length, "claim")}, {count(mentions.length, "event")}
      </h3>
      <ol>
        {claims.slice(0, 200).map((claim) => (
          <li key={claim.row} aria-current={claim.spans.join() === own ? "true" : undefined}>
            <ClaimItem ledger={ledger} claim={claim} doc={doc} />
          </li>
        ))}
        {mentions.slice(0, 100).map((mention) => (
          <li key={`event ${mention.event} ${mention.row}`}>
            <EventItem ledger={ledger} mention={mention} doc={doc} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function ClaimItem({ ledger, claim, doc }: { ledger: Ledger; claim: Claim; doc: Doc }) {
  return (
    <ReceiptLink document={doc} spans={claim.spans}>
      <T>{ledger.speaker(claim)}</T> {ledger.isOwnVoice(claim) ? "writes" : act(claim.act)}: <q><T>{claim.text.trim()}</T></q>
    </ReceiptLink>
  );
}

function EventItem({ ledger, mention, doc }: { ledger: Ledger; mention: Mention; doc: Doc }) {
  const event = ledger.events[mention.event];
  if (!event) return null;
  return (
    <ReceiptLink document={doc} spans={mention.spans}>
      <Kind event={event} /> <T>{event.title}</T>
    </ReceiptLink>
  );
}
