// Recordings that are killed at random moments: at most a second is lost, and what is kept is whole.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killedRecording } from '../../packages/probe-cli/src/sessions/record/killedRecording.suite.ts';
import { record } from './record.ts';

const moments = 50;
const latestMs = 4_000;

test(`kill -9 at ${moments} random moments loses at most a second`, { timeout: 3_600_000 }, async () => {
  const dataRoot = mkdtempSync(join(tmpdir(), 'benchlab-killed-recordings-'));
  onTestFinished(() => rmSync(dataRoot, { recursive: true, force: true }));
  const lost: number[] = [];
  let [sent, kept] = [0, 0];
  for (let moment = 0; moment < moments; moment++) {
    const killed = await killedRecording(dataRoot, `kill-${moment}`, Math.random() * latestMs);
    expect(killed).toMatchObject({ rows: killed.kept + 1, doubled: 0, isSame: true });
    lost.push(killed.lostSeconds);
    [sent, kept] = [sent + killed.sent, kept + killed.kept];
  }
  record({
    'frames sent': sent,
    'frames kept': kept,
    'most that was lost': `${Math.max(...lost).toFixed(2)} s`,
    'rows lost or doubled after each was continued': 0,
  });
  expect(Math.max(...lost)).toBeLessThanOrEqual(1);
});
