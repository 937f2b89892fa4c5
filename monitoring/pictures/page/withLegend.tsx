import { LegendDisplayMode, VizLayout, VizLegend, type VizLegendItem, type VizLegendOptions } from '@grafana/ui';
import type { ReactElement, ReactNode } from 'react';
import { type KindProps, option } from './kind.ts';

/** Grafana's own legend around a drawing of ours. */
export function WithLegend({
  panel,
  width,
  height,
  items,
  children,
}: Pick<KindProps, 'panel' | 'width' | 'height'> & {
  readonly items: VizLegendItem[];
  readonly children: (width: number, height: number) => ReactNode;
}): ReactElement {
  const legend = option<Partial<VizLegendOptions>>(panel, 'legend', {});
  const { showLegend = true, placement = 'bottom', displayMode = LegendDisplayMode.List } = legend;
  const shown = showLegend && displayMode !== LegendDisplayMode.Hidden && items.length > 0;
  return (
    <VizLayout
      width={width}
      height={height}
      legend={
        shown ? (
          <VizLayout.Legend placement={placement} maxHeight="35%" maxWidth="60%">
            <VizLegend items={items} placement={placement} displayMode={displayMode} readonly />
          </VizLayout.Legend>
        ) : null
      }
    >
      {children}
    </VizLayout>
  );
}
