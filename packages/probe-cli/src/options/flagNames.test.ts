import { expect, it } from 'vitest';
import { withFlagName } from './flagNames.ts';

it.each([
  ['assumeFirmware: 99 is not published.', '--assume-firmware: 99 is not published.'],
  ['ports: an empty list.', '--port: an empty list.'],
  ['connectorFaults: there is no X.', '--connector-fault: there is no X.'],
  ['There is no command "ports: x".', 'There is no command "ports: x".'],
  ['constructor: x', 'constructor: x'],
])('%s names the flag where it begins with an option', (message, shown) => {
  expect(withFlagName(message)).toBe(shown);
});
