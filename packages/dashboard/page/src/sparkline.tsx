const [width, height] = [120, 28];

/** A line without axes. Parts in which nothing was measured are gaps. */
export function Sparkline({ values }: { values: Float64Array }) {
  const known = values.filter((value) => !Number.isNaN(value));
  const [least, greatest] = [Math.min(...known), Math.max(...known)];
  const step = width / Math.max(1, values.length - 1);
  const y = (value: number) => height - 3 - ((value - least) / (greatest - least || 1)) * (height - 6);
  let isDrawn = false;
  let path = '';
  for (const [at, value] of values.entries()) {
    if (Number.isNaN(value)) isDrawn = false;
    else {
      // A short line to the right shows a value without neighbours.
      path += `${isDrawn ? 'L' : 'M'}${(at * step).toFixed(1)} ${y(value).toFixed(1)}${isDrawn ? '' : 'h.1'}`;
      isDrawn = true;
    }
  }
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
