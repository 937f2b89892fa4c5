import type { SignalRegistry } from '@benchlab-otel/core';
import type { LintFile } from '../files/lintFile.ts';
import type { Finding } from '../findings/finding.ts';
import type { Expression } from '../promql/expression.ts';
import { SeriesCatalogue } from '../promql/seriesCatalogue.ts';
import { readLists } from '../rules/lists.ts';
import { addRecordings } from '../rules/recordings.ts';
import { type Rule, readRules } from '../rules/ruleFile.ts';
import { entryAt, itemsOf, nodeAt, textAt, type YamlNode } from '../yaml/node.ts';
import type { Recordings } from './baseSeries.ts';
import { type ListedStep, listedSteps } from './listedSteps.ts';
import type { Dashboard } from './model/dashboard.ts';
import { findDashboards } from './model/findDashboards.ts';
import type { Unit } from './units/unit.ts';
import { unitOf } from './units/unitOf.ts';

/** All that is linted together. What was not given is undefined or empty, and nothing is compared with it. */
export interface Run {
  readonly dashboards: readonly Dashboard[];
  readonly catalogue: SeriesCatalogue;
  readonly recordedUnits: ReadonlyMap<string, Unit>;
  readonly hasForeign: boolean;
  readonly recordings: Recordings;
  readonly alerts: readonly Rule[];
  readonly hasRules: boolean;
  /** Undefined without thresholds.json. */
  readonly listedSteps: readonly ListedStep[] | undefined;
  /** Names of files below a folder `runbooks`. */
  readonly runbooks: ReadonlySet<string>;
  /** Folders that providers of Grafana read, as they are on its machine. */
  readonly provisioned: readonly string[];
}

export interface ReadRun {
  readonly run: Run;
  readonly findings: readonly Finding[];
  /** Files that hold something that this kind reads. */
  readonly read: ReadonlySet<string>;
}

const listNames = /(^|\/)(thresholds|foreign-series)\.json$/;

/** Reads dashboards, and what of the other files they are held against. */
export function readRun(files: readonly LintFile[], registry: SignalRegistry): ReadRun {
  const lists = readLists(files);
  const findings: Finding[] = [...lists.findings];
  const catalogue = new SeriesCatalogue(registry, lists.foreign);
  const dashboards: Dashboard[] = [];
  const rules: Rule[] = [];
  const provisioned: string[] = [];
  const read = new Set<string>();
  for (const file of files) {
    if (listNames.test(file.path) || !/\.(json|ya?ml)$/.test(file.path)) {
      read.add(file.path);
      continue;
    }
    const found = findDashboards(file);
    dashboards.push(...found.dashboards);
    findings.push(...found.findings);
    for (const document of found.documents) {
      // Mistakes in rules are the matter of `lint rules`.
      const ofRules = readRules(document, { path: file.path, isNamed: false }).rules;
      const providers = providedFolders(document);
      rules.push(...ofRules);
      provisioned.push(...providers);
      if (ofRules.length + providers.length > 0 || entryAt(document, 'kind') !== undefined) read.add(file.path);
    }
    if (found.dashboards.length + found.findings.length > 0) read.add(file.path);
  }
  const recordings = rules.filter(({ kind }) => kind === 'record');
  addRecordings(recordings, catalogue);
  const alerts = rules.filter(({ kind }) => kind === 'alert');
  catalogue.addAlerts(alerts.map(({ name }) => name));
  const expressions = byName(recordings);
  const thresholds = lists.thresholds?.alerts;
  return {
    run: {
      dashboards,
      catalogue,
      recordedUnits: unitsOf(recordings, catalogue),
      recordings: expressions,
      hasForeign: lists.foreign !== undefined,
      alerts,
      hasRules: rules.length > 0,
      listedSteps: thresholds && listedSteps(thresholds, lists.panelSteps, alerts, expressions),
      runbooks: new Set(files.flatMap(({ path }) => /(?:^|\/)runbooks\/([^/]+\.md)$/.exec(path)?.[1] ?? [])),
      provisioned,
    },
    findings,
    read,
  };
}

function byName(recordings: readonly Rule[]): Recordings {
  const named = new Map<string, Expression[]>();
  for (const { name, expression } of recordings) named.set(name, [...(named.get(name) ?? []), expression]);
  return named;
}

/** A recording rule may use another one. */
const unitRounds = 3;

function unitsOf(recordings: readonly Rule[], catalogue: SeriesCatalogue): ReadonlyMap<string, Unit> {
  const units = new Map<string, Unit>();
  for (let round = 0; round < unitRounds; round++) {
    for (const { name, expression } of recordings) {
      const unit = unitOf(expression, catalogue, units);
      if (unit !== undefined) units.set(name, unit);
    }
  }
  return units;
}

/** Source: grafana.com/docs/grafana/latest/administration/provisioning, "Dashboards". */
function providedFolders(document: YamlNode): readonly string[] {
  return itemsOf(nodeAt(document, 'providers')).flatMap((provider) => textAt(provider, 'options', 'path') ?? []);
}
