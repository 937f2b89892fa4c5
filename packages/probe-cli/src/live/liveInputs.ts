import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { type DashboardInput, openInput } from '@benchlab-otel/dashboard';
import type { CommandHost } from '../host/commandHost.ts';

/**
 * The inputs that a command line names.
 *
 * @param fix what to write where it names no input
 * @param isFollowed false: what is recorded now is read once
 * @throws BenchlabError BAD_OPTION, also for an address that is named twice
 */
export function liveInputs(
  { clock, input }: CommandHost,
  given: readonly string[],
  fix: string,
  isFollowed = true,
): readonly DashboardInput[] {
  if (given.length === 0) throw new BenchlabError('BAD_OPTION', 'No input is named.', fix);
  const twice = given.find((each, at) => given.indexOf(each) !== at);
  if (twice !== undefined) throw new OptionError({ option: '--input', value: twice, allowed: 'named once' });
  return given.map((address) => openInput(address, { clock, isFollowed, stdin: () => input.stream() }));
}
