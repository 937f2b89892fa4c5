// Runs the commands of "Run it on one machine" as a stranger would: each server in its own shell, with the ports that the page
// names. Started by ../deploy.mjs in a network and a process namespace of its own, which ends them all.
//   node inside.mjs FOLDER BLOCKS.json
// Writes one line of JSON for each command that is done: { command, seconds, output }.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The alert waits for two scrapes and 20 s, and Alertmanager for its group. */
const alertLimitMs = 120_000;
const serverLimitMs = 60_000;

const [folder, blocks] = process.argv.slice(2);
const [servers, board, question] = JSON.parse(readFileSync(blocks, 'utf8'));
const begun = Date.now();
const lines = new Map();

spawnSync('ip', ['link', 'set', 'lo', 'up'], { stdio: 'inherit' });
for (const command of servers) start(command);
await until('Prometheus', () => answers('http://127.0.0.1:9090/-/ready'), serverLimitMs);
await until('Alertmanager', () => answers('http://127.0.0.1:9093/-/ready'), serverLimitMs);
report(servers, 'Prometheus and Alertmanager are ready.');
start(board[0]);
await until('the emulated board', () => lines.get(board[0]).length > 0, serverLimitMs);
start(board[1]);
await until('the page of the agent', () => answers('http://127.0.0.1:9109/metrics'), serverLimitMs);
report(board, 'The page of the agent answers.');
const output = await until(
  'the alert',
  () => {
    const { stdout } = spawnSync('bash', ['-c', question[0]], { cwd: folder, encoding: 'utf8' });
    return stdout.includes('HardwareConnectorFault') && stdout;
  },
  alertLimitMs,
);
report(question, output);
process.exit(0);

function start(command) {
  const said = [];
  lines.set(command, said);
  const child = spawn('bash', ['-c', command], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)));
  child.once('close', (code) => fail(`${command} ended with ${code}:\n${said.join('').slice(-2000)}`));
}

async function until(what, ask, limitMs) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) fail(`Waited ${limitMs / 1000} s for ${what}, in vain.`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function report(commands, text) {
  console.log(JSON.stringify({ commands, seconds: (Date.now() - begun) / 1000, output: text.trimEnd() }));
}

function fail(message) {
  console.log(JSON.stringify({ fault: message }));
  process.exit(1);
}
