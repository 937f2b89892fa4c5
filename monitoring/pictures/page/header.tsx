import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import type { ReactElement } from 'react';
import type { Scene } from '../src/scene.ts';

/** The title, the time and the variables, and what the picture is. */
export function Header({ scene, theme }: { readonly scene: Scene; readonly theme: GrafanaTheme2 }): ReactElement {
  const format = (ms: number) => dateTimeFormat(ms, { timeZone: 'utc', format: 'YYYY-MM-DD HH:mm:ss' });
  const { text, border, background } = theme.colors;
  return (
    <header style={{ color: text.primary, ...theme.typography.body }}>
      <div className="title">
        <h1 style={theme.typography.h3}>{scene.title}</h1>
        <span style={{ color: text.secondary }}>
          {format(scene.range.fromMs)} to {format(scene.range.toMs)} UTC · executed queries, drawn with @grafana/ui; not
          a screenshot of Grafana
        </span>
      </div>
      <div className="variables">
        {scene.variables.map(({ label, text: value }) => (
          <span key={label} style={{ border: `1px solid ${border.weak}`, background: background.primary }}>
            <b>{label}</b> {value}
          </span>
        ))}
      </div>
    </header>
  );
}
