import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, startServer } from '../../../test/stack/process.ts';

/** A Prometheus with data for the pictures. */
export interface PictureData {
  readonly url: string;
  readonly scrapeIntervalMs: number;
  /** The newest moment that has data: `now` of the dashboards. */
  readonly nowMs: number;
  stop(): Promise<void>;
}

const recordedIntervalMs = 15_000;
/** The end of the data is a full hour: its mark would stand on the edge of each panel, and its text be cut. */
const beforeEndMs = 75_000;

/** The generated week of data that the tests execute each query on, served by the Prometheus of .stack. */
export async function generatedData(): Promise<PictureData> {
  const { dataSetFolder } = await import('../../../scripts/data-set.mjs');
  const { dataEnd } = await import('../../dist/dataSet/index.js');
  const blocks = await dataSetFolder();
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    program: 'prometheus',
    args: async (folder) => {
      const config = join(folder, 'prometheus.yml');
      await writeFile(config, '{}\n');
      // Prometheus writes into the folder that it opens.
      const data = join(folder, 'data');
      await cp(blocks, data, { recursive: true });
      return [
        `--config.file=${config}`,
        `--storage.tsdb.path=${data}`,
        '--storage.tsdb.retention.time=100y',
        `--web.listen-address=127.0.0.1:${port}`,
      ];
    },
    readyUrl: `${url}/-/ready`,
  });
  return { url, scrapeIntervalMs: recordedIntervalMs, nowMs: dataEnd * 1000 - beforeEndMs, stop: server.stop };
}

export function dataAt(url: string): PictureData {
  return { url, scrapeIntervalMs: recordedIntervalMs, nowMs: Date.now(), stop: async () => {} };
}
