import { BenchlabError } from '@benchlab-otel/sdk';
import { expect, it } from 'vitest';
import { startChild } from './child.ts';

const environment = process.env;

it.each([
  ['process.exit(0)', { code: 0 }],
  ['process.exit(7)', { code: 7 }],
  ["process.kill(process.pid, 'SIGKILL')", { code: 137, signal: 'SIGKILL' }],
])('keeps how `%s` ended', async (script, ended) => {
  const child = await startChild([process.execPath, '-e', script], { environment });

  expect(await child.exited).toEqual(ended);
});

it('passes a signal on, and does nothing once the child has exited', async () => {
  const child = await startChild([process.execPath, '-e', 'setTimeout(() => {}, 60000)'], { environment });

  child.signal('SIGTERM');
  expect(await child.exited).toEqual({ code: 143, signal: 'SIGTERM' });
  child.signal('SIGTERM');
});

it.each([
  ['there-is-no-such-command', /There is no command "there-is-no-such-command"\. Write the command/],
  ['/', /The command "\/" cannot be started: .*EACCES/],
])('says that %s cannot be started, as the mistake of the caller', async (file, message) => {
  const failure = await startChild([file], { environment }).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(BenchlabError);
  expect(failure).toMatchObject({ code: 'BAD_OPTION', message: expect.stringMatching(message) });
});

it('gives the child its environment and nothing else', async () => {
  const script = "process.exit(process.env.ONLY === 'this' && process.env.HOME === undefined ? 0 : 1)";

  const child = await startChild([process.execPath, '-e', script], { environment: { ONLY: 'this' } });

  expect(await child.exited).toEqual({ code: 0 });
});
