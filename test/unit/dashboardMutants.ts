// biome-ignore-all lint/suspicious/noAssignInExpressions: a table of changes, one a line

import type { LintFile } from '@benchlab-otel/lint';

/** JSON that a mutant changes in place. */
// biome-ignore lint/suspicious/noExplicitAny: a mutant breaks any part of a dashboard, also its types
export type Json = any;

export interface Mutant {
  /** Continues the sentence "A dashboard …". */
  readonly name: string;
  readonly rule: string;
  /** Changes the dashboard, or gives the text of the file instead. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most mutants change in place and return nothing
  readonly change: (dashboard: Json) => string | void;
  /** Files beside it. */
  readonly other?: (dashboard: Json) => readonly LintFile[];
}

export const dashboardFile = 'monitoring/grafana/dashboards/bench/bench-host.json';

const panel = (dashboard: Json, id: number): Json => dashboard.panels.find((each: Json) => each.id === id);
const query = (dashboard: Json, id: number): Json => panel(dashboard, id).targets[0];
const defaults = (dashboard: Json, id: number): Json => panel(dashboard, id).fieldConfig.defaults;
const variable = (dashboard: Json, name: string): Json =>
  dashboard.templating.list.find((each: Json) => each.name === name);
const annotation = (dashboard: Json, name: string): Json =>
  dashboard.annotations.list.find((each: Json) => each.name === name);
const withoutVariable = (name: string) => (dashboard: Json) => {
  dashboard.templating.list = dashboard.templating.list.filter((each: Json) => each.name !== name);
};
/** Replaces a part of a query, which must be there. */
const edited = (id: number, from: string | RegExp, to: string) => (dashboard: Json) => {
  const target = query(dashboard, id);
  const expr = target.expr.replace(from, to);
  if (expr === target.expr) throw new Error(`${from} is not in the query of panel ${id}`);
  target.expr = expr;
};
const written = (id: number, expr: string) => (dashboard: Json) => {
  query(dashboard, id).expr = expr;
};
const chosen = 'job=~"$job",instance=~"$instance"';
const oneAlert: LintFile = {
  path: 'rules.yml',
  text: 'groups:\n  - name: a\n    rules:\n      - alert: HostDown\n        expr: up == 0\n        for: 1m\n',
  isNamed: true,
};
const unitFor = (id: string, options: string, value: string): Json => {
  return { matcher: { id, options }, properties: [{ id: 'unit', value }] };
};
const named = { type: 'prometheus', uid: 'P1' };
const text = (dashboard: Json): string => JSON.stringify(dashboard, null, 2);
const beside =
  (path: string, change: (dashboard: Json) => void) =>
  (dashboard: Json): readonly LintFile[] => {
    change(dashboard);
    return [{ path, text: text(dashboard), isNamed: true }];
  };

const ofDashboards: readonly Mutant[] = [
  { name: 'without uid', rule: 'dashboard-uid', change: (it) => void delete it.uid },
  { name: 'with spaces in its uid', rule: 'dashboard-uid', change: (it) => void (it.uid = 'bench host') },
  { name: 'with a uid of 60 characters', rule: 'dashboard-uid', change: (it) => void (it.uid = 'u'.repeat(60)) },
  { name: 'with the number of a database', rule: 'dashboard-id', change: (it) => void (it.id = 12) },
  { name: 'that is editable', rule: 'uneditable', change: (it) => void (it.editable = true) },
  {
    name: 'that does not state whether it is editable',
    rule: 'uneditable',
    change: (it) => void delete it.editable,
  },
  { name: 'without a title', rule: 'dashboard-form', change: (it) => void delete it.title },
  { name: 'without panels', rule: 'dashboard-form', change: (it) => void (it.panels = []) },
  {
    name: 'whose panels are an object',
    rule: 'dashboard-form',
    change: (it) => void (it.panels = { a: it.panels[0] }),
  },
  { name: 'without annotations', rule: 'annotation-built-in', change: (it) => void (it.annotations = {}) },
  { name: 'of the form of Grafana 4', rule: 'schema-version', change: (it) => void (it.schemaVersion = 14) },
  {
    name: 'without the version of its form',
    rule: 'schema-version',
    change: (it) => void delete it.schemaVersion,
  },
  {
    name: 'that was exported for sharing',
    rule: 'dashboard-inputs',
    change: (it) => void (it.__inputs = [{ name: 'DS_PROMETHEUS', type: 'datasource' }]),
  },
  {
    name: 'with the uid of another one',
    rule: 'dashboard-uid-duplicate',
    change: (it) => void (it.title = 'Copy'),
    other: beside('monitoring/grafana/dashboards/bench/copy.json', () => undefined),
  },
  {
    name: 'of form v2 in the folder of v1',
    rule: 'v2-in-v1-folder',
    change: (it) => text({ title: 'New', elements: {}, layout: {}, uid: `${it.uid}-v2` }),
    other: beside('monitoring/grafana/dashboards/bench/old.json', () => undefined),
  },
  { name: 'that is cut in the middle', rule: 'json-syntax', change: (it) => text(it).slice(0, text(it).length / 2) },
  { name: 'with a comment', rule: 'json-comment', change: (it) => text(it).replace('{', '{ // ours\n') },
  { name: 'with a key twice', rule: 'json-duplicate-key', change: (it) => text(it).replace('{', '{"uid": "x",') },
  { name: 'with a comma too many', rule: 'json-syntax', change: (it) => text(it).replace(/\}\s*$/, ',}') },
];

const ofVariables: readonly Mutant[] = [
  {
    name: 'without the variable of its data source',
    rule: 'template-datasource',
    change: withoutVariable('datasource'),
  },
  { name: 'without the variable job', rule: 'template-job', change: withoutVariable('job') },
  { name: 'without the variable instance', rule: 'template-instance', change: withoutVariable('instance') },
  { name: 'without the variable board', rule: 'variable-undefined', change: withoutVariable('board') },
  {
    name: 'whose variable was renamed',
    rule: 'variable-undefined',
    change: (it) => void (variable(it, 'board').name = 'device'),
  },
  {
    name: 'whose variable nothing uses',
    rule: 'variable-unused',
    change: (it) => void it.templating.list.push({ ...variable(it, 'board'), name: 'rail' }),
  },
  {
    name: 'whose variable asks a series that was renamed',
    rule: 'series-unknown',
    change: (it) => void (variable(it, 'job').query.query = 'label_values(benchlab_sample_ages_seconds, job)'),
  },
  {
    name: 'whose variable lists a label that its series does not have',
    rule: 'label-unknown',
    change: (it) => void (variable(it, 'board').query.query = 'label_values(benchlab_sample_age_seconds, hw_idd)'),
  },
  {
    name: 'whose variable cannot be read',
    rule: 'template-label-promql',
    change: (it) => void (variable(it, 'board').query.query = 'label_values(benchlab_sample_age_seconds{, hw_id)'),
  },
  {
    name: 'whose variable calls a function that does not exist',
    rule: 'template-label-promql',
    change: (it) => void (variable(it, 'board').query.query = 'label_value(benchlab_sample_age_seconds, hw_id)'),
  },
  {
    name: 'whose variable is read once',
    rule: 'template-on-time-change-reload',
    change: (it) => void (variable(it, 'job').refresh = 1),
  },
  {
    name: 'whose variable asks a data source by name',
    rule: 'variable-datasource',
    change: (it) => void (variable(it, 'job').datasource = named),
  },
  {
    name: 'whose variable asks no data source',
    rule: 'variable-datasource',
    change: (it) => void delete variable(it, 'job').datasource,
  },
  {
    name: 'whose annotation asks a data source by name',
    rule: 'annotation-datasource',
    change: (it) => void (annotation(it, 'Firing alerts').datasource = named),
  },
  {
    name: 'whose annotation cannot be read',
    rule: 'target-promql',
    change: (it) => void (annotation(it, 'Firing alerts').expr = 'ALERTS{alertstate=}'),
  },
];

const ofPanels: readonly Mutant[] = [
  { name: 'with a panel without id', rule: 'panel-id', change: (it) => void delete panel(it, 1).id },
  { name: 'with a panel whose id is a text', rule: 'panel-id', change: (it) => void (panel(it, 1).id = '1') },
  { name: 'with a panel id twice', rule: 'panel-id-duplicate', change: (it) => void (panel(it, 1).id = 2) },
  {
    name: 'with a panel without title',
    rule: 'panel-title-description',
    change: (it) => void delete panel(it, 1).title,
  },
  {
    name: 'with a panel without description',
    rule: 'panel-title-description',
    change: (it) => void (panel(it, 1).description = ' '),
  },
  { name: 'with a panel without unit', rule: 'panel-units', change: (it) => void delete defaults(it, 1).unit },
  {
    name: 'with a unit that Grafana does not have',
    rule: 'panel-units',
    change: (it) => void (defaults(it, 1).unit = 'Watt'),
  },
  { name: 'with kilowatts for watts', rule: 'unit-differs', change: (it) => void (defaults(it, 1).unit = 'kwatt') },
  { name: 'with watts for joules', rule: 'unit-differs', change: (it) => void (defaults(it, 2).unit = 'watt') },
  { name: 'with milliseconds for seconds', rule: 'unit-differs', change: (it) => void (defaults(it, 8).unit = 'ms') },
  {
    name: 'with the right unit for another query alone',
    rule: 'unit-differs',
    change: (it) => {
      defaults(it, 1).unit = 'kwatt';
      panel(it, 1).fieldConfig.overrides = [unitFor('byFrameRefID', 'Z', 'watt')];
    },
  },
  {
    name: 'with a wrong unit for one query',
    rule: 'unit-differs',
    change: (it) => void (panel(it, 1).fieldConfig.overrides = [unitFor('byFrameRefID', query(it, 1).refId, 'kwatt')]),
  },
  {
    name: 'with an own unit for another name',
    rule: 'unit-differs',
    change: (it) => {
      defaults(it, 1).unit = 'kwatt';
      query(it, 1).legendFormat = 'Power';
      panel(it, 1).targets.push({ ...query(it, 1), refId: 'Z', legendFormat: 'Other' });
      panel(it, 1).fieldConfig.overrides = [unitFor('byName', 'Other', 'suffix:W')];
    },
  },
  {
    name: 'with a total for a rate',
    rule: 'unit-differs',
    change: edited(11, /rate\((.*?)\[\$__rate_interval\]\)/, 'increase($1[$__range])'),
  },
  {
    name: 'with a mute empty panel',
    rule: 'panel-no-value',
    change: (it) => void delete defaults(it, 1).noValue,
  },
  {
    name: 'with a panel on a named data source',
    rule: 'panel-datasource',
    change: (it) => void (panel(it, 1).datasource = named),
  },
  {
    name: 'with a panel on the variable of another type',
    rule: 'panel-datasource',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable
    change: (it) => void (panel(it, 1).datasource.uid = '${logs}'),
  },
  {
    name: 'with a query on a named data source',
    rule: 'panel-datasource',
    change: (it) => void (query(it, 1).datasource = named),
  },
  {
    name: 'with a query on no data source',
    rule: 'target-datasource',
    change: (it) => void delete query(it, 1).datasource,
  },
  { name: 'with a panel without query', rule: 'panel-no-targets', change: (it) => void (panel(it, 1).targets = []) },
  { name: 'with an empty query', rule: 'target-empty', change: written(1, '') },
  { name: 'with a query without refId', rule: 'target-ref-id', change: (it) => void delete query(it, 1).refId },
  { name: 'with a refId twice', rule: 'target-ref-id', change: (it) => void (panel(it, 5).targets[1].refId = 'A') },
  {
    name: 'with a hidden legend',
    rule: 'panel-legend',
    change: (it) => void (panel(it, 11).options.legend.showLegend = false),
  },
  {
    name: 'with a legend without figures',
    rule: 'panel-legend',
    change: (it) => void (panel(it, 11).options.legend.calcs = []),
  },
  {
    name: 'with a panel of a removed type',
    rule: 'panel-type-deprecated',
    change: (it) => void (panel(it, 11).type = 'graph'),
  },
  { name: 'with a panel without type', rule: 'dashboard-form', change: (it) => void delete panel(it, 11).type },
  { name: 'with a panel over another one', rule: 'panel-overlap', change: (it) => void (panel(it, 4).gridPos.y = 4) },
  { name: 'with a panel beside the grid', rule: 'panel-overlap', change: (it) => void (panel(it, 4).gridPos.x = 20) },
  {
    name: 'with too many open panels',
    rule: 'panels-open',
    change: (it) =>
      void it.panels.push(...Array.from({ length: 12 }, (_, index) => ({ ...panel(it, 1), id: 100 + index }))),
  },
  {
    name: 'with a panel of the library',
    rule: 'library-panel',
    change: (it) => void (panel(it, 1).libraryPanel = { uid: 'a', name: 'Power' }),
  },
  {
    name: 'with a row in a row',
    rule: 'row-nested',
    change: (it) =>
      void it.panels.push({
        id: 90,
        type: 'row',
        title: 'Outer',
        panels: [{ id: 91, type: 'row', title: 'Inner', panels: [] }],
      }),
  },
  {
    name: 'with a threshold that no alert has',
    rule: 'panel-threshold-differs',
    change: (it) => void defaults(it, 8).thresholds.steps.push({ value: 12.5, color: 'red' }),
  },
  {
    name: 'with thresholds without a base',
    rule: 'threshold-base',
    change: (it) => void (defaults(it, 8).thresholds.steps = [{ value: 10, color: 'red' }]),
  },
  {
    name: 'with thresholds out of order',
    rule: 'threshold-base',
    change: (it) =>
      void defaults(it, 8).thresholds.steps.push({ value: 10, color: 'red' }, { value: 5, color: 'orange' }),
  },
  {
    name: 'with a link to a dashboard that is gone',
    rule: 'link-missing',
    change: (it) => void (panel(it, 1).links = [{ title: 'More', url: '/d/benchlab-hosts?from=now-1h' }]),
    other: beside('monitoring/grafana/dashboards/bench/other.json', (it) => void (it.uid = 'other')),
  },
  {
    name: 'with a link to a panel that is gone',
    rule: 'link-missing',
    change: (it) => void (panel(it, 1).links = [{ title: 'More', url: '/d/other?from=now-1h&viewPanel=99' }]),
    other: beside('monitoring/grafana/dashboards/bench/other.json', (it) => void (it.uid = 'other')),
  },
  {
    name: 'with a link that sets a variable that is gone',
    rule: 'link-missing',
    change: (it) => void (panel(it, 1).links = [{ title: 'More', url: '/d/other?from=now-1h&var-rail=a' }]),
    other: beside('monitoring/grafana/dashboards/bench/other.json', (it) => void (it.uid = 'other')),
  },
  { name: 'with a link without an address', rule: 'link-missing', change: (it) => void (it.links[1].url = '') },
  {
    name: 'with a link by a tag that no dashboard has',
    rule: 'link-missing',
    change: (it) => void (it.links[0].tags = ['lab']),
  },
  {
    name: 'with a link that loses the time',
    rule: 'link-loses-time',
    change: (it) => void (it.links[0].keepTime = false),
  },
];

const ofQueries: readonly Mutant[] = [
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

export const mutants: readonly Mutant[] = [...ofDashboards, ...ofVariables, ...ofPanels, ...ofQueries];

export interface Sweep {
  /** Continues the sentence "A panel …". */
  readonly name: string;
  readonly rule: string;
  /** Changes a panel, and returns whether it could. */
  readonly change: (panel: Json) => boolean;
}

/** Changes every query of PromQL in a panel. */
const everyQuery = (edit: (expr: string) => string) => (changed: Json) => {
  const targets = (changed.targets ?? []).filter(
    (target: Json) => target.datasource?.type === 'prometheus' && edit(target.expr) !== target.expr,
  );
  for (const target of targets) target.expr = edit(target.expr);
  return targets.length > 0;
};
const asks = ({ targets = [] }: Json): boolean => targets.length > 0;

/** The name of a series before its braces. Recorded ones have colons, and are known from rule files alone. */
const series = /(?<![\w:])(?!ALERTS)([a-z]\w+)\{/i;

/** The same mistake in each panel of a dashboard. */
export const sweeps: readonly Sweep[] = [
  {
    name: 'without description',
    rule: 'panel-title-description',
    change: (it) => asks(it) && delete it.description,
  },
  {
    name: 'on a named data source',
    rule: 'panel-datasource',
    change: (it) => asks(it) && Boolean((it.datasource = { ...it.datasource, uid: 'P1' })),
  },
  { name: 'with queries without refId', rule: 'target-ref-id', change: (it) => asks(it) && delete it.targets[0].refId },
  { name: 'with a bracket too many', rule: 'target-promql', change: everyQuery((expr) => `${expr})`) },
  {
    name: 'with a slip in a series',
    rule: 'series-unknown',
    change: everyQuery((expr) => expr.replace(series, '$1x{')),
  },
  {
    name: 'with a slip in a label',
    rule: 'label-unknown',
    change: everyQuery((expr) => expr.replace(series, '$1{jop="a",')),
  },
  {
    name: 'that ignores the job',
    rule: 'target-job',
    change: everyQuery((expr) => expr.replace(/(?<![\w:])(?!ALERTS)([a-z]\w+)\{job=~"\$job",?/i, '$1{')),
  },
  {
    name: 'with a fixed range',
    rule: 'target-rate-interval',
    change: everyQuery((expr) =>
      expr.replace(/\[\$__(rate_interval|range)\]/, '[5m]').replace(/_over_time(.*)\[5m\]/, '_over_time$1[$__range]'),
    ),
  },
];
