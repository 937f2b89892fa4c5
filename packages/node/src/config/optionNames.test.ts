import { OptionError } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { metricsPage } from '../page/metricsPage.ts';
import { spanProcessor } from '../trace/spanProcessor.ts';
import { resolveConfig } from './config.ts';

const notAnOption = (option: string, near: string) =>
  `${option} is not allowed. It must be left out, because it is not an option: the nearest option is ${near}.`;

// As plain JavaScript calls them.
it.each<[object, string, string]>([
  [{ servicename: 'shop' }, 'servicename of startTelemetry', 'serviceName'],
  [{ enricher: [] }, 'enricher of startTelemetry', 'enrichers'],
  [{ otlp: { endPoint: 'http://localhost:4317' } }, 'endPoint of otlp', 'endpoint'],
  [{ metricsPage: { prt: 0 } }, 'prt of metricsPage', 'port'],
  [{ log: { leve: 'info' } }, 'leve of log', 'level'],
])('startTelemetry(%j) is refused with the nearest option', (options, option, near) => {
  expect(() => resolveConfig(options, {})).toThrow(OptionError);
  expect(() => resolveConfig(options, {})).toThrow(notAnOption(option, near));
});

it('so are options of a page and of a span processor of one’s own', () => {
  expect(() => metricsPage({ host_: 'x' } as object)).toThrow(notAnOption('host_ of metricsPage', 'host'));
  expect(() => spanProcessor({ exporters: [] } as object)).toThrow(
    notAnOption('exporters of spanProcessor', 'exporter'),
  );
});
