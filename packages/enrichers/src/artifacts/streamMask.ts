import { OptionError, secretParts, shown } from '@benchlab-otel/core';

/** Patterns whose matches are masked; `secrets` are credentials. */
export type Masks = readonly (RegExp | 'secrets')[];

/** What takes the place of a match. */
const masked = '[masked]';

/** The longest match that is found wherever chunks begin and end, bytes. */
export const maxMatchBytes: number = 16 * 1024;
/** Original bytes before those that are searched, for `\b` and what else looks back. */
const contextBytes = 256;
/** Fewer bytes than these wait for more, so that single bytes are not searched again and again. */
const leastSearchedBytes = 64 * 1024;

/**
 * Masks a stream of bytes by patterns. Bytes are seen as characters of Latin-1, so a pattern matches ASCII, and all that does not
 * match stays as it is. A match of up to 16 KiB is found as a whole, also when it comes in pieces.
 *
 * @example const mask = new StreamMask(['secrets']); out.write(mask.push(bytes)); out.write(mask.end());
 */
export class StreamMask {
  readonly #patterns: readonly RegExp[];
  /** Original text: what has left, as far as patterns look back, and what waits. */
  #text = '';
  /** Where what waits begins in it. */
  #from = 0;
  /** A match that has begun ends here, and `[masked]` was given for it. */
  #maskedUntil = -1;
  #out: Buffer = Buffer.alloc(0);

  /** @throws OptionError for what is not a pattern for bytes */
  constructor(masks: Masks) {
    const patterns = masks.flatMap((mask) => (mask === 'secrets' ? secretParts : mask));
    this.#patterns = patterns.map(ownCopy);
  }

  /** @returns the bytes whose matches are known by now, until the next call: those of some calls are empty */
  push(bytes: Uint8Array): Buffer {
    if (this.#patterns.length === 0) return asBuffer(bytes);
    this.#text += asBuffer(bytes).toString('latin1');
    const waiting = this.#text.length - this.#from;
    return waiting < leastSearchedBytes ? Buffer.alloc(0) : this.#leave(this.#text.length - maxMatchBytes);
  }

  /** The rest, until the next call. */
  end(): Buffer {
    return this.#leave(this.#text.length);
  }

  /** Gives what is before `until` with its matches masked. All of them end in the text, or where it ends. */
  #leave(until: number): Buffer {
    const parts: string[] = [];
    let end = this.#maskedUntil;
    for (const match of [...this.#matches(until), { start: until, end: until }]) {
      // What touches the match before belongs to it.
      if (match.start > end) {
        parts.push(this.#text.slice(Math.max(end, this.#from), match.start));
        if (match.start < until) parts.push(masked);
      }
      end = Math.max(end, match.end);
    }
    const kept = Math.max(0, until - contextBytes);
    this.#text = this.#text.slice(kept);
    this.#from = until - kept;
    this.#maskedUntil = end - kept;
    return this.#bytesOf(parts.join(''));
  }

  /** In the same memory each time: a stream would fill the heap with buffers faster than they are collected. */
  #bytesOf(text: string): Buffer {
    if (this.#out.length < text.length) this.#out = Buffer.allocUnsafe(text.length);
    return this.#out.subarray(0, this.#out.write(text, 'latin1'));
  }

  /** Those that begin before `until`, in their order. */
  #matches(until: number): readonly Match[] {
    const found: Match[] = [];
    for (const pattern of this.#patterns) {
      pattern.lastIndex = this.#from;
      for (let match = pattern.exec(this.#text); match !== null; match = pattern.exec(this.#text)) {
        if (match.index >= until) break;
        found.push({ start: match.index, end: pattern.lastIndex });
      }
    }
    return found.sort((a, b) => a.start - b.start);
  }
}

interface Match {
  readonly start: number;
  readonly end: number;
}

/** Patterns come from untyped callers too. @throws OptionError */
export function checkMasks(option: string, masks: unknown): asserts masks is Masks {
  if (!Array.isArray(masks) || masks.length > maxMasks) {
    throw new OptionError({ option, value: masks, allowed: `a list of at most ${maxMasks} patterns` });
  }
  for (const [k, mask] of masks.entries()) {
    if (mask === 'secrets') continue;
    const name = `${option}[${k}]`;
    if (!(mask instanceof RegExp))
      throw new OptionError({ option: name, value: mask, allowed: "a regular expression or 'secrets'" });
    const isForBytes = !/[uv]/.test(mask.flags) && !/[^\x20-\x7e]|\\[pPu]/.test(mask.source);
    if (!isForBytes) {
      const allowed = `a pattern of ASCII without the flags u and v, because it is matched with bytes, and not ${shown(String(mask))}`;
      throw new OptionError({ option: name, value: mask, allowed });
    }
    if (new RegExp(mask, '').test('')) {
      const allowed = `a pattern that does not match the empty text, as ${shown(String(mask))} does`;
      throw new OptionError({ option: name, value: mask, allowed });
    }
  }
}

const maxMasks = 100;

/** Patterns have a place where they search next. */
function ownCopy({ source, flags }: RegExp): RegExp {
  return new RegExp(source, `${flags.replace(/[gy]/g, '')}g`);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
