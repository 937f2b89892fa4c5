import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelQuery } from '../queries/queryShape.ts';
import type { Steps } from '../queries/thresholds.ts';

/** What is stated about every panel, of any kind. */
export interface PanelOptions {
  /** Never changes once published: links and alerts point at it, and Grafana's v2 migration dropped panels without. */
  readonly id: number;
  readonly title: string;
  /** What it shows, why one looks at it, and what to do when it looks wrong. */
  readonly description: string;
  /** `grafanaUnit(metric)` or `unitNamed('1')`: what the registry states, in Grafana's words. */
  readonly unit: string;
  readonly queries: readonly PanelQuery[];
  /** Shown instead of an empty panel. */
  readonly noValue: string;
  /** Grid columns of 24, and rows of 30 pixels. Where it stands follows from the order. */
  readonly width: number;
  readonly height: number;
  /** The bounds of what is drawn, where the values have them: a share is from 0 to 1. */
  readonly min?: number;
  readonly max?: number;
  readonly decimals?: number;
  /** The least time between two points: `1m` where a shorter one would show noise, `1d` for one a day. `$__rate_interval` follows it. */
  readonly leastStep?: string;
  /** `thresholdsOf('ALERT')`, or `panelThresholds('NAME')` where no alert compares the value. */
  readonly thresholds?: Steps;
  /** A time of its own instead of the one shown, up to now: `now/d` is today so far. */
  readonly timeFrom?: string;
  /** Alerts on what is shown: the panel links to their runbooks. */
  readonly alerts?: readonly string[];
  /** Dashboards that show more of it, by name and title. */
  readonly opens?: readonly (readonly [name: string, title: string])[];
  /** What else was recorded of the chosen services at the time shown. */
  readonly explores?: readonly ('logs' | 'traces')[];
}

/** A panel before it has a place. */
export interface PanelDefinition {
  readonly id: number;
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly language: 'promql' | 'logql';
  /** Asked for once, at the end of the time shown, instead of for each step of it. */
  readonly instant: boolean;
  readonly queries: readonly PanelQuery[];
  readonly build: () => Panel;
}
