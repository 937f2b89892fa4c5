import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaPart } from '../../scripts/stack-parts.mjs';
import { systemProgram } from '../../scripts/stack-system.mjs';
import { freePorts, type RunningServer, startServer } from '../stack/process.ts';

const run = promisify(execFile);

export interface Kafka {
  /** host:port of the one broker. */
  readonly broker: string;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** With the data that it had. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Kafka in one process, broker and controller, with the topics given. */
export async function startKafka(topics: readonly string[]): Promise<Kafka> {
  if (!existsSync(kafkaPart.folder)) throw new Error('Kafka is not installed. Run: npm run stack:install -- scale');
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-kafka-'));
  const [port = 0, controller] = await freePorts(2);
  const broker = `127.0.0.1:${port}`;
  const properties = join(folder, 'server.properties');
  await writeFile(
    properties,
    `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://${broker},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://${broker}
controller.listener.names=CONTROLLER
log.dirs=${join(folder, 'data')}
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
`,
  );
  const java = systemProgram('java');
  const classes = ['-cp', `${kafkaPart.folder}/*`];
  const id = 'MkU3OEVBNTcwNTJENDM2Qg';
  await run(java, [...classes, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', properties]);
  let server: RunningServer | undefined;
  const start = async () => {
    server = await startServer({
      program: java,
      args: () => ['-Xmx384m', ...classes, 'kafka.Kafka', properties],
      readyUrl: '',
      isReady: () => listens(port),
    });
  };
  const stop = async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const create = (topic: string) =>
    run(java, [
      ...classes,
      ...['org.apache.kafka.tools.TopicCommand', '--create', '--if-not-exists', '--bootstrap-server', broker],
      ...['--topic', topic, '--partitions', '3', '--replication-factor', '1'],
    ]);
  try {
    await start();
    await Promise.all(topics.map(create));
  } catch (error) {
    await stop();
    throw error;
  }
  return { broker, start, kill: async () => server?.kill(), stop };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
