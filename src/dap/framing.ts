// The protocol's framing on byte streams: `Content-Length: N`, an empty line, N bytes of JSON in UTF-8. Whatever comes in
// is survived: a broken header or body is reported and skipped.

export type Framed = { message: unknown } | { problem: string };

const LARGEST = 64 * 1024 * 1024;
const LARGEST_HEADER = 4096;
const END = [13, 10, 13, 10];

export class MessageReader {
  private buffer = new Uint8Array(0);

  /** Messages that are complete with these bytes. */
  push(bytes: Uint8Array): Framed[] {
    const joined = new Uint8Array(this.buffer.length + bytes.length);
    joined.set(this.buffer);
    joined.set(bytes, this.buffer.length);
    this.buffer = joined;
    const found: Framed[] = [];
    for (let next = this.next(); next; next = this.next()) found.push(next);
    return found;
  }

  private next(): Framed | undefined {
    const end = this.headerEnd();
    if (end < 0) {
      if (this.buffer.length <= LARGEST_HEADER) return undefined;
      this.buffer = new Uint8Array(0);
      return { problem: 'no header with Content-Length' };
    }
    const header = new TextDecoder('latin1').decode(this.buffer.subarray(0, end));
    const body = end + END.length;
    const length = Number(/^Content-Length: *(\d+) *$/im.exec(header)?.[1] ?? NaN);
    if (!(length <= LARGEST)) {
      this.buffer = this.buffer.slice(body);
      return { problem: Number.isNaN(length) ? 'a header without Content-Length' : `a message of ${length} bytes` };
    }
    if (this.buffer.length < body + length) return undefined;
    const text = this.buffer.subarray(body, body + length);
    this.buffer = this.buffer.slice(body + length);
    try {
      return { message: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)) as unknown };
    } catch (error) {
      return { problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  private headerEnd(): number {
    const { buffer } = this;
    for (let at = buffer.indexOf(13); at >= 0; at = buffer.indexOf(13, at + 1))
      if (END.every((byte, i) => buffer[at + i] === byte)) return at;
    return -1;
  }
}

export function frame(message: unknown): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(message));
  const header = new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`);
  const bytes = new Uint8Array(header.length + body.length);
  bytes.set(header);
  bytes.set(body, header.length);
  return bytes;
}
