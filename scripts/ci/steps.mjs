// The steps of a CI run. Each has a budget of time; a step over it is marked, and the whole run fails over the sum.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { root } from '../workspaces.mjs';

/** A step that has taken this many budgets hangs: it is killed, with all that it started in its process group. */
const budgetsUntilKilled = 4;

/** Runs `{ name, command, args, budgetSeconds }` with its output on this process's. `faults` is empty when it passed. */
export async function runStep({ name, command, args, budgetSeconds }, { env = process.env } = {}) {
  console.log(`== ${name} (budget ${minutes(budgetSeconds)})`);
  const started = performance.now();
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const kill = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended.
    }
  };
  const interrupt = (signal) => {
    kill('SIGTERM');
    console.error(`Stopped by ${signal} in the step ${name}.`);
    process.exit(130);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.once(signal, interrupt);
  let isKilled = false;
  const limit = setTimeout(
    () => {
      isKilled = true;
      kill('SIGKILL');
    },
    budgetsUntilKilled * budgetSeconds * 1000,
  );
  const outcome = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `exit ${code ?? signal}`));
  });
  clearTimeout(limit);
  for (const signal of signals) process.off(signal, interrupt);
  const seconds = (performance.now() - started) / 1000;
  const faults = [];
  if (isKilled) faults.push(`killed after ${minutes(seconds)}`);
  else if (outcome) faults.push(outcome);
  const over = seconds > budgetSeconds ? `, over its budget of ${minutes(budgetSeconds)}` : '';
  console.log(`== ${faults.length > 0 ? `FAILED (${faults.join(', ')}): ` : ''}${name}: ${minutes(seconds)}${over}`);
  return { name, seconds, budgetSeconds, faults };
}

/** A table of the steps with their shares, and the fault of the whole run where it took too long. */
export function summary(results, totalBudgetSeconds) {
  const total = results.reduce((sum, { seconds }) => sum + seconds, 0);
  const width = Math.max(...results.map(({ name }) => name.length), 'total'.length);
  const line = (name, seconds, budgetSeconds, faults) => {
    const share = `${total > 0 ? Math.round((100 * seconds) / total) : 0} %`;
    const columns = [name.padEnd(width), minutes(seconds).padStart(7), share.padStart(6)];
    const over = seconds > budgetSeconds ? '  over its budget' : '';
    const fault = faults.length > 0 ? `  FAILED: ${faults.join(', ')}` : '';
    return `${columns.join(' ')}  of ${minutes(budgetSeconds)}${over}${fault}`;
  };
  const faults = total > totalBudgetSeconds ? [`over the budget of ${minutes(totalBudgetSeconds)}`] : [];
  return {
    lines: [
      ...results.map((result) => line(result.name, result.seconds, result.budgetSeconds, result.faults)),
      line('total', total, totalBudgetSeconds, faults),
    ],
    isGood: faults.length === 0 && results.every((result) => result.faults.length === 0),
  };
}

/** The counts of all results of Vitest's JSON reporter. A file that is not there counts as one failed test. */
export function countTests(files) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) {
    try {
      const result = JSON.parse(readFileSync(file, 'utf8'));
      total.passed += result.numPassedTests;
      total.failed += result.numFailedTests;
      total.skipped += result.numPendingTests + result.numTodoTests;
    } catch (error) {
      console.log(`No test result: ${error.message}`);
      total.failed++;
    }
  }
  return total;
}

/** `4:05` for 245 seconds. */
export function minutes(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${`${whole % 60}`.padStart(2, '0')}`;
}
