import { type Frame, framesOf } from './frames.ts';
import { globalVariables } from './globalVariables.ts';
import { type Interval, interval } from './interval.ts';
import type { PanelModel, TargetModel } from './model.ts';
import type { PrometheusClient } from './prometheus.ts';
import type { TimeRange } from './timeRange.ts';
import { replaced, type Variable } from './variables.ts';

export interface PanelFrames {
  readonly frames: readonly Frame[];
  /** Why there are no frames. */
  readonly message?: string;
}

export interface PanelQueryOptions {
  readonly widthPixels: number;
  readonly range: TimeRange;
  readonly scrapeIntervalMs: number;
  readonly variables: ReadonlyMap<string, Variable>;
}

/** Executes the queries of a panel. The first that fails is the message of the panel. */
export async function panelFrames(
  panel: PanelModel,
  client: PrometheusClient,
  options: PanelQueryOptions,
): Promise<PanelFrames> {
  const targets = (panel.targets ?? []).filter(({ hide, expr }) => !hide && expr !== undefined && expr !== '');
  const frames: Frame[] = [];
  for (const target of targets) {
    const type = target.datasource?.type ?? panel.datasource?.type ?? 'prometheus';
    if (type !== 'prometheus') return { frames, message: `Not executed: the pictures have no ${type}.` };
    try {
      frames.push(...(await targetFrames(target, panel, targets.length > 1, client, options)));
    } catch (error) {
      return { frames, message: `Query ${target.refId ?? '?'} failed: ${(error as Error).message}` };
    }
  }
  return { frames };
}

async function targetFrames(
  target: TargetModel,
  panel: PanelModel,
  isOneOfSeveral: boolean,
  client: PrometheusClient,
  options: PanelQueryOptions,
): Promise<Frame[]> {
  const { range } = options;
  const step = stepOf(target, panel, options);
  const known = [...options.variables.values(), ...globalVariables(range, step)];
  const variables = new Map(known.map((variable) => [variable.name, variable]));
  const expr = replaced(target.expr ?? '', variables);
  const isInstant = target.instant === true && target.range !== true;
  const series = isInstant ? await client.instant(expr, range.toMs) : await client.range(expr, range, step.stepMs);
  return framesOf(series, {
    refId: target.refId ?? 'A',
    expr,
    stepMs: step.stepMs,
    isOneOfSeveral,
    ...(target.legendFormat === undefined ? {} : { legendFormat: replaced(target.legendFormat, variables) }),
    ...(target.format === undefined ? {} : { format: target.format }),
  });
}

function stepOf(target: TargetModel, panel: PanelModel, options: PanelQueryOptions): Interval {
  const { range, widthPixels, scrapeIntervalMs, variables } = options;
  const texts = { least: panel.interval, leastOfQuery: target.interval };
  const stated = Object.entries(texts).flatMap(([name, text]) =>
    text ? [[name, replaced(text, variables)] as const] : [],
  );
  return interval({ range, widthPixels, scrapeIntervalMs, ...Object.fromEntries(stated) });
}
