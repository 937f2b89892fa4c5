/** What a picture reads of a dashboard in Grafana's format v1. All else in the file is ignored. */
export interface DashboardModel {
  readonly title: string;
  readonly uid?: string;
  readonly time?: { readonly from: string; readonly to: string };
  readonly templating?: { readonly list?: readonly VariableModel[] };
  readonly panels?: readonly PanelModel[];
}

export interface VariableModel {
  readonly type: string;
  readonly name: string;
  readonly label?: string;
  readonly query?: string | { readonly query?: string };
  readonly regex?: string;
  readonly sort?: number;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  /** 2: not shown. */
  readonly hide?: number;
  readonly current?: { readonly value?: string | readonly string[] };
}

export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface DataSource {
  readonly type?: string;
  readonly uid?: string;
}

export interface TargetModel {
  readonly refId?: string;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly format?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly hide?: boolean;
  readonly interval?: string;
  readonly datasource?: DataSource;
}

export interface PanelModel {
  readonly type: string;
  readonly id?: number;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos?: GridPosition;
  readonly collapsed?: boolean;
  /** The panels of a collapsed row. */
  readonly panels?: readonly PanelModel[];
  readonly datasource?: DataSource;
  readonly targets?: readonly TargetModel[];
  readonly interval?: string;
  readonly repeat?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly fieldConfig?: FieldConfigModel;
  readonly transformations?: readonly { readonly id: string; readonly options?: unknown }[];
}

export interface FieldConfigModel {
  readonly defaults?: Readonly<Record<string, unknown>> & { readonly noValue?: string };
  readonly overrides?: readonly {
    readonly matcher: { readonly id: string; readonly options?: unknown };
    readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
  }[];
}

/** A dashboard from the text of its file. */
export function readDashboard(text: string, file: string): DashboardModel {
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}. Run: npm run render`);
  }
  const { title, panels, templating } = (model ?? {}) as Partial<DashboardModel>;
  const isList = (value: unknown) => value === undefined || Array.isArray(value);
  if (typeof title !== 'string' || !isList(panels) || !isList(templating?.list)) {
    throw new Error(`${file} is not a dashboard of format v1: it needs a title and a list of panels.`);
  }
  return model as DashboardModel;
}
