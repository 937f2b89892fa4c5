// Makes the archive that scripts/install.sh installs on a bench host without a network: benchlab-probe with all that it depends
// on, the collector where `npm run stack:install` has built it, its configuration, the systemd units and the udev rules.
//   npm run pack:host -- --out FOLDER      writes FOLDER/benchlab-VERSION-linux-ARCH.tar.gz
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './command.mjs';
import { needed, packAll } from './pack.mjs';
import { binary } from './stack-parts.mjs';
import { root } from './workspaces.mjs';

/** An installation from a cold cache takes a minute. */
const installLimitMs = 240_000;

const { values: options } = parseArgs({ options: { out: { type: 'string', default: '.' } } });
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const name = `benchlab-${version}-linux-${process.arch}`;
const scratch = mkdtempSync(join(tmpdir(), 'benchlab-host-'));
try {
  const file = await packHost(join(scratch, name), resolve(options.out));
  console.log(file);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function packHost(folder, out) {
  mkdirSync(out, { recursive: true });
  await installApp(join(folder, 'app'));
  const collector = binary('benchlab-otelcol');
  mkdirSync(join(folder, 'bin'));
  if (existsSync(collector)) cpSync(collector, join(folder, 'bin/benchlab-otelcol'));
  else console.log('Without the collector: npm run stack:install -- --only collector builds it.');
  cpSync(join(root, 'collector-config/systemd'), join(folder, 'systemd'), { recursive: true });
  cpSync(join(root, 'collector-config/agent/agent.yaml'), join(folder, 'agent.yaml'));
  cpSync(join(root, 'scripts/install.sh'), join(folder, 'install.sh'));
  writeFileSync(join(folder, 'VERSION'), `${version}\n`);
  const file = join(out, `${name}.tar.gz`);
  await good('tar', ['--create', '--gzip', '--owner=0', '--group=0', '--file', file, '--directory', scratch, name]);
  return file;
}

/** benchlab-probe and its dependencies, ours from their tarballs. */
async function installApp(folder) {
  const tarballs = join(scratch, 'tarballs');
  mkdirSync(tarballs);
  mkdirSync(folder, { recursive: true });
  const packed = await packAll(tarballs, needed('@benchlab-otel/probe-cli'));
  const dependencies = Object.fromEntries([...packed].map(([each, file]) => [each, `file:${file}`]));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'benchlab-host', private: true, dependencies }));
  const args = [
    'install',
    '--omit=dev',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  await good('npm', args, { cwd: folder, limitMs: installLimitMs });
  // Both name folders of this machine.
  for (const file of ['package.json', 'package-lock.json', 'node_modules/.package-lock.json']) {
    rmSync(join(folder, file), { force: true });
  }
  if (!readdirSync(join(folder, 'node_modules')).includes('@benchlab-otel')) throw new Error('npm installed nothing.');
}

async function good(command, args, settings) {
  const { code, output } = await run(command, args, settings);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed (exit ${code}):\n${output}`);
}
