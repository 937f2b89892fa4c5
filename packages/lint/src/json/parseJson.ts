import { createScanner, type JSONVisitor, type ParseError, printParseErrorCode, visit } from 'jsonc-parser';
import type { LintFile } from '../files/lintFile.ts';
import type { Finding, Position } from '../findings/finding.ts';
import type { YamlEntry, YamlNode } from '../yaml/node.ts';

export interface ParsedJson {
  /** Undefined where the file has an error. Of two equal keys, the last one counts, as it does in Grafana. */
  readonly node: YamlNode | undefined;
  readonly findings: readonly Finding[];
}

/** The rules that `parseJson` finds by. */
export const jsonRules = [
  { id: 'json-syntax', reason: 'No program reads a file that is not JSON.' },
  { id: 'json-comment', reason: 'JSON has no comments: programs refuse the file.' },
  { id: 'json-byte-order-mark', reason: 'Grafana refuses JSON that begins with a byte order mark.' },
  { id: 'json-duplicate-key', reason: 'Of two equal keys the first is lost, in silence.' },
  { id: 'json-too-deep', reason: 'Thousands of levels end the program that reads them.' },
] as const;

type JsonRule = (typeof jsonRules)[number]['id'];

/** Levels of a file. Dashboards have about 15. */
const maxDepth = 200;
/** Keys of an object up to which each is compared with each. */
const smallObject = 16;
/** Errors and equal keys of a file that are reported. */
const maxFindings = 5;

/** Reads a file of JSON as nodes with places, as those of YAML are. Bounded in depth; never throws. */
export function parseJson(file: Pick<LintFile, 'path' | 'text' | 'hasByteOrderMark'>): ParsedJson {
  const { path, text, hasByteOrderMark } = file;
  const findings: Finding[] = [];
  const report = (rule: JsonRule, message: string, fix: string, at: Partial<Position> & { line: number }) =>
    void findings.push({ rule, severity: 'error', message, fix, file: path, ...at });
  if (hasByteOrderMark) {
    report('json-byte-order-mark', 'The file begins with a byte order mark.', 'Save it as UTF-8 without one.', {
      line: 1,
    });
  }
  if (depthOf(text) > maxDepth) {
    report('json-too-deep', `The file is nested more than ${maxDepth} levels deep.`, 'Remove levels.', { line: 1 });
    return { node: undefined, findings };
  }
  if (!isJson(text)) {
    reportError(text, report);
    return { node: undefined, findings };
  }
  const tree = treeOf(text);
  for (const { key, keyAt } of tree.duplicates.slice(0, maxFindings)) {
    const message = `The key ${JSON.stringify(key.slice(0, 60))} stands in this object twice.`;
    report('json-duplicate-key', message, 'Remove one of the two.', keyAt);
  }
  return { node: tree.root, findings };
}

type Report = (rule: JsonRule, message: string, fix: string, at: Partial<Position> & { line: number }) => void;

/** The parser of the engine takes a tenth of the time that one which knows places takes. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Reports the first mistake of a text that is not JSON: the others follow from it. */
function reportError(text: string, report: Report): void {
  let count = 0;
  const onError: JSONVisitor['onError'] = (error, _offset, _length, line, character) => {
    if (count++ > 0) return;
    const at = { line: line + 1, column: character + 1 };
    const name = printParseErrorCode(error as ParseError['error']);
    if (name === 'InvalidCommentToken') report('json-comment', 'JSON has no comments.', 'Remove the comment.', at);
    else {
      const message = `This is not JSON: ${errorTexts[name] ?? 'it is cut or damaged'} here.`;
      report('json-syntax', message, 'Correct the file.', at);
    }
  };
  visit(text, { onError }, { disallowComments: true, allowTrailingComma: false });
  // What the engine refuses and this parser does not.
  if (count === 0) report('json-syntax', 'This is not JSON: it is damaged.', 'Correct the file.', { line: 1 });
}

/** The nodes of a text that is JSON: its tokens one after the other, each with its place. */
function treeOf(text: string): Tree {
  const tree = new Tree();
  const scanner = createScanner(text, true);
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const first = text[scanner.getTokenOffset()];
    if (first === ',' || first === ':') continue;
    if (first === '}' || first === ']') {
      tree.close();
      continue;
    }
    const at = { line: scanner.getTokenStartLine() + 1, column: scanner.getTokenStartCharacter() + 1 };
    if (first === '{') tree.open('map', at);
    else if (first === '[') tree.open('list', at);
    else if (first === '"') tree.text(scanner.getTokenValue(), at);
    else tree.add({ kind: 'scalar', value: plainValue(scanner.getTokenValue()), style: 'plain', at });
  }
  return tree;
}

const errorTexts: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word that is not a value stands',
  InvalidNumberFormat: 'a number that is not one stands',
  PropertyNameExpected: 'a key is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing brace is missing',
  CloseBracketExpected: 'a closing bracket is missing',
  EndOfFileExpected: 'there is more text after the end',
  UnexpectedEndOfString: 'a text is not closed',
  UnexpectedEndOfNumber: 'a number is cut',
  InvalidUnicode: 'an escape is damaged',
  InvalidEscapeCharacter: 'an escape is damaged',
  InvalidCharacter: 'a control character stands',
};

/** The parser is recursive: what is deeper than its stack must not reach it. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInText) {
      if (code === 0x5c) at++;
      else if (code === 0x22 || code === 0x0a) isInText = false;
    } else if (code === 0x22) isInText = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

function plainValue(written: string): number | boolean | null {
  if (written === 'null') return null;
  return written === 'true' || written === 'false' ? written === 'true' : Number(written);
}

interface Open {
  readonly node: YamlNode;
  readonly add: (value: YamlNode) => void;
  /** Takes a text that is a key. False: it is a value. */
  readonly takesKey: (key: string, keyAt: Position) => boolean;
}

class Tree {
  root: YamlNode | undefined;
  readonly duplicates: Pick<YamlEntry, 'key' | 'keyAt'>[] = [];
  readonly #open: Open[] = [];

  open(kind: 'map' | 'list', at: Position): void {
    const opened = kind === 'list' ? openList(at) : this.#openMap(at);
    this.add(opened.node);
    this.#open.push(opened);
  }

  close(): void {
    this.#open.pop();
  }

  text(value: string, at: Position): void {
    if (this.#open.at(-1)?.takesKey(value, at)) return;
    this.add({ kind: 'scalar', value, style: 'quoted', at });
  }

  add(node: YamlNode): void {
    const into = this.#open.at(-1);
    if (into !== undefined) into.add(node);
    else this.root ??= node;
  }

  #openMap(at: Position): Open {
    const entries: YamlEntry[] = [];
    let places: Map<string, number> | undefined;
    let key = '';
    let keyAt: Position | undefined;
    /** Where the key stands already, or -1. Most objects are small: a map for each of them would take longer than a look. */
    const before = () => {
      if (entries.length < smallObject) return entries.findIndex((entry) => entry.key === key);
      places ??= new Map(entries.map((entry, index) => [entry.key, index]));
      return places.get(key) ?? -1;
    };
    return {
      node: { kind: 'map', entries, at },
      takesKey: (written, place) => {
        if (keyAt !== undefined) return false;
        key = written;
        keyAt = place;
        return true;
      },
      add: (value) => {
        const entry = { key, keyAt: keyAt ?? at, value };
        keyAt = undefined;
        const index = before();
        if (index >= 0) {
          this.duplicates.push(entry);
          entries[index] = entry;
          return;
        }
        places?.set(key, entries.length);
        entries.push(entry);
      },
    };
  }
}

function openList(at: Position): Open {
  const items: YamlNode[] = [];
  return { node: { kind: 'list', items, at }, add: (value) => void items.push(value), takesKey: () => false };
}
