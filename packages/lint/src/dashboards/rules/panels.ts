import { entryAt, itemsOf, nodeAt, textAt } from '../../yaml/node.ts';
import type { Panel } from '../model/dashboard.ts';
import { quoted } from '../model/dashboard.ts';
import { askingPanels, type DashboardRule, numberPanels } from '../rule.ts';
import { isGrafanaUnit } from '../units/grafanaUnits.ts';
import { isTemplated, sourceText } from './templates.ts';

const datasource: DashboardRule = {
  id: 'panel-datasource',
  severity: 'error',
  reason: 'A panel that names a data source of one installation is empty in every other one.',
  fix: 'Use the variable of the type datasource as uid.',
  *find({ dashboard }) {
    for (const panel of askingPanels(dashboard)) {
      const { datasource: source, queries, at } = panel;
      if (dashboard.form === 'v1' && !isTemplated(source, dashboard)) {
        yield { panel, at: source?.at ?? at, message: `The panel has ${sourceText(source)}.` };
      }
      for (const query of queries) {
        const own = query.datasource;
        if (own === undefined ? dashboard.form === 'v1' : isTemplated(own, dashboard)) continue;
        yield { panel, query, at: own?.at ?? query.at, message: `The query has ${sourceText(own)}.` };
      }
    }
  },
};

const targetDatasource: DashboardRule = {
  id: 'target-datasource',
  severity: 'warning',
  reason: 'Since Grafana 8.3 each query has a data source of its own: Explore and migrations read that one.',
  fix: 'Give the query the data source of the panel.',
  *find({ dashboard }) {
    if (dashboard.form === 'v2') return;
    for (const panel of askingPanels(dashboard)) {
      for (const query of panel.queries) {
        if (query.datasource === undefined)
          yield { panel, query, at: query.at, message: 'The query has no data source.' };
      }
    }
  },
};

const titleDescription: DashboardRule = {
  id: 'panel-title-description',
  severity: 'error',
  reason: 'A figure without words is understood by the person who made it.',
  fix: 'Write a title, and a description of what is shown, why, and what to do about it.',
  *find({ dashboard }) {
    for (const panel of askingPanels(dashboard)) {
      if (panel.title.trim() === '') yield { panel, at: panel.at, message: 'The panel has no title.' };
      if (panel.description.trim() === '') yield { panel, at: panel.at, message: 'The panel has no description.' };
    }
  },
};

/** Units of a panel: that of its fields, and those of single ones. */
export function unitsOf(panel: Panel): readonly string[] {
  return valuesOf(panel, 'unit').filter((unit) => unit !== '');
}

/** What a property of fields has as its default, and in overrides. */
function valuesOf({ fieldConfig }: Panel, key: string): readonly string[] {
  const own = textAt(fieldConfig, 'defaults', key);
  const overrides = itemsOf(nodeAt(fieldConfig, 'overrides')).flatMap((override) =>
    itemsOf(nodeAt(override, 'properties')).flatMap((property) =>
      textAt(property, 'id') === key ? (textAt(property, 'value') ?? []) : [],
    ),
  );
  return [...(own === undefined ? [] : [own]), ...overrides];
}

const units: DashboardRule = {
  id: 'panel-units',
  severity: 'error',
  reason: 'A number without its unit is read as another one.',
  fix: 'Set the unit of the metric, or none for a number without a unit.',
  *find({ dashboard }) {
    for (const panel of numberPanels(dashboard)) {
      const { fieldConfig, options, at } = panel;
      const all = unitsOf(panel);
      const unit = entryAt(fieldConfig, 'defaults', 'unit');
      const hasWords = itemsOf(nodeAt(fieldConfig, 'defaults', 'mappings')).length > 0;
      const isText = (textAt(options, 'reduceOptions', 'fields') ?? '') !== '';
      if (all.length === 0 && !hasWords && !isText)
        yield { panel, at: unit?.keyAt ?? at, message: 'The panel has no unit.' };
      for (const name of all.filter((each) => !isGrafanaUnit(each))) {
        yield { panel, at: unit?.keyAt ?? at, message: `Grafana has no unit ${quoted(name)}.` };
      }
    }
  },
};

const noTargets: DashboardRule = {
  id: 'panel-no-targets',
  severity: 'error',
  reason: 'A panel without a query is empty for ever.',
  fix: 'Add a query, or remove the panel.',
  *find({ dashboard }) {
    for (const panel of askingPanels(dashboard)) {
      if (panel.queries.length === 0) yield { panel, at: panel.at, message: 'The panel has no query.' };
    }
  },
};

const noValue: DashboardRule = {
  id: 'panel-no-value',
  severity: 'warning',
  reason: 'The words "No data" do not show whether nothing happened or nothing is measured.',
  fix: 'Set noValue to what an empty panel means.',
  *find({ dashboard }) {
    for (const panel of numberPanels(dashboard)) {
      if (valuesOf(panel, 'noValue').some((text) => text.trim() !== '')) continue;
      yield { panel, at: panel.at, message: 'The panel does not state what it means when it is empty.' };
    }
  },
};

const legend: DashboardRule = {
  id: 'panel-legend',
  severity: 'warning',
  reason: 'Lines without names and figures differ by colour alone.',
  fix: 'Show the legend, as a table with calculations where it has several lines.',
  *find({ dashboard: { panels } }) {
    for (const panel of panels.filter(({ type }) => /^(timeseries|state-timeline|barchart|piechart)$/.test(type))) {
      const shown = entryAt(panel.options, 'legend');
      const isHidden =
        textAt(shown?.value, 'showLegend') === 'false' || textAt(shown?.value, 'displayMode') === 'hidden';
      const at = shown?.keyAt ?? panel.at;
      if (isHidden) yield { panel, at, message: 'The legend is hidden.' };
      else if (panel.type === 'timeseries' && itemsOf(nodeAt(shown?.value, 'calcs')).length === 0) {
        yield { panel, at, message: 'The legend has no calculations.' };
      }
    }
  },
};

/** Source: grafana.com/docs/grafana/latest/developers/angular_deprecation, "Angular plugins"; removed in Grafana 12. */
const deprecatedTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    graph: 'timeseries',
    'graph-old': 'timeseries',
    singlestat: 'stat',
    'grafana-singlestat-panel': 'stat',
    'table-old': 'table',
    'grafana-piechart-panel': 'piechart',
    'grafana-worldmap-panel': 'geomap',
    'heatmap-new': 'heatmap',
    'natel-discrete-panel': 'state-timeline',
    'flant-statusmap-panel': 'status-history',
    'vonage-status-panel': 'stat',
    'michaeldmoore-multistat-panel': 'bargauge',
    'briangann-gauge-panel': 'gauge',
    'jdbranham-diagram-panel': 'canvas',
  }),
);

const deprecated: DashboardRule = {
  id: 'panel-type-deprecated',
  severity: 'error',
  reason: 'Grafana 12 and later do not have the old types of panels: they migrate them, or show nothing.',
  fix: 'Use the type that replaced it.',
  *find({ dashboard: { panels } }) {
    for (const panel of panels) {
      const present = deprecatedTypes.get(panel.type);
      if (present === undefined) continue;
      const at = entryAt(panel.node, 'type')?.keyAt ?? panel.at;
      yield { panel, at, message: `The type ${panel.type} was removed from Grafana.`, fix: `Use the type ${present}.` };
    }
  },
};

/** Columns of the grid. */
const gridColumns = 24;

const overlap: DashboardRule = {
  id: 'panel-overlap',
  severity: 'warning',
  reason: 'Grafana moves panels that overlap, and then the layout is not the one of the file.',
  fix: 'Give the panel a place that no other one has, within 24 columns.',
  *find({ dashboard: { panels } }) {
    const placed = panels.flatMap((panel) => {
      const [x, y, w, h] = ['x', 'y', 'w', 'h'].map((key) => Number(textAt(panel.grid, key) ?? Number.NaN));
      if (panel.grid === undefined || x === undefined || y === undefined || w === undefined || h === undefined)
        return [];
      return Number.isNaN(x + y + w + h) ? [] : [{ panel, x, y, w, h, at: panel.grid.at }];
    });
    for (const [index, a] of placed.entries()) {
      if (a.x < 0 || a.x + a.w > gridColumns) {
        yield { panel: a.panel, at: a.at, message: `The panel reaches column ${a.x + a.w} of ${gridColumns}.` };
      }
      const over = placed
        .slice(0, index)
        .find(
          (b) =>
            a.panel.isOpen === b.panel.isOpen &&
            a.x < b.x + b.w &&
            b.x < a.x + a.w &&
            a.y < b.y + b.h &&
            b.y < a.y + a.h,
        );
      if (over !== undefined && a.panel.isOpen) {
        yield { panel: a.panel, at: a.at, message: `The panel overlaps ${quoted(over.panel.title)}.` };
      }
    }
  },
};

/** More than a screen holds, and more queries at once than a browser sends. */
const maxOpen = 20;

const open: DashboardRule = {
  id: 'panels-open',
  severity: 'warning',
  reason: 'Every open panel asks at every refresh: many of them are slow, and no reader looks at all of them.',
  fix: 'Put panels into collapsed rows, or on a dashboard of their own.',
  *find({ dashboard }) {
    const count = askingPanels(dashboard).filter(({ isOpen }) => isOpen).length;
    if (count > maxOpen) yield { at: dashboard.spec.at, message: `${count} panels are open, more than ${maxOpen}.` };
  },
};

export const panelRules: readonly DashboardRule[] = [
  datasource,
  targetDatasource,
  titleDescription,
  units,
  noTargets,
  noValue,
  legend,
  deprecated,
  overlap,
  open,
];
