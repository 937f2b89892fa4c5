import { type ParseError, printParseErrorCode, visit } from 'jsonc-parser';
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
  const tree = new Tree();
  let broken = 0;
  const at = (line: number, character: number): Position => ({ line: line + 1, column: character + 1 });
  visit(
    text,
    {
      onObjectBegin: (_offset, _length, line, character) => tree.open('map', at(line, character)),
      onArrayBegin: (_offset, _length, line, character) => tree.open('list', at(line, character)),
      onObjectEnd: () => tree.close(),
      onArrayEnd: () => tree.close(),
      onObjectProperty: (key, _offset, _length, line, character) => tree.key(key, at(line, character)),
      onLiteralValue: (value, _offset, _length, line, character) =>
        tree.add({
          kind: 'scalar',
          value,
          style: typeof value === 'string' ? 'quoted' : 'plain',
          at: at(line, character),
        }),
      onError(error, _offset, _length, line, character) {
        if (broken++ > 0) return;
        const name = printParseErrorCode(error as ParseError['error']);
        if (name === 'InvalidCommentToken') {
          report('json-comment', 'JSON has no comments.', 'Remove the comment.', at(line, character));
        } else {
          const message = `This is not JSON: ${errorTexts[name] ?? 'it is cut or damaged'} here.`;
          report('json-syntax', message, 'Correct the file.', at(line, character));
        }
      },
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  for (const { key, keyAt } of tree.duplicates.slice(0, maxFindings)) {
    const message = `The key ${JSON.stringify(key.slice(0, 60))} stands in this object twice.`;
    report('json-duplicate-key', message, 'Remove one of the two.', keyAt);
  }
  return { node: broken > 0 ? undefined : tree.root, findings };
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

interface Open {
  readonly node: YamlNode;
  readonly add: (value: YamlNode) => void;
  readonly key?: (key: string, keyAt: Position) => void;
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

  key(key: string, keyAt: Position): void {
    this.#open.at(-1)?.key?.(key, keyAt);
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
    let keyAt = at;
    /** Where the key stands already, or -1. Most objects are small: a map for each of them would take longer than a look. */
    const before = () => {
      if (entries.length < smallObject) return entries.findIndex((entry) => entry.key === key);
      places ??= new Map(entries.map((entry, index) => [entry.key, index]));
      return places.get(key) ?? -1;
    };
    return {
      node: { kind: 'map', entries, at },
      key: (written, place) => {
        key = written;
        keyAt = place;
      },
      add: (value) => {
        const index = before();
        if (index >= 0) {
          this.duplicates.push({ key, keyAt });
          entries[index] = { key, keyAt, value };
          return;
        }
        places?.set(key, entries.length);
        entries.push({ key, keyAt, value });
      },
    };
  }
}

function openList(at: Position): Open {
  const items: YamlNode[] = [];
  return { node: { kind: 'list', items, at }, add: (value) => void items.push(value) };
}
