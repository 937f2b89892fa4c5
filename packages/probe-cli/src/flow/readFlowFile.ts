import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { parseYaml, textOf } from '@benchlab-otel/lint';
import { type Flow, parseFlow } from '@benchlab-otel/session';
import { plainValue } from '../presence/yamlValue.ts';

/** A flow is written by people: a thousand steps have some 200 KB. */
const maxBytes = 1024 * 1024;
const fix = 'Name a YAML file in the format of docs/flows.md.';

/**
 * Reads a file of a flow.
 *
 * @throws BenchlabError BAD_OPTION with the place and the reason
 */
export function readFlowFile(path: string): Flow {
  const read = textOf(path, bytesOf(path), true);
  if ('finding' in read) throw wrong(path, read.finding.message);
  const { documents, findings } = parseYaml(read.file);
  const [finding] = findings;
  if (finding !== undefined) throw wrong(`${path}:${finding.line}:${finding.column ?? 1}`, finding.message);
  const [root, second] = documents;
  if (root === undefined) throw wrong(path, 'It has no content.');
  if (second !== undefined) throw wrong(path, 'It has more than one document.');
  return parseFlow(plainValue(root), path);
}

function bytesOf(path: string): Uint8Array {
  try {
    // O_NONBLOCK: a FIFO would wait for a writer.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = fstatSync(file);
      if (!found.isFile()) throw new Error('it is not a regular file');
      if (found.size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new BenchlabError('BAD_OPTION', `The flow ${path} cannot be read: ${messageOf(cause)}.`, fix, { cause });
  }
}

function wrong(place: string, why: string): BenchlabError {
  return new BenchlabError('BAD_OPTION', `The flow ${place} cannot be read: ${why}`, fix);
}
