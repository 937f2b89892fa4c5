import { gzipSync } from 'node:zlib';
import type { LatencyRow } from '@benchlab-otel/wire';
import type { ColumnSource } from 'hyparquet-writer';

/** Rows of a group: a reader holds one group of the columns that it wants. */
const groupRows = 20_000;
const nsPerMs = 1e6;
/** Of zlib. Level 6 takes twice the time and gives 2 % less. */
const level = 4;

type Column = Omit<ColumnSource, 'data'> & { readonly of: (row: LatencyRow) => unknown };

/** Times are whole nanoseconds, so that neighbours can be written as their difference. Power and energy have 7 digits. */
function columnsOf(session: string): readonly Column[] {
  const delta = { type: 'INT64', encoding: 'DELTA_BINARY_PACKED' } as const;
  const figure = { type: 'FLOAT', encoding: 'BYTE_STREAM_SPLIT', nullable: true } as const;
  const ns = (ms: number) => BigInt(Math.round(ms * nsPerMs));
  return [
    { name: 'session', type: 'STRING', nullable: false, of: () => session },
    { name: 'stage_from', type: 'STRING', nullable: false, of: ({ pair }) => pair[0] },
    { name: 'stage_to', type: 'STRING', nullable: false, of: ({ pair }) => pair[1] },
    { name: 'time_ns', ...delta, nullable: false, of: ({ timeNs }) => BigInt(Math.round(timeNs)) },
    { name: 'latency_ns', ...delta, nullable: false, of: ({ latencyMs }) => ns(latencyMs) },
    { name: 'latency_uncertainty_ns', ...delta, nullable: false, of: ({ uncertaintyMs }) => ns(uncertaintyMs) },
    { name: 'pairing', type: 'STRING', nullable: false, of: ({ pairing }) => pairing },
    { name: 'frame_id', type: 'STRING', nullable: true, encoding: 'DELTA_BYTE_ARRAY', of: ({ frameId }) => frameId },
    { name: 'trace_id', type: 'STRING', nullable: true, of: ({ traceId }) => traceId },
    { name: 'power_w', ...figure, of: ({ powerWatts }) => powerWatts },
    { name: 'power_stderr_w', ...figure, of: ({ powerStderrWatts }) => powerStderrWatts },
    {
      name: 'power_age_ns',
      ...delta,
      nullable: true,
      of: ({ powerAgeMs }) => (powerAgeMs === undefined ? undefined : ns(powerAgeMs)),
    },
    { name: 'energy_j', ...figure, of: ({ energyJoules }) => energyJoules },
    { name: 'simulated', type: 'BOOLEAN', nullable: false, of: ({ simulated }) => simulated === true },
  ];
}

/**
 * Rows as a Parquet file, group by group: memory holds 20,000 rows of it. What was not measured is null.
 *
 * @param rows in any order; that of time makes the smallest file
 * @param session its name, a column, so that files of several sessions can be read as one table
 */
export async function* parquetFile(rows: Iterable<LatencyRow>, session: string): AsyncGenerator<Uint8Array> {
  // Loaded when a file is written: applications that read a session do not wait for it.
  const [{ ByteWriter }, { ParquetWriter }, { schemaFromColumnData }] = await Promise.all([
    import('hyparquet-writer/src/bytewriter.js'),
    import('hyparquet-writer/src/parquet-writer.js'),
    import('hyparquet-writer/src/schema.js'),
  ]);
  const columns = columnsOf(session);
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: columns.map(({ of: _, ...column }) => ({ ...column, data: [] })) }),
    codec: 'GZIP',
    compressors: { GZIP: (bytes) => gzipSync(bytes, { level }) },
    createdBy: 'benchlab-otel',
  });
  const taken = () => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  for (const group of groupsOf(rows)) {
    await parquet.write({
      columnData: columns.map(({ of, ...column }) => ({ ...column, data: group.map(of) })),
      rowGroupSize: groupRows,
    });
    yield taken();
  }
  await parquet.finish();
  yield taken();
}

function* groupsOf(rows: Iterable<LatencyRow>): Generator<LatencyRow[]> {
  let group: LatencyRow[] = [];
  for (const row of rows) {
    group.push(row);
    if (group.length < groupRows) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
