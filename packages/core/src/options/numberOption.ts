import { OptionError } from '../errors/optionError.ts';

/** The range of a numeric option, both ends allowed, in the unit that the option's name ends with. */
export interface NumberRange {
  readonly least: number;
  /** Default: no upper bound. */
  readonly most?: number;
  readonly isWhole?: boolean;
}

/** The value of a numeric option. @throws OptionError when it is not a number of that range. */
export function numberOption(option: string, value: unknown, range: NumberRange): number {
  const { least, most = Number.POSITIVE_INFINITY, isWhole = false } = range;
  const isGood = typeof value === 'number' && value >= least && value <= most && Number.isFinite(value);
  if (isGood && (!isWhole || Number.isInteger(value))) return value;
  const kind = isWhole ? 'a whole number' : 'a number';
  const allowed = range.most === undefined ? `${kind} of at least ${least}` : `${kind} from ${least} to ${most}`;
  throw new OptionError({ option, value, allowed });
}
