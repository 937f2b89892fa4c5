import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { defaultFlag, offSwitch, repeatedFlag } from './flag.ts';
import { namedByFlag } from './namedByFlag.ts';
import { rate, text } from './valueParsers.ts';

const flags = {
  rate: defaultFlag('--rate <hz>', 'polls a second', rate, 20, { sets: 'rateHz' }),
  port: repeatedFlag('--port <path>', 'serial port', text, { sets: 'ports' }),
  host: offSwitch('--no-host', 'do not read the host'),
  listen: defaultFlag('--listen <address>', 'address of the page', text, '127.0.0.1', { sets: 'host' }),
};
const wrong = (option: string) => new OptionError({ option, value: 500, allowed: 'a number from 1 to 100' });

it.each([
  ['rateHz', '--rate is 500. It must be a number from 1 to 100.'],
  ['ports', '--port is 500. It must be a number from 1 to 100.'],
  ['port', '--port is 500. It must be a number from 1 to 100.'],
  ['host', '--listen is 500. It must be a number from 1 to 100.'],
  ['capacity', 'capacity is 500. It must be a number from 1 to 100.'],
  ['constructor', 'constructor is 500. It must be a number from 1 to 100.'],
])('an error of the option %s names the flag that sets it, where there is one', (option, message) => {
  expect(namedByFlag(wrong(option), flags)).toMatchObject({ message, code: 'BAD_OPTION' });
});

it.each([
  new TypeError('x is not a function'),
  new BenchlabError('NO_BOARD', 'No board.', 'Plug one in.'),
  'text',
  undefined,
])('leaves %s as it is', (error) => {
  expect(namedByFlag(error, flags)).toBe(error);
});
