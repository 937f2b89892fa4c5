import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@benchlab-otel/core';
import { readSession } from '@benchlab-otel/session';
import { bin, startNode } from '../../host/childProbe.suite.ts';

/** What a recording kept that was killed. */
export interface Killed {
  /** From the newest event that is lost, back to the kill: how much was lost, s. 0: nothing. */
  readonly lostSeconds: number;
  readonly sent: number;
  readonly kept: number;
  /** Rows after the recording was continued and ended in order. */
  readonly rows: number;
  /** Rows of the live file, before it was replaced. */
  readonly doubled: number;
  /** Two passes over the same lines gave the same bytes. */
  readonly isSame: boolean;
}

const everyMs = 5;

/**
 * Records frames from standard input, kills the recorder with SIGKILL after `afterMs`, continues the recording by its name, and
 * aligns the session twice.
 */
export async function killedRecording(dataRoot: string, name: string, afterMs: number): Promise<Killed> {
  const args = ['sessions', 'record', '--from', '-', '--data-root', dataRoot, '--session', name, '--pair', 'in:out'];
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  child.stdin.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => text.includes('Recording into') && resolve());
  });
  const sentNs: number[] = [];
  const timer = setInterval(() => {
    const timeNs = systemClock.nowNs();
    const frame = sentNs.length;
    child.stdin.write(line('in', timeNs, frame) + line('out', timeNs + 1_000, frame));
    sentNs.push(timeNs);
  }, everyMs);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  clearInterval(timer);
  const killedNs = systemClock.nowNs();
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));

  const folder = join(dataRoot, 'sessions', name);
  const raw = await readSession(folder).catch(() => undefined);
  const kept = new Set(raw?.raw.events.map(({ frameId }) => frameId));
  const firstLost = sentNs.findIndex((_, frame) => !kept.has(String(frame)));
  const lostSeconds = firstLost < 0 ? 0 : (killedNs - (sentNs[firstLost] ?? killedNs)) / 1e9;

  const next = sentNs.length;
  const later = systemClock.nowNs();
  const resumed = startNode([bin, ...args], {}, line('in', later, next) + line('out', later + 1_000, next));
  const { code, err } = await resumed.ended;
  if (code !== 0) throw new Error(`The recording was not continued: ${err}`);
  const rows = await aligned(folder);
  const again = await aligned(folder);
  const lines = rows.trimEnd().split('\n');
  return {
    lostSeconds,
    sent: sentNs.length,
    kept: kept.size,
    rows: lines.length,
    doubled: lines.length - new Set(lines).size,
    isSame: rows === again,
  };
}

async function aligned(folder: string): Promise<string> {
  const { code, err } = await startNode([bin, 'sessions', 'align', folder, '--pair', 'in:out']).ended;
  if (code !== 0) throw new Error(`The session was not aligned: ${err}`);
  return readFileSync(join(folder, 'aligned/latency.jsonl'), 'utf8');
}

function line(stage: string, timeNs: number, frame: number): string {
  return `${JSON.stringify({ timeNs, stage, frameId: String(frame) })}\n`;
}
