import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eachCommand, flagsOf } from './command/command.ts';
import { codesAndMeanings, exitCodeMeanings } from './command/exitCode.ts';
import type { Signals } from './host/signals.ts';
import { probed, startProbe } from './host/testHost.suite.ts';
import { commands } from './program.ts';
// Loaded here, so that its loading does not count into the first test.
import './run/budgetedRun.ts';

const flat = eachCommand(commands);

/** The lines of the help that list exit codes. */
function listedCodes(help: string): readonly string[] {
  return [...help.matchAll(/^ +(\d+ {2}.*)$/gm)].map(([, line = '']) => line);
}

describe('each command', () => {
  it.each(flat)('$path has flags whose values have the names of the flags', async ({ command }) => {
    for (const [name, { option }] of Object.entries(await flagsOf(command))) expect(option.attributeName()).toBe(name);
  });

  it.each(flat)('$path has a help that ends with its exit codes and examples', async ({ path, command }) => {
    const { code, out, err } = await probed(...path, '--help');

    expect(out).toMatch(/\nExamples:\n(?: {2}.*benchlab-probe .*\n)+$/);
    const codes = codesAndMeanings(command.help.exitCodes, command.help.meanings).map(
      ([code, meaning]) => `${code}  ${meaning}`,
    );
    expect(listedCodes(out)).toEqual(codes);
    expect(out.includes('budget')).toBe(['run', 'serve', 'check'].includes(path.join(' ')));
    for (const { option } of Object.values(await flagsOf(command))) expect(out).toContain(option.flags);
    expect(out).not.toMatch(/default:\s*(\[|\))/);
    expect(err).toBe('');
    expect(code).toBe(0);
  });
});

describe('the help of all commands', () => {
  it('lists every command and every exit code, and ends with examples', async () => {
    const { code, out } = await probed('--help');

    for (const { summary } of commands) expect(out.replaceAll(/\s+/g, ' ')).toContain(summary);
    expect(listedCodes(out)).toEqual([0, 2, 3, 97, 98, 99].map((code) => expect.stringMatching(`^${code} `)));
    for (const meaning of Object.values(exitCodeMeanings)) expect(out).toContain(meaning);
    expect(out).toMatch(/Examples:\n( {2}benchlab-probe .*\n)+$/);
    expect(code).toBe(0);
  });

  it('lists the commands of a group with its exit codes and an example of each', async () => {
    const { code, out } = await probed('record', '--help');

    expect(listedCodes(out)).toEqual([
      '0  done',
      expect.stringMatching(/^2 {2}/),
      expect.stringMatching(/^97 {2}/),
      expect.stringMatching(/^98 {2}/),
    ]);
    expect(out).toMatch(/Examples:\n {2}benchlab-probe record gst .*\n.*benchlab-probe record stages .*\n$/);
    expect(code).toBe(0);
  });

  it('has the same exit codes in the documents', () => {
    for (const path of ['../../../README.md', '../README.md']) {
      const document = readFileSync(new URL(path, import.meta.url), 'utf8').replaceAll('`', '');
      const rows = [...document.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [
        Number(code),
        meaning,
      ]);

      expect(rows).toEqual(codesAndMeanings(['pass', 'usage', 'findings', 'trouble', 'inconclusive', 'fail']));
    }
  });

  it('is shown, with exit code 2, when no command is given', async () => {
    const { code, err } = await probed();

    expect(err).toContain('Usage: benchlab-probe');
    expect(code).toBe(2);
  });

  it('has a version', async () => {
    const { code, out } = await probed('--version');

    expect(out).toMatch(/^[0-9]+\.[0-9]+\.[0-9]+\n$/);
    expect(code).toBe(0);
  });
});

describe('a wrong command line', () => {
  it.each([
    [['run', '--bugdet', 'x', '--', 'true'], /unknown option '--bugdet'[\s\S]*Did you mean --budget\?/],
    [['rnu'], /unknown command 'rnu'[\s\S]*Did you mean run\?/],
    [['run', '--budget', 'p96(a) < 1 ms', '--', 'true'], /no function "p96".*Did you mean p90\?/],
    [['run', 'true', '--budget', 'max(x) < 1 s'], /write -- before the command/],
    [['run', 'true', '--', 'x'], /write -- before the command/],
    [['run'], /missing required argument 'command'/],
    [['run', '--', 'there-is-no-such-command'], /no command "there-is-no-such-command"/],
    [['run', '--json', '/no/such/folder/x.json', '--', 'true'], /--json \/no\/such\/folder\/x\.json cannot be written/],
    [
      ['run', '--simulate', '--port', '/dev/x', '--', 'true'],
      /--simulate' cannot be used with|cannot be used with option '--simulate'/,
    ],
    [
      ['run', '--assume-firmware', '99', '--port', '/dev/x', '--', 'true'],
      /--assume-firmware is 99\. It must be a published firmware/,
    ],
    [['run', '--junit', '/no/such/folder/x.xml', '--', 'true'], /--junit \/no\/such\/folder\/x\.xml cannot be written/],
    [['run', '--markdown', '/dev/null', '--', 'true'], /--markdown \/dev\/null cannot be written: it is not a regular/],
    [['run', '--json', 'x', '--markdown', './x', '--', 'true'], /--json and --markdown are both \.\/x/],
    [['run', '--github', 'maybe', '--', 'true'], /argument 'maybe' is invalid\. Allowed choices are on, off/],
    [['run', '--otlp-out', 'ftp://host', '--', 'true'], /'ftp:\/\/host' is invalid\. Write http:\/\/HOST:PORT/],
    [['run', '--otlp-out', 'http://', '--', 'true'], /is invalid\. Write http:\/\/HOST:PORT/],
    [['run', '--otlp-out', '--', 'true'], /argument '--' is invalid\. Write http/],
    [['run', '--budget', 'p95(a) == 1 s', '--', 'true'], /p95 is measured, and never equal to a limit/],
    [['read', '--for', 'ever'], /'--for <duration>' argument 'ever' is invalid\. Write a number above 0/],
    [['read', '--rate', '1000'], /from 1 to 100/],
    [['emulate', '--fault', 'gremlins'], /--fault is "gremlins"\. It must be one of short, late/],
    [['emulate', '--product', 'bl3'], /Allowed choices are original, bl2/],
    [['demo', '--metrics-port', '-1'], /from 0 to 65535/],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, err, out } = await probed(...args);

    expect(err).toMatch(message);
    expect(err).not.toMatch(/^ {4}at /m);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

it('reports a bug of its own as one, with its stack and exit code 97', async () => {
  const signals: Signals = {
    onReload: () => () => undefined,
    listen: () => {
      throw new TypeError('x is not a function');
    },
  };

  const { code, err } = await startProbe(['read', '--simulate'], { signals }).ended;

  expect(err).toMatch(/^benchlab-probe: x is not a function\nThis is a bug .*Please report it[\s\S]*\n {4}at /);
  expect(code).toBe(97);
});
