// biome-ignore-all lint/suspicious/noAssignInExpressions: a table of changes, one a line

import { beside, type Mutant, text } from './mutant.ts';

/** Mistakes in a dashboard as a whole: its texts, its folder, its JSON. */
export const ofDashboards: readonly Mutant[] = [
  { name: 'without uid', rule: 'dashboard-uid', change: (it) => void delete it.uid },
  { name: 'with spaces in its uid', rule: 'dashboard-uid', change: (it) => void (it.uid = 'bench host') },
  { name: 'with a uid of 60 characters', rule: 'dashboard-uid', change: (it) => void (it.uid = 'u'.repeat(60)) },
  { name: 'with the number of a database', rule: 'dashboard-id', change: (it) => void (it.id = 12) },
  { name: 'that is editable', rule: 'uneditable', change: (it) => void (it.editable = true) },
  {
    name: 'that does not state whether it is editable',
    rule: 'uneditable',
    change: (it) => void delete it.editable,
  },
  { name: 'without a title', rule: 'dashboard-form', change: (it) => void delete it.title },
  { name: 'without panels', rule: 'dashboard-form', change: (it) => void (it.panels = []) },
  {
    name: 'whose panels are an object',
    rule: 'dashboard-form',
    change: (it) => void (it.panels = { a: it.panels[0] }),
  },
  { name: 'without annotations', rule: 'annotation-built-in', change: (it) => void (it.annotations = {}) },
  { name: 'of the form of Grafana 4', rule: 'schema-version', change: (it) => void (it.schemaVersion = 14) },
  {
    name: 'without the version of its form',
    rule: 'schema-version',
    change: (it) => void delete it.schemaVersion,
  },
  {
    name: 'that was exported for sharing',
    rule: 'dashboard-inputs',
    change: (it) => void (it.__inputs = [{ name: 'DS_PROMETHEUS', type: 'datasource' }]),
  },
  {
    name: 'with the uid of another one',
    rule: 'dashboard-uid-duplicate',
    change: (it) => void (it.title = 'Copy'),
    other: beside('monitoring/grafana/dashboards/bench/copy.json', () => undefined),
  },
  {
    name: 'of form v2 in the folder of v1',
    rule: 'v2-in-v1-folder',
    change: (it) => text({ title: 'New', elements: {}, layout: {}, uid: `${it.uid}-v2` }),
    other: beside('monitoring/grafana/dashboards/bench/old.json', () => undefined),
  },
  { name: 'that is cut in the middle', rule: 'json-syntax', change: (it) => text(it).slice(0, text(it).length / 2) },
  { name: 'with a comment', rule: 'json-comment', change: (it) => text(it).replace('{', '{ // ours\n') },
  { name: 'with a key twice', rule: 'json-duplicate-key', change: (it) => text(it).replace('{', '{"uid": "x",') },
  { name: 'with a comma too many', rule: 'json-syntax', change: (it) => text(it).replace(/\}\s*$/, ',}') },
];
