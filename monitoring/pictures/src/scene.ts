import { chosenVariables } from './chosenVariables.ts';
import { dataFindings, ofPanel } from './findings.ts';
import { type Frame, framesOf } from './frames.ts';
import { type Interval, interval, promDuration } from './interval.ts';
import { layout, type Placed } from './layout.ts';
import type { DashboardModel, PanelModel, TargetModel } from './model.ts';
import type { PrometheusClient } from './prometheus.ts';
import type { TimeRange } from './timeRange.ts';
import { builtIn, replaced, type Variable } from './variables.ts';

/** All that the page needs to draw one dashboard: plain data. */
export interface Scene {
  readonly title: string;
  readonly range: TimeRange;
  readonly width: number;
  readonly height: number;
  readonly variables: readonly { readonly label: string; readonly text: string }[];
  readonly placed: readonly PlacedScene[];
}

export type PlacedScene =
  | Extract<Placed, { kind: 'row' }>
  | (Extract<Placed, { kind: 'panel' }> & { readonly frames: readonly Frame[]; readonly message?: string });

export interface SceneOptions {
  readonly range: TimeRange;
  readonly scrapeIntervalMs: number;
  readonly width: number;
  /** Values for variables in place of those of the file. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Executes what a dashboard asks. A query that fails is the message of its panel, and a finding. */
export async function sceneOf(
  dashboard: DashboardModel,
  client: PrometheusClient,
  options: SceneOptions,
): Promise<{ readonly scene: Scene; readonly findings: readonly string[] }> {
  const { range, width } = options;
  const wholePage = timesOf(range, interval({ range, widthPixels: width, scrapeIntervalMs: options.scrapeIntervalMs }));
  const chosen = await chosenVariables(dashboard, wholePage, client, range, options.variables);
  const { placed, height } = layout(dashboard, width);
  const findings = [...chosen.findings];
  const drawn: PlacedScene[] = [];
  for (const each of placed) {
    if (each.kind === 'row') {
      drawn.push({ ...each, title: replaced(each.title, chosen.variables) });
      continue;
    }
    const { frames, message } = await executed(each.panel, each.at.width, chosen.variables, client, options);
    const own = message === undefined ? dataFindings(each.panel, frames) : [message];
    findings.push(...own.map((finding) => ofPanel(each.panel, finding)));
    const panel = { ...each.panel, title: replaced(each.panel.title ?? '', chosen.variables) };
    drawn.push({ ...each, panel, frames, ...(message === undefined ? {} : { message }) });
  }
  return {
    scene: {
      title: dashboard.title,
      range,
      width,
      height,
      variables: shown(dashboard, chosen.variables),
      placed: drawn,
    },
    findings,
  };
}

interface Executed {
  readonly frames: readonly Frame[];
  readonly message?: string;
}

async function executed(
  panel: PanelModel,
  widthPixels: number,
  variables: ReadonlyMap<string, Variable>,
  client: PrometheusClient,
  { range, scrapeIntervalMs }: SceneOptions,
): Promise<Executed> {
  const targets = (panel.targets ?? []).filter(({ hide, expr }) => !hide && expr !== undefined && expr !== '');
  const frames: Frame[] = [];
  for (const target of targets) {
    const type = target.datasource?.type ?? panel.datasource?.type ?? 'prometheus';
    if (type !== 'prometheus') return { frames, message: `Not executed: ${type} is not part of the pictures.` };
    const least = target.interval ?? panel.interval;
    const step = interval({
      range,
      widthPixels,
      scrapeIntervalMs,
      ...(least ? { least: replaced(least, variables) } : {}),
    });
    const inPanel = new Map([...variables, ...timesOf(range, step).map((each) => [each.name, each] as const)]);
    try {
      frames.push(
        ...(await framesOfTarget(
          target,
          replaced(target.expr ?? '', inPanel),
          step,
          targets.length > 1,
          client,
          range,
        )),
      );
    } catch (error) {
      return { frames, message: `Query ${target.refId ?? '?'} failed: ${(error as Error).message}` };
    }
  }
  return { frames };
}

async function framesOfTarget(
  target: TargetModel,
  expr: string,
  { stepMs }: Interval,
  isOneOfSeveral: boolean,
  client: PrometheusClient,
  range: TimeRange,
): Promise<Frame[]> {
  const isInstant = target.instant === true && target.range !== true;
  const series = isInstant ? await client.instant(expr, range.toMs) : await client.range(expr, range, stepMs);
  return framesOf(series, {
    refId: target.refId ?? 'A',
    expr,
    stepMs,
    isOneOfSeveral,
    ...(target.legendFormat === undefined ? {} : { legendFormat: target.legendFormat }),
    ...(target.format === undefined ? {} : { format: target.format }),
  });
}

/** The variables of https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#global-variables */
function timesOf({ fromMs, toMs }: TimeRange, { stepMs, rateIntervalMs }: Interval): Variable[] {
  const rangeMs = toMs - fromMs;
  return builtIn({
    __interval: promDuration(stepMs),
    __interval_ms: String(stepMs),
    __rate_interval: promDuration(rateIntervalMs),
    __rate_interval_ms: String(rateIntervalMs),
    __range: promDuration(Math.round(rangeMs / 1000) * 1000),
    __range_s: String(Math.round(rangeMs / 1000)),
    __range_ms: String(rangeMs),
    __from: String(fromMs),
    __to: String(toMs),
  });
}

function shown({ templating }: DashboardModel, variables: ReadonlyMap<string, Variable>): Scene['variables'] {
  return (templating?.list ?? [])
    .filter(({ hide }) => hide !== 2)
    .map(({ name, label }) => ({ label: label ?? name, text: variables.get(name)?.text ?? '' }));
}
