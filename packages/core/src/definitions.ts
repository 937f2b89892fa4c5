// The words, the clock and the errors without anything else: a thread that only makes samples, and the help of a command, need a
// few files instead of all of this package and of the OpenTelemetry API, which are 8 MB in each thread.
export { systemClock } from './contracts/clock.ts';
export { BenchlabError, type BenchlabErrorCode } from './errors/benchlabError.ts';
export { messageOf } from './errors/messageOf.ts';
export { OptionError, type WrongOption } from './errors/optionError.ts';
export { attribute } from './registry/attributes.ts';
/** The metrics of the registry by their names in code. */
export * as metric from './registry/metrics.ts';
export { mostWatts } from './samples/possiblePower.ts';
