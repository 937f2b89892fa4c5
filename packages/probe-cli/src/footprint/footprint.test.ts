import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { probed } from '../host/testHost.suite.ts';
import type { Footprints } from './footprint.ts';
import { claimText, footprintPage, header, row } from './footprintPage.ts';
import { cpuSecondsIn, rssBytesIn, usageOf } from './processUsage.ts';
import { sessionBytes } from './sessionBytes.ts';

const footprints: Footprints = {
  schema: 'benchlab-otel/footprint',
  version: 1,
  machine: '2 cores, a processor, 4 GiB, Node 20.19.0',
  seconds: 60,
  hasGpu: false,
  rates: [
    {
      rateHz: 10,
      agent: {
        rssBytes: 128 * 2 ** 20,
        cpuPercent: 4,
        networkBytesAnHour: 12e6,
        sampleBytesADay: 200e6,
        stageBytesADay: 100e6,
        rowBytesADay: 500e6,
        keptBytesADay: 60e6,
      },
      service: { rssBytes: 90 * 2 ** 20, cpuPercent: 3 },
      bare: { rssBytes: 70 * 2 ** 20, cpuPercent: 1 },
    },
  ],
};

it('shows what each rate takes, and what that is of the claim', () => {
  const [first] = footprints.rates;
  expect(first && row(first)).toEqual([
    '10',
    '128',
    '4.0',
    '12.0',
    '200',
    '1.4',
    '800',
    '10.6',
    '90',
    '3.0',
    '20',
    '2.0',
  ]);
  expect(header).toHaveLength(12);
  expect(claimText(footprints)).toContain(
    'at most 2.0 % of the cores, 3 % of the memory and 3 % of the disk; with the',
  );
  expect(claimText(footprints)).toContain('all day 21 % of the disk.');
  expect(footprintPage(footprints)).toContain('| 10 | 128 | 4.0 | 12.0 |');
});

it('reads the usage of a process, whose name may hold anything', () => {
  const stat = `12 (a ) b) S ${Array.from({ length: 10 }, () => '0').join(' ')} 150 50 0 0`;
  expect(cpuSecondsIn(stat)).toBe(2);
  expect(rssBytesIn('Name:\tx\nVmRSS:\t    1024 kB\n')).toBe(2 ** 20);
  expect(rssBytesIn('Name:\tx\n')).toBeNaN();
  const own = usageOf(process.pid);
  expect([own.cpuSeconds > 0, own.rssBytes > 10 * 2 ** 20]).toEqual([true, true]);
});

it('counts raw lines as they are packed, and apart those of pipelines', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-bytes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const session = join(folder, 'sessions', 'a');
  for (const part of ['raw', 'aligned']) mkdirSync(join(session, part), { recursive: true });
  const lines = '{"ts_ns":1}\n'.repeat(1_000);
  writeFileSync(join(session, 'raw', 'benchlab.jsonl'), lines);
  writeFileSync(join(session, 'raw', 'pipeline.1.jsonl.gz'), gzipSync(lines));
  writeFileSync(join(session, 'aligned', 'latency.jsonl'), lines);

  const { length } = gzipSync(lines);
  expect(await sessionBytes(folder)).toEqual({ samples: length, stages: length, rows: lines.length, kept: length });
});

it.each([
  ['--rates', '0'],
  ['--rates', '10,x'],
  ['--rates', '1,2,3,4,5,6'],
  ['--for', '1s'],
  ['--out', '/there/is/no/such/folder/footprint.md'],
])('refuses %s %s before it starts anything', async (...words) => {
  const { code, out, err } = await probed('footprint', ...words);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(words[0]);
});
