import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Theme } from '../../src/model/index.ts';

interface PlotProps {
  readonly height: number;
  readonly theme: Theme;
  /** Changes when axes and series must be made again. */
  readonly shape: string;
  /** Without its size. */
  options(theme: Theme): Omit<uPlot.Options, 'width' | 'height'>;
  /** Called with the width of the drawing, CSS pixels. */
  data(width: number): uPlot.AlignedData;
  /** What the drawing shows, for screen readers. */
  readonly label: string;
}

/** A drawing as wide as its place. New data go into it; it is made again only for another theme or shape. */
export function Plot({ height, theme, shape, options, data, label }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const newest = useRef(data);
  newest.current = data;

  // `shape` stands for what the options are made of.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const width = () => Math.max(200, element.clientWidth);
    const made = new uPlot({ ...options(theme), width: width(), height }, newest.current(width()), element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (made.width !== width()) made.setSize({ width: width(), height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [theme, shape, height]);

  useEffect(() => {
    const made = plot.current;
    if (made !== undefined) made.setData(newest.current(made.width));
  });
  return <div class="plot" ref={place} role="img" aria-label={label} />;
}

export function axis(theme: Theme, more: uPlot.Axis = {}): uPlot.Axis {
  return {
    stroke: theme.text,
    font: '12px system-ui, sans-serif',
    grid: { stroke: `${theme.border}33`, width: 1 },
    ticks: { stroke: `${theme.border}66`, width: 1, size: 4 },
    ...more,
  };
}
