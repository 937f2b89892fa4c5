import { expect, test } from 'vitest';
import { openError } from './openError.ts';

// As serialport 13 words them on Linux.
test.each([
  ['Error: Permission denied, cannot open /dev/ttyACM0', 'PORT_UNREADABLE', /udev rule.*group/],
  ['Error Resource temporarily unavailable Cannot lock port', 'PORT_BUSY', /fuser/],
  ['Error: Device or resource busy, cannot open /dev/ttyACM0', 'PORT_BUSY', /fuser/],
  ['Error: No such file or directory, cannot open /dev/ttyACM0', 'NO_BOARD', /cable/],
  ['Error: No such device or address, cannot open /dev/ttyACM0', 'NO_BOARD', /cable/],
  [
    'Error: Inappropriate ioctl for device setting custom baud rate of 115200',
    'PORT_UNREADABLE',
    /devices` lists them/,
  ],
  ['Error: Is a directory, cannot open /tmp', 'PORT_UNREADABLE', /Name the port of a board/],
  ['Error: Input/output error setting custom baud rate', 'PORT_UNREADABLE', /serial port/],
])('"%s" is %s, and its message names the fix', (words, code, fix) => {
  const cause = new Error(words);
  const error = openError('/dev/ttyACM0', cause);
  expect(error).toMatchObject({ code, cause, fix: expect.stringMatching(fix) });
  expect(error.message).toContain('/dev/ttyACM0');
});
