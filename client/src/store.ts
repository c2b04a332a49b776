/** Where the data comes from: inside the report's own file, or from `allegedly serve`. */

import { FORMAT, type Alone, type Doc, type Payload } from "./payload";

export interface Store {
  payload(): Promise<Payload | Alone>;
  text(document: Doc): Promise<string>;
}

export function openStore(): Store {
  const embedded = document.getElementById("payload");
  return embedded ? new EmbeddedStore(embedded) : new HttpStore();
}

class EmbeddedStore implements Store {
  private lines: string[] | null = null;

  constructor(private readonly element: HTMLElement) {}

  async payload(): Promise<Payload | Alone> {
    return checked(JSON.parse(await inflate(this.element.textContent ?? "")));
  }

  async text(doc: Doc): Promise<string> {
    this.lines ??= (document.getElementById("texts")?.textContent ?? "").trim().split("\n");
    return inflate(this.lines[doc.row] ?? "");
  }
}

class HttpStore implements Store {
  async payload(): Promise<Payload | Alone> {
    return checked(await get("api/payload"));
  }

  async text(doc: Doc): Promise<string> {
    const answer = (await get(`api/document/${encodeURIComponent(doc.id)}`)) as { text: string };
    return answer.text;
  }
}

async function get(address: string): Promise<unknown> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the server answered ${response.status} to ${address}`);
  return response.json();
}

function checked(value: unknown): Payload | Alone {
  const payload = value as Payload | Alone;
  if (payload.format !== FORMAT) throw new Error(`this page reads format ${FORMAT}, the data has ${payload.format}`);
  return payload;
}

/** Text of base64 of gzip of UTF-8. A byte order mark is part of the text: offsets count it. */
async function inflate(base64: string): Promise<string> {
  const stream = new Blob([bytes(base64.trim())]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(buffer);
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) out[i] = binary.charCodeAt(i);
  return out;
}
