import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver } from '../../../packages/probe-cli/src/otlp/otlpReceiver.ts';
import { compileSnippets, snippetsOfPages } from '../../../scripts/release/snippets.mjs';
import { makePlaces, type Places } from './places.ts';

// Every snippet of the pages is compiled and run as it stands, on the built packages: it must print what it states, and end
// by itself or at the signal that a service ends at.
const root = fileURLToPath(new URL('../../..', import.meta.url));
const runner = fileURLToPath(new URL('runner.mjs', import.meta.url));
const limitMs = 240_000;
const groupLimitMs = 120_000;
/** From the last snippet to the end of its process. */
const endLimitMs = 20_000;
/** Processes at one time, which run the snippets one after another: starting Node for each takes a minute. */
const processes = 2;

interface Outcome {
  readonly printed: readonly string[];
  readonly fault?: string;
}

const snippets = snippetsOfPages();
const services = snippets.filter(({ notes }) => notes.ends === 'SIGTERM');
const programs = snippets.filter(({ notes }) => notes.ends === undefined && notes.skip === undefined);

let folder: string;
let collector: OtlpReceiver;
let faults: string;
const places: Places[] = [];
const outcomes = new Map<string, Outcome>();
/** Exit code and signal of each process. */
const ends: unknown[] = [];

beforeAll(async () => {
  // Inside the checkout, so that packages are found; in a folder that git ignores.
  mkdirSync(join(root, '.staged'), { recursive: true });
  folder = mkdtempSync(join(root, '.staged/snippets-'));
  collector = await startOtlpReceiver();
  for (let k = 0; k < processes; k++) places.push(await makePlaces());
  const groups = places.map((_, k) => programs.filter((__, index) => index % processes === k));
  const placeOf = (name: string) => places[groups.findIndex((group) => group.some((each) => each.name === name))];
  const staged = snippets.map((each) => ({ ...each, code: (placeOf(each.name) ?? places[0])?.inside(each.code) }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  faults = await compileSnippets(folder, staged, tsc).then(
    () => '',
    (error: Error) => error.message,
  );
  await Promise.all(groups.map((group) => runAll(group.map(({ name }) => name))));
}, limitMs);
afterAll(async () => {
  for (const each of places) await each.close();
  await collector?.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: readonly string[]): ChildProcess {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: collector.header,
    OTEL_EXPORTER_PROMETHEUS_PORT: '0',
    PORT: '0',
  };
  // Without the conditions of Vitest, which lead to sources.
  return fork(runner, args, { cwd: folder, env, execArgv: [], silent: true });
}

async function runAll(names: readonly string[]): Promise<void> {
  const child = start(...names.map((name) => join(folder, `${name}.js`)));
  let timer = setTimeout(() => child.kill('SIGKILL'), groupLimitMs);
  child.on('message', (message: Outcome & { file: string }) => {
    outcomes.set(basename(message.file, '.js'), message);
    if (basename(message.file, '.js') !== names.at(-1)) return;
    clearTimeout(timer);
    timer = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
  });
  child.stdout?.resume();
  child.stderr?.resume();
  ends.push(await once(child, 'close'));
  clearTimeout(timer);
}

test('the snippets of the pages compile', () => {
  expect(faults).toBe('');
});

test('the processes that ran them have ended by themselves', () => {
  expect(ends).toEqual(Array(processes).fill([0, null]));
});

test('collectors get what the snippets record', () => {
  expect(collector.store.spans.map(({ name }) => name)).toContain('checkout');
});

test.each(programs.map((each) => [`${each.page}:${each.line}`, each] as const))(
  '%s runs, prints what it states, and ends by itself',
  (_, { name, code }) => {
    const { fault, printed } = outcomes.get(name) ?? { fault: 'It did not run.', printed: [] };
    expect(fault).toBeUndefined();
    for (const text of stated(code)) expect(printed).toContainEqual(text);
  },
);

describe.each(services.map((each) => [`${each.page}:${each.line}`, each] as const))('%s', (_, { name }) => {
  test('runs until SIGTERM, and ends by itself then', async () => {
    const child = start('--service', join(folder, `${name}.js`));
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.stdout?.resume();
    const closed = once(child, 'close');
    const [message] = await Promise.race([once(child, 'message'), closed.then(() => [errors])]);
    expect(message).toBe('started');
    child.kill('SIGTERM');
    expect(await closed, errors).toEqual([0, null]);
  }, 60_000);
});

/** What a snippet states that it prints: `console.log(…); // text`, or the beginning of the text, with an ellipsis. */
function stated(code: string): readonly unknown[] {
  return [...code.matchAll(/^ *console\.log\(.*\); \/\/ (.+)$/gm)].map(([, text = '']) => {
    if (text.endsWith('…')) return expect.stringContaining(text.slice(0, -1));
    // The page of a snippet has a port of its own here.
    if (text.includes(':9464')) return expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    return text;
  });
}
