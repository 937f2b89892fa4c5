import type { SampleConsumer } from '@benchlab-otel/core';
import type { Logger } from 'pino';

/** Logs the events of devices, each with its name and at its level. */
export function deviceEventLog(logger: Logger): SampleConsumer {
  return {
    sample() {},
    lost() {},
    event({ source, definition, attributes }) {
      const { name, level, description } = definition;
      logger[level]({ event: name, ...attributes }, `${source.name}: ${description}`);
    },
  };
}
