// The archive of a host and its install.sh, in a folder that stands for the root of a system. One packing serves all tests.
import { execFile } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { systemProgram } from '../../../scripts/stack-system.mjs';
import { inRepository } from './checks.ts';
import { instructions } from './containerfile.ts';
import { type Archive, bareSystem, contents, install, unpackedArchive } from './hostInstall.ts';
import { inThrowawaySystem } from './throwawaySystem.ts';

const run = promisify(execFile);
const probeIn = (system: string) =>
  join(system, 'opt/benchlab/app/node_modules/@benchlab-otel/probe-cli/bin/benchlab-probe.mjs');

let archive: Archive;
beforeAll(async () => {
  systemProgram('systemd-sysusers');
  archive = await unpackedArchive();
}, 300_000);
afterAll(() => archive?.remove());

async function newSystem(): Promise<string> {
  const folder = await bareSystem();
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** What the tools of users leave on every system, and what is not ours. */
const ofShadow = /^etc\/(?:\.pwd\.lock|(?:passwd|group|shadow|gshadow|subuid|subgid)-)$/;
const withoutShadow = (files: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !ofShadow.test(path)));

test('install.sh makes a system whose agent and collector start, with a user that owns nothing else', async () => {
  const system = await newSystem();
  await install(archive.folder, '--root', system);

  const { stdout } = await run(process.execPath, [probeIn(system), '--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(await readFile(join(system, 'opt/benchlab/bin/benchlab-probe'), 'utf8')).toMatch(
    /^#!\/bin\/sh\nexec \/\S+\/node \/opt\/benchlab\/app\/\S+\/benchlab-probe\.mjs "\$@"\n$/,
  );
  const collector = join(system, 'opt/benchlab/bin/benchlab-otelcol');
  const config = join(system, 'etc/benchlab/agent.yaml');
  await expect(run(collector, ['validate', `--config=file:${config}`])).resolves.toMatchObject({ stderr: '' });
  expect(await readFile(join(system, 'etc/passwd'), 'utf8')).toMatch(
    /^benchlab:x:\d+:\d+:benchlab agent:\/nonexistent:\/usr\/sbin\/nologin$/m,
  );
  const installed = Object.keys(await contents(join(system, 'etc/systemd/system')));
  const units = ['benchlab-agent.service', 'benchlab-otelcol.service'];
  expect(installed).toEqual(expect.arrayContaining(units.flatMap((unit) => [unit, `multi-user.target.wants/${unit}`])));
  // Retention is on. Which folder CapFrameX watches is a choice: its unit is installed, and off.
  const retention = ['benchlab-retention.service', 'benchlab-retention.timer', 'benchlab-cx-export.service'];
  expect(installed).toEqual(expect.arrayContaining([...retention, 'timers.target.wants/benchlab-retention.timer']));
  expect(installed).not.toContain('multi-user.target.wants/benchlab-cx-export.service');
});

test('a second run changes nothing, and keeps the configuration that was changed', async () => {
  const system = await newSystem();
  await install(archive.folder, '--root', system);
  await appendFile(join(system, 'etc/benchlab/agent.yaml'), '# mine\n');
  await appendFile(join(system, 'etc/benchlab/agent.env'), '# mine too\n');
  await appendFile(join(system, 'etc/benchlab/config.toml'), '# mine as well\n');
  const before = await contents(system);

  const said = await install(archive.folder, '--root', system);

  expect(await contents(system)).toEqual(before);
  expect(said).toContain('opt/benchlab is up to date');
  expect(said).toContain('etc/benchlab/agent.yaml is kept');
});

test('where libc cannot be called, systemd does not wait for the agent, until it can be called again', async () => {
  const system = await newSystem();
  const dropIn = join(system, 'etc/systemd/system/benchlab-agent.service.d/50-no-notify.conf');
  const koffi = join(archive.folder, 'app/node_modules/koffi');
  await rename(koffi, `${koffi}.away`);
  try {
    await install(archive.folder, '--root', system);
  } finally {
    await rename(`${koffi}.away`, koffi);
  }
  const without = await readFile(dropIn, 'utf8');
  await install(archive.folder, '--root', system);

  expect(without).toContain('Type=exec\nWatchdogSec=0\n');
  await expect(stat(dirname(dropIn))).rejects.toThrow('ENOENT');
});

test('--uninstall keeps configuration and user, and --purge leaves the system as it was', async () => {
  const system = await newSystem();
  const before = await contents(system);
  await install(archive.folder, '--root', system);
  await install(archive.folder, '--root', system);
  const installed = await contents(system);

  await install(archive.folder, '--root', system, '--uninstall');
  const kept = await contents(system);
  expect(Object.keys(kept).filter((path) => path.startsWith('opt/benchlab'))).toEqual([]);
  expect(Object.keys(kept).filter((path) => path.endsWith('.service'))).toEqual([]);
  expect(kept['etc/benchlab/agent.yaml']).toBe(installed['etc/benchlab/agent.yaml']);
  expect(kept['etc/passwd']).toContain('benchlab');

  await install(archive.folder, '--root', system, '--uninstall', '--purge');
  expect(withoutShadow(await contents(system))).toEqual(withoutShadow(before));
});

test('--purge removes the folders that it made, and keeps those that were there', async () => {
  const system = await newSystem();
  const wasThere = ['etc/udev/rules.d', 'etc/systemd/system'];
  for (const folder of wasThere) await mkdir(join(system, folder), { recursive: true });
  await install(archive.folder, '--root', system);
  await install(archive.folder, '--root', system, '--uninstall');
  await install(archive.folder, '--root', system);

  await install(archive.folder, '--root', system, '--uninstall', '--purge');

  for (const folder of wasThere) expect(await readdir(join(system, folder))).toEqual([]);
  for (const folder of ['etc/sysusers.d', 'opt', 'etc/benchlab']) {
    await expect(stat(join(system, folder))).rejects.toThrow('ENOENT');
  }
});

test.each([
  ['an empty system', false, []],
  ['an installed system', true, []],
  ['an installed system, with --uninstall --purge', true, ['--uninstall', '--purge']],
])('--dry-run on %s changes nothing, and lists what it would do', async (_name, isInstalled, more) => {
  const system = await newSystem();
  if (isInstalled) await install(archive.folder, '--root', system);
  const before = await contents(system);

  const said = await install(archive.folder, '--root', system, '--dry-run', ...more);

  expect(await contents(system)).toEqual(before);
  expect(said).toMatch(/^would run: /m);
});

test.each([
  [['--rot', '/tmp'], /"--rot" is not understood/],
  [['--root'], /--root needs a folder/],
  [['--purge'], /--purge goes with --uninstall/],
  [['--root', '/no/such/folder'], /there is no folder \/no\/such\/folder/],
])('install.sh refuses %j, and states why', async (args, message) => {
  await expect(install(archive.folder, ...args)).rejects.toMatchObject({ stderr: expect.stringMatching(message) });
});

// Without --root: the paths, users and units of the system that runs the test, in mounts that go with it.
const isRoot = process.getuid?.() === 0;
test.runIf(isRoot)('on a real system, install.sh twice and back leaves nothing (needs root)', async () => {
  const script = `set -e
cd ${archive.folder}
sh install.sh --no-start; sh install.sh --no-start
test -x /opt/benchlab/bin/benchlab-probe && test -f /etc/systemd/system/benchlab-agent.service && id benchlab
/opt/benchlab/bin/benchlab-probe --version
sh install.sh --uninstall --purge`;

  const { stdout, changes } = await inThrowawaySystem(script, [archive.folder]);

  expect(stdout).toContain('opt/benchlab is up to date');
  expect(stdout).toMatch(/^uid=\d+\(benchlab\)/m);
  expect(changes.filter((change) => !ofShadow.test(change.slice('+ /'.length)))).toEqual([]);
});

test.runIf(isRoot)('the RUN steps of Containerfile.agent work as they stand (needs root)', async () => {
  const steps = await instructions(inRepository('deploy/Containerfile.agent'));
  const runs = steps.filter(({ name }) => name === 'RUN').map(({ text }) => text);
  const probe = 'node_modules/@benchlab-otel/probe-cli/bin/benchlab-probe.mjs';
  // WORKDIR, and what COPY brings.
  const script = `set -e
mkdir /out && cp ${archive.file} /tmp/ && cd /out
${runs.join('\n')}
node app/${probe} --version
stat -c '%u:%g %n' /run/benchlab`;

  const { stdout } = await inThrowawaySystem(script, [dirname(archive.file)]);

  expect(runs).toHaveLength(2);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n10001:10001 \/run\/benchlab\n$/m);
});

test('install.sh outside an archive states how to make one', async () => {
  const system = await newSystem();

  await expect(install('scripts', '--root', system)).rejects.toMatchObject({
    stderr: expect.stringContaining('npm run pack:host'),
  });
});

test('the step of Containerfile.agent that unpacks the archive leaves a probe that starts', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'benchlab-image-'));
  onTestFinished(() => rm(scratch, { recursive: true }));
  await copyFile(archive.file, join(scratch, archive.file.slice(archive.file.lastIndexOf('/') + 1)));
  const steps = await instructions(inRepository('deploy/Containerfile.agent'));
  const unpack = steps.find(({ name, text }) => name === 'RUN' && text.startsWith('tar '))?.text ?? '';
  expect(unpack).toContain('/tmp/benchlab-*');

  await run('sh', ['-c', unpack.replaceAll('/tmp/', `${scratch}/`)], { cwd: scratch });

  const probe = join(scratch, 'app/node_modules/@benchlab-otel/probe-cli/bin/benchlab-probe.mjs');
  expect((await run(process.execPath, [probe, '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
