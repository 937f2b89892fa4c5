import type { StageEvent } from '@benchlab-otel/core';
import type { TimeTranslation } from '../stages/otherClock.ts';
import { maxRawLineBytes, parseRawLine, type RawLine } from './rawLine.ts';

const [lineFeed, carriageReturn, quote, backslash, zero] = [0x0a, 0x0d, 0x22, 0x5c, 0x30];
/** Digits of 2^53: a whole number with more is not exact in a double. */
const mostDigits = 16;
/** Characters of a name, as `parseStageLine` allows. */
const maxName = 128;
/** Places for names that are kept as texts; a name that finds its place taken replaces the other. A power of 2. */
const namePlaces = 64;

/** Receives what each line of the input holds, with its number from 1 on. Blank lines have a number and no call. */
export type RawLineTaker = (read: Exclude<RawLine, undefined>, line: number) => void;

/**
 * Reads raw lines from bytes, wherever the bytes were cut on their way. A stage event in the form that is written most,
 * `{"ts_ns":1,"source":"pipeline","kv":{"stage":"ingress","frame_id":17}}`, with or without `"cal"` behind it, is read from its
 * bytes, which is several times faster than JSON.parse; each other line is read by `parseRawLine`. Both give the same. Keeps one unfinished line of at
 * most `maxRawLineBytes`.
 */
export class RawScanner {
  readonly #source: string;
  readonly #take: RawLineTaker;
  readonly #translate: TimeTranslation | undefined;
  readonly #names = new StageNames();
  #rest: Buffer = Buffer.alloc(0);
  #isSkipping = false;
  #line = 0;
  /** The byte after what was read last: an event, a number. */
  #next = 0;

  /**
   * @param source of the events, for messages and rows
   * @param translate makes CLOCK_MONOTONIC of the times from 2^53 on: it is given no other
   */
  constructor(source: string, take: RawLineTaker, translate?: TimeTranslation) {
    this.#source = source;
    this.#take = take;
    this.#translate =
      translate && ((timeNs) => (timeNs > Number.MAX_SAFE_INTEGER ? translate(timeNs) : { timeNs, uncertaintyNs: 0 }));
  }

  /** Lines that were seen, blank and wrong ones too. */
  get line(): number {
    return this.#line;
  }

  push(chunk: Uint8Array): void {
    const given = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const all = this.#rest.length === 0 ? given : Buffer.concat([this.#rest, given]);
    let start = 0;
    while (start < all.length) {
      const event = this.#isSkipping ? undefined : this.#stageEvent(all, start);
      if (event !== undefined) {
        this.#take({ event }, ++this.#line);
        start = this.#next;
        continue;
      }
      const end = all.indexOf(lineFeed, start);
      if (end < 0) break;
      if (this.#isSkipping) this.#isSkipping = false;
      else this.#parsed(all, start, end);
      start = end + 1;
    }
    if (all.length - start > maxRawLineBytes && !this.#isSkipping) {
      this.#tooLong();
      this.#isSkipping = true;
    }
    // A copy: the caller may use its buffer again.
    this.#rest = this.#isSkipping ? Buffer.alloc(0) : Buffer.from(all.subarray(start));
  }

  /** The rest, when the input did not end with a whole line. */
  end(): void {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    this.#isSkipping = false;
    if (rest.length > 0) this.#parsed(rest, 0, rest.length);
  }

  #parsed(bytes: Buffer, start: number, end: number): void {
    if (end - start > maxRawLineBytes) {
      this.#tooLong();
      return;
    }
    this.#line++;
    const textEnd = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
    const read = parseRawLine(bytes.toString('utf8', start, textEnd), this.#source, this.#translate);
    if (read !== undefined) this.#take(read, this.#line);
  }

  #tooLong(): void {
    this.#take({ reason: `more than ${maxRawLineBytes} bytes` }, ++this.#line);
  }

  /** The event of a whole line in the most written form, with its line feed; undefined for each other line, which may be good. */
  #stageEvent(bytes: Buffer, start: number): StageEvent | undefined {
    if (!hasBytes(bytes, start, head)) return undefined;
    const timeNs = this.#number(bytes, start + head.length);
    if (timeNs < 0 || !hasBytes(bytes, this.#next, middle)) return undefined;
    let at = this.#next + middle.length;
    const stageEnd = nameEnd(bytes, at);
    if (stageEnd <= at) return undefined;
    const stage = this.#names.text(bytes, at, stageEnd);
    at = stageEnd + 1;
    let frameId: string | undefined;
    if (hasBytes(bytes, at, frameKey)) {
      at += frameKey.length;
      const isText = bytes[at] === quote;
      if (isText) at++;
      const number = this.#number(bytes, at);
      if (number >= 0 && (!isText || bytes[this.#next] === quote)) {
        // V8 keeps the texts of numbers that it made before: the next stage of the frame gets the same one.
        frameId = String(number);
        at = this.#next;
      } else {
        const end = isText ? nameEnd(bytes, at) : -1;
        if (end <= at) return undefined;
        frameId = bytes.toString('latin1', at, end);
        at = end;
      }
      if (isText) at++;
    }
    let uncertaintyNs = 0;
    if (hasBytes(bytes, at, calKey)) {
      const roundTripNs = this.#number(bytes, at + calKey.length);
      if (roundTripNs < 0) return undefined;
      uncertaintyNs = roundTripNs / 2;
      at = this.#next;
    }
    if (!hasBytes(bytes, at, tail)) return undefined;
    this.#next = at + tail.length;
    const source = this.#source;
    return frameId === undefined
      ? { timeNs, uncertaintyNs, stage, source }
      : { timeNs, uncertaintyNs, stage, frameId, source };
  }

  /** A number as String() writes it, digits alone and exact in a double; -1 for each other text. `#next` is the byte after it. */
  #number(bytes: Uint8Array, start: number): number {
    let at = start;
    let value = 0;
    for (; at < bytes.length; at++) {
      const digit = (bytes[at] as number) - zero; // within the length
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.#next = at;
    const digits = at - start;
    const isPlain = digits > 0 && digits <= mostDigits && !(digits > 1 && bytes[start] === zero);
    return isPlain && value <= Number.MAX_SAFE_INTEGER ? value : -1;
  }
}

/** Keeps the texts of names by their bytes: one text for all lines of a stage. */
class StageNames {
  readonly #bytes: Uint8Array[] = Array.from({ length: namePlaces }, () => new Uint8Array());
  readonly #texts: string[] = Array.from({ length: namePlaces }, () => '');

  text(bytes: Buffer, start: number, end: number): string {
    const place = (end - start + 5 * (bytes[start] ?? 0) + 3 * (bytes[end - 1] ?? 0)) & (namePlaces - 1);
    const known = this.#bytes[place];
    if (known?.length === end - start && hasBytes(bytes, start, known)) return this.#texts[place] ?? '';
    const text = bytes.toString('latin1', start, end);
    this.#bytes[place] = Uint8Array.from(bytes.subarray(start, end));
    this.#texts[place] = text;
    return text;
  }
}

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const head = ascii('{"ts_ns":');
const middle = ascii(',"source":"pipeline","kv":{"stage":"');
const frameKey = ascii(',"frame_id":');
/** Its braces and those of `tail` are the same in number as without it. */
const calKey = ascii('},"cal":{"offset_ns":0,"rtt_ns":');
const tail = ascii('}}\n');

function hasBytes(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  // With both bounds known, the loop checks none: it takes half the time.
  const { length } = wanted;
  if (at + length > bytes.length) return false;
  for (let k = 0; k < length; k++) if (bytes[at + k] !== wanted[k]) return false;
  return true;
}

/** Where a text of plain ASCII ends, at its quote; -1 for a text that needs a parser, or is longer than a name may be. */
function nameEnd(bytes: Uint8Array, start: number): number {
  const most = Math.min(bytes.length, start + maxName + 1);
  for (let at = start; at < most; at++) {
    const byte = bytes[at] as number; // within the length
    if (byte === quote) return at;
    if (byte < 0x20 || byte > 0x7e || byte === backslash) return -1;
  }
  return -1;
}
