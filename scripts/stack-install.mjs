// Installs the real servers that `npm run test:stack` runs against into .stack/, from pinned and hashed sources: Go compiles
// the collector, Prometheus, Alertmanager, Jaeger, node_exporter, Helm, kubeconform and Docker Compose; a promtool of 2.42 comes
// from Debian, or is compiled too; the vendor's library and the schemas of Kubernetes go into a Python environment; what the system must have comes from the list
// of stack-system.mjs. The first time takes some 25 minutes on two cores. Afterwards each part is reported as "up to date"
// within a few seconds.
// A part is built in a folder of its own, which is renamed when it is complete: an interrupted run never looks finished.
// Ends with the programs and Debian packages that the tests rely on, and their versions.
//   npm run stack:install                       everything
//   npm run stack:install -- --only collector   one part (repeat for more)
//   npm run stack:install -- scale              what `npm run test:scale` needs besides: Kafka, Thanos, the API server of
//                                               Kubernetes with kubectl, etcd, and a server of S3. Some 30 minutes the first time
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeFromDebian } from './stack-deb.mjs';
import {
  etcdPart,
  goParts,
  kafkaPart,
  kubernetesVersions,
  scaleGoParts,
  stackFolder,
  venvPart,
} from './stack-parts.mjs';
import { InstallError, say, seconds, step, tailLines, withoutHosts } from './stack-step.mjs';
import { missingPackages, systemReport } from './stack-system.mjs';

/** The group `scale`. */
const scaleParts = [kafkaPart, etcdPart, ...scaleGoParts, { name: 'network' }];

/** What only the system brings. Go and Python are installed with the parts that need them. */
const systemParts = [
  'gcc',
  'gstreamer',
  'systemd',
  'shellcheck',
  'jq',
  'curl',
  'openssl',
  'terminal',
  'chromium',
  'frama-c',
].map((name) => ({
  name,
}));

try {
  await install(chosenParts(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  console.error(`stack:install: ${error.message}`);
  process.exitCode = 1;
}

async function install(parts) {
  mkdirSync(stackFolder, { recursive: true });
  removeLeftovers();
  const started = Date.now();
  for (const part of parts) {
    if (part.folder === undefined) {
      installMissing(part.name);
      say(`${part.name}: up to date`);
    } else if (part === venvPart) await installVenv();
    else if (part === kafkaPart) await installKafka();
    else if (part === etcdPart) installEtcd();
    else await installGoPart(part);
  }
  const isScale = parts.some((part) => scaleParts.includes(part));
  say(
    `Relies on:\n${systemReport(isScale ? 'scale' : undefined)
      .map((line) => `  ${line}`)
      .join('\n')}`,
  );
  say(`Installed in .stack/ (${seconds(started)}). Next: npm run ${isScale ? 'test:scale' : 'test:stack'}`);
}

function chosenParts([group, ...rest]) {
  const isScale = group === 'scale';
  const args = isScale || group === undefined ? rest : [group, ...rest];
  const all = isScale ? scaleParts : [...goParts, venvPart, ...systemParts];
  const chosen = [];
  for (let index = 0; index < args.length; index += 2) {
    const part = args[index] === '--only' ? all.find(({ name }) => name === args[index + 1]) : undefined;
    if (!part) {
      throw new InstallError(
        `"${args.slice(index, index + 2).join(' ')}" is not understood. Use --only with one of: ${all.map(({ name }) => name).join(', ')}.`,
      );
    }
    chosen.push(part);
  }
  return chosen.length > 0 ? chosen : all;
}

async function installGoPart(part) {
  const title = `${part.name} ${part.version}`;
  if (existsSync(part.folder)) return say(`${title}: up to date`);
  const started = Date.now();
  const aside = join(stackFolder, `.building-${part.name}-${process.pid}`);
  if (part.deb && takeProgram(part, title, aside)) {
    finish(aside, part.folder);
    removeOlder(part);
    return say(`${title}: done in ${seconds(started)}`);
  }
  requireGo(part);
  say(`${title}: building …`);
  mkdirSync(aside, { recursive: true });
  // -buildvcs=false: the result must not depend on the state of the checkout around it.
  const args = ['build', '-v', '-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags', part.ldflags];
  if (part.tags) args.push('-tags', part.tags);
  await step(part.name, 'go', [...args, '-o', `${aside}/`, part.build], {
    cwd: part.source,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' },
    progress: goProgress(),
  });
  // Go names a program after the folder of its module: those of the collector and of Compose have other names.
  const made = readdirSync(aside);
  if (part.binaries.length === 1 && made.length === 1) renameSync(join(aside, made[0]), join(aside, part.binaries[0]));
  const missing = part.binaries.filter((name) => !existsSync(join(aside, name)));
  if (missing.length > 0) throw new InstallError(`${title}: the build left no ${missing.join(' and no ')}.`);
  finish(aside, part.folder);
  removeOlder(part);
  say(`${title}: done in ${seconds(started)}`);
}

/** The program of a Debian package in a new folder, or false, with the reason on the terminal. */
function takeProgram({ deb, binaries }, title, aside) {
  mkdirSync(aside, { recursive: true });
  const program = join(aside, binaries[0]);
  const { version, reason } = takeFromDebian(deb, program, aside);
  if (version === undefined) {
    say(`${title}: not from Debian, ${reason}`);
    return false;
  }
  const { stdout = '', stderr = '' } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (!`${stdout}${stderr}`.includes(deb.prints)) {
    say(`${title}: not from Debian, ${deb.package} ${version} does not say "${deb.prints}"`);
    rmSync(program);
    return false;
  }
  say(`${title}: of Debian's package ${deb.package} ${version}`);
  return true;
}

function installEtcd() {
  if (existsSync(etcdPart.folder)) return say('etcd: up to date');
  const aside = join(stackFolder, `.building-etcd-${process.pid}`);
  if (!takeProgram(etcdPart, 'etcd', aside)) {
    rmSync(aside, { recursive: true, force: true });
    throw new InstallError(
      `etcd is not to be had here. Put a program etcd of version 3.4 or newer into ${etcdPart.folder}.`,
    );
  }
  finish(aside, etcdPart.folder);
}

async function installKafka() {
  const { version, source, hashes, folder } = kafkaPart;
  const title = `kafka ${version}`;
  if (existsSync(folder)) return say(`${title}: up to date`);
  installMissing('kafka');
  say(`${title}: downloading …`);
  const started = Date.now();
  const aside = join(stackFolder, `.building-kafka-${process.pid}`);
  mkdirSync(aside, { recursive: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${aside}`];
  await step('kafka', 'mvn', ['--batch-mode', '--file', join(source, 'pom.xml'), ...goal]);
  const wanted = new Map(
    hashes
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).reverse()),
  );
  const found = readdirSync(aside);
  const wrong = found.filter((name) => sha256(join(aside, name)) !== wanted.get(name));
  const missing = [...wanted.keys()].filter((name) => !found.includes(name));
  if (wrong.length + missing.length > 0) {
    rmSync(aside, { recursive: true });
    throw new InstallError(
      `${title}: not the files of jars.sha256: ${[...wrong, ...missing.map((name) => `${name} is missing`)].join(', ')}.`,
    );
  }
  finish(aside, folder);
  removeOlder(kafkaPart);
  say(`${title}: done in ${seconds(started)}`);
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

async function installVenv() {
  const { folder, stamp, key, python, requirements, schemas } = venvPart;
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return say('venv: up to date');
  installMissing('python');
  say('venv: installing …');
  const started = Date.now();
  rmSync(folder, { recursive: true, force: true });
  await step('venv', 'python3', ['-m', 'venv', folder]);
  const pip = ['-m', 'pip', 'install', '--require-hashes', '--no-input', '--disable-pip-version-check'];
  const quiet = ['--progress-bar', 'off'];
  await step('venv', python, [...pip, ...quiet, '-r', requirements]);
  const unpacked = join(folder, 'unpacked');
  await step('venv', python, [...pip, ...quiet, '--no-deps', '--no-compile', '--target', unpacked, '-r', schemas]);
  // The package has the schemas of many versions, twice each: 17,000 files. Those that the tests use are kept.
  for (const version of kubernetesVersions) {
    const name = `v${version}-local-strict`;
    const from = join(unpacked, 'kubernetes_validate/kubernetes-json-schema', name);
    const to = join(folder, 'schemas', name);
    mkdirSync(to, { recursive: true });
    for (const file of readdirSync(from)) {
      // They refer to each other by addresses of their own, which kubeconform would fetch: here by names of files.
      const text = readFileSync(join(from, file), 'utf8').replaceAll('/api/_definitions.json#', '_definitions.json#');
      const { $id: _, ...schema } = JSON.parse(text);
      writeFileSync(join(to, file), JSON.stringify(schema));
    }
  }
  rmSync(unpacked, { recursive: true });
  writeFileSync(stamp, key);
  say(`venv: done in ${seconds(started)}`);
}

/** `go build -v` prints each package that it compiles and each module that it downloads. */
function goProgress() {
  let packages = 0;
  let modules = 0;
  return (line) => {
    if (line.startsWith('go: downloading ')) return `${++modules} modules downloaded`;
    if (/^[\w.\-/]+$/.test(line)) return `${++packages} packages compiled, now ${line}`;
    return undefined;
  };
}

function requireGo(part) {
  installMissing('go');
  let version = goVersion(part);
  // A Go from 1.21 on can fetch the release that a module asks for; some systems switch that off by default.
  if (isOlder(version, part.needsGo) && process.env.GOTOOLCHAIN === undefined) {
    process.env.GOTOOLCHAIN = 'auto';
    version = goVersion(part);
  }
  if (isOlder(version, part.needsGo)) {
    throw new InstallError(
      `${part.name} needs Go ${part.needsGo} or newer, and \`go\` here is ${version ?? 'older'}. Install a newer Go (go.dev/dl, or your distribution's backports) and put it first on PATH.`,
    );
  }
}

/** The version in the folder of the module: Go switches to the release that go.mod asks for, where it may. */
function goVersion(part) {
  const { status, stdout } = spawnSync('go', ['version'], { cwd: part.source, encoding: 'utf8' });
  return status === 0 ? stdout.match(/go(\d+\.\d+)/)?.[1] : undefined;
}

function isOlder(version, wanted) {
  if (version === undefined) return true;
  const [major, minor] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/** Installs the packages of the list that a part lacks. */
function installMissing(part) {
  const packages = missingPackages(part);
  if (packages.length === 0) return;
  const command = `apt-get install ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !runs('apt-get', ['--version'])) {
    throw new InstallError(`${part} is missing. Install it: sudo ${command} (Debian), or with your system's packages.`);
  }
  say(`${part} is missing: ${command} …`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, encoding: 'utf8' };
  spawnSync('apt-get', ['update', '-q'], options);
  const { status, stdout, stderr } = spawnSync(
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', ...packages],
    options,
  );
  if (status !== 0) {
    const lines = withoutHosts(`${stdout ?? ''}${stderr ?? ''}`)
      .trimEnd()
      .split('\n')
      .slice(-tailLines);
    throw new InstallError(`${command} failed (exit ${status}):\n${lines.map((line) => `  | ${line}`).join('\n')}`);
  }
}

function runs(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function finish(aside, folder) {
  try {
    renameSync(aside, folder);
  } catch (error) {
    // Another run was faster; what it built is the same.
    if (!existsSync(folder)) throw error;
    rmSync(aside, { recursive: true, force: true });
  }
}

function removeOlder(part) {
  for (const name of readdirSync(stackFolder)) {
    const path = join(stackFolder, name);
    if (name.startsWith(`${part.name}-`) && path !== part.folder) rmSync(path, { recursive: true, force: true });
  }
}

/** What runs that were killed have left. */
function removeLeftovers() {
  for (const name of readdirSync(stackFolder)) {
    const pid = name.match(/^\.building-.*-(\d+)$/)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(stackFolder, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
