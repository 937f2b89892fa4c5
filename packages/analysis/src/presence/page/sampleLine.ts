import type { PageFormat } from './pageFormat.ts';
import { pageNumber } from './pageNumber.ts';

/** One line with a value. */
export interface SampleLine {
  readonly name: string;
  /** Without labels of an empty value: Prometheus treats those as absent. */
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  /** As it is written: ms in the text format, seconds in OpenMetrics. */
  readonly timestamp?: number;
  readonly hasExemplar: boolean;
}

/** Labels of one sample that are read. */
const maxLabels = 128;
/** Characters of the labels of an exemplar. Source: OpenMetrics 1.0, "Exemplars". */
const maxExemplarCharacters = 128;

const plainName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const quotedText = /"([^"\\]*(?:\\.[^"\\]*)*)"/sy;
const blanks = /[ \t]*/y;
const word = /[^ \t]+/y;

/** @throws Error whose message states what is wrong with the line */
export function readSampleLine(line: string, format: PageFormat): SampleLine {
  const at = new Cursor(line, format);
  at.skipBlanks();
  const plain = at.take(plainName)?.[0];
  at.skipBlanks();
  const braces = at.isNext('{') ? readBraces(at) : { labels: new Map<string, string>() };
  if (plain !== undefined && braces.name !== undefined) throw new Error('it has two names');
  const name = plain ?? braces.name;
  if (name === undefined || name === '') throw new Error('it does not begin with a name');
  at.separate();
  const value = readNumber(at, 'value');
  at.separate();
  let timestamp: number | undefined;
  if (!at.isAtEnd() && !at.isNext('#')) {
    timestamp = readTimestamp(at, format);
    at.separate();
  }
  const hasExemplar = at.isNext('#');
  if (hasExemplar) readExemplar(at, format);
  if (!at.isAtEnd()) throw new Error(`"${at.rest(20)}" is after its end`);
  const labels = new Map([...braces.labels].filter(([, text]) => text !== ''));
  return { name, labels, value, ...(timestamp === undefined ? {} : { timestamp }), hasExemplar };
}

/** The name at the beginning of the rest of a `# TYPE`, `# HELP` or `# UNIT` line, and what follows it. */
export function readNamed(text: string): { readonly name: string; readonly rest: string } {
  const at = new Cursor(text, 'text');
  at.skipBlanks();
  const quoted = at.take(quotedText);
  const name = quoted === undefined ? at.take(plainName)?.[0] : unescaped(quoted[1] ?? '');
  const isWhole = at.isAtEnd() || at.isNext(' ') || at.isNext('\t');
  if (name === undefined || name === '' || !isWhole) throw new Error('it has no valid name');
  return { name, rest: at.rest().replace(/^[ \t]/, '') };
}

interface Braces {
  readonly labels: Map<string, string>;
  /** A quoted name, which is not plain letters: `{"http.requests",method="GET"}`. */
  readonly name?: string;
}

function readBraces(at: Cursor): Braces {
  at.expect('{');
  const labels = new Map<string, string>();
  let name: string | undefined;
  for (let isFirst = true; ; isFirst = false) {
    at.skipBlanks();
    if (at.isNext('}')) break;
    if (!isFirst) {
      at.expect(',');
      at.skipBlanks();
      if (at.isNext('}')) break;
    }
    const quoted = at.take(quotedText);
    const key = quoted === undefined ? at.take(labelName)?.[0] : unescaped(quoted[1] ?? '');
    if (key === undefined) throw new Error(`"${at.rest(20)}" is not a label`);
    if (at.isStrict && key.startsWith('__')) throw new Error(`the label ${key} is reserved`);
    at.skipBlanks();
    if (quoted !== undefined && isFirst && !at.isNext('=')) {
      name = key;
      continue;
    }
    at.expect('=');
    at.skipBlanks();
    const text = at.take(quotedText);
    if (text === undefined) throw new Error(`the label ${key} has no value in quotes`);
    if (labels.has(key)) throw new Error(`the label ${key} is there twice`);
    if (labels.size >= maxLabels) throw new Error(`it has more than ${maxLabels} labels`);
    labels.set(key, unescaped(text[1] ?? ''));
  }
  at.expect('}');
  return { labels, ...(name === undefined ? {} : { name }) };
}

function readTimestamp(at: Cursor, format: PageFormat): number {
  const timestamp = readNumber(at, 'timestamp');
  if (!Number.isFinite(timestamp)) throw new Error('its timestamp is not a finite number');
  if (format === 'text' && !Number.isInteger(timestamp)) throw new Error('its timestamp is not in whole milliseconds');
  return timestamp;
}

function readExemplar(at: Cursor, format: PageFormat): void {
  if (format === 'text') throw new Error('it has an exemplar, which only OpenMetrics has');
  at.expect('#');
  at.separate();
  const { labels, name } = readBraces(at);
  if (name !== undefined) throw new Error('its exemplar has a name');
  const characters = [...labels].reduce((sum, [key, text]) => sum + Array.from(key + text).length, 0);
  if (characters > maxExemplarCharacters)
    throw new Error(`its exemplar has more than ${maxExemplarCharacters} characters of labels`);
  at.separate();
  readNumber(at, 'value of the exemplar');
  at.separate();
  if (!at.isAtEnd()) readTimestamp(at, format);
}

function readNumber(at: Cursor, what: string): number {
  const text = at.take(word)?.[0];
  if (text === undefined) throw new Error(`it has no ${what}`);
  const value = pageNumber(text);
  if (value === undefined) throw new Error(`its ${what} "${text.slice(0, 40)}" is not a number`);
  return value;
}

/** Source: both formats, "escaping": a backslash before a backslash, a quotation mark, or n. */
function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (whole, character: string) => {
    if (character === 'n') return '\n';
    if (character === '\\' || character === '"') return character;
    throw new Error(`${whole} is not an escape: only \\\\, \\" and \\n are`);
  });
}

/** A place in a line. Patterns are sticky. */
class Cursor {
  #place = 0;
  readonly #line: string;
  /** OpenMetrics, which has one way to write a line. */
  readonly isStrict: boolean;

  constructor(line: string, format: PageFormat) {
    this.#line = line;
    this.isStrict = format === 'openmetrics';
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#place;
    const found = pattern.exec(this.#line);
    if (found === null) return undefined;
    this.#place = pattern.lastIndex;
    return found;
  }

  /** Passes over blanks that the text format allows, and OpenMetrics does not. */
  skipBlanks(): void {
    if (!this.isStrict) this.take(blanks);
  }

  /** Passes over what separates two parts: one space in OpenMetrics, any blanks in the text format. */
  separate(): void {
    if (!this.isStrict) this.take(blanks);
    else if (!this.isAtEnd()) this.expect(' ');
    if (this.isStrict && this.isAtEnd() && this.#line.endsWith(' ')) throw new Error('it ends with a space');
  }

  isNext(character: string): boolean {
    return this.#line[this.#place] === character;
  }

  isAtEnd(): boolean {
    return this.#place >= this.#line.length;
  }

  expect(character: string): void {
    if (!this.isNext(character)) throw new Error(`"${character}" is missing before "${this.rest(20)}"`);
    this.#place += 1;
  }

  rest(characters?: number): string {
    return this.#line.slice(this.#place, characters === undefined ? undefined : this.#place + characters);
  }
}
