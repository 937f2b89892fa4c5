// A planner and an executor as two processes, with calls of a model: one trace over both. The AI API is emulated.
//   node examples/planner [--out FOLDER] [--agent | --socket PATH]
// --agent: joules on the spans, from benchlab-probe agent on this host (benchlab-probe agent --simulate without a bench), or from
// the one with this socket
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EmulatedAiApi } from './aiApi.ts';
import { type ExecutorOptions, executor } from './executor.ts';
import { plan } from './planner.ts';
import { type Agent, startProcess } from './telemetry.ts';

const { out, agent: hasAgent, socket, executor: options } = given();
const agent: Agent = socket === undefined ? (hasAgent ? {} : undefined) : { socket };
if (options === undefined) await planner();
else await executor(JSON.parse(options) as ExecutorOptions); // of the planner below

async function planner(): Promise<void> {
  const folder = out ?? mkdtempSync(join(tmpdir(), 'benchlab-planner-'));
  mkdirSync(folder, { recursive: true });
  const api = new EmulatedAiApi();
  const aiUrl = await api.start();
  const forExecutor: ExecutorOptions = { folder, aiUrl, ...(agent && { agent }) };
  const child = fork(process.argv[1] ?? '', ['--executor', JSON.stringify(forExecutor)]);
  const { telemetry, artifacts } = await startProcess('planner', join(folder, 'artifacts'), agent);
  try {
    const [port] = await Promise.race([once(child, 'message'), once(child, 'exit').then(failed)]);
    const verified = await plan({ aiUrl, executorUrl: `http://127.0.0.1:${port}`, artifacts });
    for (const { operator, score, reportHash } of verified) {
      process.stdout.write(`${operator}: score ${score}, report ${reportHash}\n`);
    }
    process.exitCode = verified.every(({ score }) => score === 1) ? 0 : 1;
  } finally {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined;
    if (child.connected) child.disconnect();
    await ended;
    await api.stop();
    await telemetry.shutdown();
    if (out === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function failed(): never {
  throw new Error('The executor ended before it was ready: its log is above.');
}

function given() {
  try {
    const { values } = parseArgs({
      options: {
        out: { type: 'string' },
        agent: { type: 'boolean', default: false },
        socket: { type: 'string' },
        executor: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : error}\nUsage: planner [--out FOLDER] [--agent | --socket PATH]`,
    );
    process.exit(2);
  }
}
