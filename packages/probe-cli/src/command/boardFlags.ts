import { type Flag, offSwitch, optionalText, repeatedFlag, switchFlag, valueFlag } from './flag.ts';
import { firmware, text } from './valueParsers.ts';

// Flags that several commands share: which boards they read, and how.

export const portFlag: Flag<readonly string[]> = repeatedFlag(
  '--port <path>',
  'serial port of a board, may be repeated; all are tried by default',
  text,
  { sets: 'ports', conflicts: ['simulate'] },
);

export const simulateFlag: Flag<boolean | undefined> = switchFlag('--simulate', 'use an emulated board', {
  sets: 'bench',
});

export const agentFlag: Flag<string | true | undefined> = optionalText(
  '--agent [socket]',
  'take the samples from benchlab-probe agent, which has the board',
  { sets: 'path', conflicts: ['port', 'simulate', 'assumeFirmware', 'rate', 'dither'] },
);

export const assumeFirmwareFlag: Flag<number | undefined> = valueFlag(
  '--assume-firmware <n>',
  'read a board of unpublished firmware as if it had this one',
  firmware,
);

export const noDitherFlag: Flag<boolean> = offSwitch(
  '--no-dither',
  'poll boards on time, and do not see jobs in step with the polls',
);
