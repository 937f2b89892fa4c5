import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { jsonlStages } from './jsonlStages.ts';
import { type StageSourceRig, stageSourceSuite } from './stageSources.suite.ts';

const event = `${JSON.stringify({ timeNs: 1, stage: 'a', frameId: 1 })}\n`;

function inFolder(name: string, make: (path: string) => StageSourceRig): () => StageSourceRig {
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'benchlab-contract-'));
    return { ...make(join(folder, name)), close: () => rmSync(folder, { recursive: true }) };
  };
}

stageSourceSuite(
  'a file',
  inFolder('stages.jsonl', (path) => {
    writeFileSync(path, '');
    return { source: jsonlStages({ from: path }), write: () => appendFileSync(path, event) };
  }),
);

stageSourceSuite(
  'a FIFO',
  inFolder('stages.fifo', (path) => {
    execFileSync('mkfifo', [path]);
    return { source: jsonlStages({ from: path }), write: () => writeFileSync(path, event) };
  }),
);

stageSourceSuite(
  'a Unix socket',
  inFolder('stages.sock', (path) => ({
    source: jsonlStages({ from: `unix:${path}` }),
    write: () => void connect(path).end(event),
  })),
);

stageSourceSuite('datagrams', async () => {
  const sender = createSocket('udp4');
  await new Promise<void>((resolve) => sender.bind(0, '127.0.0.1', resolve));
  // The port beside that of the sender: free, or the test says so.
  const port = sender.address().port - 1;
  return {
    source: jsonlStages({ from: `udp:${port}` }),
    write: () => sender.send(event, port, '127.0.0.1'),
    close: () => sender.close(),
  };
});

stageSourceSuite('a stream', () => {
  const stream = new PassThrough();
  return { source: jsonlStages({ from: stream }), write: () => void stream.write(event) };
});
