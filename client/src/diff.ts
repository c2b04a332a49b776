/** Which words of two texts differ: the longest common subsequence of their words (Myers 1986 solves the same problem faster). */

export interface Word {
  text: string;
  shared: boolean;
}

const MOST = 400;
const PIECES = /[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+/gu;
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff]/u;

/** Both texts in pieces, each piece shared with the other text or not. Texts of more than 400 pieces are cut. */
export function differences(one: string, other: string): [Word[], Word[]] {
  const a = cut(one);
  const b = cut(other);
  const lengths = table(a.map(plain), b.map(plain));
  const first: Word[] = a.map((text) => ({ text, shared: false }));
  const second: Word[] = b.map((text) => ({ text, shared: false }));
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (plain(a[i]!) === plain(b[j]!)) {
      first[i++]!.shared = second[j++]!.shared = true;
    } else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  }
  return [first, second];
}

function cut(text: string): string[] {
  const found = (text.match(PIECES) ?? []).flatMap((piece) => (UNSPACED.test(piece) ? [...piece] : [piece]));
  return found.slice(0, MOST);
}

const plain = (piece: string) => (/[\p{L}\p{N}]/u.test(piece) ? piece.toLocaleLowerCase() : " ");

/** How many pieces the rest of `a` from i and the rest of `b` from j share at most. */
function table(a: string[], b: string[]): number[][] {
  const found = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      found[i]![j] = a[i] === b[j] ? found[i + 1]![j + 1]! + 1 : Math.max(found[i + 1]![j]!, found[i]![j + 1]!);
    }
  }
  return found;
}
