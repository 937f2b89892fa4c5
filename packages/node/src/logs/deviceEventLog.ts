import type { SampleConsumer } from '@benchlab-otel/core';
import type { Logger } from 'pino';

/** Logs what happens on devices, each event at its level under its name. */
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
