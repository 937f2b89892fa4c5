import { type FieldDisplay, getDisplayValueAlignmentFactors, type VizOrientation } from '@grafana/data';
import { BigValue, BigValueColorMode, BigValueGraphMode, BigValueTextMode, VizRepeater } from '@grafana/ui';
import type { ReactElement } from 'react';
import { fieldDisplays } from './fieldDisplays.ts';
import { type KindProps, option } from './kind.ts';

/** Grafana's own: one large figure for each series. */
export function StatKind(props: KindProps): ReactElement {
  const { panel, width, height, theme } = props;
  const graphMode = option<BigValueGraphMode>(panel, 'graphMode', BigValueGraphMode.Area);
  return (
    <VizRepeater
      width={width}
      height={height}
      source={props.frames}
      renderCounter={0}
      autoGrid
      orientation={option(panel, 'orientation', 'auto' as VizOrientation)}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      getValues={() => fieldDisplays(props, graphMode !== BigValueGraphMode.None)}
      renderValue={({ value, width, height, alignmentFactors, count }) => {
        const { display, sparkline } = value as FieldDisplay;
        return (
          <BigValue
            value={display}
            {...(sparkline ? { sparkline: { ...sparkline, timeRange: props.range } } : {})}
            count={count}
            colorMode={option(panel, 'colorMode', BigValueColorMode.Value)}
            graphMode={graphMode}
            justifyMode={option(panel, 'justifyMode', undefined as never)}
            textMode={option(panel, 'textMode', BigValueTextMode.Auto)}
            alignmentFactors={alignmentFactors}
            disableWideLayout={!option(panel, 'wideLayout', true)}
            width={width}
            height={height}
            theme={theme}
          />
        );
      }}
    />
  );
}
