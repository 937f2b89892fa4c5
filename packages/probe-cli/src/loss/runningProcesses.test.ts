import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runningProcesses } from './runningProcesses.ts';

const root = mkdtempSync(join(tmpdir(), 'benchlab-proc-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A process as the kernel shows it in /proc. */
function processOf(pid: number, stat: string, environ = 'PATH=/bin\0'): void {
  mkdirSync(join(root, String(pid)));
  writeFileSync(join(root, String(pid), 'stat'), `${pid} ${stat} 0 -1 4194304\n`);
  writeFileSync(join(root, String(pid), 'environ'), environ);
}

describe('the processes of a run that still run', () => {
  const marks = { leader: 100, mark: 'benchlab-run=abc' };

  it('are those of its group, of its session and those with its header in their environment', () => {
    processOf(101, '(in group) S 1 100 100');
    processOf(102, '(in session) R 1 102 100');
    processOf(103, '(a (dae) mon) S 1 103 103', 'A=1\0OTEL_EXPORTER_OTLP_HEADERS=x=1,benchlab-run=abc\0');
    processOf(104, '(other run) S 1 104 104', 'OTEL_EXPORTER_OTLP_HEADERS=benchlab-run=def\0');
    processOf(105, '(ended) Z 1 100 100');
    processOf(106, 'not a line of stat');
    mkdirSync(join(root, '107')); // It ended while the list was read.
    mkdirSync(join(root, 'self'));

    expect(runningProcesses(marks, root)).toEqual([
      { pid: 101, name: 'in group', isInGroup: true },
      { pid: 102, name: 'in session', isInGroup: false },
      { pid: 103, name: 'a (dae) mon', isInGroup: false },
    ]);
  });

  it('are not known where the system does not show them', () => {
    expect(runningProcesses(marks, join(root, 'absent'))).toBeUndefined();
  });

  it('on this host are none of a run that never was', () => {
    expect(runningProcesses({ leader: 2 ** 22 + 1, mark: 'benchlab-run=never' })).toEqual([]);
  });
});
