// The command as users meet it: the built binary in a process of its own. Here is what needs real streams and signals, or
// a second process; commands are tested in one process next to their files.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { bin, startNode } from './host/childProbe.suite.ts';
import { checkout, script } from './host/programs.suite.ts';

// Each test starts a process, or two, whose start takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'benchlab-probe-'));
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function startBin(args: readonly string[]) {
  const running = startNode([bin, ...args]);
  closing.push(running.close);
  return running;
}

const probe = (...args: string[]) => startBin(args).ended;

async function emulated() {
  const board = await emulateBoard({ bench: constantBench() });
  closing.push(() => board.close());
  return board;
}

describe('benchlab-probe run', () => {
  it('leaves the output of the command alone, with its own report after it', async () => {
    const { code, out } = await probe('run', '--simulate', '--', ...script("console.log('mine')"));

    expect(out).toMatch(/^mine\nbenchlab-probe run: /);
    expect(out).toContain('No span arrived.');
    expect(code).toBe(0);
  });

  it('measures a program, judges its budgets and exits with the code of the verdicts', async () => {
    const budgets = ['--budget', 'count(price) >= 2', '--budget', 'max(checkout) < 1 ms'];

    const { code, out } = await probe('run', '--simulate', ...budgets, '--', ...checkout(2));

    expect(out).toMatch(/^PASS +count\(price\) >= 2 +observed 2/m);
    expect(out).toMatch(/^FAIL +max\(checkout\) < 1 ms/m);
    expect(code).toBe(99);
  });

  it('passes a real SIGTERM on and ends as the program does', async () => {
    const running = startBin(['run', '--simulate', '--', ...script("console.log('up'); setInterval(() => {}, 1000)")]);
    await running.shown(/up/);

    running.child.kill('SIGTERM');

    expect(await running.ended).toMatchObject({ code: 143, out: expect.stringContaining('ended by SIGTERM') });
  });
});

describe('benchlab-probe read', () => {
  it('ends without a message when its reader has gone', async () => {
    const running = startBin(['read', '--simulate', '--rate', '50', '--json']);
    await running.shown(/timeNs/);

    running.child.stdout?.destroy();

    expect(await running.ended).toMatchObject({ code: 0, err: '' });
  });
});

describe('a board that another program reads', () => {
  it('is left to it, and the reason is given', async () => {
    const { path } = await emulated();
    const first = startBin(['read', '--port', path, '--json']);
    await first.shown(/timeNs/);

    const { code, err } = await probe('read', '--port', path);

    expect(err).toMatch(/benchlab-probe: .*(in use|busy|another)/);
    expect(code).toBe(97);
    expect(first.child.exitCode).toBeNull();
  });
});

describe('standard output and standard error', () => {
  const shell = (command: string) =>
    new Promise<{ code: number | null; err: string }>((resolve) => {
      const child = spawn('bash', ['-c', `exec ${process.execPath} ${bin} ${command}`], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let err = '';
      child.stderr.on('data', (bytes) => (err += bytes));
      child.on('close', (code) => resolve({ code, err }));
    });

  it.each([
    ['read --simulate --for 500ms --json', 97],
    ['run --simulate -- true', 97],
    ['run --simulate -- false', 1],
  ])('on a full disk: %s reports it and exits with %d', async (command, expected) => {
    const { code, err } = await shell(`${command} > /dev/full`);

    expect(err).toMatch(/benchlab-probe: standard output was lost: .*ENOSPC/);
    expect(code).toBe(expected);
  });

  it('without a reader do not change the exit code', async () => {
    const running = startBin(['run', '--simulate', '--', ...script('setTimeout(() => {}, 300)')]);
    running.child.stderr?.destroy();
    running.child.stdout?.destroy();

    expect((await running.ended).code).toBe(0);
  });
});

it.each([['--help'], ['devices', '--help'], ['record', '--help']])(
  'loads neither the emulator, gRPC, the API nor the whole of a package for %s',
  async (...args) => {
    // A loader that reports each module on standard error.
    const loader = `import { writeSync } from 'node:fs';
      export const load = (url, context, next) => (writeSync(2, url + '\\n'), next(url, context));`;
    const asModule = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(asModule(loader))});`;

    const running = startNode(['--import', asModule(register), bin, ...args]);
    closing.push(running.close);
    const { code, err } = await running.ended;

    expect(code).toBe(0);
    expect(err).toContain('/commands/emulate.js');
    expect(err).not.toMatch(/\/emulator\/|grpc|@opentelemetry|(?:analysis|core|node|wire)\/dist\/index\.js/);
  },
);

it('states how to build it when it is not built', async () => {
  const other = join(folder, 'bin');
  mkdirSync(other);
  copyFileSync(bin, join(other, 'probe.mjs'));
  copyFileSync(join(bin, '../../package.json'), join(folder, 'package.json'));
  const child = spawn(process.execPath, [join(other, 'probe.mjs')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (bytes) => (err += bytes));

  const code = await new Promise((resolve) => child.on('close', resolve));

  expect(err).toBe('benchlab-probe is not built: run npm run build\n');
  expect(code).toBe(2);
});

describe('text from outside', () => {
  const evil = '\u001b]0;x\u0007\u001b[31mR\u202eG\nPASS';

  it('reaches no terminal as it is: name of a board in `read`, `devices` and `run`', async () => {
    const board = await emulateBoard({ bench: constantBench(), name: evil.replace('\n', '') });
    closing.push(() => board.close());
    const reading = startBin(['read', '--port', board.path]);
    await reading.shown(/EPS1/);
    reading.child.kill('SIGINT');
    const shown = [
      await reading.ended,
      await probe('devices', '--port', board.path),
      await probe('devices', '--port', board.path, '--json'),
      await probe('run', '--port', board.path, '--', ...script('')),
    ];
    for (const { out, err } of shown) expect(out + err).not.toMatch(/[^\P{C}\n\t]/u);
    // The receiver has taken them out already.
    expect(shown[0]?.out).toContain(']0;x[31mRG');
  });

  it('an argument in an error cannot act on the terminal, nor begin a line', async () => {
    const { code, err } = await probe('run', '--budget', evil, '--', 'true');
    expect(code).toBe(2);
    expect(err).not.toMatch(/[^\P{C}\n\t]/u);
    expect(err).toContain(String.raw`\u001b[31mR\u202eG`);
    expect(err).not.toMatch(/^PASS/m);
  });
});
