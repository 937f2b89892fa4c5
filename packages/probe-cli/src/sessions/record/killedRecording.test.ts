import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { killedRecording } from './killedRecording.suite.ts';

// How much is lost depends on the time that others leave the recorder: test/scale/session.test.ts holds it to a second.
it('after SIGKILL a recording is whole, and is continued without a row lost or doubled', {
  timeout: 60_000,
}, async () => {
  const dataRoot = mkdtempSync(join(tmpdir(), 'benchlab-killed-recording-'));
  onTestFinished(() => rmSync(dataRoot, { recursive: true, force: true }));
  for (const afterMs of [40, 700]) {
    const { kept, rows, doubled, isSame, sent } = await killedRecording(dataRoot, `after-${afterMs}`, afterMs);

    expect(kept).toBeLessThanOrEqual(sent);
    // One frame came after it was continued.
    expect({ rows, doubled, isSame }).toEqual({ rows: kept + 1, doubled: 0, isSame: true });
  }
});
