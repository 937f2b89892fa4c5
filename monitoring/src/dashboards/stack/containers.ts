import { bars } from '../../panels/bars.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, present, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';
import { largest } from './names.ts';

// cAdvisor also has a series for each group of containers, without a name.
const isContainer = 'name!=""';
const by = ['job', 'instance', 'name'];
const legend = '{{name}} ({{instance}})';
const ten = { min: 0, series: { min: 1, max: 10 } } as const;
const size = { noValue: 'cAdvisor is not scraped', width: 12, height: 8 } as const;

export function containerMemory(): PanelDefinition {
  return lines({
    id: 29,
    title: 'Containers: memory, of their limit',
    description:
      'Share of its limit that each container uses, of the ten closest to it. At the limit the kernel ends it: raise the limit, or look at what grew.',
    unit: unitNamed('1'),
    min: 0,
    max: 1,
    queries: [
      query(
        largest(
          quotient(
            maxBy(by, named('container_memory_working_set_bytes', isContainer)),
            maxBy(by, named('container_spec_memory_limit_bytes', isContainer)),
          ),
        ),
        legend,
        ten,
      ),
    ],
    thresholds: thresholdsOf('ContainerMemoryHigh'),
    alerts: ['ContainerMemoryHigh'],
    ...size,
  });
}

export function containerCpu(): PanelDefinition {
  return lines({
    id: 30,
    title: 'Containers: CPU',
    description:
      'CPU of each container, of the ten busiest; 100 % is one logical processor. One that leaves the others behind takes from all of them, unless it has a limit.',
    // Seconds of CPU a second.
    unit: unitNamed('s', 'rate'),
    min: 0,
    queries: [query(largest(sumBy(by, rate(named('container_cpu_usage_seconds_total', isContainer)))), legend, ten)],
    opens: [['collector-fleet', 'Collector fleet']],
    ...size,
  });
}

export function containerNetwork(): PanelDefinition {
  const directions = [
    ['container_network_receive_bytes_total', 'received'],
    ['container_network_transmit_bytes_total', 'sent'],
  ] as const;
  return lines({
    id: 31,
    title: 'Containers: network',
    description:
      'Bytes a second that each container receives and sends, of the five with the most. A collector sends about what it receives; much less is a queue that fills up.',
    unit: unitNamed('By', 'rate'),
    min: 0,
    queries: directions.map(([series, word]) => {
      const { expr, labels } = sumBy(by, rate(named(series, isContainer)));
      return query({ expr: `topk(5, ${expr})`, labels }, `${legend} ${word}`, { min: 0, series: { min: 1, max: 5 } });
    }),
    opens: [['collector-fleet', 'Collector fleet']],
    ...size,
  });
}

export function containerStarts(): PanelDefinition {
  return bars({
    id: 36,
    title: 'Containers: restarts',
    description:
      'How often each container was started again in the time shown. More than two within 15 minutes is the alert ContainerRestarts: the log of the engine has the exit code.',
    unit: unitNamed('{start}'),
    min: 0,
    queries: [
      query(
        largest(present(maxBy(by, `changes(${named('container_start_time_seconds', isContainer)}[$__range])`))),
        legend,
        ten,
      ),
    ],
    alerts: ['ContainerRestarts'],
    ...size,
    noValue: 'No container was started again, or cAdvisor is not scraped',
  });
}
