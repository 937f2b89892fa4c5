// biome-ignore-all lint/suspicious/noAssignInExpressions: a table of changes, one a line

import { beside, defaults, edited, type Mutant, named, panel, query, unitFor, written } from './mutant.ts';

/** Mistakes in panels: what they show, their units, places, thresholds and links. */
export const ofPanels: readonly Mutant[] = [
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
