/** Two statements of a narrative side by side, with the words that differ. */

import { useState } from "preact/hooks";
import { differences, type Word } from "../diff";
import type { Ledger } from "../ledger";
import { Receipt, T } from "../parts";
import type { Echo } from "../payload";
import { shown, short } from "../text";
import { echoKind, language, when } from "../words";

export function Wordings({ ledger, echoes, first }: { ledger: Ledger; echoes: readonly Echo[]; first: number }) {
  const start = Math.max(0, echoes.findIndex((echo) => echo.row === first));
  const [one, setOne] = useState(start);
  const [other, setOther] = useState(next(echoes, start));
  const [a, b] = [echoes[one], echoes[other]];
  if (!a || !b || echoes.length < 2) return null;
  const tongues = [a, b].map((echo) => ledger.document(echo.document)?.language ?? "");
  const same = tongues[0] === tongues[1];
  const [left, right] = same ? differences(a.text, b.text) : [whole(a.text), whole(b.text)];
  return (
    <section class="wordings">
      <h4>Wording, side by side</h4>
      <div class="two">
        <Side ledger={ledger} echoes={echoes} at={one} choose={setOne} words={left} label="First statement" />
        <Side ledger={ledger} echoes={echoes} at={other} choose={setOther} words={right} label="Second statement" />
      </div>
      <p class="by">
        {same ? "Marked words stand in one of the two alone." : `In ${tongues.map((code) => language(code) || "an unknown language").join(" and ")}: no words are compared.`}
      </p>
    </section>
  );
}

interface SideProps {
  ledger: Ledger;
  echoes: readonly Echo[];
  at: number;
  choose: (place: number) => void;
  words: Word[];
  label: string;
}

function Side({ ledger, echoes, at, choose, words, label }: SideProps) {
  const echo = echoes[at]!;
  const document = ledger.document(echo.document);
  return (
    <div>
      <select aria-label={label} value={at} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {echoes.slice(0, 200).map((one, place) => (
          <option key={one.row} value={place}>
            {shown(short(`${ledger.source(one.document)}, ${when(one.published_at)} (${echoKind(one.kind)})`, 70))}
          </option>
        ))}
      </select>
      <blockquote dir="auto" lang={document?.language || undefined}>
        {words.map((word, place) => (word.shared || !/[\p{L}\p{N}]/u.test(word.text) ? shown(word.text) : <mark key={place}>{shown(word.text)}</mark>))}
      </blockquote>
      {document && (
        <Receipt document={document} spans={echo.spans}>
          <T>{ledger.source(echo.document)}</T>
        </Receipt>
      )}
    </div>
  );
}

const whole = (text: string): Word[] => [{ text, shared: true }];

/** The first statement after `start` in words of its own, else any other. */
function next(echoes: readonly Echo[], start: number): number {
  const found = echoes.findIndex((echo, place) => place !== start && echo.text !== echoes[start]?.text);
  return found >= 0 ? found : Math.min(echoes.length - 1, start + 1);
}
