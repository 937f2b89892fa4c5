import { createReadStream } from 'node:fs';
import { BenchlabError, type Clock, messageOf, systemClock } from '@benchlab-otel/core';
import { LineSplitter } from '@benchlab-otel/wire';
import type { Fact } from '../model/fact.ts';
import { LineFacts } from './lineFacts.ts';
import { isFolder } from './pathInput.ts';

/** The longest line that is read, bytes: that of all formats. */
const longestLine = 64 * 1024;

/** A recording as facts, and the lines that hold no fact. */
export type RecordedFact = { readonly fact: Fact } | { readonly refused: string };

/**
 * All that a file or the folder of a session holds now, in its order.
 *
 * @throws BenchlabError when it cannot be read
 */
export async function* factsOf(path: string, node: string, clock: Clock = systemClock): AsyncGenerator<RecordedFact> {
  if (await isFolder(path)) {
    const { sessionFacts } = await import('./sessionFacts.ts');
    const { facts, refused } = await sessionFacts(path, node, clock);
    for (const fact of facts) yield { fact };
    if (refused !== undefined) for (let at = 0; at < refused.count; at++) yield { refused: refused.reason };
    return;
  }
  const lines = new LineFacts(node, clock);
  const splitter = new LineSplitter(longestLine);
  let number = 0;
  const recorded = (text: string | undefined): RecordedFact | undefined => {
    number++;
    const read = text === undefined ? { reason: `more than ${longestLine} bytes` } : lines.take(text);
    if (read === undefined) return undefined;
    return 'reason' in read ? { refused: `line ${number}: ${read.reason}` } : { fact: read.fact };
  };
  try {
    for await (const bytes of createReadStream(path)) {
      for (const text of splitter.push(bytes)) {
        const one = recorded(text);
        if (one !== undefined) yield one;
      }
    }
  } catch (cause) {
    const what = `${path} cannot be read: ${messageOf(cause)}.`;
    throw new BenchlabError('BAD_OPTION', what, 'Name a file of lines, or the folder of a session.', { cause });
  }
  const rest = splitter.end();
  const one = rest === undefined ? undefined : recorded(rest);
  if (one !== undefined) yield one;
}
