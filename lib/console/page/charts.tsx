import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { Depth } from '../answers.ts';
import { buckets, groups, type Step, steps, stepTable } from '../chart-data.ts';
import { want } from './address.ts';
import { shownLines } from './lines.ts';
import { about, read } from './server.ts';
import { colours } from './theme.ts';

const colour = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const height = 130;

const clockOf = (seconds: number) => new Date(seconds * 1000).toTimeString().slice(0, 8);

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
    { ...shared, size: 24, values: (_plot, times) => times.map(clockOf) },
    { ...shared, size: 44 },
  ];
}

interface ChartProps {
  label: string;
  data: uPlot.AlignedData;
  series: uPlot.Series[];
}

/** A chart with times below. Dragging over some of them shows these lines only. */
function Chart({ label, data, series }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const theme = colours.value;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const select = ({ select: { left, width }, posToVal }: uPlot) => {
      if (width < 3) return;
      const [from, to] = [posToVal(left, 'x'), posToVal(left + width, 'x')];
      want({ from: String(Math.round(from * 1000)), to: String(Math.round(to * 1000)) });
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

function resultSeries(): uPlot.Series[] {
  return groups.toReversed().map((group) => ({
    label: group,
    stroke: colour(group),
    fill: colour(`${group}-soft`),
    width: 1.5,
    points: { show: false },
  }));
}

/** Each on top of the ones before, the highest first, so that the lower ones cover it. */
function stacked(counts: Record<(typeof groups)[number], number[]>): number[][] {
  const sums: number[][] = [];
  for (const group of groups) {
    const below = sums.at(-1);
    sums.push(counts[group].map((count, index) => count + (below?.[index] ?? 0)));
  }
  return sums.toReversed();
}

const depthMs = 5000;
const mostDepths = 120;

function useDepths(): { depths: Depth[]; note: string } {
  const [depths, setDepths] = useState<Depth[]>([]);
  const [note, setNote] = useState('');
  useEffect(() => {
    const look = async () => {
      if (document.hidden) return;
      try {
        const depth = await read<Depth>('queue');
        setDepths((before) => [...before, depth].slice(-mostDepths));
        setNote('');
      } catch (error) {
        setNote(error instanceof Error ? error.message : String(error));
      }
    };
    void look();
    const timer = setInterval(() => void look(), depthMs);
    return () => clearInterval(timer);
  }, []);
  return { depths, note };
}

function QueueChart() {
  const { depths, note } = useDepths();
  const theme = colours.value;
  const series = useMemo(
    () => [
      { label: 'wait', stroke: colour('waits'), width: 1.5, points: { show: depths.length < 3 } },
      { label: 'rest', stroke: colour('soft'), width: 1.5, points: { show: false } },
    ],
    [theme, depths.length < 3],
  );
  // Of one moment uPlot makes a day.
  const data = useMemo<uPlot.AlignedData>(() => {
    const drawn = depths.length < 2 ? [] : depths;
    return [
      drawn.map(({ at }) => Date.parse(at) / 1000),
      drawn.map((one) => one.waiting),
      drawn.map((one) => one.taken),
    ];
  }, [depths]);
  const last = depths.at(-1);
  return (
    <figure>
      <figcaption>
        Queue:{' '}
        {last ? (
          <>
            <b>{last.waiting}</b> wait, <b>{last.taken}</b> are worked on or rest, <b>{last.dead}</b> given up
          </>
        ) : (
          note || 'looking …'
        )}
      </figcaption>
      <Chart label="Jobs in the queue since this page was opened" data={data} series={series} />
    </figure>
  );
}

/** Results and times of the lines that are shown, and the queue. */
export function Charts() {
  const [step, setStep] = useState<Step>('total');
  const shown = shownLines.value;
  const theme = colours.value;
  const data = useMemo(() => buckets(shown.toReversed(), step), [shown, step]);
  const table = useMemo(() => stepTable(shown), [shown]);
  const results = useMemo(resultSeries, [theme]);
  const times = useMemo<uPlot.Series[]>(
    () => [
      { label: 'p50', stroke: colour('done'), width: 1.5, spanGaps: true, points: { show: false } },
      { label: 'p95', stroke: colour('waits'), width: 1.5, spanGaps: true, points: { show: false } },
    ],
    [theme],
  );
  const resultData = useMemo<uPlot.AlignedData>(() => [data.times, ...stacked(data.counts)], [data]);
  const timeData = useMemo<uPlot.AlignedData>(() => [data.times, data.p50, data.p95], [data]);
  const link = about.value?.dashboardUrl;
  return (
    <section class="charts" aria-label="Charts">
      <figure>
        <figcaption>
          Results:{' '}
          {groups.map((group) => (
            <span key={group} class={`badge ${group}`}>
              {group}
            </span>
          ))}
        </figcaption>
        <Chart label="Webhooks and jobs over time, by result" data={resultData} series={results} />
      </figure>
      <figure>
        <figcaption>
          <label>
            p50 and p95 of{' '}
            <select value={step} onChange={(event) => setStep(event.currentTarget.value as Step)}>
              {steps.map((name) => {
                const row = table.find((one) => one.step === name);
                return (
                  <option key={name} value={name}>
                    {name}
                    {row ? `: ${row.p50} and ${row.p95} ms` : ''}
                  </option>
                );
              })}
            </select>
          </label>
        </figcaption>
        <Chart label={`Milliseconds of ${step} over time: p50 and p95`} data={timeData} series={times} />
      </figure>
      <QueueChart />
      {link !== undefined && (
        <p>
          Longer ranges:{' '}
          <a href={link} target="_blank" rel="noreferrer noopener">
            the stack’s dashboard
          </a>
        </p>
      )}
    </section>
  );
}
