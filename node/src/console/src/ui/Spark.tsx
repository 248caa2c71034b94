// A line without axes beside a number; what it shows is said in words, too.
const WIDTH = 120;
const HEIGHT = 28;

export function Spark({ values, label }: { values: number[]; label: string }) {
  if (values.length < 2) return <span class="spark" />;
  const top = Math.max(...values, 1e-9);
  const step = WIDTH / (values.length - 1);
  const points = values.map((value, i) => `${(i * step).toFixed(1)},${y(value, top).toFixed(1)}`);
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <polygon points={`0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`} />
      <polyline points={points.join(' ')} />
    </svg>
  );
}

const y = (value: number, top: number) => HEIGHT - 2 - (value / top) * (HEIGHT - 4);
