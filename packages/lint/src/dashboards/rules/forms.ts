import { entriesOf, entryAt, itemsOf, nodeAt, textAt } from '../../yaml/node.ts';
import { quoted } from '../model/dashboard.ts';
import type { DashboardRule } from '../rule.ts';

const form: DashboardRule = {
  id: 'dashboard-form',
  severity: 'error',
  reason: 'Grafana refuses a dashboard of another form, or shows it without the part that it cannot read.',
  fix: 'Write the form that Grafana exports: a title, and a list of panels with their types.',
  *find({ dashboard }) {
    const { spec, title, panels, form: of } = dashboard;
    if (title === '') yield { at: spec.at, message: 'The dashboard has no title.' };
    const lists = of === 'v1' ? ['panels', 'rows', 'links', 'tags'] : ['variables', 'annotations', 'links', 'tags'];
    for (const key of lists) {
      const entry = entryAt(spec, key);
      if (entry !== undefined && entry.value.kind !== 'list' && !isNull(entry.value)) {
        yield { at: entry.keyAt, message: `${key} is not a list, so nothing in it is read.` };
      }
    }
    for (const [outer, inner] of [
      ['templating', 'list'],
      ['annotations', 'list'],
    ] as const) {
      const entry = entryAt(spec, outer, inner);
      if (of === 'v1' && entry !== undefined && entry.value.kind !== 'list') {
        yield { at: entry.keyAt, message: `${outer}.${inner} is not a list, so nothing in it is read.` };
      }
    }
    if (of === 'v2' && nodeAt(spec, 'elements')?.kind !== 'map') {
      yield { at: entryAt(spec, 'elements')?.keyAt ?? spec.at, message: 'elements is not an object.' };
    }
    for (const what of dashboard.cut) {
      yield { at: spec.at, message: `The dashboard has more ${what} than are looked at: the rest was not read.` };
    }
    if (panels.length === 0) yield { at: spec.at, message: 'The dashboard has no panel.' };
    for (const panel of panels) {
      if (!/[a-z]/i.test(panel.type) && panel.library === undefined) {
        yield { panel, at: panel.at, message: 'The panel has no type.' };
      }
    }
  },
};

function isNull(node: { readonly kind: string; readonly value?: unknown }): boolean {
  return node.kind === 'scalar' && node.value === null;
}

const v2InV1Folder: DashboardRule = {
  id: 'v2-in-v1-folder',
  severity: 'error',
  reason: 'Before 13.2, Grafana refuses dashboards of form v2 that it is provisioned with as files.',
  fix: 'Export the dashboard as form v1 (schemaVersion 42), or send form v2 to the API of Grafana.',
  *find({ dashboard, run }) {
    const { form: of, folder, spec } = dashboard;
    if (of === 'v1') return;
    const hasV1 = run.dashboards.some((each) => each.form === 'v1' && each.folder === folder);
    const isProvided = run.provisioned.some((path) => endsAlike(folder, path));
    if (!hasV1 && !isProvided && !folder.startsWith('ConfigMap ')) return;
    const where = hasV1 ? 'next to dashboards of form v1' : 'where Grafana is provisioned from';
    yield { at: spec.at, message: `The dashboard has form v2 and stands ${where}.` };
  },
};

/** `monitoring/grafana/dashboards/bench` is what a provider reads as `/var/lib/grafana/dashboards/bench`. */
function endsAlike(folder: string, provided: string): boolean {
  const [a, b] = [folder, provided].map((path) =>
    path
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .slice(-2),
  );
  return a !== undefined && a.length > 0 && a.join('/') === b?.join('/');
}

const inputs: DashboardRule = {
  id: 'dashboard-inputs',
  severity: 'error',
  reason:
    'A form for sharing has blanks that only the import in a browser fills: provisioned, its data sources do not exist.',
  fix: 'Remove __inputs and __requires, and use variables of the type datasource.',
  *find({ dashboard: { document } }) {
    for (const { key, keyAt, value } of entriesOf(document)) {
      if (!/^__(inputs|requires|elements)$/.test(key)) continue;
      if (itemsOf(value).length + entriesOf(value).length === 0) continue;
      const names = itemsOf(value).flatMap((item) => textAt(item, 'name') ?? []);
      yield {
        at: keyAt,
        message: `The dashboard has ${key}${names.length > 0 ? `: ${names.slice(0, 5).join(', ')}` : ''}.`,
      };
    }
  },
};

const library: DashboardRule = {
  id: 'library-panel',
  severity: 'error',
  reason: 'A library panel is in the database of one Grafana: a file that names it is empty in every other one.',
  fix: 'Unlink the panel, so that the dashboard holds it.',
  *find({ dashboard: { panels } }) {
    for (const panel of panels) {
      if (panel.library !== undefined) yield { panel, at: panel.library, message: 'The panel is one of the library.' };
    }
  },
};

const nested: DashboardRule = {
  id: 'row-nested',
  severity: 'error',
  reason: 'Grafana has no rows in rows: it drops the panels of the inner one.',
  fix: 'Put the inner row after the outer one.',
  *find({ dashboard: { rows, form: of } }) {
    // Form v2 has rows in rows.
    if (of === 'v2') return;
    for (const { title, at, isInRow } of rows) {
      if (isInRow) yield { at, message: `The row ${quoted(title)} is inside of another row.` };
    }
  },
};

/** Data sources are objects since 33, and panels have their present options since 36: Grafana 9. */
const oldest = 36;

const schema: DashboardRule = {
  id: 'schema-version',
  severity: 'warning',
  reason: 'A dashboard of an old form is migrated at each load, differently by each version of Grafana.',
  fix: 'Open it in a present Grafana, save it, and export it again.',
  *find({ dashboard: { spec, form: of } }) {
    if (of === 'v2') return;
    const entry = entryAt(spec, 'schemaVersion');
    const version = Number(textAt(entry?.value) ?? 0);
    if (version >= oldest) return;
    const stated = entry === undefined ? 'no schemaVersion' : `schemaVersion ${textAt(entry.value) ?? 'null'}`;
    yield { at: entry?.keyAt ?? spec.at, message: `The dashboard has ${stated}.` };
  },
};

export const formRules: readonly DashboardRule[] = [form, v2InV1Folder, inputs, library, nested, schema];
