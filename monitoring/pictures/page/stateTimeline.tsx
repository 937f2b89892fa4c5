import { formattedValueToString } from '@grafana/data';
import type { VizLegendItem } from '@grafana/ui';
import type { ReactElement } from 'react';
import { nameAxis, shortened, timeAxis } from './axis.ts';
import { Chart } from './chart.tsx';
import { type KindProps, option } from './kind.ts';
import { type Series, seriesOf } from './series.ts';
import { WithLegend } from './withLegend.tsx';

interface State {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly color: string;
}

const charWidth = 7;

/** One row for each series: a bar while it is in a state, with the text and colour that its value has. */
export function StateTimelineKind(props: KindProps): ReactElement {
  const { panel, frames, range, theme, width, height } = props;
  const rows = seriesOf(frames, theme).map((series) => ({ name: series.name, states: statesOf(series) }));
  const distinct = new Map(rows.flatMap(({ states }) => states.map(({ text, color }) => [text, color] as const)));
  const items: VizLegendItem[] = [...distinct].map(([label, color]) => ({ label, color, yAxis: 1 }));
  const share = option(panel, 'rowHeight', 0.9);
  return (
    <WithLegend panel={panel} width={width} height={height} items={items}>
      {(width, height) => (
        <Chart
          theme={theme}
          width={width}
          height={height}
          x={timeAxis(range, width)}
          // The first row is at the top.
          y={nameAxis(rows.map(({ name }) => name).reverse(), Math.floor((width * 0.45) / charWidth))}
        >
          {(plot) =>
            rows.flatMap(({ name, states }, index) => {
              const tall = (plot.height / rows.length) * share;
              const top = plot.y(rows.length - 1 - index) - tall / 2;
              return states.map((state) => {
                const left = Math.max(0, plot.x(state.from));
                const wide = Math.max(1, Math.min(plot.width, plot.x(state.to)) - left);
                const fits = Math.floor((wide - 8) / charWidth);
                return (
                  <g key={`${name}-${state.from}`}>
                    <rect x={left} y={top} width={wide} height={tall} fill={state.color} fillOpacity={0.8} />
                    {fits >= 2 && tall > 12 && option<string>(panel, 'showValue', 'auto') !== 'never' && (
                      <text
                        x={left + 4}
                        y={top + tall / 2 + 4}
                        fontSize={12}
                        fill={theme.colors.getContrastText(state.color)}
                      >
                        {shortened(state.text, fits)}
                      </text>
                    )}
                  </g>
                );
              });
            })
          }
        </Chart>
      )}
    </WithLegend>
  );
}

/** Neighbours with one text are one state; where points are missing there is no state. */
function statesOf({ field, time }: Series): State[] {
  const step = time?.config.interval ?? 0;
  const states: State[] = [];
  field.values.forEach((value: number | null, index) => {
    const from = Number(time?.values[index]);
    if (value === null || Number.isNaN(value) || field.display === undefined) return;
    const display = field.display(value);
    const text = formattedValueToString(display);
    const last = states.at(-1);
    if (last && last.text === text && from - last.to <= step * 1.5)
      states[states.length - 1] = { ...last, to: from + step };
    else states.push({ from, to: from + step, text, color: display.color ?? '#808080' });
  });
  return states;
}
