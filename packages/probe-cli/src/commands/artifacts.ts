import { days, size } from '../command/amounts.ts';
import { type Command, type CommandGroup, defineCommand } from '../command/command.ts';
import { defaultFlag, requiredText, switchFlag, textFlag, valueFlag } from '../command/flag.ts';
import { text } from '../command/valueParsers.ts';

const folder = defaultFlag('--folder <path>', 'where the artifacts are', text, '.benchlab/artifacts');
const hashes = {
  text: '<hash...>',
  summary: 'SHA-256 of artifacts: 64 hexadecimal digits, or as many that one alone begins with them',
};

const list: Command = defineCommand({
  name: 'list',
  summary: 'print the artifacts of a folder, newest first, and what they are held for',
  options: {
    folder,
    held: switchFlag('--held', 'only those on hold'),
    json: switchFlag('--json', 'one JSON object, instead of a table'),
  },
  help: {
    text: `
An artifact has the SHA-256 of its bytes as its name; spans have it in benchlab.artifact.hashes.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['artifacts list', 'artifacts list --folder /var/lib/compiler/artifacts --held --json'],
  },
  async run(host, options) {
    const { listArtifacts } = await import('../artifacts/listArtifacts.ts');
    return listArtifacts(host, options);
  },
});

const get: Command = defineCommand({
  name: 'get',
  summary: 'print an artifact, or write it into a file, after its bytes were compared with its hash',
  words: hashes,
  options: { folder, out: textFlag('--out <file>', 'write its bytes there, instead of its text to standard output') },
  help: {
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { trouble: 'it is damaged, or could not be written' },
    examples: ['artifacts get 9f86d081', 'artifacts get 9f86d081 --out report.txt'],
  },
  async run(host, options, words) {
    const { getArtifact } = await import('../artifacts/getArtifact.ts');
    return getArtifact(host, options, words);
  },
});

const hold: Command = defineCommand({
  name: 'hold',
  summary: 'keep artifacts beyond quota and age, as evidence',
  words: hashes,
  options: {
    folder,
    until: requiredText('--until <date>', 'keep them until then: 2027-12-31'),
    reason: requiredText('--reason <text>', 'why they are kept'),
  },
  help: {
    text: `
Each is checked first. A hold is not shortened: release it before. Holds, releases and expiries are lines of holds.log in the
folder.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { trouble: 'one is damaged, or the folder cannot be written' },
    examples: ['artifacts hold 9f86d081 --until 2027-12-31 --reason "audit 7"'],
  },
  async run(host, options, words) {
    const { holdArtifacts } = await import('../artifacts/holdArtifacts.ts');
    return holdArtifacts(host, options, words);
  },
});

const release: Command = defineCommand({
  name: 'release',
  summary: 'end the hold of artifacts',
  words: hashes,
  options: { folder, reason: requiredText('--reason <text>', 'why they are not kept any more') },
  help: {
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['artifacts release 9f86d081 --reason "audit 7 is over"'],
  },
  async run(host, options, words) {
    const { releaseArtifacts } = await import('../artifacts/holdArtifacts.ts');
    return releaseArtifacts(host, options, words);
  },
});

const prune: Command = defineCommand({
  name: 'prune',
  summary: 'remove artifacts that are too old, and the oldest beyond a quota, but none on hold',
  options: {
    folder,
    days: valueFlag('--days <days>', 'remove what was not stored again for this time; 90 by default', days, {
      sets: 'maxAgeDays',
    }),
    quota: valueFlag('--quota <size>', 'remove the oldest until all are smaller: 50GB; 10 GiB by default', size, {
      sets: 'quotaBytes',
    }),
  },
  help: {
    text: `
Programs that store artifacts do this by themselves, with the quota and the age that they have.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['artifacts prune --days 30', 'artifacts prune --folder /var/lib/compiler/artifacts --quota 50GB'],
  },
  async run(host, options) {
    const { pruneArtifacts } = await import('../artifacts/pruneArtifacts.ts');
    return pruneArtifacts(host, options);
  },
});

export const artifacts: CommandGroup = {
  name: 'artifacts',
  summary: 'what programs wrote and made, by its hash: list, get, hold as evidence, release, prune',
  commands: [list, get, hold, release, prune],
};
