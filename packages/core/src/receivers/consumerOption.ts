import { isObject } from '../checks/isObject.ts';
import type { SampleConsumer } from '../contracts/receiver.ts';
import { OptionError } from '../errors/optionError.ts';

/**
 * A consumer of samples that comes from a caller, perhaps an untyped one.
 *
 * @param option names it in the error
 * @throws OptionError when it has no method `sample` or no method `lost`
 */
export function consumerOption(option: string, value: unknown): SampleConsumer {
  if (isConsumer(value)) return value;
  throw new OptionError({ option, value, allowed: 'an object with the methods sample() and lost()' });
}

function isConsumer(value: unknown): value is Record<string, unknown> & SampleConsumer {
  return isObject(value) && typeof value.sample === 'function' && typeof value.lost === 'function';
}
