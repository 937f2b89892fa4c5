import type { LogEventDefinition } from './definition.ts';

// Log lines that programs look for, by their key `event`. Inside a span they carry its ids.
const faultNeeds = ['hw.id', 'benchlab.fault.name', 'benchlab.fault.kind', 'benchlab.fault.state'] as const;
const faultMay = ['benchlab.simulated'] as const;
export const benchlabFaultChange: LogEventDefinition<typeof faultNeeds, typeof faultMay> = {
  name: 'benchlab.fault.change',
  level: 'warn',
  description: 'A fault of the board came or went.',
  required: faultNeeds,
  optional: faultMay,
  stability: 'development',
  origin: 'benchlab',
};
