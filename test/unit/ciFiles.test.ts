// The files that put the probe into the CI systems of others: they are read as those systems read them, and the step runs.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseBudget } from '@benchlab-otel/analysis';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { run } from '../../packages/probe-cli/src/commands/run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'benchlab-ci-'));
afterAll(() => rmSync(folder, { recursive: true }));

function yamlOf(path: string) {
  return parse(readFileSync(join(root, path), 'utf8'));
}

describe('the action for GitHub', () => {
  const action = yamlOf('deploy/ci/github/action.yml');
  const [step] = action.runs.steps;

  it('is a composite action whose inputs come into the script as variables', () => {
    expect(action).toMatchObject({ name: 'benchlab-probe', runs: { using: 'composite' } });
    expect(action.runs.steps).toHaveLength(1);
    expect(step.run).not.toContain('${{');
    for (const [name, { description }] of Object.entries<{ description: string }>(action.inputs)) {
      expect(description).not.toBe('');
      expect(JSON.stringify(step)).toContain(`\${{ inputs.${name} }}`);
    }
  });

  it('writes every result, gives the exit code on, and takes no text of an input for code', {
    timeout: 60_000,
  }, async () => {
    const { code, out, outputs } = await stepEnds({
      COMMAND: 'echo "$GREETING"; exit 0',
      BUDGETS: '\ncount($(touch injected)) >= 1\n  \np95(`touch injected`) < 1 s\n',
      OPTIONS: '--expect-spans\n',
      RESULTS: 'result',
      GREETING: 'hello; world',
    });

    expect(out).toContain('hello; world');
    expect(out).toMatch(
      /^::warning title=budget is inconclusive::count\(\$\(touch injected\)\) >= 1: nothing observed/m,
    );
    expect(out).toMatch(/^::warning title=presence is inconclusive::any span/m);
    expect(code).toBe(98);
    expect(outputs).toBe('exit-code=98\n');
    for (const end of ['json', 'xml', 'md']) expect(existsSync(join(folder, `result.${end}`)), end).toBe(true);
    expect(readFileSync(join(folder, 'summary'), 'utf8')).toMatch(/^## benchlab-probe run: 3 of 3 undecided/);
    expect(existsSync(join(folder, 'injected'))).toBe(false);
  });

  /** Runs the script of the step as GitHub does: bash with these options, in the working directory. */
  async function stepEnds(variables: NodeJS.ProcessEnv) {
    const script = join(folder, 'step.sh');
    writeFileSync(script, step.run);
    // The project has installed the command: npx finds it.
    const npx = join(folder, 'npx');
    writeFileSync(
      npx,
      `#!/bin/bash\nshift 2\nexec "${process.execPath}" "${root}packages/probe-cli/bin/benchlab-probe.mjs" "$@"\n`,
    );
    chmodSync(npx, 0o755);
    for (const name of ['output', 'summary']) writeFileSync(join(folder, name), '');
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: folder,
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        HOME: folder,
        GITHUB_OUTPUT: join(folder, 'output'),
        GITHUB_STEP_SUMMARY: join(folder, 'summary'),
        ...variables,
      },
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (out += text));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, out, outputs: readFileSync(join(folder, 'output'), 'utf8') };
  }
});

describe('the job for GitLab', () => {
  it('uses options that there are and budgets that can be read, and publishes the JUnit file that it writes', () => {
    const { budgets } = yamlOf('deploy/ci/gitlab/budgets.yml');
    const line: string = budgets.script.at(-1);
    const known = Object.values(run.options).map(({ option }) => option.long);

    for (const [flag] of line.split(' -- ')[0]?.matchAll(/(?<= )--[a-z-]+/g) ?? []) {
      if (flag !== '--no-install') expect(known).toContain(flag);
    }
    for (const [, budget = ''] of line.matchAll(/--budget '([^']*)'/g)) expect(() => parseBudget(budget)).not.toThrow();
    expect(line).toContain(`--junit ${budgets.artifacts.reports.junit}`);
    expect(budgets.artifacts.when).toBe('always');
  });
});
