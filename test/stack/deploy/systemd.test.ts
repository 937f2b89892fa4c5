import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { systemProgram } from '../../../scripts/stack-system.mjs';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('../../../collector-config/systemd/', import.meta.url));
const probe = fileURLToPath(new URL('../../../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url));
const readme = new URL('../../../README.md', import.meta.url);

/** Exposure by systemd-analyze, and the limit for each kind of unit: the agent opens serial ports. */
const limits = {
  'benchlab-agent.service': 2.5,
  'benchlab-cx-export.service': 1,
  'benchlab-otelcol.service': 2,
  'benchlab-retention.service': 1,
};
/** What the seed's units promise. */
const hardening = ['NoNewPrivileges=true', 'PrivateTmp=true', 'ProtectSystem=strict', 'ProtectHome=true'];

test('every unit has a limit of exposure', async () => {
  const units = (await readdir(folder)).filter((name) => name.endsWith('.service'));

  expect(units.sort()).toEqual(Object.keys(limits).sort());
});

test.each(Object.entries(limits))('%s has an exposure of at most %d', async (unit, limit) => {
  const args = ['security', '--offline=true', '--no-pager', `--threshold=${limit * 10}`, join(folder, unit)];

  await expect(run(systemProgram('systemd-analyze'), args)).resolves.toMatchObject({
    stdout: expect.stringMatching(/Overall exposure level for \S+: \d\.\d (?:OK|SAFE)/),
  });
});

test.each(Object.keys(limits))('%s has what the units of the seed promise', async (unit) => {
  const lines = (await readFile(join(folder, unit), 'utf8')).split('\n');

  expect(hardening.filter((line) => !lines.includes(line))).toEqual([]);
});

test.each([...Object.keys(limits), 'benchlab-retention.timer'])('systemd has no finding in %s', async (unit) => {
  const scratch = await mkdtemp(join(tmpdir(), 'benchlab-unit-'));
  onTestFinished(() => rm(scratch, { recursive: true }));
  // Where it is not installed, its programs are not there.
  const text = (await readFile(join(folder, unit), 'utf8')).replace(/\/opt\/benchlab\/bin\/\S+/g, '/bin/true');
  await writeFile(join(scratch, unit), text);
  const args = ['verify', '--man=no', '--recursive-errors=no', join(scratch, unit)];

  const { stderr } = await run(systemProgram('systemd-analyze'), args);

  expect(stderr.split('\n').filter((line) => line.includes(basename(unit)))).toEqual([]);
});

test('the unit of the agent calls only commands and flags that exist', async () => {
  const unit = await readFile(join(folder, 'benchlab-agent.service'), 'utf8');
  const calls = [...unit.matchAll(/^Exec(?:Start|Reload)=\/opt\/benchlab\/bin\/benchlab-probe (.*)$/gm)];

  expect(calls).toHaveLength(2);
  for (const [, line = ''] of calls) {
    const words = line.split(' ');
    const command = words.slice(
      0,
      words.findIndex((word) => word.startsWith('--')),
    );
    const { stdout: help } = await run(process.execPath, [probe, ...command, '--help']);
    expect(command[0]).toBe('agent');
    const flags = words.filter((word) => word.startsWith('--'));
    expect(flags.length).toBeGreaterThan(0);
    for (const flag of flags) expect(help).toContain(`${flag} `);
  }
});

test('the configuration of the unit is right, also with each line that is commented out', async () => {
  const text = await readFile(join(folder, 'config.toml'), 'utf8');
  const scratch = await mkdtemp(join(tmpdir(), 'benchlab-unit-'));
  onTestFinished(() => rm(scratch, { recursive: true }));
  const path = join(scratch, 'config.toml');
  for (const each of [text, text.replaceAll(/^#(?=\w+ = )/gm, '')]) {
    await writeFile(path, each);
    const { stderr } = await run(process.execPath, [probe, 'agent', 'config', '--check', '--config', path]);
    expect(stderr).toBe('');
  }
});

test.each([
  ['benchlab-retention.service', 'sessions.env', 'PRUNE_OPTIONS'],
  ['benchlab-cx-export.service', 'sessions.env', 'DELIVER_OPTIONS'],
])('%s and its environment call only commands and flags that exist', async (file, environmentFile, variable) => {
  const unit = await readFile(join(folder, file), 'utf8');
  const environment = await readFile(join(folder, environmentFile), 'utf8');
  const words = [
    ...(/^ExecStart=\/opt\/benchlab\/bin\/benchlab-probe (.*)$/m.exec(unit)?.[1] ?? '').split(' '),
    ...(new RegExp(`^#?${variable}=(.*)$`, 'm').exec(environment)?.[1] ?? '').split(' '),
  ];
  const firstFlag = words.findIndex((word) => word.startsWith('-') || word.startsWith('$'));
  const { stdout: help } = await run(process.execPath, [probe, ...words.slice(0, firstFlag), '--help']);

  const flags = words.filter((word) => word.startsWith('--'));
  expect(flags.length).toBeGreaterThan(0);
  for (const flag of flags) expect(help).toContain(`${flag} `);
  expect(unit).toContain(`EnvironmentFile=-/etc/benchlab/${environmentFile}`);
});

test('the timer of retention starts its service once a day, and makes up for a day that was missed', async () => {
  const lines = (await readFile(join(folder, 'benchlab-retention.timer'), 'utf8')).split('\n');

  expect(lines).toEqual(expect.arrayContaining(['OnCalendar=daily', 'Persistent=true', 'WantedBy=timers.target']));
});

test('the rules of udev have no line that another document repeats', async () => {
  const text = await readFile(readme, 'utf8');

  expect(text).toContain('collector-config/systemd/70-benchlab.rules');
  expect(text).not.toContain('SUBSYSTEM==');
});

test('the rules of udev name the boards and the capture cards for the group, before 73-seat-late.rules', async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.rules'));
  for (const name of files) expect(Number(name.slice(0, 2))).toBeLessThan(73);
  const rules = (await readFile(join(folder, '70-benchlab.rules'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  expect(rules).toHaveLength(2);
  for (const rule of rules) {
    expect(rule).toMatch(/GROUP="benchlab", MODE="0660", TAG\+="uaccess"/);
    // Each part is KEY OPERATOR "VALUE".
    for (const part of rule.split(', ')) expect(part).toMatch(/^[A-Z]+(?:\{\w+\})?(?:==|\+=|=)"[^"]*"$/);
  }
});
