import { chosenVariables } from './chosenVariables.ts';
import { dataFindings, ofPanel } from './findings.ts';
import type { Frame } from './frames.ts';
import { globalVariables } from './globalVariables.ts';
import { interval } from './interval.ts';
import { layout, type Placed } from './layout.ts';
import type { DashboardModel } from './model.ts';
import { panelFrames } from './panelFrames.ts';
import type { PrometheusClient } from './prometheus.ts';
import type { TimeRange } from './timeRange.ts';
import { replaced, type Variable } from './variables.ts';

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
  const wholePage = globalVariables(
    range,
    interval({ range, widthPixels: width, scrapeIntervalMs: options.scrapeIntervalMs }),
  );
  const chosen = await chosenVariables(dashboard, wholePage, client, range, options.variables);
  const { placed, height } = layout(dashboard, width);
  const findings = [...chosen.findings];
  const drawn: PlacedScene[] = [];
  for (const each of placed) {
    if (each.kind === 'row') {
      drawn.push({ ...each, title: replaced(each.title, chosen.variables) });
      continue;
    }
    const { frames, message } = await panelFrames(each.panel, client, {
      ...options,
      widthPixels: each.at.width,
      variables: chosen.variables,
    });
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

function shown({ templating }: DashboardModel, variables: ReadonlyMap<string, Variable>): Scene['variables'] {
  return (templating?.list ?? [])
    .filter(({ hide }) => hide !== 2)
    .map(({ name, label }) => ({ label: label ?? name, text: variables.get(name)?.text ?? '' }));
}
