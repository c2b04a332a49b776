/** Texts are hostile and count in code points; the browser counts in UTF-16. */

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
const OVERRIDES = /[\u202d\u202e]/g;

/** `text` with invisible control characters and direction overrides made visible. */
export function shown(text: string): string {
  return text
    .replace(CONTROLS, (c) => String.fromCharCode(c === "\u007f" ? 0x2421 : 0x2400 + c.charCodeAt(0)))
    .replace(OVERRIDES, (c) => (c === "\u202e" ? "⟦RLO⟧" : "⟦LRO⟧"));
}

/** At most `most` code points of `text`, with an ellipsis where it goes on. */
export function short(text: string, most: number): string {
  const points = text.length > most ? Array.from(text.slice(0, 2 * most + 2)) : [];
  return points.length > most ? `${points.slice(0, most - 1).join("")}…` : text;
}

/** At most `most` code points of `text`, its beginning left out: files of one folder differ at their ends. */
export function shortEnd(text: string, most: number): string {
  const points = text.length > most ? Array.from(text) : [];
  return points.length > most ? `…${points.slice(1 - most).join("")}` : text;
}

/** True when the text holds characters that reorder or hide what is read. */
export function hasTricks(text: string): boolean {
  return text.search(CONTROLS) >= 0 || text.search(OVERRIDES) >= 0;
}

/** UTF-16 offsets of code point offsets (in any order; those past the end give the length). */
export function utf16(text: string, points: readonly number[]): Map<number, number> {
  const sorted = [...new Set(points)].sort((a, b) => a - b);
  const found = new Map<number, number>();
  let unit = 0;
  let point = 0;
  for (const wanted of sorted) {
    while (point < wanted && unit < text.length) {
      unit += text.codePointAt(unit)! > 0xffff ? 2 : 1;
      point += 1;
    }
    found.set(wanted, unit);
  }
  return found;
}

/** Only addresses that a browser opens as a page; anything else stays text. */
export function webAddress(url: string): string | null {
  if (!/^https?:\/\//i.test(url)) return null;
  try {
    const { protocol, href } = new URL(url);
    return protocol === "http:" || protocol === "https:" ? href : null;
  } catch {
    return null;
  }
}

export interface Piece {
  text: string;
  /** Inside the receipt itself. */
  marked: boolean;
  /** Inside another receipt of the same document. */
  also: boolean;
}

/** `text` cut at every span's ends. `from` is the code point at which `text` begins. */
export function pieces(text: string, from: number, marked: readonly number[], others: readonly number[]): Piece[] {
  const shift = (points: readonly number[]) => points.map((point) => Math.max(0, point - from));
  const own = shift(marked);
  const also = shift(others);
  const at = utf16(text, [...own, ...also]);
  const inOwn = coverage(own, at);
  const inAlso = coverage(also, at);
  const cuts = [...new Set([0, text.length, ...at.values()])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, i) => ({
    text: text.slice(start, cuts[i + 1]),
    marked: inOwn(start),
    also: inAlso(start),
  }));
}

/** A test whether a UTF-16 offset lies in any of the flat spans. */
function coverage(flat: readonly number[], at: Map<number, number>): (unit: number) => boolean {
  const spans: [number, number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) spans.push([at.get(flat[i]!)!, at.get(flat[i + 1]!)!]);
  spans.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [start, end] of spans) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return (unit) => {
    let low = 0;
    let high = joined.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (joined[middle]![1] <= unit) low = middle + 1;
      else high = middle;
    }
    return low < joined.length && joined[low]![0] <= unit;
  };
}
