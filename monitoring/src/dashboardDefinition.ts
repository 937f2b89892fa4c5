import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { placed } from './layout.ts';
import type { PanelDefinition } from './panels/panelDefinition.ts';
import { annotations } from './queries/annotations.ts';
import { dashboardsMenu, logsLink, tracesLink } from './queries/links.ts';
import type { Variable } from './queries/variables.ts';

/** The folders in Grafana: what a team may see is set for each of them. */
type Folder = 'Bench' | 'Runtime' | 'Services' | 'Sidepanel' | 'Telemetry';

/** A part of a dashboard that is closed at first. */
export interface Section {
  /** From the same numbers as panels: Grafana counts them together. */
  readonly id: number;
  readonly title: string;
  readonly panels: readonly PanelDefinition[];
}

/** A dashboard as its file states it. */
export interface DashboardDefinition {
  /** The name of its file, and of its uid after `benchlab-`. */
  readonly name: string;
  readonly folder: Folder;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** The time that it shows at first: `now-1h`. */
  readonly from: string;
  readonly refresh: string;
  readonly variables: readonly Variable[];
  /** Open panels, 20 at most: more than a screen or two is not looked at. */
  readonly panels: readonly PanelDefinition[];
  readonly sections?: readonly Section[];
}

/** Every panel, also those of closed sections. */
export function panelDefinitions({ panels, sections = [] }: DashboardDefinition): readonly PanelDefinition[] {
  return [...panels, ...sections.flatMap((section) => section.panels)];
}

/** The dashboard as Grafana reads it: version 1, schema 42. */
export function build(definition: DashboardDefinition): dashboard.Dashboard {
  const built = new dashboard.DashboardBuilder(definition.title)
    .uid(`benchlab-${definition.name}`)
    .description(definition.description)
    .tags(['benchlab', ...definition.tags])
    .timezone('browser')
    .refresh(definition.refresh)
    .time({ from: definition.from, to: 'now' })
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .readonly()
    .variables([...definition.variables])
    .annotations([...annotations(definition.variables)])
    .links([dashboardsMenu(), logsLink(), tracesLink()].map((link) => ({ build: () => ({ ...link, keepTime: true }) })))
    .build();
  return { ...built, panels: placed(definition.panels, definition.sections ?? []) };
}
