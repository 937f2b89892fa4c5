// The examples of the repository as applications of their own: compiled and run against the installed packages.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, workspaces } from '../workspaces.mjs';

const readyLimitMs = 20_000;

/** Copies the examples into PROJECT/MODE and compiles them there. */
export async function stageExamples(project, mode, good) {
  const stage = join(project, mode);
  const isModule = mode === 'esm';
  mkdirSync(stage);
  const options = readFileSync(join(root, 'tsconfig.json'), 'utf8')
    // The sources of the packages are not here, and CommonJS is written from the same `import` lines.
    .replace(/^.*"customConditions".*$/m, '')
    .replace('"verbatimModuleSyntax": true', `"verbatimModuleSyntax": ${isModule}`);
  writeFileSync(join(stage, 'tsconfig.json'), withoutReferences(options));
  for (const { folder, manifest } of workspaces().filter((each) => each.folder.startsWith('examples/'))) {
    const target = join(stage, folder);
    cpSync(join(root, folder, 'src'), join(target, 'src'), { recursive: true });
    writeFileSync(
      join(target, 'package.json'),
      JSON.stringify({ ...manifest, type: isModule ? 'module' : 'commonjs' }),
    );
    writeFileSync(
      join(target, 'tsconfig.json'),
      withoutReferences(readFileSync(join(root, folder, 'tsconfig.json'), 'utf8')),
    );
    const main = join(target, 'src/main.ts');
    if (!isModule) writeFileSync(main, asCommonJs(readFileSync(main, 'utf8')));
    await good(process.execPath, [join(project, 'node_modules/typescript/bin/tsc'), '-p', target]);
  }
}

/** As the README runs it. The budget is generous: the command under test is the one that reports it. */
export async function runCheckout(project, mode, good) {
  const program = join(project, mode, 'examples/checkout/dist/main.js');
  const simulated = ['--simulate', '--allow-simulated'];
  const { output } = await good('npx', [
    ...['--no-install', 'benchlab-probe', 'run', ...simulated, '--budget', 'p95(checkout) < 20s', '--'],
    ...[process.execPath, program, '--count', '5'],
  ]);
  if (!/^ *checkout +5\b/m.test(output)) throw new Error(`The report has no 5 calls of checkout:\n${output}`);
}

/** Two processes, and three kernels that are verified. */
export async function runPlanner(project, mode, good) {
  const program = join(project, mode, 'examples/planner/dist/main.js');
  const { output } = await good(process.execPath, [program]);
  const verified = output.match(/^\w+: score 1, report [0-9a-f]{64}$/gm) ?? [];
  if (verified.length !== 3) throw new Error(`The report has ${verified.length} verified kernels, not 3:\n${output}`);
}

/** The guard refuses, a role is let in, and SIGTERM ends the service with 0. */
export async function runNest(project, mode) {
  const program = join(project, mode, 'examples/nest/dist/main.js');
  const child = spawn(process.execPath, [program], { cwd: project, env: { ...process.env, PORT: '0' } });
  let output = '';
  const ended = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  try {
    const url = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('It was not ready in time.')), readyLimitMs);
      const read = (text) => {
        output += text;
        const found = /"url":"(http:[^"]+)"/.exec(output)?.[1];
        if (found) resolve(found);
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', read);
      child.once('error', reject);
      void ended.then((code) => {
        clearTimeout(timer);
        reject(new Error(`It ended with ${code}.`));
      });
    });
    const refused = await fetch(`${url}/orders/1`);
    const answered = await fetch(`${url}/orders/1`, { headers: { 'x-role': 'clerk' } });
    const statuses = [refused.status, answered.status].join(' ');
    if (statuses !== '403 200') throw new Error(`It answered ${statuses} instead of 403 200.`);
    child.kill('SIGTERM');
    const code = await ended;
    if (code !== 0) throw new Error(`It ended with ${code} after SIGTERM.`);
  } catch (error) {
    throw new Error(`${error.message}\n${output}`);
  } finally {
    child.kill('SIGKILL');
  }
}

/** CommonJS has no `await` outside of functions: what follows the imports becomes one. */
function asCommonJs(source) {
  const end = [...source.matchAll(/^import .*$/gm)].at(-1);
  const at = end.index + end[0].length;
  return `${source.slice(0, at)}\nvoid (async () => {${source.slice(at)}})();\n`;
}

function withoutReferences(tsconfig) {
  return tsconfig.replace(/"references": \[[^\]]*\],?/, '');
}
