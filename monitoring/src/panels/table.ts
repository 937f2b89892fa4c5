import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as grafana from '@grafana/grafana-foundation-sdk/table';
import { panel } from './panel.ts';
import type { PanelDefinition, PanelOptions } from './panelDefinition.ts';

export interface TableOptions extends PanelOptions {
  /** What columns of labels are headed with: `{ hw_id: 'Board' }`. Labels that are not named here are left out. */
  readonly columns: Readonly<Record<string, string>>;
  /** Units of columns that have another one than the panel, by the legend of their query. */
  readonly units?: Readonly<Record<string, string>>;
}

/** Pixels; Grafana's own least, 150, puts the last of five columns out of sight in a panel of half the page. */
const leastColumnWidth = 90;

const emptyCell = { id: 'noValue', value: '-' };

/** One row for each set of labels, one column for each query, headed by the query's legend. */
export function table(options: TableOptions): PanelDefinition {
  const values = options.queries.map(({ legend }, index) => {
    const refId = String.fromCharCode('A'.charCodeAt(0) + index);
    return [options.queries.length === 1 ? 'Value' : `Value #${refId}`, legend] as const;
  });
  const kept = [...Object.keys(options.columns), ...values.map(([name]) => name)];
  return panel(options, { time: 'instant', format: prometheus.PromQueryFormat.Table }, () => {
    const builder = new grafana.PanelBuilder()
      .showHeader(true)
      .filterable(true)
      .minWidth(leastColumnWidth)
      .withTransformation({ id: 'merge', options: {} })
      .withTransformation({ id: 'filterFieldsByName', options: { include: { names: kept } } })
      .withTransformation({
        id: 'organize',
        options: {
          indexByName: Object.fromEntries(kept.map((name, index) => [name, index])),
          renameByName: { ...options.columns, ...Object.fromEntries(values) },
        },
      });
    // The unit is that of the values: a label is text. The no-value text is that of a table without rows, and not of a cell.
    for (const heading of Object.values(options.columns)) {
      builder.overrideByName(heading, [{ id: 'unit', value: 'string' }, emptyCell]);
    }
    for (const { legend } of options.queries) builder.overrideByName(legend, [emptyCell]);
    for (const [legend, unit] of Object.entries(options.units ?? {})) {
      builder.overrideByName(legend, [{ id: 'unit', value: unit }]);
    }
    return builder;
  });
}
