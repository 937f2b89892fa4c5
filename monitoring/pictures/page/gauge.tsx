import { type FieldDisplay, formattedValueToString, type GrafanaTheme2, VizOrientation } from '@grafana/data';
import { VizRepeater } from '@grafana/ui';
import type { ReactElement } from 'react';
import { fieldDisplays } from './fieldDisplays.ts';
import { type KindProps, option } from './kind.ts';

/** The arc goes from 8 o'clock over the top to 4 o'clock. */
const startDegrees = -120;
const sweepDegrees = 240;

/** One arc for each series, in the colour of its threshold; the thin arc outside shows all thresholds. */
export function GaugeKind(props: KindProps): ReactElement {
  const { panel, width, height, theme } = props;
  return (
    <VizRepeater
      width={width}
      height={height}
      source={props.frames}
      renderCounter={0}
      autoGrid
      orientation={option(panel, 'orientation', VizOrientation.Auto)}
      getValues={() => fieldDisplays(props)}
      renderValue={({ value, width, height, count }) => (
        <Dial value={value as FieldDisplay} width={width} height={height} theme={theme} isNamed={count > 1} />
      )}
    />
  );
}

interface DialProps {
  readonly value: FieldDisplay;
  readonly width: number;
  readonly height: number;
  readonly theme: GrafanaTheme2;
  readonly isNamed: boolean;
}

function Dial({ value: { display, field }, width, height, theme, isNamed }: DialProps): ReactElement {
  const [min, max] = [field.min ?? 0, field.max ?? 100];
  const share = (value: number) => Math.min(1, Math.max(0, (value - min) / (max - min)));
  const named = isNamed ? 18 : 0;
  const radius = Math.max(10, Math.min(width / 2 - 8, ((height - named) * 2) / 3 - 12));
  const [x, y] = [width / 2, radius + 10];
  const steps = field.thresholds?.steps ?? [];
  const text = formattedValueToString(display);
  return (
    <svg width={width} height={height} role="img" aria-label={text}>
      <path d={arc(x, y, radius - 14, 0, 1)} {...stroke(theme.colors.background.secondary, 18)} />
      {Number.isFinite(display.numeric) && (
        <path
          d={arc(x, y, radius - 14, 0, share(display.numeric))}
          {...stroke(display.color ?? theme.colors.primary.main, 18)}
        />
      )}
      {steps.map((step, index) => {
        const [from, to] = [share(step.value ?? min), share(steps[index + 1]?.value ?? max)];
        return to > from ? (
          <path
            key={step.value}
            d={arc(x, y, radius, from, to)}
            {...stroke(theme.visualization.getColorByName(step.color), 4)}
          />
        ) : null;
      })}
      <text
        x={x}
        y={y + 6}
        textAnchor="middle"
        fontSize={Math.min(40, (radius * 2.4) / Math.max(4, text.length))}
        fill={display.color ?? theme.colors.text.primary}
      >
        {text}
      </text>
      {isNamed && (
        <text
          x={x}
          y={Math.min(height - 12, y + radius * 0.62 + 24)}
          textAnchor="middle"
          fontSize={13}
          fill={theme.colors.text.primary}
        >
          {display.title}
        </text>
      )}
    </svg>
  );
}

function stroke(color: string, width: number) {
  return { stroke: color, strokeWidth: width, fill: 'none' };
}

function arc(x: number, y: number, radius: number, from: number, to: number): string {
  const point = (share: number) => {
    const angle = ((startDegrees + sweepDegrees * share - 90) * Math.PI) / 180;
    return `${x + radius * Math.cos(angle)} ${y + radius * Math.sin(angle)}`;
  };
  return `M ${point(from)} A ${radius} ${radius} 0 ${(to - from) * sweepDegrees > 180 ? 1 : 0} 1 ${point(to)}`;
}
