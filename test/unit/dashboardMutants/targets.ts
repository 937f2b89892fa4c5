// biome-ignore-all lint/suspicious/noAssignInExpressions: a table of changes, one a line

import { chosen, edited, type Mutant, panel, query, written } from './mutant.ts';

/** Mistakes in queries of a panel: ranges, chosen jobs and instances, variables, legends, other languages. */
export const ofTargets: readonly Mutant[] = [
  { name: 'with a fixed range', rule: 'target-rate-interval', change: edited(11, '$__rate_interval', '5m') },
  {
    name: 'with the interval for the interval of rates',
    rule: 'target-rate-interval',
    change: edited(11, '$__rate_interval', '$__interval'),
  },
  {
    name: 'with a fixed range of a subquery',
    rule: 'target-rate-interval',
    change: edited(11, '$__rate_interval', '5m:'),
  },
  {
    name: 'with milliseconds without a unit as a range',
    rule: 'target-rate-interval',
    change: edited(11, '$__rate_interval', '$__range_ms'),
  },
  { name: 'that ignores the job', rule: 'target-job', change: edited(1, 'job=~"$job",', '') },
  { name: 'that names a job', rule: 'target-job', change: edited(1, '$job', 'shop') },
  { name: 'that compares the job by =', rule: 'target-job', change: edited(1, 'job=~', 'job=') },
  { name: 'with one more job', rule: 'target-job', change: edited(1, '"$job"', '"shop|$job"') },
  {
    name: 'that leaves out the chosen instance',
    rule: 'target-instance',
    change: edited(1, 'instance=~', 'instance!~'),
  },
  { name: 'that ignores the instance', rule: 'target-instance', change: edited(1, ',instance=~"$instance"', '') },
  {
    name: 'with a variable that does not exist in a query',
    rule: 'variable-undefined',
    change: edited(1, '$board', '$bord'),
  },
  {
    name: 'with a variable as the name of a series',
    rule: 'series-variable',
    change: edited(1, 'hw_host_power_watts', 'hw_$board'),
  },
  {
    name: 'with a line for each request',
    rule: 'grouping-by-id',
    change: edited(9, 'benchlab_receiver_name,', 'request_id,'),
  },
  {
    name: 'with a counter of another program',
    rule: 'target-counter-agg',
    change: written(9, `sum(shop_orders_total{${chosen}})`),
  },
  {
    name: 'with a legend of a label that the query drops',
    rule: 'legend-label',
    change: edited(4, 'hw_sensor_location, ', ''),
  },
  {
    name: 'with a slip in a legend',
    rule: 'legend-label',
    change: (it) => void (query(it, 9).legendFormat = '{{benchlab_receiver}}'),
  },
  {
    name: 'with LogQL that cannot be read',
    rule: 'target-logql',
    change: (it) => {
      const logs = { type: 'loki', uid: '$logs' };
      panel(it, 9).targets = [{ refId: 'A', datasource: logs, expr: '{service_name="a"} |= ' }];
    },
  },
  {
    name: 'with a fixed range of LogQL',
    rule: 'target-logql-auto',
    change: (it) => {
      const logs = { type: 'loki', uid: '$logs' };
      panel(it, 9).targets = [{ refId: 'A', datasource: logs, expr: 'sum(rate({service_name="a"}[5m]))' }];
    },
  },
  {
    name: 'with LogQL that matches every stream',
    rule: 'target-logql',
    change: (it) => {
      const logs = { type: 'loki', uid: '$logs' };
      panel(it, 9).targets = [{ refId: 'A', datasource: logs, expr: '{service_name=~".*"}' }];
    },
  },
  {
    name: 'with a query of another program',
    rule: 'target-unread',
    change: (it) => void (query(it, 1).datasource = { type: 'influxdb', uid: 'x' }),
  },
];
