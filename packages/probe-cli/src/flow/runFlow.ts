import { constants, existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import {
  bookmarkStage,
  bookmarksOf,
  type FlowStep,
  flowEndStage,
  sessionPaths,
  stepStage,
} from '@benchlab-otel/session';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { printable } from '../report/printable.ts';
import { namedSession } from '../sessions/namedSession.ts';
import { readFlowFile } from './readFlowFile.ts';
import { StepEnds } from './stepEnd.ts';

interface FlowRunOptions {
  readonly session?: string;
}

/** `flow run`: shows one step after the other, and writes into a session when each began. */
export async function runFlow(
  host: CommandHost,
  { session: word }: FlowRunOptions,
  [path = '']: readonly string[],
): Promise<number> {
  const { flow, steps } = readFlowFile(path);
  const { terminal, clock, signals, input, environment } = host;
  const session = word === undefined ? undefined : namedSession(word, environment);
  const marks = session === undefined ? undefined : await openMarks(session);
  const ends = new StepEnds({ input: input.stream(), clock, signals, ...(session === undefined ? {} : { session }) });
  const mark = (stage: string) => marks?.appendFile(markLine(stage, clock.nowNs()));
  try {
    terminal.out(`${printable(flow)}: ${steps.length} steps\n`);
    for (const [at, step] of steps.entries()) {
      const startedNs = clock.nowNs();
      await mark(stepStage(step.id));
      terminal.out(stepText(step, `${at + 1}/${steps.length}`, marks !== undefined));
      for (const name of bookmarksOf(step)) await mark(bookmarkStage(name));
      const end = await ends.next();
      terminal.out(
        `${printable(step.id)}: ${((clock.nowNs() - startedNs) / 1e9).toFixed(1)} s, ended by ${endWords[end]}\n`,
      );
      if (end === 'enter' || end === 'bookmark') continue;
      terminal.err(`benchlab-probe: the flow ended at step ${printable(step.id)}: ${endReasons[end]}\n`);
      return exitCode.trouble;
    }
    return exitCode.pass;
  } finally {
    await mark(flowEndStage());
    await marks?.datasync().catch(() => undefined);
    await marks?.close();
    ends.stop();
  }
}

const endWords = {
  enter: 'Enter',
  bookmark: 'a bookmark',
  interrupted: 'a signal',
  'no input': 'the end of the input',
};
const endReasons = {
  interrupted: 'a signal',
  'no input': 'standard input has ended, and there is no --session whose bookmarks could continue it',
};

function stepText(
  { id, copy, ops = [], latency_target_ms: targetMs }: FlowStep,
  place: string,
  isMarked: boolean,
): string {
  const lines = [
    `\n[${place}] ${printable(id)}${targetMs === undefined ? '' : `, target ${targetMs} ms`}`,
    ...(copy === undefined ? [] : copy.split('\n').map((line) => `  ${printable(line)}`)),
    ...ops.map((op) => `  ${printable(op)}${opNote(op, isMarked)}`),
    'Enter continues.',
  ];
  return `${lines.join('\n')}\n`;
}

function opNote(op: string, isMarked: boolean): string {
  if (op.startsWith('device:')) return ' (not executed: do it at the device)';
  if (op.startsWith('bookmark:')) return isMarked ? ' (marked)' : ' (not marked: there is no --session)';
  return ' (not known, not executed)';
}

function markLine(stage: string, timeNs: number): string {
  return `${JSON.stringify({ ts_ns: timeNs, source: 'flow', kv: { stage } })}\n`;
}

/** `raw/flow.jsonl`, to whose end lines are added: a session may have several runs of flows. */
async function openMarks(session: string): Promise<FileHandle> {
  const fix = 'Name the folder of a session, which has raw/.';
  const { raw } = sessionPaths(session);
  if (!existsSync(raw)) throw new BenchlabError('BAD_OPTION', `${session} is not a session.`, fix);
  const path = join(raw, 'flow.jsonl');
  const flags =
    constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags, 0o640).catch((cause: unknown) => {
    throw new BenchlabError('BAD_OPTION', `${path} cannot be written: ${messageOf(cause)}.`, fix, { cause });
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new BenchlabError('BAD_OPTION', `${path} cannot be written: it is not a regular file.`, fix);
}
