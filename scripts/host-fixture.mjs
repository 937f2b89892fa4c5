// Records what the host receiver reads of the /proc and /sys of this machine, in two polls a second apart, as a fixture for
// its tests (packages/hw-receivers/fixtures/host/README.md has the format):
//
//   npm run build && node scripts/host-fixture.mjs 'A desktop with …' > packages/hw-receivers/fixtures/host/NAME.tree.txt
//
// It only ever reads. Interrupt counts are cut and long hexadecimal ids, as of containers, are replaced by zeros. It needs the
// compiled packages and no other package.
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostFiles } from '../packages/hw-receivers/dist/host/files.js';
import { hostReceiver } from '../packages/hw-receivers/dist/host/receiver.js';

const about = process.argv[2];
if (about === undefined) {
  console.error('Describe the machine: node scripts/host-fixture.mjs "A desktop with …"');
  process.exit(2);
}

const real = hostFiles();
const polls = [new Map(), new Map()];
let poll = 0;
const files = {
  ...real,
  read(path) {
    const found = real.read(path);
    const at = follow(path);
    if (found.kind === 'text') polls[poll].set(at, `\n${trimmed(path, found.text)}`);
    else if (found.kind !== 'absent') polls[poll].set(at, ` ! ${found.kind}\n`);
    return found;
  },
  list(path) {
    const folder = follow(path);
    for (const name of namesIn(folder)) follow(join(folder, name), { isListed: true });
    return real.list(path);
  },
  resolve(path) {
    follow(path);
    return real.resolve(path);
  },
};

const receiver = hostReceiver({ rateHz: 1, powerRateHz: 1 }, files);
await receiver.start({ sample() {}, lost() {} });
await sleep(500);
poll = 1;
await sleep(1000);
await receiver.stop();

const [first, second] = polls;
const entries = [...first].filter(([path, entry]) => entry !== '\n' || !hasChildren(path));
const later = [...second].filter(([path, entry]) => entry.startsWith('\n') && entry !== first.get(path));
const shown = (each) => each.map(([path, entry]) => `@ ${path}${entry}`).join('');
process.stdout.write(redacted(`# ${about}\n${shown(entries)}== later\n${shown(later)}`));

/** Where a path leads. Each link on the way becomes an entry. */
function follow(path, { isListed = false } = {}) {
  // /proc/self leads to another process each time.
  if (path.startsWith('/proc/')) return path;
  let at = '/';
  for (const name of path.split('/').filter((part) => part !== '')) {
    at = join(at, name);
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found?.isSymbolicLink()) {
      const target = readlinkSync(at);
      polls[poll].set(at, ` -> ${target}\n`);
      if (isListed) return at;
      at = follow(resolve(dirname(at), target));
    }
  }
  // A listed name gets an entry also when its file is never read.
  if (isListed && !polls[poll].has(at)) polls[poll].set(at, '\n');
  return at;
}

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hasChildren(path) {
  return [...first.keys()].some((each) => each.startsWith(`${path}/`));
}

function trimmed(path, text) {
  if (path !== '/proc/stat') return text;
  return text.replace(/^(intr|softirq)((?: \d+){5}).*$/gm, '$1$2');
}

function redacted(text) {
  return text.replace(/(?<![0-9a-f])[0-9a-f]{32,64}(?![0-9a-f])/g, (id) => '0'.repeat(id.length));
}
