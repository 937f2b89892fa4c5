import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Terminal } from '../host/terminal.ts';
import { evil, runResult } from '../report/result.suite.ts';
import { type OutputOptions, prepareOutputs } from './outputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-outputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function outputs(options: OutputOptions, environment: NodeJS.ProcessEnv = {}) {
  const written = { out: '', err: '' };
  const terminal: Terminal = {
    out(text) {
      written.out += text;
    },
    err(text) {
      written.err += text;
    },
    redraws: false,
    columns: 80,
    rows: 24,
    onClosed: () => undefined,
    written: async () => undefined,
  };
  return { written, ...(await prepareOutputs(options, { terminal, environment })) };
}

function file(name: string): string {
  return join(mkdtempSync(join(folder, 'run-')), name);
}

describe('the outputs of a run', () => {
  it('are all written, also when a budget failed', async () => {
    const [json, junit, markdown] = [file('a.json'), file('a.xml'), file('a.md')];
    const { write, written } = await outputs({ json, junit, markdown });

    const result = await write(runResult());

    expect(result.troubles).toEqual([]);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ exitCode: 99 });
    expect(readFileSync(junit, 'utf8')).toContain('<failure type="fail"');
    expect(readFileSync(markdown, 'utf8')).toContain('❌ fail');
    expect(written.out).toMatch(/^benchlab-probe run: node app\.js/);
    expect(written.out).not.toContain('::');
    expect(written.err).toBe('');
  });

  it('that cannot be written are trouble, and the others are written and state the exit code', async () => {
    const [json, junit, markdown] = [file('b.json'), file('b.xml'), file('b.md')];
    const { write, written } = await outputs({ json, junit, markdown });
    rmSync(join(junit, '..'), { recursive: true });

    const result = await write(runResult({ verdicts: [] }));

    expect(result.troubles).toEqual([expect.stringMatching(/^--junit .*b\.xml was not written: ENOENT/)]);
    expect(written.err).toContain('--junit');
    expect(written.out).toContain('benchlab-probe run');
    expect(readFileSync(markdown, 'utf8')).toContain('exit code 97');
    expect(JSON.parse(readFileSync(json, 'utf8')).exitCode).toBe(97);
  });

  it('leave what has taken their place since, and are trouble', async () => {
    const json = file('taken.json');
    const { write } = await outputs({ json });
    mkdirSync(json);

    expect((await write(runResult())).troubles).toEqual([expect.stringMatching(/^--json .* was not written/)]);
    expect(statSync(json).isDirectory()).toBe(true);
  });

  it('remove the results of an earlier run once the program has started', async () => {
    const paths = { json: file('c.json'), junit: file('c.xml'), markdown: file('c.md') };
    for (const path of Object.values(paths)) writeFileSync(path, 'old');
    const { started } = await outputs(paths);
    for (const path of Object.values(paths)) expect(existsSync(path)).toBe(true);

    await started();

    for (const path of Object.values(paths)) expect(existsSync(path)).toBe(false);
  });

  it.each([
    [{ junit: '/no/such/folder/x.xml' }, /^--junit \/no\/such\/folder\/x\.xml cannot be written: ENOENT/],
    [{ markdown: folder }, /^--markdown .* cannot be written: it is a folder/],
    [{ junit: '/dev/null' }, /^--junit \/dev\/null cannot be written: it is not a regular file/],
    [
      { junit: join(folder, 'x'), markdown: join(folder, 'x') },
      /^--junit and --markdown are both .*Name a file for each/,
    ],
  ])('are refused before the program starts: %j', async (options, message) => {
    await expect(outputs(options)).rejects.toThrow(message);
    await expect(outputs(options)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

describe('the output for GitHub Actions', () => {
  const actions = { GITHUB_ACTIONS: 'true' };

  it('is on by itself there, switched off by off, and on elsewhere where it is asked for', async () => {
    const shown = async (github: OutputOptions['github'], environment: NodeJS.ProcessEnv) => {
      const { write, written } = await outputs(github === undefined ? {} : { github }, environment);
      await write(runResult());
      return written.out.includes('::error ');
    };

    expect(await shown(undefined, actions)).toBe(true);
    expect(await shown(undefined, { GITHUB_ACTIONS: 'false' })).toBe(false);
    expect(await shown('off', actions)).toBe(false);
    expect(await shown('on', {})).toBe(true);
  });

  it('puts the report where GitHub obeys no command, between two lines with a random word', async () => {
    const { write, written } = await outputs({}, actions);
    const command = await outputs({}, actions);

    await write(runResult({ notes: [evil] }));
    await command.write(runResult());

    const [, token = ''] = /^::stop-commands::([0-9a-f-]{36})$/m.exec(written.out) ?? [];
    expect(token).not.toBe('');
    expect(command.written.out).not.toContain(token);
    const lines = written.out.split('\n');
    const end = lines.indexOf(`::${token}::`);
    expect(lines.slice(end + 1).every((line) => line === '' || /^::(?:error|warning) title=/.test(line))).toBe(true);
    expect(lines.slice(end + 1)).toHaveLength(4);
  });

  it('appends to the step summary, within the bound of GitHub together with what is there', async () => {
    const summary = file('summary.md');
    writeFileSync(summary, 'before\n');
    const first = await outputs({}, { ...actions, GITHUB_STEP_SUMMARY: summary });
    await first.write(runResult());
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n## benchlab-probe run: 1 of 4 failed/);

    appendFileSync(summary, 'x'.repeat(900 * 1024));
    const { size } = statSync(summary);
    const second = await outputs({}, { ...actions, GITHUB_STEP_SUMMARY: summary });
    await second.write(runResult());
    expect(statSync(summary).size).toBe(size);
  });

  it('refuses a summary that cannot be written, names the variable, and is trouble where it goes away', async () => {
    for (const path of ['/no/such/summary', folder]) {
      await expect(outputs({}, { ...actions, GITHUB_STEP_SUMMARY: path })).rejects.toThrow(
        /^GITHUB_STEP_SUMMARY is .*, which cannot be written: .*--github off/,
      );
    }
    const gone = file('gone.md');
    writeFileSync(gone, '');
    const { write } = await outputs({}, { ...actions, GITHUB_STEP_SUMMARY: gone });
    rmSync(gone);
    expect((await write(runResult())).troubles).toEqual([expect.stringContaining('was not written')]);
  });
});
