import { TableNG } from '@grafana/ui/unstable';
import type { ReactElement } from 'react';
import { type KindProps, option } from './kind.ts';

/** Grafana's own table of the first frame. */
export function TableKind({ panel, frames, width, height, range }: KindProps): ReactElement | null {
  const [frame] = frames;
  if (frame === undefined) return null;
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      timeRange={range}
      noHeader={!option(panel, 'showHeader', true)}
      cellHeight={option(panel, 'cellHeight', 'sm' as never)}
      sortBy={option(panel, 'sortBy', [])}
      resizable={false}
      enableVirtualization={false}
    />
  );
}
