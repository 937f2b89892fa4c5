/** What a return code of NVML means for the reader. */
export type Policy =
  /** The value is there. */
  | 'success'
  /** This device does not have it and never will: it is not asked again. */
  | 'unsupported'
  /** This user may not read it: it is not asked again, and reported once. */
  | 'denied'
  /** Not available now: this poll has no value. */
  | 'skip'
  /** The device has gone. */
  | 'lost'
  /** The library must be initialised again. */
  | 'restart'
  /** NVML cannot explain it: no value. When it persists, the value is dropped. */
  | 'unknown';

// nvml.h of NVML API 13, enum nvmlReturn_enum.
export const nvmlCode = {
  success: 0,
  uninitialized: 1,
  insufficientSize: 7,
  driverNotLoaded: 9,
  libraryNotFound: 12,
  functionNotFound: 13,
  gpuIsLost: 15,
} as const;

const policies: Readonly<Record<number, Policy>> = {
  0: 'success',
  1: 'restart',
  3: 'unsupported',
  4: 'denied',
  6: 'skip',
  9: 'restart',
  10: 'skip',
  12: 'restart',
  13: 'unsupported',
  15: 'lost',
  16: 'lost',
  17: 'denied',
  18: 'restart',
  21: 'skip',
  25: 'unsupported',
  26: 'unsupported',
  27: 'skip',
};

export function policyOf(code: number): Policy {
  return policies[code] ?? 'unknown';
}

const words: Readonly<Record<number, string>> = {
  1: 'NVML is not initialised',
  3: 'not supported',
  4: 'no permission',
  9: 'the NVIDIA driver is not loaded',
  12: 'the NVML library was not found',
  13: 'the NVML library lacks a function that is needed',
  15: 'the GPU is lost',
  16: 'the GPU must be reset',
  17: 'the operating system or its control group blocks the GPU',
  18: 'driver and library are of different versions',
  999: 'NVML met an unknown error',
};

/** In words, for messages. */
export function inWords(code: number): string {
  return words[code] ?? `NVML returned ${code}`;
}
