// An event of a device goes from an emulated board through an agent, over OTLP, to the real collector.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulateBoard } from '@benchlab-otel/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { bin, startNode } from '../../packages/probe-cli/src/host/childProbe.suite.ts';
import { until } from './process.ts';
import { startCollector } from './servers.ts';

interface LogRecord {
  readonly body: { readonly stringValue: string };
  readonly attributes?: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

test('a fault of a connector arrives at the collector as a log record, marked as simulated, with its device', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-events-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'logs.json');
  const collector = await startCollector({
    more: [`yaml:exporters::file::path: ${file}`, 'yaml:service::pipelines::logs::exporters: [file]'],
  });
  onTestFinished(collector.stop);
  const board = await emulateBoard({ product: 'bl2' });
  onTestFinished(() => board.close());
  const args = [
    '--port',
    board.path,
    '--socket',
    join(folder, 'a.sock'),
    '--metrics-port',
    '0',
    '--no-host',
    '--no-nvml',
  ];
  const agent = startNode([bin, 'agent', ...args, '--otlp', collector.otlpGrpc]);
  onTestFinished(() => void agent.close());
  await agent.shown(/is read/);

  board.connectorFaults = ['FAULT_OCP_HPWR1'];
  const record = await until(
    'the record',
    async () => {
      const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
      const records = lines.flatMap((line) =>
        JSON.parse(line).resourceLogs.flatMap(({ scopeLogs }: { scopeLogs: { logRecords: LogRecord[] }[] }) =>
          scopeLogs.flatMap(({ logRecords }) => logRecords),
        ),
      ) as readonly LogRecord[];
      return records.find((each) => JSON.stringify(each).includes('benchlab.fault.change'));
    },
    60_000,
  );

  const attributes = Object.fromEntries(
    (record.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]),
  );
  expect(attributes).toMatchObject({ 'hw.id': expect.stringContaining(board.uid), 'benchlab.simulated': true });
  expect(record.body.stringValue).not.toBe('');
});
