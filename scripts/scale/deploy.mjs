import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../command.mjs';
import { stackFolder } from '../stack-parts.mjs';
import { systemProgram } from '../stack-system.mjs';
import { root } from '../workspaces.mjs';

const guide = join(root, 'collector-config/README.md');
const page = join(root, 'docs/operations/first-alert.md');
const limitMs = 20 * 60_000;

export const proof = {
  name: 'deploy',
  what: 'A stranger with a clone and the programs of `.stack/` follows [Run it on one machine](../collector-config/README.md#run-it-on-one-machine) word by word, and has a critical alert in Alertmanager: [the transcript](operations/first-alert.md).',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'benchlab-stranger-'));
    try {
      const clone = join(folder, 'benchlab-otel');
      const steps = [
        await step('git clone … && cd benchlab-otel', 'git', ['clone', '--quiet', `file://${root}`, clone], folder),
      ];
      if (!existsSync(stackFolder)) throw new Error('There is no .stack. Run: npm run stack:install');
      steps.push(await step('npm run build', 'npm', ['run', 'build'], clone));
      symlinkSync(stackFolder, join(clone, '.stack'));
      const { done, fault } = await inside(clone, folder);
      if (fault) throw new Error(fault);
      writeFileSync(page, pageOf([...steps, ...done]));
      const alert = done.at(-1);
      return {
        'clone and build': `${seconds(steps[0].seconds + steps[1].seconds)}`,
        'from the first server to a red alert in Alertmanager': seconds(alert.seconds),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function step(shown, command, args, cwd) {
  const { code, output, seconds: took } = await run(command, args, { cwd, limitMs });
  if (code !== 0) throw new Error(`${shown} failed: ${output.trim().split('\n').at(-1)}`);
  return { commands: [shown], seconds: took, output: '' };
}

/** With ports and processes of its own: what else runs on the machine is not in the way, and nothing is left. */
async function inside(clone, folder) {
  const blocks = join(folder, 'blocks.json');
  writeFileSync(blocks, JSON.stringify(commandBlocks(readFileSync(guide, 'utf8'))));
  systemProgram('ip');
  const namespaces = ['--user', '--map-root-user', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const script = join(root, 'scripts/scale/deploy/inside.mjs');
  const args = [...namespaces, process.execPath, script, clone, blocks];
  const { output } = await run(systemProgram('unshare'), args, { cwd: clone, limitMs });
  const said = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const fault = said.find((line) => line.fault)?.fault;
  if (!fault && said.length < 3) return { done: said, fault: output.trim().split('\n').slice(-5).join(' ') };
  return { done: said, fault };
}

/** The first three blocks of the section: the servers, a board with a fault, the question for the alert. */
function commandBlocks(text) {
  const section = text.split(/^## Run it on one machine$/m)[1] ?? '';
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].slice(0, 3);
  if (blocks.length < 3) throw new Error('collector-config/README.md has no longer three blocks of commands.');
  return blocks.map(([, block]) =>
    block
      .trim()
      .replaceAll(/ \\\n\s*/g, ' ')
      .split('\n'),
  );
}

function pageOf(steps) {
  return `# From a clone to a red alert

\`npm run test:scale -- deploy\` follows [Run it on one machine](../../collector-config/README.md#run-it-on-one-machine) in a new clone, with the
commands of that page as they stand, and writes this page. The programs in \`.stack/\` were there: \`npm run stack:install\` takes half an
hour the first time. The times of the last three steps are from the start of the first server.

| step | time |
| --- | --- |
${steps.map(({ commands, seconds: took }, index) => `| ${index + 1}: \`${commands[0].slice(0, 60)}${commands[0].length > 60 || commands.length > 1 ? '…' : ''}\` | ${seconds(took)} |`).join('\n')}

${steps.map(transcript).join('\n\n')}
`;
}

function transcript({ commands, output }, index) {
  const lines = commands.map((command) => `$ ${command}${commands.length > 1 ? ' &' : ''}`);
  return [`## Step ${index + 1}`, '', '```console', ...lines, ...(output === '' ? [] : [output]), '```'].join('\n');
}

function seconds(value) {
  return `${value.toFixed(0)} s`;
}
