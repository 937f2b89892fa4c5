import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, type RunningServer, startServer } from '../stack/process.ts';
import { shippedFlags } from './flags.ts';

export interface ThanosRing {
  /** Where Prometheus writes to. */
  readonly remoteWriteUrl: string;
  /** Of the querier: answers as a Prometheus does. */
  readonly url: string;
  /** `kill -9` of a receiver. */
  kill(receiver: number): Promise<void>;
  /** With the data that it had. */
  start(receiver: number): Promise<void>;
  stop(): Promise<void>;
}

const receivers = [0, 1, 2];

/** Three receivers with the shipped flags that keep each series three times, and a querier over them. */
export async function startThanosRing(): Promise<ThanosRing> {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-thanos-'));
  const ports = await freePorts(4 * receivers.length + 2);
  const [queryHttp, queryGrpc] = ports.splice(-2);
  const local = (port: number | undefined) => `127.0.0.1:${port}`;
  const grpc = (receiver: number) => local(ports[4 * receiver]);
  const hashring = join(folder, 'hashring.json');
  await writeFile(hashring, JSON.stringify([{ hashring: 'default', endpoints: receivers.map(grpc) }]));
  const objstore = await objectStore(folder);
  const running: RunningServer[] = [];
  const start = async (receiver: number) => {
    const [, http, write, capnproto] = ports.slice(4 * receiver).map(local);
    running[receiver] = await startServer({
      program: 'thanos',
      args: () => [
        'receive',
        '--log.level=warn',
        `--label=receive_replica="${receiver}"`,
        `--receive.local-endpoint=${grpc(receiver)}`,
        ...shippedFlags('scale/thanos/receive.flags', {
          'tsdb.path': join(folder, `receive-${receiver}`),
          'receive.hashrings-file': hashring,
          'objstore.config-file': objstore,
          'grpc-address': grpc(receiver),
          'http-address': http,
          'remote-write.address': write,
          'receive.capnproto-address': capnproto,
        }),
      ],
      readyUrl: `http://${http}/-/ready`,
    });
  };
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    // Each waits for the others.
    stops.push(() => Promise.all(running.map((server) => server?.stop())));
    await Promise.all(receivers.map(start));
    const querier = await startServer({
      program: 'thanos',
      args: () => [
        'query',
        '--log.level=warn',
        ...shippedFlags('scale/thanos/query.flags', {
          'http-address': local(queryHttp),
          'grpc-address': local(queryGrpc),
          endpoint: receivers.map(grpc),
        }),
      ],
      readyUrl: `http://${local(queryHttp)}/-/ready`,
    });
    stops.push(() => querier.stop());
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    remoteWriteUrl: `http://${local(ports[2])}/api/v1/receive`,
    url: `http://${local(queryHttp)}`,
    kill: async (receiver) => running[receiver]?.kill(),
    start,
    stop,
  };
}

export interface BlockStore {
  /** Of a querier over the store gateway alone. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The store gateway with the shipped flags over the blocks of an object store, and a querier over it. */
export async function startBlockStore(folder: string, objstore: string): Promise<BlockStore> {
  const [storeHttp, storeGrpc, queryHttp, queryGrpc] = (await freePorts(4)).map((port) => `127.0.0.1:${port}`);
  const store = await startServer({
    program: 'thanos',
    args: () => [
      'store',
      '--log.level=warn',
      ...shippedFlags('scale/thanos/store.flags', {
        'data-dir': join(folder, 'store'),
        'objstore.config-file': objstore,
        'http-address': storeHttp,
        'grpc-address': storeGrpc,
      }),
    ],
    readyUrl: `http://${storeHttp}/-/ready`,
  });
  try {
    const querier = await startServer({
      program: 'thanos',
      args: () => [
        'query',
        '--log.level=warn',
        ...shippedFlags('scale/thanos/query.flags', {
          'http-address': queryHttp,
          'grpc-address': queryGrpc,
          endpoint: storeGrpc,
        }),
      ],
      readyUrl: `http://${queryHttp}/-/ready`,
    });
    return {
      url: `http://${queryHttp}`,
      stop: async () => {
        await querier.stop();
        await store.stop();
      },
    };
  } catch (error) {
    await store.stop();
    throw error;
  }
}

/** A folder in place of an object store; gives the path of its configuration. */
export async function objectStore(folder: string): Promise<string> {
  const blocks = join(folder, 'blocks');
  await mkdir(blocks, { recursive: true });
  const file = join(folder, 'objstore.yml');
  await writeFile(file, JSON.stringify({ type: 'FILESYSTEM', config: { directory: blocks } }));
  return file;
}
