import { readFileSync } from 'node:fs';
import { OptionError } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { resolveConfig } from './config.ts';
import type { Env } from './environment.ts';

const page = readFileSync(new URL('../../../../docs/environment.md', import.meta.url), 'utf8');
const names = [...new Set(page.match(/\b(?:OTEL|TELEMETRY|PROMETHEUS)_[A-Z0-9_]*[A-Z0-9]\b/g))];

const bad: readonly [string, unknown][] = [
  ['of 1 MB', 'x'.repeat(2 ** 20)],
  ['of 1 MB of commas', ','.repeat(2 ** 20)],
  ['with NUL', 'a\0b'],
  ['that is empty', ''],
  ['of spaces', '   '],
  ['that is a number', 7],
  ['that is NaN', Number.NaN],
  ['that is a switch', true],
  ['that is null', null],
  ['that is an object', { toString: () => Promise.reject(new Error('no text')) }],
  ['that is a list', [1]],
  ['that is a function', () => 1],
  ['that is a symbol', Symbol('x')],
];

it.each(bad)(
  'a value %s of any variable is a setting, or an error of a bounded length that names the variable',
  (_what, value) => {
    expect(names.length).toBeGreaterThan(50);
    for (const name of names) {
      const env = { [name]: value } as unknown as Env;
      let error: unknown;
      try {
        for (const warning of resolveConfig({ env }).warnings) expect(warning.length).toBeLessThan(600);
      } catch (thrown) {
        error = thrown;
      }
      if (error === undefined) continue;
      expect(error, name).toBeInstanceOf(OptionError);
      const { message } = error as OptionError;
      expect(message, name).toContain(name);
      expect(message.length, name).toBeLessThan(1_000);
      expect(message, name).not.toContain('\0');
    }
  },
);

it.each(bad)(
  'where OTEL_SDK_DISABLED is true, a value %s of any other variable does not end the start',
  (_what, value) => {
    for (const name of names.filter((each) => each !== 'OTEL_SDK_DISABLED')) {
      expect(() => resolveConfig({ env: { OTEL_SDK_DISABLED: 'true', [name]: value } as Env })).not.toThrow();
    }
  },
);
