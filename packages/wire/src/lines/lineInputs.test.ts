// One contract for all inputs of `readLines`. Adding an input: one rig here.
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type LineSourceRig, lineSourceSuite, maxLineBytes } from './lineSource.suite.ts';
import { readLines } from './readLines.ts';

function inFolder(name: string, make: (path: string) => LineSourceRig): () => LineSourceRig {
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'benchlab-contract-'));
    return { ...make(join(folder, name)), close: () => rmSync(folder, { recursive: true }) };
  };
}

lineSourceSuite(
  'a file',
  inFolder('lines', (path) => {
    writeFileSync(path, '');
    return { source: readLines(path, { maxLineBytes }), write: (text) => appendFileSync(path, text) };
  }),
);

lineSourceSuite(
  'a FIFO',
  inFolder('lines.fifo', (path) => {
    execFileSync('mkfifo', [path]);
    return { source: readLines(path, { maxLineBytes }), write: (text) => writeFileSync(path, text) };
  }),
);

lineSourceSuite(
  'a Unix socket',
  inFolder('lines.sock', (path) => ({
    source: readLines(`unix:${path}`, { maxLineBytes }),
    write: (text) => void connect(path).end(text),
  })),
);

lineSourceSuite('datagrams', async () => {
  const sender = createSocket('udp4');
  const port = await freePort();
  return {
    source: readLines(`udp:${port}`, { maxLineBytes }),
    write: (text) => sender.send(text, port, '127.0.0.1'),
    close: () => sender.close(),
  };
});

lineSourceSuite('a stream', () => {
  const stream = new PassThrough();
  return { source: readLines(stream, { maxLineBytes }), write: (text) => void stream.write(text) };
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
