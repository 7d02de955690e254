import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { want } from './address.ts';
import { colours } from './theme.ts';

export const colour = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const height = 130;

const daySeconds = 86_400;

/** Times of day, with their dates where there are several. */
function timesOf(_plot: uPlot, times: readonly number[]): string[] {
  const hasDays = (times.at(-1) ?? 0) - (times[0] ?? 0) > daySeconds;
  return times.map((time) => {
    const date = new Date(time * 1000);
    const clock = date.toTimeString();
    if (!hasDays) return clock.slice(0, 8);
    return `${date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })} ${clock.slice(0, 5)}`;
  });
}

/** A minute at least: of one moment no axis can be drawn. */
const timeRange = (_plot: uPlot, min: number | null, max: number | null): [number, number] => {
  // Of no time at all uPlot makes up one.
  const end = max !== null && max > 1e9 ? max : Date.now() / 1000;
  return [Math.min(min !== null && min > 1e9 ? min : end, end - 60), end];
};

function axes(): uPlot.Axis[] {
  const shared = {
    stroke: colour('soft'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  return [
    { ...shared, size: 24, space: 90, values: timesOf },
    { ...shared, size: 44 },
  ];
}

interface ChartProps {
  label: string;
  data: uPlot.AlignedData;
  series: uPlot.Series[];
  /** How many seconds each point stands for, from its time on. */
  span: number;
}

/** Wants the lines of the points between two places of a chart, all of each point's. */
function wantRange({ select: { left, width }, posToVal }: uPlot, span: number): void {
  const [from, to] = [posToVal(left, 'x'), posToVal(left + width, 'x')];
  const nearest = (time: number) => (span === 0 ? time : Math.round(time / span) * span);
  const end = nearest(to) + span;
  want({ from: String(Math.round(nearest(from) * 1000)), to: String(Math.round(end * 1000) - 1) });
}

/** A chart with times below. Dragging over some of them shows these lines only. */
export function Chart({ label, data, series, span }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const length = useRef(span);
  length.current = span;
  const theme = colours.value;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const select = (it: uPlot) => {
      if (it.select.width < 3) return;
      wantRange(it, length.current);
      it.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        axes: axes(),
        series: [{}, ...series],
        legend: { show: false },
        cursor: { drag: { x: true, y: false, setScale: false }, y: false },
        scales: {
          x: { range: timeRange },
          y: { range: (_plot, _min, max) => [0, Math.max(max ?? 1, 1) * 1.05] },
        },
        hooks: { setSelect: [(it) => select(it)] },
      },
      data,
      element,
    );
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [theme, series]);
  useEffect(() => plot.current?.setData(data), [data]);
  return <div class="chart" role="img" aria-label={label} ref={place} />;
}
