// biome-ignore-all lint/suspicious/noAssignInExpressions: a table of changes, one a line

import { chosen, edited, type Mutant, oneAlert, written } from './mutant.ts';

/** Mistakes in expressions of PromQL: syntax, types, series, labels, units. */
export const ofExpressions: readonly Mutant[] = [
  { name: 'with a bracket too few', rule: 'target-promql', change: edited(1, /\)$/, '') },
  { name: 'with a bracket too many', rule: 'target-promql', change: edited(1, /$/, ')') },
  { name: 'with a quote too few', rule: 'target-promql', change: edited(1, '"true"', '"true') },
  { name: 'with a range of an instant vector', rule: 'promql-type', change: edited(11, '[$__rate_interval]', '') },
  { name: 'with an instant vector of a range', rule: 'promql-type', change: edited(1, '?"}', '?"}[5m]') },
  { name: 'with a function that does not exist', rule: 'target-promql', change: edited(11, 'rate(', 'rates(') },
  { name: 'with an operand too few', rule: 'promql-type', change: edited(1, ', "true")', ')') },
  {
    name: 'with a pattern that cannot be read',
    rule: 'promql-type',
    change: edited(1, '($board)(/.*)?', '($board(/.*)?'),
  },
  {
    name: 'with a function that Prometheus 2.42 does not have',
    rule: 'promql-version',
    change: edited(1, 'max by (hw_id, hw_name, benchlab_simulated)', 'sort_by_label'),
  },
  {
    name: 'with a series that was renamed',
    rule: 'series-unknown',
    change: edited(1, 'hw_host_power_watts', 'hw_host_power'),
  },
  { name: 'with a slip in a series', rule: 'series-unknown', change: edited(6, 'fan_speed_rpm', 'fan_sped_rpm') },
  {
    name: 'with an unknown series without braces',
    rule: 'series-unknown',
    change: written(1, 'sum(hw_host_powers_watts)'),
  },
  {
    name: 'with an unknown series in a matcher of its name',
    rule: 'series-unknown',
    change: written(1, `sum({__name__="hw_host_power_wats",${chosen}})`),
  },
  {
    name: 'with an unknown series in quotes',
    rule: 'series-unknown',
    change: written(1, `sum({"hw_host_power_wats",${chosen}})`),
  },
  {
    name: 'with a variable as the name of a series in a matcher',
    rule: 'series-variable',
    change: written(1, `sum({__name__="hw_$board",${chosen}})`),
  },
  {
    name: 'with a series of another program that it does not have',
    rule: 'series-unknown',
    change: written(1, `max(node_load_1{${chosen}})`),
  },
  { name: 'with a slip in a matcher', rule: 'label-unknown', change: edited(4, 'hw_type=', 'hw_typ=') },
  {
    name: 'with a slip in a grouping',
    rule: 'label-unknown',
    change: edited(4, 'hw_sensor_location,', 'hw_location,'),
  },
  {
    name: 'with a value that a label never has',
    rule: 'label-value-unknown',
    change: written(1, `max by (hw_id) (hw_status{${chosen},hw_state="broken"})`),
  },
  {
    name: 'with a bare counter',
    rule: 'counter-without-rate',
    change: written(2, `max(hw_host_energy_joules_total{${chosen}})`),
  },
  {
    name: 'with the rate of a gauge',
    rule: 'rate-of-gauge',
    change: edited(1, /(hw_host_power_watts\{.*?\})/, 'rate($1[$__rate_interval])'),
  },
  {
    name: 'with the rate of a gauge in brackets',
    rule: 'rate-of-gauge',
    change: written(1, `rate((hw_host_power_watts{${chosen}})[5m:])`),
  },
  {
    name: 'with a quantile of a gauge',
    rule: 'quantile-without-le',
    change: written(1, `histogram_quantile(0.9, hw_host_power_watts{${chosen}})`),
  },
  {
    name: 'with a quantile that lost its buckets',
    rule: 'quantile-without-le',
    change: written(
      8,
      `histogram_quantile(0.9, sum by (job) (rate(benchlab_call_duration_seconds_bucket{${chosen}}[$__rate_interval])))`,
    ),
  },
  {
    name: 'with a percentage for a quantile',
    rule: 'quantile-range',
    change: written(
      8,
      `histogram_quantile(90, sum by (le) (rate(benchlab_call_duration_seconds_bucket{${chosen}}[$__rate_interval])))`,
    ),
  },
  {
    name: 'with the rate of a sum',
    rule: 'counter-without-rate',
    change: written(2, `rate(sum(hw_host_energy_joules_total{${chosen}})[$__rate_interval:])`),
  },
  {
    name: 'with a pattern that cannot be read in label_replace',
    rule: 'promql-type',
    change: written(1, `label_replace(hw_host_power_watts{${chosen}}, "hw_name", "$1", "hw_id", "(")`),
  },
  {
    name: 'with a state of alerts that does not exist',
    rule: 'label-value-unknown',
    change: written(1, 'count(ALERTS{alertstate="firering"})'),
  },
  {
    name: 'with an alert that does not exist',
    rule: 'label-value-unknown',
    change: written(1, 'count(ALERTS{alertname="NoSuchAlert"})'),
    other: () => [oneAlert],
  },
  {
    name: 'with a pattern of values that a label never has',
    rule: 'label-value-unknown',
    change: written(1, `max by (hw_id) (hw_status{${chosen},hw_state=~"okk|badd"})`),
  },
  {
    name: 'that takes over a label that the other side does not have',
    rule: 'label-unknown',
    change: written(1, `hw_host_power_watts{${chosen}} * on (job, instance) group_left (nolabel) up{${chosen}}`),
  },
  {
    name: 'that adds watts and degrees',
    rule: 'unit-differs',
    change: written(1, `sum(hw_host_power_watts{${chosen}}) + sum(hw_temperature_celsius{${chosen}})`),
  },
  {
    name: 'with sides that never match',
    rule: 'match-impossible',
    change: written(1, `hw_host_power_watts{${chosen}} / up{${chosen}}`),
  },
];
