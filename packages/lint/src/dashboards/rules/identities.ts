import type { Position } from '../../findings/finding.ts';
import { entryAt, textAt } from '../../yaml/node.ts';
import { quoted } from '../model/dashboard.ts';
import type { DashboardRule } from '../rule.ts';

const uid: DashboardRule = {
  id: 'dashboard-uid',
  severity: 'error',
  reason: 'Without a uid of its own, a dashboard gets another address at every import, and links to it break.',
  fix: 'Give it a uid of letters, digits, - and _, 40 at most.',
  *find({ dashboard }) {
    const { uid: written, spec } = dashboard;
    if (written === undefined || written.text === '') yield { at: spec.at, message: 'The dashboard has no uid.' };
    else if (!/^[\w-]{1,40}$/.test(written.text)) {
      yield { at: written.at, message: `Grafana refuses the uid ${quoted(written.text)}.` };
    }
  },
};

const uidDuplicate: DashboardRule = {
  id: 'dashboard-uid-duplicate',
  severity: 'error',
  reason: 'Of two dashboards with one uid, Grafana shows one, and which one changes.',
  fix: 'Give one of them another uid.',
  *find({ dashboard, run }) {
    const { uid: written } = dashboard;
    if (written === undefined || written.text === '') return;
    const other = run.dashboards.find((each) => each !== dashboard && each.uid?.text === written.text);
    if (other === undefined) return;
    const place = other.source.place(other.uid?.at ?? other.spec.at);
    yield { at: written.at, message: `The uid ${written.text} is also that of ${other.source.file}:${place.line}.` };
  },
};

const id: DashboardRule = {
  id: 'dashboard-id',
  severity: 'error',
  reason: 'The number of a dashboard belongs to one database: in another one it is that of another dashboard.',
  fix: 'Remove id, or write null.',
  *find({ dashboard, run }) {
    const entry = entryAt(dashboard.spec, 'id');
    const number = textAt(entry?.value);
    if (entry === undefined || number === undefined) return;
    const other = run.dashboards.find((each) => each !== dashboard && textAt(each.spec, 'id') === number);
    const also = other === undefined ? '' : `, which ${other.source.file} has too`;
    yield { at: entry.keyAt, message: `The dashboard has the id ${quoted(number)}${also}.` };
  },
};

const panelId: DashboardRule = {
  id: 'panel-id',
  severity: 'error',
  reason: 'Links point at the number of a panel, and the migration to form v2 has dropped panels without one.',
  fix: 'Give the panel a whole number that it keeps for ever.',
  *find({ dashboard: { panels } }) {
    for (const panel of panels) {
      const value = panel.id?.value;
      if (typeof value === 'number' && Number.isInteger(value) && value > 0) continue;
      const message =
        value === undefined || value === null ? 'The panel has no id.' : 'The id is not a whole number above 0.';
      yield { panel, at: panel.id?.at ?? panel.at, message };
    }
  },
};

const panelIdDuplicate: DashboardRule = {
  id: 'panel-id-duplicate',
  severity: 'error',
  reason: 'Of two panels with one number, a link opens the wrong one, and Grafana gives one of them another number.',
  fix: 'Give one of them a number that was never used.',
  *find({ dashboard: { panels } }) {
    const seen = new Map<unknown, string>();
    for (const panel of panels) {
      const { id: written, title } = panel;
      if (typeof written?.value !== 'number') continue;
      const before = seen.get(written.value);
      if (before !== undefined)
        yield { panel, at: written.at, message: `The panel ${quoted(before)} has the same id.` };
      else seen.set(written.value, title);
    }
  },
};

const refId: DashboardRule = {
  id: 'target-ref-id',
  severity: 'error',
  reason:
    'Of two queries of a panel with one refId, only one is asked; without it, overrides and expressions have no name for it.',
  fix: 'Name the queries of a panel A, B, C.',
  *find({ dashboard: { panels } }) {
    for (const panel of panels) {
      const seen = new Set<string>();
      for (const query of panel.queries) {
        const { refId: name, at } = query;
        if (name === undefined || name === '') yield { panel, query, at, message: 'The query has no refId.' };
        else if (seen.has(name)) yield { panel, query, at, message: `Two queries have the refId ${quoted(name)}.` };
        else seen.add(name);
      }
    }
  },
};

const version: DashboardRule = {
  id: 'viz-version',
  severity: 'error',
  reason:
    'With an empty version, Grafana migrates the options of a panel from the oldest form, and loses what it does not know.',
  fix: 'Set vizConfig.version to the version of Grafana that the options are from.',
  *find({ dashboard: { panels, form } }) {
    if (form === 'v1') return;
    for (const panel of panels) {
      if (panel.version?.text !== '' || panel.library !== undefined) continue;
      const at: Position = panel.version.at;
      yield { panel, at, message: 'The version of vizConfig is empty.' };
    }
  },
};

export const identityRules: readonly DashboardRule[] = [
  uid,
  uidDuplicate,
  id,
  panelId,
  panelIdDuplicate,
  refId,
  version,
];
