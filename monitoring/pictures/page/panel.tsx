import { type DataFrame, FieldType, type GrafanaTheme2, type TimeRange } from '@grafana/data';
import { PanelChrome } from '@grafana/ui';
import { Component, type ReactElement, type ReactNode } from 'react';
import type { PlacedScene } from '../src/scene.ts';
import { kinds } from './kinds.tsx';

export interface PanelProps {
  readonly placed: Extract<PlacedScene, { kind: 'panel' }>;
  readonly frames: DataFrame[];
  readonly range: TimeRange;
  readonly theme: GrafanaTheme2;
}

/** Grafana's frame of a panel, and in it the drawing, what the panel writes without data, or why there is no drawing. */
export function Panel({ placed: { panel, at, message }, frames, range, theme }: PanelProps): ReactElement {
  const kind = kinds[panel.type];
  const text =
    message ?? (kind ? undefined : `A panel of type ${panel.type} is not drawn.`) ?? emptyText(panel, frames);
  return (
    <PanelChrome title={panel.title ?? ''} description={panel.description ?? ''} width={at.width} height={at.height}>
      {(width, height) => (
        <div className="body" style={{ width, height, position: 'relative' }}>
          {text !== undefined || !kind ? (
            <div className="empty">{text}</div>
          ) : (
            <Guard>
              <kind.draw panel={panel} frames={frames} range={range} theme={theme} width={width} height={height} />
            </Guard>
          )}
          {kind?.isOurs && text === undefined && <div className="ours">drawn by benchlab</div>}
        </div>
      )}
    </PanelChrome>
  );
}

function emptyText(
  { type, fieldConfig }: PanelProps['placed']['panel'],
  frames: readonly DataFrame[],
): string | undefined {
  const hasData = frames.some(
    ({ fields, length }) => length > 0 && fields.some((field) => field.type !== FieldType.time),
  );
  return hasData || type === 'text' ? undefined : (fieldConfig?.defaults?.noValue ?? 'No data');
}

/** One panel that fails leaves the others on the page. */
class Guard extends Component<{ readonly children: ReactNode }, { readonly message?: string }> {
  override state: { readonly message?: string } = {};

  static getDerivedStateFromError(error: Error): { message: string } {
    return { message: error.message };
  }

  override render(): ReactNode {
    return this.state.message === undefined ? (
      this.props.children
    ) : (
      <div className="empty failed">{this.state.message}</div>
    );
  }
}
