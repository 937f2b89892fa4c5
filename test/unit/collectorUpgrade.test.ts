import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { versionOf } from '../../scripts/collector-manifest.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const distribution = 'collector-config/distribution';
const next = '0.159.0';
const nextStable = '1.65.0';

// The script as it stands, in a copy of the files that it reads, with a Go that a shell script plays: its builder writes the
// module of another version, and what it compiles accepts configurations, or does not.
let checkout: string;
let before: Record<string, string>;
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'benchlab-upgrade-'));
  const needed = ['scripts', 'collector-config', 'test/stack/requirements.txt', 'test/stack/kubernetes-schemas.txt'];
  // The chart links what is elsewhere, as in the repository.
  for (const path of needed) {
    await cp(join(repository, path), join(checkout, path), { recursive: true, verbatimSymlinks: true });
  }
  await symlink(join(repository, 'node_modules'), join(checkout, 'node_modules'));
  await cp(join(repository, 'package.json'), join(checkout, 'package.json'));
  before = await files();
});
afterEach(() => rm(checkout, { recursive: true, force: true }));

test('another version changes the manifest and the module together, and lists the modules that changed', async () => {
  await go({ validate: 'exit 0' });

  const { code, text } = await upgrade(next);

  expect(text).toContain(`-> ${next}: making the Go module`);
  expect(text).toMatch(/It accepts all \d+ configurations\./);
  expect(text).toMatch(/go\.opentelemetry\.io\/collector\/otelcol v0\.\d+\.\d+ -> v0\.159\.0/);
  expect(text).toContain('Changed: ');
  expect(code).toBe(0);
  const after = await files();
  expect(versionOf(after['manifest.yaml'] ?? '')).toBe(next);
  expect(after['go.mod']).toContain(`go.opentelemetry.io/collector/otelcol v${next}`);
  expect(Object.keys(after)).toEqual(Object.keys(before));
});

test.each([
  ['that refuses a shipped configuration', { validate: 'echo "unknown key: x" >&2; exit 1' }, /It refuses what is/],
  ['that does not compile', { build: 'echo "undefined: x" >&2; exit 1' }, /It does not compile\.[\s\S]*undefined: x/],
  ['that there is not', { generate: 'echo "unknown revision v0.159.0" >&2; exit 1' }, /could not be made/],
] as const)('a version %s leaves every file as it was, and states why', async (_, played, message) => {
  await go(played);

  const { code, text } = await upgrade(next);

  expect(text).toMatch(message);
  expect(code).toBe(1);
  expect(await files()).toEqual(before);
  expect(await readdir(join(checkout, '.stack'))).toEqual([]);
});

async function files(): Promise<Record<string, string>> {
  const names = (await readdir(join(checkout, distribution))).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(checkout, distribution, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}

interface Played {
  readonly generate?: string;
  readonly build?: string;
  readonly validate?: string;
}

/** `go run …` writes the module of the next version, `go build -o FILE` a program that does what `validate` states. */
async function go({ generate, build = ':', validate = 'exit 0' }: Played): Promise<void> {
  const manifest = await readFile(join(checkout, distribution, 'manifest.yaml'), 'utf8');
  const old = versionOf(manifest).replaceAll('.', '\\.');
  const oldStable = `1\\.${Number(versionOf(manifest).split('.')[1]) - 94}\\.0`;
  const rewrite = `sed -i 's/v${old}/v${next}/g; s/v${oldStable}/v${nextStable}/g' go.mod go.sum components.go main.go`;
  await writeFile(
    join(checkout, 'go'),
    `#!/bin/sh
if [ "$1" = run ]; then
${generate ?? rewrite}
exit 0
fi
${build}
while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out="$2"; fi; shift; done
printf '#!/bin/sh\\n%s\\n' '${validate}' > "$out"
chmod +x "$out"
`,
    { mode: 0o755 },
  );
}

async function upgrade(version: string): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [join(checkout, 'scripts/collector-upgrade.mjs'), version], {
    cwd: checkout,
    env: { PATH: `${checkout}:/usr/bin:/bin` },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}
