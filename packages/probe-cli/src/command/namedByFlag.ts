import { OptionError } from '@benchlab-otel/core/definitions';
import type { Flag, Flags } from './flag.ts';

/** An error of an option under the name that the user typed: `--rate` instead of `rateHz`. Other errors stay as they are. */
export function namedByFlag(error: unknown, flags: Flags): unknown {
  if (!(error instanceof OptionError)) return error;
  const flag = flagOf(error.option, flags);
  return flag === undefined ? error : error.named(flag);
}

/** A flag that states the option comes before a flag of the same name: `--listen` sets `metricsPage.host`. */
function flagOf(option: string, flags: Flags): string | undefined {
  const sets = (flag: Flag<unknown>) => flag.sets === option;
  const flag = Object.values(flags).find(sets) ?? (Object.hasOwn(flags, option) ? flags[option] : undefined);
  return flag?.option.long;
}
