import { gunzipSync } from 'node:zlib';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { parquetFile } from './parquet.ts';
import { sixtyHertz } from './rows.suite.ts';

async function written(count: number): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of parquetFile(sixtyHertz(count), '2025-11-11T14-30-00Z')) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

const compressors = { GZIP: (bytes: Uint8Array) => gunzipSync(bytes) };

test('another reader finds each value again; what was not measured is null', async () => {
  const rows = await parquetReadObjects({ file: await written(3), compressors });

  expect(rows[0]).toEqual({
    session: '2025-11-11T14-30-00Z',
    stage_from: 'in',
    stage_to: 'out',
    time_ns: 1_000_000_000n,
    latency_ns: 10_500_000n,
    latency_uncertainty_ns: 20_000n,
    pairing: 'frame',
    frame_id: '0',
    trace_id: null,
    power_w: 246.25,
    power_stderr_w: null,
    power_age_ns: 3_500_000n,
    energy_j: 2.5,
    simulated: false,
  });
  expect(rows[1]).toMatchObject({ time_ns: 1_016_667_000n, power_w: null, power_age_ns: null, energy_j: null });
  expect(rows[2]).toMatchObject({ simulated: true });
});

test('a session without rows is a table without rows', async () => {
  const file = await written(0);

  expect(parquetMetadata(file)).toMatchObject({ num_rows: 0n });
  expect(await parquetReadObjects({ file, compressors })).toEqual([]);
});

test('the rows lie in groups of 20,000', async () => {
  const { row_groups: groups, num_rows: count } = parquetMetadata(await written(40_001));

  expect(count).toBe(40_001n);
  expect(groups.map(({ num_rows }) => num_rows)).toEqual([20_000n, 20_000n, 1n]);
});
