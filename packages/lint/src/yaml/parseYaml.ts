import { messageOf } from '@benchlab-otel/core';
import { Composer, LineCounter, type YAMLError } from 'yaml';
import type { LintFile } from '../files/lintFile.ts';
import type { Finding, Position } from '../findings/finding.ts';
import type { YamlNode } from './node.ts';
import { resolvedNode, Unresolved } from './resolvedNode.ts';
import { maxDepth, tokensOf } from './tokensOf.ts';

/** The documents of a file, and what is wrong with its text. */
export interface ParsedYaml {
  /** One node for each document that is not empty. None where the file has an error. */
  readonly documents: readonly YamlNode[];
  readonly findings: readonly Finding[];
}

/** The rules that `parseYaml` finds by. */
export const yamlRules = [
  { id: 'yaml-syntax', reason: 'No program reads a file that is not YAML.' },
  { id: 'yaml-tab', reason: 'YAML does not allow tabs as indentation.' },
  { id: 'yaml-duplicate-key', reason: 'Of two equal keys, programs take one or refuse the file.' },
  { id: 'yaml-alias-bomb', reason: 'A few lines of aliases can unfold to gigabytes in the program that reads them.' },
  { id: 'yaml-too-deep', reason: 'Thousands of levels end the program that reads them.' },
] as const;

/** Errors of a file that are reported: the first one is the cause of most others. */
const maxErrors = 5;

/** Parses all documents of a file. Bounded in depth and in what aliases unfold to; never throws. */
export function parseYaml({ path, text }: Pick<LintFile, 'path' | 'text'>): ParsedYaml {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const tokens = tokensOf(text, lines.addNewLine);
    if (tokens === undefined) return { documents: [], findings: [tooDeep(path)] };
    const documents = [...new Composer({ prettyErrors: false, uniqueKeys: false }).compose(tokens, true, text.length)];
    const errors = documents.flatMap((document) => document.errors);
    if (errors.length > 0) return { documents: [], findings: errors.slice(0, maxErrors).map(errorFinding(path, at)) };
    const resolved = documents.map((document) => resolvedNode(document, at));
    const duplicates = resolved.flatMap((each) => each.duplicates);
    if (duplicates.length > 0) {
      return { documents: [], findings: duplicates.slice(0, maxErrors).map((place) => duplicateKey(path, place)) };
    }
    return { documents: resolved.flatMap(({ node }) => node ?? []), findings: [] };
  } catch (error) {
    return { documents: [], findings: [thrownFinding(path, error)] };
  }
}

function errorFinding(file: string, at: (offset: number) => Position): (error: YAMLError) => Finding {
  return ({ code, message, pos }) => {
    const where = { file, severity: 'error', ...at(pos[0]) } as const;
    if (code === 'TAB_AS_INDENT') {
      const fix = 'Indent with spaces.';
      return { ...where, rule: 'yaml-tab', message: 'The line is indented with a tab.', fix };
    }
    const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
    return { ...where, rule: 'yaml-syntax', message: `This is not YAML: ${sentence}`, fix: 'Correct the line.' };
  };
}

/** What our limits throw. */
function thrownFinding(file: string, error: unknown): Finding {
  const where = { file, severity: 'error', line: 1, ...(error instanceof Unresolved ? error.at : {}) } as const;
  const limit = error instanceof Unresolved ? error.limit : undefined;
  if (limit === 'alias') {
    const message = 'This is not YAML: no anchor of this name stands before the alias.';
    return { ...where, rule: 'yaml-syntax', message, fix: 'Write the anchor before it, or the value itself.' };
  }
  if (limit === 'unfolded') {
    const message = 'The aliases of this file unfold to more values than any configuration has.';
    return { ...where, rule: 'yaml-alias-bomb', message, fix: 'Write the values out, or use fewer aliases.' };
  }
  const message = `This is not YAML: ${messageOf(error)}`;
  return { ...where, rule: 'yaml-syntax', message, fix: 'Correct the file.' };
}

function duplicateKey(file: string, at: Position): Finding {
  const message = 'The key stands in this map twice.';
  return {
    file,
    severity: 'error',
    ...at,
    rule: 'yaml-duplicate-key',
    message,
    fix: 'Remove one of the two, or join them.',
  };
}

function tooDeep(file: string): Finding {
  const message = `The file is nested more than ${maxDepth} levels deep.`;
  return { file, line: 1, severity: 'error', rule: 'yaml-too-deep', message, fix: 'Remove levels.' };
}
