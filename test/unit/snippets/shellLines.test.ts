import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePromql } from '@benchlab-otel/lint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fileSchema } from '../../../packages/probe-cli/src/agent/config/fileSchema.ts';
import { tomlFile } from '../../../packages/probe-cli/src/agent/config/tomlFile.ts';
import { flagsOf } from '../../../packages/probe-cli/src/command/command.ts';
import { commands } from '../../../packages/probe-cli/src/program.ts';
import { blocksOfPage, pagesOfUsers } from '../../../scripts/release/blocks.mjs';
import { workspaces } from '../../../scripts/workspaces.mjs';

// The commands of the pages: each is run here, or has a reason why it is not. All of them must name what there is.
const root = fileURLToPath(new URL('../../..', import.meta.url));
const limitMs = 120_000;

/** Why a block is not run here, and what is run in its place. */
const reasons = {
  registry: 'installs from the registry: npm run test:apps installs the packages and uses them',
  system: 'changes the machine, or asks for root: npm run test:stack installs and reloads in folders of its own',
  containers: 'needs a container runtime or a cluster: npm run test:stack validates the files',
  servers: 'needs the servers and programs of npm run stack:install: npm run test:stack runs the same',
  check: 'npm run check runs the same command',
  checkout: 'writes into the checkout: npm run check compares what it writes',
  hardware: 'measures for seconds on a device that must answer in time: its tests have a clock of their own',
  service: 'asks a service of the reader',
  application: 'starts an application of the reader: packages/node/src/start/register.test.ts starts others so',
  runner: 'is a part of a test runner: packages/enrichers/src/identity/ofContext.test.ts runs the adapters',
  long: 'runs until Ctrl-C, or for minutes; the tests of the command run it for less',
} as const;

const blocks = pagesOfUsers().flatMap(blocksOfPage);
const shells = blocks.filter(({ language }) => language === 'sh');
const places = (list: typeof blocks) => list.map((each) => [`${each.page}:${each.line}`, each] as const);
/** The lines that a reader types: of a transcript, those with a prompt. */
const typed = blocks
  .filter(({ language }) => ['sh', 'console'].includes(language))
  .map((each) => ({
    ...each,
    code:
      each.language === 'sh' ? each.code : [...each.code.matchAll(/^\$ (.*)$/gm)].map(([, line]) => line).join('\n'),
  }));

// SQL is run by test/stack/parquet-queries.test.ts.
test('each block of code has a language that a test reads', () => {
  const unknown = blocks.filter(
    ({ language }) => !/^(|sh|console|ts|js|json|yaml|toml|ini|promql|dockerfile|sql)$/.test(language),
  );
  expect(unknown.map(({ page, line, language }) => `${page}:${line} ${language}`)).toEqual([]);
});

test('each block of data is what its language means', () => {
  for (const { page, line, language, code } of blocks) {
    const place = `${page}:${line}`;
    // JSON, or JSON Lines.
    if (language === 'json') expect(() => lines(code).map((each) => JSON.parse(each)), place).not.toThrow();
    if (language === 'yaml') expect(() => parse(code), place).not.toThrow();
    // Every TOML of the pages is a part of the agent's configuration.
    if (language === 'toml')
      expect(fileSchema().safeParse(tomlFile(place, Buffer.from(code)).values).error).toBe(undefined);
    if (language === 'promql') expect(parsePromql(code), place).toHaveProperty('expression');
  }
});

test('each block that is not run has one of the reasons, and their number is known', () => {
  const skipped = blocks.filter(({ notes }) => notes.skip !== undefined);
  const counts = Object.fromEntries(Object.keys(reasons).map((name) => [name, 0]));
  for (const { page, line, notes } of skipped) {
    expect(Object.keys(reasons), `${page}:${line}`).toContain(notes.skip);
    counts[notes.skip ?? ''] = (counts[notes.skip ?? ''] ?? 0) + 1;
  }
  expect({
    run: blocks.filter(({ language, notes }) => /^(sh|ts)$/.test(language) && notes.skip === undefined).length,
    ...counts,
  }).toMatchInlineSnapshot(`
    {
      "application": 4,
      "check": 2,
      "checkout": 1,
      "containers": 5,
      "hardware": 2,
      "long": 18,
      "registry": 20,
      "run": 79,
      "runner": 2,
      "servers": 9,
      "service": 3,
      "system": 11,
    }
  `);
});

test.each(places(typed))(
  'the commands of %s are shell, and name scripts, files and flags that there are',
  async (_, { code }) => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts);
    for (const [, script] of code.matchAll(/\bnpm run ([\w:-]+)/g)) expect(scripts).toContain(script);
    for (const [, path = ''] of code.matchAll(/\bnode ((?:scripts|examples|monitoring)\/[\w./-]+)/g))
      expect(existsSync(join(root, path)), path).toBe(true);
    await expectFlags(code);
  },
);

/** What follows `--` is another program; a comment and a pipe end the command. */
async function expectFlags(code: string): Promise<void> {
  const joined = code.replaceAll(/\\\n\s*/g, ' ');
  for (const [, name = '', rest = ''] of joined.matchAll(/benchlab-probe ([a-z]+)([^\n|&#]*)/g)) {
    const command = commands.find((each) => each.name === name);
    expect(commands.map((each) => each.name)).toContain(name);
    if (command === undefined) continue;
    const [subName = ''] = rest.trim().split(' ');
    const own = 'commands' in command ? command.own : command;
    const below = 'commands' in command ? command.commands.find((each) => each.name === subName) : undefined;
    const sub = below ?? own;
    expect(sub, `${name} ${subName}`).toBeDefined();
    if (sub === undefined) continue;
    const flags = Object.values(await flagsOf(sub)).map(({ option }) => option.long);
    const [ownWords = ''] = rest.split(/ --(?: |$)/);
    for (const [flag] of ownWords.matchAll(/(?<= )--[a-z-]+/g)) expect(flags, `${name} ${flag}`).toContain(flag);
  }
}

test.each(places(shells.filter(({ notes }) => notes.skip === undefined)))(
  'the commands of %s succeed',
  async (_, { code }) => {
    const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' };
    const child = spawn('bash', ['-e', '-c', code], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    const [status] = await once(child, 'close');
    expect(status, output).toBe(0);
  },
  limitMs,
);

describe('npx', () => {
  // A name that is not installed is looked up in the registry, where any other user may own it.
  const texts = [...pagesOfUsers(), ...filesBelow('collector-config'), ...filesBelow('deploy')].filter(
    (path) => path !== 'docs/operations/first-alert.md',
  );

  test.each(
    texts
      .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const)
      .filter(([, text]) => text.includes('npx ')),
  )('takes what is installed in %s', (_, text) => {
    const tools = new Set(['vitest', 'biome', 'changeset', 'tsc', 'jest', 'vite', 'webpack']);
    for (const [line, name] of text.matchAll(/npx (?!--no-install )([\w@/-]+)/g)) expect(tools, line).toContain(name);
  });
});

test('the packages that pages install from here are those that are published', () => {
  const published = workspaces().flatMap(({ manifest }) => (manifest.private ? [] : [manifest.name]));
  for (const { page, line, code } of typed)
    for (const [name] of code.matchAll(/@benchlab-otel\/[\w-]+/g)) expect(published, `${page}:${line}`).toContain(name);
});

test.each(
  workspaces()
    .filter(({ manifest }) => !manifest.private)
    .map((each) => [each.folder, each] as const),
)('the README of %s installs what its snippets import', (folder, { manifest }) => {
  const own = blocks.filter(({ page, notes }) => page === `${folder}/README.md` && notes.in === undefined);
  const code = own.filter(({ language }) => language === 'ts').map((each) => each.code);
  const installed = own
    .filter(({ language }) => language === 'sh')
    .flatMap((each) => each.code.match(/npm i.*/g) ?? []);
  // npm installs peers too.
  const needed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const brought = [manifest.name, ...needed, ...installed.join(' ').split(/[\s]+/)];
  // With its version, or without.
  const names = new Set(brought.map((each) => each.replace(/(?<=.)@.*$/, '')));
  const imported = code.flatMap((each) =>
    [...each.matchAll(/from '((?:@[\w-]+\/)?[\w-]+)[^']*'/g)].map(([, name = '']) => name),
  );

  expect(imported.filter((name) => name !== 'node' && !names.has(name))).toEqual([]);
});

/** The texts that are to be JSON: the whole, or each line where the whole is not an object. */
function lines(code: string): readonly string[] {
  return /^\{.*\}$/m.test(code) ? code.trim().split('\n') : [code];
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(md|ya?ml|service|sh)$/.test(name))
    .map((name) => `${folder}/${name}`);
}
