// A chart over time, with its last numbers in words and, on demand, as a table.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { theme } from '../theme';
import { time } from '../format';

interface Props {
  title: string;
  /** Seconds since 1970. */
  times: number[];
  series: { name: string; values: number[]; color: string }[];
  show: (value: number) => string;
}

const HEIGHT = 180;

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function options({ series, show }: Props, width: number): uPlot.Options {
  const grid = { stroke: color('--line'), width: 1 };
  const axis = { stroke: color('--muted'), grid, ticks: grid, font: '12px system-ui' };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(high, 1)] } },
    axes: [axis, { ...axis, size: 90, values: (_plot, ticks) => ticks.map(show) }],
    series: [
      {},
      ...series.map((one) => ({
        label: one.name,
        stroke: color(one.color),
        width: 2,
        points: { show: false },
      })),
    ],
  };
}

export function Chart(props: Props) {
  const { title, times, series, show } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const table = useSignal(false);
  const data: uPlot.AlignedData = [times, ...series.map((one) => one.values)];
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(options(props, element.clientWidth), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [theme.value, table.value]);
  useEffect(() => plot.current?.setData(data), [times, series]);
  const last = series.map((one) => `${one.name} ${show(one.values.at(-1) ?? 0)}`).join(', ');
  return (
    <figure class="chart">
      <figcaption>
        <strong>{title}</strong>
        {series.map((one) => (
          <span class="key">
            <i style={{ background: `var(${one.color})` }} />
            {one.name} <b>{show(one.values.at(-1) ?? 0)}</b>
          </span>
        ))}
        <button type="button" class="quiet" onClick={() => (table.value = !table.value)}>
          {table.value ? 'Show as chart' : 'Show as table'}
        </button>
      </figcaption>
      {table.value ? (
        <ChartTable {...props} />
      ) : (
        <div ref={box} role="img" aria-label={`${title}, the last quarter of an hour; now ${last}`} />
      )}
    </figure>
  );
}

function ChartTable({ title, times, series, show }: Props) {
  const rows = times.map((_, i) => i).reverse();
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={title}>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map((one) => (
              <th scope="col" class="right">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((i) => (
            <tr key={times[i]}>
              <td>{time((times[i] ?? 0) * 1_000)}</td>
              {series.map((one) => (
                <td class="right">{show(one.values[i] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
