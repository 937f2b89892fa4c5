import { type FieldDisplay, getDisplayValueAlignmentFactors, VizOrientation } from '@grafana/data';
import { BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeValueMode } from '@grafana/schema';
import { BarGauge, VizRepeater } from '@grafana/ui';
import type { ReactElement } from 'react';
import { fieldDisplays } from './fieldDisplays.ts';
import { type KindProps, option } from './kind.ts';

/** Grafana's own: one bar for each series. */
export function BarGaugeKind(props: KindProps): ReactElement {
  const { panel, width, height, theme } = props;
  const orientation = option(panel, 'orientation', VizOrientation.Auto);
  return (
    <VizRepeater
      width={width}
      height={height}
      source={props.frames}
      renderCounter={0}
      orientation={orientation}
      minVizWidth={option(panel, 'minVizWidth', 8)}
      minVizHeight={option(panel, 'minVizHeight', 16)}
      maxVizHeight={option(panel, 'maxVizHeight', 300)}
      itemSpacing={option<string>(panel, 'displayMode', '') === BarGaugeDisplayMode.Lcd ? 2 : 10}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      getValues={() => fieldDisplays(props)}
      renderValue={({ value, width, height, orientation, alignmentFactors }) => {
        const { display, field, view, colIndex } = value as FieldDisplay;
        const processor = colIndex === undefined ? undefined : view?.getFieldDisplayProcessor(colIndex);
        return (
          <BarGauge
            value={display}
            field={field}
            {...(processor ? { display: processor } : {})}
            orientation={orientation}
            alignmentFactors={alignmentFactors}
            displayMode={option(panel, 'displayMode', BarGaugeDisplayMode.Gradient)}
            valueDisplayMode={option(panel, 'valueMode', BarGaugeValueMode.Color)}
            namePlacement={option(panel, 'namePlacement', BarGaugeNamePlacement.Auto)}
            showUnfilled={option(panel, 'showUnfilled', true)}
            width={width}
            height={height}
            theme={theme}
          />
        );
      }}
    />
  );
}
