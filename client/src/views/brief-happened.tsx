/** What happened, as told: the events that most tell or that are most disputed, those of one sentence together. */

import { useMemo } from "preact/hooks";
import { groupBy, type Ledger } from "../ledger";
import { Empty, Kind, Sentence, Status, T, triggerWords } from "../parts";
import type { LedgerEvent } from "../payload";
import { viewHash } from "../route";
import { count, number, span } from "../words";
import type { PartProps } from "./brief";

const SENTENCES = 8;

export function Happened({ ledger, printing }: PartProps) {
  const chosen = useMemo(() => foremost(ledger), [ledger]);
  if (!chosen.length) return <Empty>No event was found in these texts.</Empty>;
  const shown = chosen.reduce((sum, events) => sum + events.length, 0);
  return (
    <>
      <ol class="lines">
        {chosen.map((events) => (
          <Told key={events[0]!.row} ledger={ledger} events={events} />
        ))}
      </ol>
      {ledger.events.length > shown && (
        <p class="more">
          What most sources tell or dispute: {number(shown)} of {number(ledger.events.length)} events.{" "}
          {!printing && <a href={viewHash("timeline")}>See them all in the timeline</a>}
        </p>
      )}
    </>
  );
}

/** Events by the sentence that tells them, the foremost sentences in order of time. */
function foremost(ledger: Ledger): LedgerEvent[][] {
  const weight = (event: LedgerEvent) =>
    ledger.tellers(event) * 10 + Math.min(40, ledger.conflictsOf.of(event.row).length * 8) + event.members * 0.5 + settled(event);
  const weights = new Map(ledger.events.map((event) => [event.row, weight(event)]));
  const heavier = (a: LedgerEvent, b: LedgerEvent) => weights.get(b.row)! - weights.get(a.row)! || a.row - b.row;
  const sentences = [...groupBy(ledger.events, (event) => `${event.document} ${event.spans.join()}`).values()];
  for (const events of sentences) events.sort(heavier);
  sentences.sort((a, b) => heavier(a[0]!, b[0]!));
  return sentences.slice(0, SENTENCES).sort((a, b) => a[0]!.row - b[0]!.row);
}

/** Between events that are told as often, those with a day and a place come first. */
function settled(event: LedgerEvent): number {
  const day = event.start !== "" && event.start.slice(0, 10) === event.end.slice(0, 10);
  return (day ? 0.6 : 0) + (event.place ? 0.3 : 0);
}

function Told({ ledger, events }: { ledger: Ledger; events: LedgerEvent[] }) {
  const [main, ...beside] = events as [LedgerEvent, ...LedgerEvent[]];
  const day = span(main.start, main.end);
  return (
    <li>
      <div class="when">{day}</div>
      <div>
        <Sentence ledger={ledger} event={main} beside={beside} />
        <ul class="by">
          {events.map((event) => (
            <li key={event.row}>
              <Facts ledger={ledger} event={event} day={day} words={beside.length ? triggerWords(event) : ""} />
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}

interface FactsProps {
  ledger: Ledger;
  event: LedgerEvent;
  day: string;
  /** Which of the words set off in the sentence name this event, where there are others. */
  words: string;
}

function Facts({ ledger, event, day, words }: FactsProps) {
  const conflicts = ledger.conflictsOf.of(event.row).length;
  const tellings = ledger.tellings(event);
  const own = span(event.start, event.end);
  return (
    <>
      <Kind event={event} />
      {words && (
        <>
          {" "}
          “<T most={60}>{words}</T>”
        </>
      )}
      {own !== day && ` · ${own}`}
      {event.place && (
        <>
          {" · "}
          <T>{event.place}</T>
        </>
      )}
      {ledger.documents.length > 1 && (
        <>
          {" · "}
          {tellings.length > 1 ? ledger.publishers(tellings) : <T>{ledger.source(event.document)}</T>}
        </>
      )}{" "}
      <Status event={event} />{" "}
      {conflicts > 0 && (
        <a class="tag conflict" href={viewHash("accounts", { event: event.id })}>
          {count(conflicts, "conflict")}
        </a>
      )}
    </>
  );
}
