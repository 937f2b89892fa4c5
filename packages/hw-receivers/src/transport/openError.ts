import { BenchlabError } from '@benchlab-otel/core';

/** Why a port could not be opened, and what to do. serialport gives the cause only in words, those of its binding. */
export function openError(path: string, cause: Error): BenchlabError {
  if (/lock port|busy/i.test(cause.message)) {
    return new BenchlabError(
      'PORT_BUSY',
      `${path} is in use by another process.`,
      `One process owns a port: stop the other one (\`fuser ${path}\` names it). If that is benchlab-probe agent, take its samples: --agent, or agentReceiver() in code.`,
      { cause },
    );
  }
  if (/permission denied|operation not permitted/i.test(cause.message)) {
    return new BenchlabError(
      'PORT_UNREADABLE',
      `${path} may not be opened by this user.`,
      "Install the udev rule for BENCHLAB, or add the user to the port's group (`ls -l` names it, often dialout) and log in again.",
      { cause },
    );
  }
  if (/no such (file|device)|file not found/i.test(cause.message)) {
    return new BenchlabError('NO_BOARD', `There is no ${path}.`, 'Check the cable and the name of the port.', {
      cause,
    });
  }
  if (/inappropriate ioctl|is a directory/i.test(cause.message)) {
    const fix = 'Name the port of a board, such as /dev/ttyACM0. `benchlab-probe devices` lists them.';
    return new BenchlabError('PORT_UNREADABLE', `${path} is not a serial port.`, fix, { cause });
  }
  return new BenchlabError(
    'PORT_UNREADABLE',
    `${path} could not be opened (${cause.message}).`,
    'Check that it is a serial port, and plug the board in again.',
    { cause },
  );
}
