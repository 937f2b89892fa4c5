import type { Position } from '../../findings/finding.ts';
import type { YamlNode } from '../../yaml/node.ts';
import type { Source } from './source.ts';

/** A dashboard of any form as the rules see it. */
export interface Dashboard {
  readonly source: Source;
  /** v1 is what Grafana 5 to 12 write, with a list of panels; v2 has elements and a layout. */
  readonly form: 'v1' | 'v2';
  /** The folder of its file, or the ConfigMap that holds it: what is provisioned together. */
  readonly folder: string;
  /** The whole document, with `__inputs` and what wraps the specification. */
  readonly document: YamlNode;
  /** Title, tags, variables, panels. */
  readonly spec: YamlNode;
  readonly uid: Written | undefined;
  readonly title: string;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
  readonly variables: readonly Variable[];
  readonly annotations: readonly Annotation[];
  readonly links: readonly YamlNode[];
  readonly rows: readonly Row[];
  /** What is more than is looked at: `panels`. */
  readonly cut: readonly string[];
}

/** A text and where it stands. */
export interface Written {
  readonly text: string;
  readonly at: Position;
}

export interface Row {
  readonly title: string;
  readonly at: Position;
  readonly isInRow: boolean;
}

export interface Panel {
  readonly node: YamlNode;
  readonly at: Position;
  readonly id: { readonly value: unknown; readonly at: Position } | undefined;
  readonly title: string;
  readonly description: string;
  /** `timeseries`. */
  readonly type: string;
  readonly datasource: DataSource | undefined;
  readonly queries: readonly Query[];
  readonly options: YamlNode | undefined;
  readonly fieldConfig: YamlNode | undefined;
  readonly links: readonly YamlNode[];
  readonly grid: YamlNode | undefined;
  /** It is shown when the dashboard opens: not in a collapsed row. */
  readonly isOpen: boolean;
  /** Where it names a panel of the database instead of being one. */
  readonly library: Position | undefined;
  /** v2: the version of the panel type that its options were written for. */
  readonly version: Written | undefined;
}

export interface DataSource {
  readonly type: string | undefined;
  /** v1: the uid; v2: the name. A text alone in old dashboards. */
  readonly uid: string | undefined;
  readonly at: Position;
}

export type Language = 'promql' | 'logql' | 'none' | 'other';

export interface Query {
  /** From 1, in its panel. */
  readonly number: number;
  readonly refId: string | undefined;
  /** Undefined where it has none. */
  readonly text: Written | undefined;
  readonly datasource: DataSource | undefined;
  readonly legend: Written | undefined;
  readonly isInstant: boolean;
  readonly isHidden: boolean;
  readonly at: Position;
}

export interface Variable {
  readonly node: YamlNode;
  readonly at: Position;
  /** `query`, `datasource`, `custom`, `constant`, `interval`, `textbox`, `adhoc`, `groupby`, `switch`. */
  readonly type: string;
  readonly name: string;
  readonly query: Written | undefined;
  readonly datasource: DataSource | undefined;
  /** It is read again when the time range changes. */
  readonly isRefreshed: boolean;
  /** What was chosen when the dashboard was saved. */
  readonly current: string | undefined;
  readonly isMulti: boolean;
}

export interface Annotation {
  readonly name: string;
  readonly at: Position;
  readonly datasource: DataSource | undefined;
  readonly query: Written | undefined;
  readonly isBuiltIn: boolean;
}

/** A title in a message: on one line, cut, and without characters that a terminal acts on. */
export function quoted(title: string): string {
  const shown = title.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
  return `"${shown.length > 60 ? `${shown.slice(0, 59)}…` : shown}"`;
}
