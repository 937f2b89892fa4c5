import { BenchlabError, OptionError } from '@benchlab-otel/core';
import type { Flag, Flags } from './flag.ts';

/** An error of an option under the name that the user typed: `--rate` instead of `rateHz`. Other errors stay as they are. */
export function namedByFlag(error: unknown, flags: Flags): unknown {
  if (error instanceof OptionError) {
    const flag = flagOf(error.option, flags);
    return flag === undefined ? error : error.named(flag);
  }
  return unconverted(error, flags);
}

function flagOf(option: string, flags: Flags): string | undefined {
  const sets = (flag: Flag<unknown>) => flag.sets === option;
  const flag = (Object.hasOwn(flags, option) ? flags[option] : undefined) ?? Object.values(flags).find(sets);
  return flag?.option.long;
}

/** Until hw-receivers and emulator throw OptionErrors: theirs are TypeErrors and RangeErrors that begin with the option. */
function unconverted(error: unknown, flags: Flags): unknown {
  if (!(error instanceof TypeError || error instanceof RangeError)) return error;
  const [option = '', rest = ''] = error.message.split(/:(.*)/s);
  const flag = flagOf(option, flags);
  if (flag === undefined) return error;
  return new BenchlabError('BAD_OPTION', `${flag}:`, rest.trim(), { cause: error });
}
