// One contract for all outputs of lines. Adding an output: one rig here.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, it } from 'vitest';
import { LineFile } from './lineFile.ts';
import { type LineOutputRig, lineOutputSuite } from './lineOutputs.suite.ts';
import { writeLines } from './writeLines.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-outputs-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = () => join(folder, String(++files));
const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const notice = (dropped: number) => `dropped ${dropped}`;

lineOutputSuite('a file', async () => {
  const path = newPath();
  const writer = await writeLines(path, { notice });
  return rigOf(writer, () => read(path));
});

lineOutputSuite('a FIFO', async () => {
  const [path, into] = [newPath(), newPath()];
  execFileSync('mkfifo', [path]);
  const writer = await writeLines(path, { notice });
  const reader = spawn('sh', ['-c', 'cat < "$1" > "$2"', 'sh', path, into], { stdio: 'ignore' });
  const exited = new Promise<string>((resolve) => reader.once('exit', () => resolve(read(into))));
  return rigOf(writer, async () => {
    // A reader that no writer ever opened the FIFO for waits for one.
    if (reader.exitCode === null && read(into) === '') reader.kill();
    return await exited;
  });
});

lineOutputSuite('a stream', async () => {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const writer = await writeLines(stream, { notice });
  return rigOf(writer, () => text);
});

lineOutputSuite('a Unix socket', async () => {
  const path = newPath();
  let text = '';
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const writer = await writeLines(`unix:${path}`, { notice });
  return rigOf(writer, async () => {
    // Resolves when all that the connections have sent was read.
    await new Promise<void>((resolve) => server.close(() => resolve()));
    return text;
  });
});

lineOutputSuite('the file of a recording', () => {
  const path = newPath();
  const file = new LineFile(path, '--out');
  return {
    push: (line) => file.write([line]),
    flush: () => Promise.resolve(),
    close: () => file.close(),
    read: () => read(path),
  };
});

it.each([
  ['', 'to is ""'],
  [7, 'to is 7'],
  [null, 'to is null'],
  ['a\0b', 'to is "a\\u0000b"'],
])('the address %j is refused', async (to, message) => {
  await expect(writeLines(to as string, { notice })).rejects.toThrow(message);
});

it.each(['maxLines', 'maxBytes'])(
  '%s that is not a whole number of at least 1 is refused, and no file is made',
  async (bound) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, null, '3']) {
      const path = newPath();
      const opening = writeLines(path, { notice, [bound]: value });
      await expect(opening).rejects.toMatchObject({ code: 'BAD_OPTION', option: bound });
      expect(existsSync(path)).toBe(false);
    }
  },
);

it('a bound that is undefined is the default', async () => {
  const path = newPath();
  const bounds = { maxLines: undefined, maxBytes: undefined } as object;
  const writer = await writeLines(path, { notice, ...bounds });
  for (let k = 0; k < 10_001; k++) writer.push('x');
  expect(writer.dropped).toBe(1);
  await writer.close();
});

function rigOf(writer: Awaited<ReturnType<typeof writeLines>>, readAll: LineOutputRig['read']): LineOutputRig {
  return {
    push: (line) => writer.push(line),
    flush: () => writer.flush(),
    close: async () => {
      await writer.close();
      await writer.close();
      expect(writer.dropped).toBe(0);
    },
    read: readAll,
  };
}
