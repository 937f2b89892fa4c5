import { messageOf } from '@benchlab-otel/core';
import type { LintFile } from '../files/lintFile.ts';
import type { Finding } from '../findings/finding.ts';
import type { ForeignSeries } from '../promql/seriesCatalogue.ts';
import type { PanelSteps, Thresholds } from './thresholds.ts';

export const listRules = [
  { id: 'list-form', reason: 'A list of thresholds or series that cannot be read is not compared with anything.' },
] as const;

/** The two lists that rules are held against. */
export interface Lists {
  readonly foreign?: ForeignSeries;
  readonly thresholds?: { readonly file: string; readonly alerts: Thresholds };
  /** Steps of panels that no alert compares: the section `panels` of thresholds.json. */
  readonly panelSteps: Readonly<Record<string, PanelSteps>>;
  readonly findings: readonly Finding[];
}

export function readLists(files: readonly LintFile[]): Lists {
  const findings: Finding[] = [];
  let foreign: ForeignSeries | undefined;
  let thresholds: Lists['thresholds'];
  let panelSteps: Lists['panelSteps'] = {};
  for (const { path, text } of files) {
    const name = path.split('/').at(-1);
    if (name !== 'thresholds.json' && name !== 'foreign-series.json') continue;
    const complain = (message: string) =>
      void findings.push({
        rule: 'list-form',
        severity: 'error',
        message,
        fix: 'Correct the file; docs/alerts.md shows its form.',
        file: path,
        line: 1,
      });
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch (error) {
      complain(`The file is not JSON: ${messageOf(error)}.`);
      continue;
    }
    if (name === 'thresholds.json') {
      if (isThresholds(content)) {
        thresholds = { file: path, alerts: content.alerts };
        panelSteps = content.panels ?? {};
      } else {
        complain(
          'The file is not {"alerts": {ALERT: [{"value", "operator", "unit", "means", "source"}]}, "panels": {NAME: {"unit", "base", "steps": [{"value", "color"}], "means", "source"}}}.',
        );
      }
    } else if (isForeign(content)) foreign = content;
    else
      complain(
        'The file is not {"targetLabels": […], "programs": [{"program", "version", "series": [{"name", "type", "labels"}]}]}.',
      );
  }
  return {
    panelSteps,
    findings,
    ...(foreign === undefined ? {} : { foreign }),
    ...(thresholds === undefined ? {} : { thresholds }),
  };
}

function isThresholds(
  content: unknown,
): content is { alerts: Thresholds; panels?: Readonly<Record<string, PanelSteps>> } {
  const { alerts, panels = {} } = isRecord(content) ? content : {};
  return (
    isRecord(panels) &&
    Object.values(panels).every(isPanelSteps) &&
    isRecord(alerts) &&
    Object.values(alerts).every(
      (list) =>
        Array.isArray(list) &&
        list.every(
          (each) =>
            isRecord(each) &&
            typeof each.value === 'number' &&
            ['operator', 'unit', 'means', 'source'].every((key) => typeof each[key] === 'string'),
        ),
    )
  );
}

/** The steps of a panel that no alert compares. */
function isPanelSteps(content: unknown): boolean {
  return (
    isRecord(content) &&
    ['unit', 'base', 'means', 'source'].every((key) => typeof content[key] === 'string') &&
    Array.isArray(content.steps) &&
    content.steps.every((each) => isRecord(each) && typeof each.value === 'number' && typeof each.color === 'string')
  );
}

function isForeign(content: unknown): content is ForeignSeries {
  if (!isRecord(content) || !isTexts(content.targetLabels) || !Array.isArray(content.programs)) return false;
  return content.programs.every(
    (each) =>
      isRecord(each) &&
      typeof each.program === 'string' &&
      typeof each.version === 'string' &&
      Array.isArray(each.series) &&
      each.series.every(
        (one) => isRecord(one) && typeof one.name === 'string' && typeof one.type === 'string' && isTexts(one.labels),
      ),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
